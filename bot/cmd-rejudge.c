#include "cmd.h"

#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "error.h"
#include "filter.h"
#include "kind.h"
#include "options.h"
#include "outbox.h"
#include "output.h"
#include "review.h"
#include "session.h"
#include "stored.h"
#include "tagger.h"
#include "db/compress.h"
#include "db/store.h"

enum { BATCH_MAILS = 500 };

struct rejudging {
	struct session session;
	struct compressor *compressor;
	size_t judged, changed, unkept;
	int status;
};

/* Findings are compared by what a person would see of them. */
static bool
same_finding(const struct finding *a, const struct finding *b)
{
	return a->line == b->line && a->old_side == b->old_side &&
	       a->points == b->points && !strcmp(a->rule, b->rule) &&
	       !strcmp(a->pack, b->pack) && !strcmp(a->path, b->path) &&
	       !strcmp(a->text, b->text) && !strcmp(a->why, b->why);
}

static bool
same_people(const struct addresses *a, const struct addresses *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->v[i].addr, b->v[i].addr))
			return false;
	return true;
}

static bool
same_packs(const struct verdict *a, const struct verdict *b)
{
	if (a->npacks != b->npacks)
		return false;
	for (size_t i = 0; i < a->npacks; i++)
		if (strcmp(a->packs[i].pack, b->packs[i].pack) ||
		    a->packs[i].score != b->packs[i].score ||
		    a->packs[i].decision != b->packs[i].decision ||
		    !same_people(&a->packs[i].needed, &b->packs[i].needed))
			return false;
	return true;
}

/* The same judgement, whoever made it. */
static bool
same_judgement(const struct verdict *a, const struct verdict *b)
{
	if (a->decision != b->decision || a->score != b->score ||
	    a->nfindings != b->nfindings || !same_packs(a, b))
		return false;
	for (size_t i = 0; i < a->nfindings; i++)
		if (!same_finding(&a->findings[i], &b->findings[i]))
			return false;
	return true;
}

static void
report(struct rejudging *r, const struct verdict *before,
       const struct verdict *after)
{
	if (r->session.options.format == FORMAT_JSON)
		output_json(stdout, after);
	else
		printf("%lld  %s %d.%d -> %s %d.%d  %s\n", (long long)after->id,
		       decision_name(before->decision), before->score / 10,
		       before->score % 10, decision_name(after->decision),
		       after->score / 10, after->score % 10, after->subject);
}

/* A request that nobody has answered yet goes when its reason does. */
static const struct error *
withdraw(struct rejudging *r, const struct verdict *verdict)
{
	const struct error *err = NULL;

	for (size_t i = 0; !err && i < verdict->npacks; i++)
		if (verdict->packs[i].decision != DECISION_FLAGGED)
			err = outbox_withdraw(r->session.store, verdict->id,
					      verdict->packs[i].pack,
					      "not flagged any more");
	return err;
}

/* What is not clear is kept, also when its source has it. */
static const struct error *
keep(struct rejudging *r, struct arena *arena, const struct review *review)
{
	struct span packed;

	compress(&packed, arena, r->compressor, review->mail.raw);
	return store_keep_raw(r->session.store, review->verdict.id, packed);
}

/* Store the verdict when it is another one than the database has. */
static const struct error *
settle(struct rejudging *r, struct arena *arena, struct review *review)
{
	struct verdict before;
	const struct error *err = store_verdict(
		&before, arena, r->session.store, review->verdict.id);

	if (err)
		return err;
	/* That of its cover letter perhaps, which is not judged. */
	review->verdict.version = before.version;
	r->judged++;
	if (same_judgement(&before, &review->verdict))
		return NULL;
	r->changed++;
	report(r, &before, &review->verdict);
	err = store_rejudge(r->session.store, &review->verdict);
	if (!err && review->verdict.decision >= DECISION_NOTED)
		err = keep(r, arena, review);
	return err ? err : withdraw(r, &review->verdict);
}

static struct stored
stored_of(const struct rejudging *r)
{
	return (struct stored){ r->session.store, r->session.originals,
				r->session.reviewer };
}

