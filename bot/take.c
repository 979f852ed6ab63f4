#include "take.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "arena.h"
#include "error.h"
#include "load.h"
#include "outbox.h"
#include "pool.h"
#include "posting.h"
#include "reconsider.h"
#include "review.h"
#include "source.h"
#include "tagger.h"
#include "db/compress.h"
#include "db/store.h"

enum { READ_AHEAD = 1 }; /* batches */

/* What judging needs of its own in each thread. */
struct judge {
	const struct taking *taking;
	struct reviewer *reviewer;
	struct compressor *compressor;
};

/* A source being taken. The database is this thread's alone. */
struct taking {
	const struct taker *taker;
	struct take_stats *stats;
	struct source *source; /* from begin() on the reading thread's */
	const char *name;
	const char *bounds; /* of time, in front of the cursor; "" */
	bool tags;	    /* its mails are to be tagged */
	bool read;	    /* to its end, or as far as it goes */
	atomic_bool over;   /* what is under way is not wanted any more */
	struct judge *judges;
	void **workers; /* the judges, as the pool wants them */
	size_t njudges;
	struct pool *reading, *parsing, *judging; /* of loads */
	size_t ahead, depth; /* how many are in each at most */
};

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

static bool
is_over(const void *arg)
{
	const struct taking *taking = arg;

	return taking->over || is_stopping(taking->taker);
}

static void
read_load(void *worker, void *job)
{
	struct taking *taking = worker;
	const struct load_stop stop = { is_over, taking };

	load_read(job, taking->source, &stop);
}

static void
parse_load(void *worker, void *job)
{
	const struct judge *judge = worker;

	if (!judge->taking->over)
		load_parse(job, judge->reviewer, judge->taking->source);
}

/* Known mail is context for its thread, and not judged again. */
static const struct error *
sort_out_mail(struct load *load, const struct taker *taker,
	      struct review *review)
{
	bool known;
	const struct error *err = is_known(&known, taker, review->verdict.key);

	if (err || review->removed)
		return err;
	load->nknown += known;
	review->left_alone =
		known || is_out_of_time(taker, review->verdict.date);
	return NULL;
}

static void
sort_out(struct load *load, struct taking *taking)
{
	struct batch *batch = &load->batch;

	for (size_t i = 0; !load->err && i < batch->n; i++)
		load->err =
			sort_out_mail(load, taking->taker, &batch->reviews[i]);
}

static void
judge_load(void *worker, void *job)
{
	struct judge *judge = worker;
	struct load *load = job;

	if (judge->taking->over)
		return;
	if (!load->err)
		load->err = review_match(judge->reviewer, &load->batch);
	if (!load->err)
		load_pack(load, judge->compressor);
}

