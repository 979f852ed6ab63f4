#include "take.h"

#include <inttypes.h>
#include <string.h>

#include "alloc.h"
#include "arena.h"
#include "error.h"
#include "kind.h"
#include "outbox.h"
#include "patch.h"
#include "review.h"
#include "source.h"
#include "tagger.h"
#include "db/compress.h"
#include "db/store.h"

enum {
	BATCH_MAILS = 500,
	BATCH_BYTES = 16 << 20,
	BATCH_KNOWN = 10000, /* passed over, which is quick */
};

/* A source being taken. */
struct taking {
	const struct taker *taker;
	struct take_stats *stats;
	struct source *source;
	const char *name;
	const char *bounds; /* of time, in front of the cursor; "" */
	bool tags;	    /* its mails are to be tagged */
	bool anew;	    /* tags of before may be gone */
	/* Of this batch: mails that are in, and were not read again. */
	const char **known;
	size_t nknown, known_cap;
};

static bool
is_full(const struct taking *taking, const struct batch *batch)
{
	return batch->n >= BATCH_MAILS || batch->bytes >= BATCH_BYTES ||
	       taking->nknown >= BATCH_KNOWN;
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
	     const char *message)
{
	stats->faults++;
	if (taker->fault)
		taker->fault(taker->arg, message);
}

/* A file that is gone, or a disk that fails, may be there the next time. */
static bool
may_pass(const struct source_item *item)
{
	return item->kind == SOURCE_FAULT && item->fault->class != ERROR_INPUT;
}

static const struct error *
add_item(struct taking *taking, struct batch *batch,
	 const struct source_item *item)
{
	const struct taker *taker = taking->taker;
	const struct error *err;
	struct review *review;

	taking->stats->seen++;
	taking->anew = item->anew;
	if (may_pass(item)) {
		report_fault(taking->stats, taker, item->fault->message);
		error_free(item->fault);
		return NULL;
	}
	if (item->kind == SOURCE_KNOWN) {
		taking->stats->known++;
		ARENA_GROW(batch->arena, taking->known, taking->known_cap,
			   taking->nknown);
		taking->known[taking->nknown++] = item->tag_id;
		return NULL;
	}
	review = review_add(batch, taker->reviewer, taking->source, item);
	review->tag_id = item->tag_id;
	err = sort_out(taking->stats, taker, review);
	/* Said once: a Maildir is read from its beginning each time. */
	if (!err && item->kind == SOURCE_FAULT && !review->left_alone)
		report_fault(taking->stats, taker, review->verdict.errors[0]);
	return err;
}