/* Put a stored mail on its way again. */
static const struct error *
add(struct rejudging *r, struct batch *batch, int64_t id)
{
	const struct stored from = stored_of(r);
	struct review *review = NULL;
	struct verdict before;
	const struct error *err =
		store_verdict(&before, batch->arena, r->session.store, id);

	if (err || !kind_is_judged(before.kind))
		return err;
	err = stored_add(&review, &from, batch, id);
	if (err && err->class == ERROR_NOINPUT)
		r->status = cmd_fail(TAKE(err));
	if (!err && !review)
		r->unkept++;
	return err;
}

static const struct error *
rejudge_batch(struct rejudging *r, const int64_t *ids, size_t n)
{
	const struct stored from = stored_of(r);
	struct batch batch = { .arena = arena_new() };
	const struct error *err = NULL;

	for (size_t i = 0; !err && i < n; i++)
		err = add(r, &batch, ids[i]);
	n = batch.n;
	if (!err)
		err = stored_add_mates(&from, &batch);
	if (!err)
		err = review_judge(r->session.reviewer, &batch);
	if (!err)
		err = store_begin(r->session.store);
	for (size_t i = 0; !err && i < n; i++)
		err = settle(r, batch.arena, &batch.reviews[i]);
	if (!err)
		err = store_commit(r->session.store);
	if (err)
		store_rollback(r->session.store);
	reviewer_forget(r->session.reviewer);
	batch_free(&batch);
	return err;
}

/* Only what can be judged, unless somebody named kinds. */
static void
want_judged(struct query *query, struct arena *arena)
{
	for (size_t i = 0; i < query->n; i++)
		if (query->values[i].field == FILTER_KIND)
			return;
	filter_add(query, arena, FILTER_KIND, kind_name(KIND_PATCH));
	filter_add(query, arena, FILTER_KIND, kind_name(KIND_COMMIT));
}

static const struct error *
rejudge(struct rejudging *r)
{
	AUTOFREE(arena) *arena = arena_new();
	struct query query = { .limit = -1,
			       .sort = SORT_DATE,
			       .all_states = true };
	struct ids ids = { .n = 0 };
	const struct error *err;

	err = filter_parse(&query, arena, &r->session.options);
	if (!err)
		want_judged(&query, arena);
	if (!err)
		err = store_query(&ids, arena, r->session.store, &query);
	for (size_t i = 0; !err && i < ids.n; i += BATCH_MAILS) {
		size_t n = ids.n - i < BATCH_MAILS ? ids.n - i : BATCH_MAILS;

		err = rejudge_batch(r, ids.v + i, n);
	}
	return err;
}

/* Tags that cannot be written now are written by the next run. */
static void
write_tags(struct rejudging *r)
{
	const struct error *err = NULL;
	size_t written;

	if (r->session.tagger)
		err = tagger_run(&written, r->session.tagger, NULL);
	if (err)
		fprintf(stderr, "pvwatch: tags wait: %s\n", err->message);
	error_free(err);
}

int
cmd_rejudge(const struct cmd *cmd, int argc, char **argv)
{
	struct rejudging r = { .session.options = OPTIONS };
	const struct error *err;

	if (!cmd_begin(&r.status, &r.session.options, cmd, argc, argv))
		return r.status;
	r.compressor = compressor_new();
	err = session_open(&r.session, NEEDS_REVIEWER | NEEDS_STORE_WRITE);
	if (!err) {
		cmd_warn_maps(&r.session);
		err = rejudge(&r);
	}
	if (!err)
		write_tags(&r);
	if (err) {
		r.status = cmd_fail(err);
	} else if (r.session.options.verbose >= 0) {
		fprintf(stderr, "%zu judged again, %zu changed", r.judged,
			r.changed);
		if (r.unkept)
			fprintf(stderr, "; %zu without raw text left alone",
				r.unkept);
		fputc('\n', stderr);
	}
	compressor_free(r.compressor);
	session_close(&r.session);
	return r.status;
}