static const struct error *
store_review(struct taking *taking, struct load *load, size_t i)
{
	const struct taker *taker = taking->taker;
	struct take_stats *stats = taking->stats;
	struct review *review = &load->batch.reviews[i];
	const struct error *err;
	bool known, requested = false;

	/* Twice at a time: two lists, or an archive that repeats it. */
	err = store_has(&known, taker->store, review->verdict.key);
	if (err || known) {
		stats->known += known;
		return err;
	}
	err = posting_store(&load->mails[i].series, taker->store, &load->batch,
			    review);
	if (!err)
		err = store_add(&review->verdict.id, taker->store,
				&load->mails[i]);
	if (!err && taker->sender)
		err = outbox_request(&requested, taker->store,
				     load->batch.arena, taker->sender,
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
remove_mail(struct taking *taking, const struct review *review)
{
	taking->stats->removed++;
	return store_removed(taking->taker->store, review->verdict.key);
}

static const struct error *
store_reviews(struct taking *taking, struct load *load)
{
	const struct error *err = NULL;

	for (size_t i = 0; !err && i < load->batch.n; i++) {
		struct review *review = &load->batch.reviews[i];

		if (review->removed)
			err = remove_mail(taking, review);
		else if (!review->left_alone)
			err = store_review(taking, load, i);
	}
	return err;
}

/* Said once: a Maildir is read from its beginning each time. */
static bool
is_news(const struct load *load, const struct load_fault *fault)
{
	return fault->review < 0 ||
	       !load->batch.reviews[fault->review].left_alone;
}

static void
report(struct taking *taking, const struct load *load)
{
	const struct taker *taker = taking->taker;

	taking->stats->seen += load->nitems;
	taking->stats->known += load->nknown;
	for (size_t i = 0; i < load->nfaults; i++) {
		if (!is_news(load, &load->faults[i]))
			continue;
		taking->stats->faults++;
		if (taker->fault)
			taker->fault(taker->arg, load->faults[i].message);
	}
}

/* Put the mails of the batch down for tags, if they are in the database. */
static const struct error *
want_tags(const struct taking *taking, const struct load *load)
{
	struct store *store = taking->taker->store;
	const struct batch *batch = &load->batch;
	const struct error *err = NULL;

	for (size_t i = 0; !err && i < batch->n; i++) {
		const struct review *review = &batch->reviews[i];

		if (review->tag_id)
			err = store_tag_want(store, review->verdict.key,
					     review->tag_id, load->anew);
	}
	for (size_t i = 0; !err && i < load->npassed; i++)
		err = store_tag_want(store, load->passed[i], load->passed[i],
				     load->anew);
	return err;
}

/* How far the source was read, and how much it has brought: of those that a
   configuration names. */
static const struct error *
store_progress(const struct taking *taking, const struct load *load,
	       size_t brought)
{
	struct store *store = taking->taker->store;
	const struct error *err = NULL;
	CLEANUP(xfree)
	char *bounded = xasprintf("%s%s", taking->bounds,
				  load->cursor ? load->cursor : "");

	if (load->cursor)
		err = store_set_cursor(store, taking->name, bounded);
	if (!err && brought && *taking->name == '@')
		err = store_brought(store, taking->name, brought);
	return err;
}

/* What came before, when this batch tells more of it. */
static const struct error *
reconsider_rest(const struct taker *taker, const struct load *load)
{
	const struct stored from = { taker->store, taker->originals,
				     taker->reviewer };

	return reconsider(&from, taker->sender, &load->batch);
}

/* One transaction, which is short: other writers wait five seconds for it. */
static const struct error *
store_all(struct taking *taking, struct load *load)
{
	struct store *store = taking->taker->store;
	size_t before = taking->stats->taken;
	const struct error *err = store_begin(store);

	if (!err)
		err = store_reviews(taking, load);
	if (!err)
		err = reconsider_rest(taking->taker, load);
	if (!err && taking->tags)
		err = want_tags(taking, load);
	if (!err)
		err = store_progress(taking, load,
				     taking->stats->taken - before);
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

/* Of a batch that does not get in nothing is counted. */
static const struct error *
store_load(struct taking *taking, struct load *load)
{
	struct take_stats before = *taking->stats;
	const struct error *err = TAKE(load->err);

	report(taking, load);
	if (!err)
		err = review_settle(taking->taker->reviewer, &load->batch);
	if (!err)
		err = store_all(taking, load);
	if (err)
		*taking->stats = before;
	else if (taking->tags)
		write_tags(taking);
	return err;
}

/* The next batch that is parsed; NULL: there is none any more. */
static struct load *
next_parsed(struct taking *taking)
{
	while (!taking->read && pool_busy(taking->parsing) < taking->depth) {
		struct load *load;

		while (pool_busy(taking->reading) < taking->ahead)
			pool_put(taking->reading, load_new());
		load = pool_get(taking->reading);
		taking->read = load->end || load->broken;
		pool_put(taking->parsing, load);
	}
	return pool_get(taking->parsing);
}

/* The next batch that is judged; NULL: that was all. Others are read, parsed
   and judged meanwhile. */
static struct load *
next_load(struct taking *taking)
{
	while (pool_busy(taking->judging) < taking->depth) {
		struct load *load = next_parsed(taking);

		if (!load)
			break;
		sort_out(load, taking);
		pool_put(taking->judging, load);
	}
	return pool_get(taking->judging);
}

/*
 * Only a source with a cursor goes on where it ended: one that begins anew
 * each time would never reach its end. Neither would one whose cursor stays
 * until then, if it gave way before it has brought something.
 */
static bool
has_had_its_turn(const struct taker *taker, size_t brought, const char *now,
		 const char *cursor)
{
	bool moved = now && (!cursor || strcmp(now, cursor) != 0);

	return taker->yield && now && (brought || moved) &&
	       taker->yield(taker->arg);
}

static const struct error *
take_loads(struct taking *taking, const char *cursor)
{
	const struct taker *taker = taking->taker;
	struct take_stats *stats = taking->stats;
	size_t before = stats->taken;
	bool stop = is_stopping(taker);

	while (!stop) {
		AUTOFREE(load) *load = next_load(taking);
		const struct error *err = store_load(taking, load);

		if (err)
			return err;
		if (taker->progress)
			taker->progress(taker->arg, stats, load->left);
		if (load->end || load->broken)
			return TAKE(load->broken);
		stop = is_stopping(taker) ||
		       has_had_its_turn(taker, stats->taken - before,
					load->cursor, cursor);
	}
	stats->unfinished = true;
	return NULL;
}

static void
begin(struct taking *taking, bool here)
{
	const struct taker *taker = taking->taker;
	size_t n = here ? 1 : taker->nreviewers;

	taking->ahead = here ? 1 : READ_AHEAD;
	taking->depth = here ? 1 : n;
	taking->njudges = n;
	taking->judges = xcalloc(n, sizeof(*taking->judges));
	taking->workers = xcalloc(n + 1, sizeof(*taking->workers));
	for (size_t i = 0; i < n; i++) {
		taking->judges[i] = (struct judge){
			.taking = taking,
			.reviewer =
				here ? taker->reviewer : taker->reviewers[i],
			.compressor = compressor_new(),
		};
		taking->workers[i] = &taking->judges[i];
	}
	taking->workers[n] = taking;
	taking->parsing = pool_new(
		&(struct pool_setup){ parse_load, taking->workers, n, here });
	taking->judging = pool_new(
		&(struct pool_setup){ judge_load, taking->workers, n, here });
	taking->reading = pool_new(&(struct pool_setup){
		read_load, taking->workers + n, 1, here });
}

static void
drop_all(struct pool *pool)
{
	struct load *load;

	while ((load = pool_get(pool)) != NULL)
		load_free(load);
	pool_free(pool);
}

static void
end(struct taking *taking)
{
	taking->over = true;
	drop_all(taking->reading);
	drop_all(taking->parsing);
	drop_all(taking->judging);
	for (size_t i = 0; i < taking->njudges; i++)
		compressor_free(taking->judges[i].compressor);
	free(taking->judges);
	free(taking->workers);
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
take_open_source(struct taking *taking)
{
	const struct taker *taker = taking->taker;
	const char *cursor = source_cursor(taking->source);
	CLEANUP(xfree) char *begun = cursor ? xstrdup(cursor) : NULL;
	bool asks = source_skip_known(taking->source, is_in, taking);
	const struct error *err;

	/* Reading that asks the database, and judging that asks the handle
	   being read, are for one thread. */
	begin(taking,
	      taker->nreviewers < 2 || asks || source_repo(taking->source));
	err = take_loads(taking, begun);
	end(taking);
	return err;
}

const struct error *
take_source(struct take_stats *stats, const struct taker *taker,
	    const char *spec, const char *name)
{
	AUTOFREE(arena) *arena = arena_new();
	struct taking taking = { .taker = taker, .stats = stats, .name = name };
	const char *cursor = NULL;
	const struct error *err;

	stats->unfinished = false;
	taking.tags = taker->tagger && tagger_wants(taker->tagger, name);
	taking.bounds = bounds_of(arena, taker);
	err = find_cursor(&cursor, arena, &taking);
	if (!err)
		err = source_begin(&taking.source, spec,
				   &(struct source_begin){
					   .cursor = cursor,
					   .network = taker->network,
					   .name = name,
					   .since = taker->since,
				   });
	if (!err)
		err = take_open_source(&taking);
	source_close(taking.source);
	return err;
}