/* Read until the batch is full or the source ends. */
static const struct error *
fill(bool *end, struct taking *taking, struct batch *batch)
{
	const struct error *err = NULL;

	while (!err && !*end && !is_full(taking, batch) &&
	       !is_stopping(taking->taker)) {
		struct source_item item = { .kind = SOURCE_END };

		err = source_next(&item, batch->arena, taking->source);
		*end = item.kind == SOURCE_END;
		if (!err && !*end)
			err = add_item(taking, batch, &item);
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

/* What storing needs and takes time, but no database. */
static void
pack(struct store_mail *out, struct arena *arena, struct compressor *compressor,
     const struct review *review)
{
	char id[PATCH_ID_SIZE];

	*out = (struct store_mail){ .mail = &review->mail,
				    .verdict = &review->verdict };
	if (kind_is_judged(review->verdict.kind)) {
		out->patch = &review->patch;
		if (patch_id(id, &review->patch))
			out->patch_id = arena_strdup(arena, id);
	}
	if (keeps_raw(review))
		compress(&out->packed, arena, compressor, review->mail.raw);
}

static const struct error *
store_review(struct take_stats *stats, const struct taker *taker,
	     struct arena *arena, struct compressor *compressor,
	     struct review *review)
{
	struct store_mail in;
	const struct error *err;
	bool known, requested = false;

	/* Twice in one batch: two lists, or an archive that repeats it. */
	err = store_has(&known, taker->store, review->verdict.key);
	if (err || known) {
		stats->known += known;
		return err;
	}
	pack(&in, arena, compressor, review);
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
	AUTOFREE(compressor) *compressor = compressor_new();
	const struct error *err = NULL;

	for (size_t i = 0; !err && i < batch->n; i++) {
		struct review *review = &batch->reviews[i];

		if (review->removed)
			err = remove_mail(stats, taker, review);
		else if (!review->left_alone)
			err = store_review(stats, taker, batch->arena,
					   compressor, review);
	}
	return err;
}

/* Put the mails of the batch down for tags, if they are in the database. */
static const struct error *
want_tags(const struct taking *taking, const struct batch *batch)
{
	struct store *store = taking->taker->store;
	const struct error *err = NULL;

	for (size_t i = 0; !err && i < batch->n; i++) {
		const struct review *review = &batch->reviews[i];

		if (review->tag_id)
			err = store_tag_want(store, review->verdict.key,
					     review->tag_id, taking->anew);
	}
	for (size_t i = 0; !err && i < taking->nknown; i++)
		err = store_tag_want(store, taking->known[i], taking->known[i],
				     taking->anew);
	return err;
}

/* How far the source was read, and how much it has brought: of those that a
   configuration names. */
static const struct error *
store_progress(const struct taking *taking, size_t brought)
{
	struct store *store = taking->taker->store;
	const char *cursor = source_cursor(taking->source);
	const struct error *err = NULL;

	CLEANUP(xfree)
	char *bounded = xasprintf("%s%s", taking->bounds, cursor ? cursor : "");

	if (cursor)
		err = store_set_cursor(store, taking->name, bounded);
	if (!err && brought && *taking->name == '@')
		err = store_brought(store, taking->name, brought);
	return err;
}

/* One transaction, which is short: other writers wait five seconds for it. */
static const struct error *
store_all(const struct taking *taking, struct batch *batch)
{
	struct store *store = taking->taker->store;
	size_t before = taking->stats->taken;
	const struct error *err = store_begin(store);

	if (!err)
		err = store_batch(taking->stats, taking->taker, batch);
	if (!err && taking->tags)
		err = want_tags(taking, batch);
	if (!err)
		err = store_progress(taking, taking->stats->taken - before);
	if (!err)
		err = store_commit(store);
	if (err)
		store_rollback(store);
	return err;
}

/* What stays undone is due in the next run: no reason to stop. */
static void
write_tags(const struct taking *taking)
{
	const struct taker *taker = taking->taker;
	size_t written = 0;
	const struct error *err =
		tagger_run(&written, taker->tagger, taker->stop);

	taking->stats->tagged += written;
	if (err && taker->tags_wait)
		taker->tags_wait(taker->arg, err->message);
	error_free(err);
}

/* One batch: read, judge, store; then its tags. */
static const struct error *
take_batch(bool *end, struct taking *taking)
{
	struct reviewer *reviewer = taking->taker->reviewer;
	struct batch batch = { .arena = arena_new() };
	struct take_stats before = *taking->stats;
	const struct error *err = fill(end, taking, &batch);

	if (!err)
		err = review_judge(reviewer, &batch);
	if (!err)
		err = store_all(taking, &batch);
	if (err)
		*taking->stats = before;
	/* The database knows the threads from here on. */
	reviewer_forget(reviewer);
	batch_free(&batch);
	taking->known = NULL;
	taking->nknown = taking->known_cap = 0;
	if (!err && taking->tags)
		write_tags(taking);
	return err;
}

/*
 * What was left out for its date was not taken: a cursor says for which bounds
 * it holds, and others begin anew. What is in already is known then.
 */
static const char *
bounds_of(struct arena *arena, const struct taker *taker)
{
	if (!taker->since && !taker->until)
		return "";
	return arena_printf(arena, "[%" PRId64 "..%" PRId64 "] ", taker->since,
			    taker->until);
}

/* Where to begin; NULL: at the beginning. */
static const struct error *
find_cursor(const char **cursor, struct arena *arena,
	    const struct taking *taking)
{
	const struct taker *taker = taking->taker;
	const struct error *err =
		store_cursor(cursor, arena, taker->store, taking->name);
	size_t n = strlen(taking->bounds);

	if (!err && !*cursor && taker->known)
		err = store_cursor(cursor, arena, taker->known, taking->name);
	if (err || !*cursor)
		return err;
	if (strncmp(*cursor, taking->bounds, n) != 0 || (!n && **cursor == '['))
		*cursor = NULL;
	else
		*cursor += n;
	return NULL;
}

/*
 * Only a source with a cursor goes on where it ended: one that begins anew
 * each time would never reach its end. Neither would one whose cursor stays
 * until then, if it gave way before it has brought something.
 */
static bool
has_had_its_turn(const struct taking *taking, size_t brought,
		 const char *cursor)
{
	const struct taker *taker = taking->taker;
	const char *now = source_cursor(taking->source);
	bool moved = now && (!cursor || strcmp(now, cursor) != 0);

	return taker->yield && now && (brought || moved) &&
	       taker->yield(taker->arg);
}

/* A database that cannot tell will say so when the mail is looked at. */
static bool
is_in(void *arg, const char *msgid)
{
	const struct taking *taking = arg;
	bool known = false;

	error_free(is_known(&known, taking->taker, msgid));
	return known;
}

static const struct error *
take_batches(struct taking *taking)
{
	const struct taker *taker = taking->taker;
	struct take_stats *stats = taking->stats;
	size_t before = stats->taken;
	const char *cursor = source_cursor(taking->source);
	CLEANUP(xfree) char *begun = cursor ? xstrdup(cursor) : NULL;
	bool end = false, stop = is_stopping(taker);

	while (!end && !stop) {
		const struct error *err = take_batch(&end, taking);

		if (err)
			return err;
		if (taker->progress)
			taker->progress(taker->arg, stats,
					source_left(taking->source));
		stop = is_stopping(taker) ||
		       has_had_its_turn(taking, stats->taken - before, begun);
	}
	stats->unfinished = !end;
	return NULL;
}

const struct error *
take_source(struct take_stats *stats, const struct taker *taker,
	    const char *spec, const char *name)
{
	AUTOFREE(arena) *arena = arena_new();
	struct taking taking = { taker, stats, .name = name };
	const char *cursor = NULL;
	const struct error *err;

	stats->unfinished = false;
	taking.tags = taker->tagger && tagger_wants(taker->tagger, name);
	taking.bounds = bounds_of(arena, taker);
	err = find_cursor(&cursor, arena, &taking);
	if (!err)
		err = source_open(&taking.source, spec, cursor);
	if (!err) {
		source_skip_known(taking.source, is_in, &taking);
		err = take_batches(&taking);
	}
	source_close(taking.source);
	return err;
}
