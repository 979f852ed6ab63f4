#include "reconsider.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "batch.h"
#include "error.h"
#include "outbox.h"
#include "review.h"
#include "series.h"
#include "db/store.h"

struct reconsidering {
	const struct stored *from;
	const struct request_sender *sender;
	const struct batch *batch;
	struct arena *arena;
	void *threads; /* tsearch(3): roots that were looked at */
};

static int
compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void
keep(void *node UNUSED)
{
	/* The ids are the mails'. */
}

/* Mail @id was judged anew, @review: put it down, and what it says. */
static const struct error *
put(const struct reconsidering *r, struct review *review, const char *why)
{
	struct store *store = r->from->store;
	const struct error *err = store_rejudge(store, &review->verdict);

	if (!err)
		err = store_event(store, review->verdict.id, "reconsidered",
				  why);
	if (!err)
		err = outbox_revise(r->from, r->sender, review->verdict.id,
				    why);
	return err;
}

/* Somebody may have asked the audience since. */
static const struct error *
ask_again(struct reconsidering *r, int64_t id)
{
	struct batch batch = { .arena = arena_new() };
	struct review *review;
	bool covered = false;
	const struct error *err = stored_add(&review, r->from, &batch, id);

	if (!err && review)
		err = store_verdict(&review->verdict, batch.arena,
				    r->from->store, id);
	if (!err && review)
		err = review_ask_again(&covered, r->from->reviewer, &batch,
				       review);
	if (!err && covered)
		err = put(r, review,
			  "somebody of the audience is in the thread by now");
	reviewer_forget(r->from->reviewer);
	batch_free(&batch);
	return err;
}

static bool
is_of_batch(const struct batch *batch, int64_t id)
{
	for (size_t i = 0; i < batch->n; i++)
		if (batch->reviews[i].verdict.id == id &&
		    !batch->reviews[i].left_alone)
			return true;
	return false;
}

static const struct error *
look_at_thread(struct reconsidering *r, const struct review *review)
{
	struct ids ids = { .n = 0 };
	const struct error *err = store_flagged_beside(
		&ids, r->arena, r->from->store, review->verdict.id);

	for (size_t i = 0; !err && i < ids.n; i++)
		if (!is_of_batch(r->batch, ids.v[i]))
			err = ask_again(r, ids.v[i]);
	return err;
}

/* Is there, perhaps, more of its thread in the database? Each thread is looked
   at once. */
static bool
is_worth_a_look(struct reconsidering *r, const struct review *review)
{
	const char *root = mail_thread_root(&review->mail);

	if (review->left_alone || review->removed || !review->verdict.id ||
	    !root || review->verdict.kind == KIND_COMMIT ||
	    tfind(root, &r->threads, compare))
		return false;
	if (!tsearch(root, &r->threads, compare))
		abort();
	return true;
}

static const struct error *
look_at_threads(struct reconsidering *r)
{
	const struct error *err = NULL;

	for (size_t i = 0; !err && i < r->batch->n; i++)
		if (is_worth_a_look(r, &r->batch->reviews[i]))
			err = look_at_thread(r, &r->batch->reviews[i]);
	tdestroy(r->threads, keep);
	return err;
}

/* Does the series that is whole by now judge the mail otherwise? */
static const struct error *
compare_verdict(struct reconsidering *r, struct review *review)
{
	struct verdict before;
	const struct error *err = store_verdict(
		&before, r->arena, r->from->store, review->verdict.id);

	if (err)
		return err;
	review->verdict.version = before.version;
	if (before.decision == review->verdict.decision &&
	    before.score == review->verdict.score)
		return NULL;
	return put(r, review, "another part of its series came");
}

/* Judge what was found in the series, all of it in sight. */
static const struct error *
judge_again(struct reconsidering *r, const struct members *members)
{
	struct batch batch = { .arena = arena_new() };
	const struct error *err = NULL;
	size_t n;

	for (size_t i = 0; !err && i < members->n; i++) {
		struct review *review;

		if (members->v[i].decision >= DECISION_NOTED)
			err = stored_add(&review, r->from, &batch,
					 members->v[i].id);
	}
	n = batch.n;
	if (!err && n)
		err = stored_add_mates(r->from, &batch);
	if (!err && n)
		err = review_judge(r->from->reviewer, &batch);
	for (size_t i = 0; !err && i < n; i++)
		err = compare_verdict(r, &batch.reviews[i]);
	reviewer_forget(r->from->reviewer);
	batch_free(&batch);
	return err;
}

static const struct error *
look_at_series(struct reconsidering *r)
{
	const struct error *err = NULL;

	for (size_t i = 0; !err && i < r->batch->series.n; i++) {
		const struct series *series = r->batch->series.v[i];
		struct members members = { .n = 0 };

		if (!series->grown || series->copied)
			continue;
		err = store_series_mails(&members, r->arena, r->from->store,
					 series->id);
		if (!err)
			err = judge_again(r, &members);
	}
	return err;
}

const struct error *
reconsider(const struct stored *from, const struct request_sender *sender,
	   const struct batch *batch)
{
	AUTOFREE(arena) *arena = arena_new();
	struct reconsidering r = {
		.from = from, .sender = sender, .batch = batch, .arena = arena
	};
	const struct error *err = NULL;

	if (reviewer_asks_series(from->reviewer))
		err = look_at_series(&r);
	return err ? err : look_at_threads(&r);
}
