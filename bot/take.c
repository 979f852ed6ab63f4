#include "take.h"

#include "alloc.h"
#include "arena.h"
#include "error.h"
#include "kind.h"
#include "outbox.h"
#include "review.h"
#include "source.h"
#include "db/store.h"

enum {
	BATCH_MAILS = 500,
	BATCH_BYTES = 16 << 20,
};

static bool
is_full(const struct batch *batch)
{
	return batch->n >= BATCH_MAILS || batch->bytes >= BATCH_BYTES;
}

/* Outside of --since and --until; a mail without a date is inside. */
static bool
is_out_of_time(const struct taker *taker, int64_t date)
{
	return date && ((taker->since && date < taker->since) ||
			(taker->until && date >= taker->until));
}

static bool
is_stopping(const struct taker *taker)
{
	return taker->stop && *taker->stop;
}

static const struct error *
is_known(bool *known, const struct taker *taker, const char *key)
{
	const struct error *err = store_has(known, taker->store, key);

	if (!err && !*known && taker->known)
		err = store_has(known, taker->known, key);
	return err;
}

/* Known mail is context for its thread, and not judged again. */
static const struct error *
sort_out(struct take_stats *stats, const struct taker *taker,
	 struct review *review)
{
	bool known;
	const struct error *err = is_known(&known, taker, review->verdict.key);

	if (err || review->removed)
		return err;
	stats->known += known;
	review->left_alone =
		known || is_out_of_time(taker, review->verdict.date);
	return NULL;
}

static void
report_fault(struct take_stats *stats, const struct taker *taker,
	     const struct error *fault)
{
	stats->faults++;
	if (taker->fault)
		taker->fault(taker->arg, fault->message);
	error_free(fault);
}

/* Read until the batch is full or the source ends. */
static const struct error *
fill(bool *end, struct take_stats *stats, const struct taker *taker,
     struct batch *batch, struct source *source)
{
	const struct error *err = NULL;

	while (!err && !is_full(batch) && !is_stopping(taker)) {
		struct source_item item = { .kind = SOURCE_END };

		err = source_next(&item, batch->arena, source);
		if (err)
			break;
		if (item.kind == SOURCE_END) {
			*end = true;
			break;
		}
		stats->seen++;
		if (item.kind == SOURCE_FAULT)
			report_fault(stats, taker, item.fault);
		else
			err = sort_out(stats, taker,
				       review_add(batch, taker->reviewer,
						  source, &item));
	}
	return err;
}

/*
 * Raw text is kept of what can be judged again, and of what was not clear;
 * the rest of the list is context, its rows are enough.
 */
static bool
keeps_raw(const struct review *review)
{
	return review->mail.raw.len &&
	       (kind_is_judged(review->verdict.kind) || review->broken);
}

static const struct error *
store_review(struct take_stats *stats, const struct taker *taker,
	     struct arena *arena, struct review *review)
{
	struct store_mail in = {
		.mail = &review->mail,
		.verdict = &review->verdict,
		.patch = kind_is_judged(review->verdict.kind) ? &review->patch
							      : NULL,
		.keep_raw = keeps_raw(review),
	};
	const struct error *err;
	bool known, requested = false;

	/* Twice in one batch: two lists, or an archive that repeats it. */
	err = store_has(&known, taker->store, review->verdict.key);
	if (err || known) {
		stats->known += known;
		return err;
	}
	err = store_add(&review->verdict.id, taker->store, &in);
	if (!err && taker->sender)
		err = outbox_request(&requested, taker->store, arena,
				     taker->sender,
				     reviewer_packs(taker->reviewer), review);
	if (err)
		return error_wrap(err, "%s", review->verdict.source);
	stats->taken++;
	stats->requests += requested;
	stats->decisions[review->verdict.decision]++;
	if (taker->judged)
		taker->judged(taker->arg, &review->verdict);
	return NULL;
}

/* A mail that its list's owner took back, perhaps in this very batch. */
static const struct error *
remove_mail(struct take_stats *stats, const struct taker *taker,
	    const struct review *review)
{
	stats->removed++;
	return store_removed(taker->store, review->verdict.key);
}

static const struct error *
store_batch(struct take_stats *stats, const struct taker *taker,
	    struct batch *batch)
{
	const struct error *err = NULL;

	for (size_t i = 0; !err && i < batch->n; i++) {
		struct review *review = &batch->reviews[i];

		if (review->removed)
			err = remove_mail(stats, taker, review);
		else if (!review->left_alone)
			err = store_review(stats, taker, batch->arena, review);
	}
	return err;
}

/* How far the source was read, and how much it has brought: of those that a
   configuration names. */
static const struct error *
store_progress(const struct taker *taker, const struct source *source,
	       const char *name, size_t brought)
{
	const char *cursor = source_cursor(source);
	const struct error *err = NULL;

	if (cursor)
		err = store_set_cursor(taker->store, name, cursor);
	if (!err && brought && *name == '@')
		err = store_brought(taker->store, name, brought);
	return err;
}

/* One batch: read, judge, store, in one transaction, which is short: other
   writers wait five seconds for it. */
static const struct error *
take_batch(bool *end, struct take_stats *stats, const struct taker *taker,
	   struct source *source, const char *name)
{
	struct batch batch = { .arena = arena_new() };
	struct take_stats before = *stats;
	const struct error *err = fill(end, stats, taker, &batch, source);

	if (!err)
		err = review_judge(taker->reviewer, &batch);
	if (!err)
		err = store_begin(taker->store);
	if (!err)
		err = store_batch(stats, taker, &batch);
	if (!err)
		err = store_progress(taker, source, name,
				     stats->taken - before.taken);
	if (!err)
		err = store_commit(taker->store);
	if (err) {
		store_rollback(taker->store);
		*stats = before;
	}
	/* The database knows the threads from here on. */
	reviewer_forget(taker->reviewer);
	batch_free(&batch);
	return err;
}

/* Where to begin; NULL: at the beginning. */
static const struct error *
find_cursor(const char **cursor, struct arena *arena, const struct taker *taker,
	    const char *name)
{
	const struct error *err =
		store_cursor(cursor, arena, taker->store, name);

	if (!err && !*cursor && taker->known)
		err = store_cursor(cursor, arena, taker->known, name);
	return err;
}

/* Only a source with a cursor goes on where it ended: one that begins anew
   each time would never reach its end. */
static bool
has_had_its_turn(const struct taker *taker, const struct source *source)
{
	return taker->yield && source_cursor(source) &&
	       taker->yield(taker->arg);
}

const struct error *
take_source(struct take_stats *stats, const struct taker *taker,
	    const char *spec, const char *name)
{
	AUTOFREE(arena) *arena = arena_new();
	struct source *source = NULL;
	const char *cursor = NULL;
	const struct error *err;
	bool end = false, stop = is_stopping(taker);

	err = find_cursor(&cursor, arena, taker, name);
	if (!err)
		err = source_open(&source, spec, cursor);
	while (!err && !end && !stop) {
		err = take_batch(&end, stats, taker, source, name);
		if (err)
			break;
		if (taker->progress)
			taker->progress(taker->arg, stats, source_left(source));
		stop = is_stopping(taker) || has_had_its_turn(taker, source);
	}
	stats->unfinished = !err && !end;
	source_close(source);
	return err;
}
