#include "sweep.h"

#include <pthread.h>
#include <search.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "arena.h"
#include "error.h"
#include "repo.h"
#include "review.h"
#include "source.h"

enum {
	BATCH_MAILS = 250,
	BATCH_BYTES = 8 << 20,
};

/* What was read and is not parsed yet. */
struct incoming {
	struct source_item item;
	const char *repo; /* path of the repository of a commit; NULL */
};

enum slot_state { SLOT_FREE, SLOT_READ, SLOT_TAKEN, SLOT_JUDGED };

/* The way of a batch: read by the first thread, taken and judged by another,
   delivered by the first. Only the state needs the lock. */
struct slot {
	enum slot_state state;
	struct batch batch;
	struct incoming *items;
	size_t n, cap, bytes;
	const struct error *err;
};

/* A repository handle is for one thread: each opens its own. */
struct own_repo {
	char *path;
	struct repo *repo;
};

struct worker {
	struct sweep *sweep;
	struct reviewer *reviewer;
	struct own_repo *repos;
	size_t nrepos, cap;
	pthread_t thread;
	bool runs;
};

struct sweep {
	const struct sweep_setup *setup;
	const char *const *specs;
	size_t nspecs, spec; /* the one that source is of */
	struct source *source;

	/* Batches are numbered; number n is in slots[n % nslots]. */
	struct slot *slots;
	size_t nslots, nread, ntaken, ndelivered;
	bool over; /* no more will be read */

	struct worker *workers;
	pthread_mutex_t lock;
	pthread_cond_t was_read, was_judged;

	struct arena *arena; /* of the keys */
	void *keys;	     /* tsearch(3): of the mails delivered */
};

static int
compare_keys(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void
keep(void *node UNUSED)
{
	/* Keys live in the arena. */
}

static struct repo *
repo_of(const struct worker *worker, const char *path)
{
	for (size_t i = 0; i < worker->nrepos; i++)
		if (!strcmp(worker->repos[i].path, path))
			return worker->repos[i].repo;
	return NULL;
}

static const struct error *
open_repo(struct repo **out, struct worker *worker, const char *path)
{
	const struct error *err = NULL;

	*out = repo_of(worker, path);
	if (!*out)
		err = repo_open(out, path, REPO_EXACT);
	else
		return NULL;
	if (err)
		return err;
	GROW(worker->repos, worker->cap, worker->nrepos);
	worker->repos[worker->nrepos++] =
		(struct own_repo){ xstrdup(path), *out };
	return NULL;
}

static const struct error *
judge(struct worker *worker, struct slot *slot)
{
	const struct error *err = NULL;

	for (size_t i = 0; i < slot->n && !err; i++) {
		const struct incoming *in = &slot->items[i];
		struct review *review = review_add(
			&slot->batch, worker->reviewer, NULL, &in->item);

		if (in->repo)
			err = open_repo(&review->repo, worker, in->repo);
	}
	if (!err)
		err = review_judge(worker->reviewer, &slot->batch);
	/* What a thread's book holds would depend on which thread it is. */
	reviewer_forget(worker->reviewer);
	return err;
}

/* The next batch to judge; NULL: there will be none. */
static struct slot *
take_slot(struct sweep *s)
{
	struct slot *slot = NULL;

	pthread_mutex_lock(&s->lock);
	while (s->ntaken == s->nread && !s->over)
		pthread_cond_wait(&s->was_read, &s->lock);
	if (s->ntaken < s->nread) {
		slot = &s->slots[s->ntaken++ % s->nslots];
		slot->state = SLOT_TAKEN;
	}
	pthread_mutex_unlock(&s->lock);
	return slot;
}

static void
judge_slot(struct worker *worker, struct slot *slot)
{
	struct sweep *s = worker->sweep;

	slot->err = judge(worker, slot);
	pthread_mutex_lock(&s->lock);
	slot->state = SLOT_JUDGED;
	pthread_cond_signal(&s->was_judged);
	pthread_mutex_unlock(&s->lock);
}

static void *
work(void *arg)
{
	struct worker *worker = arg;
	struct slot *slot;

	while ((slot = take_slot(worker->sweep)))
		judge_slot(worker, slot);
	return NULL;
}

static void
add_item(struct sweep *s, struct slot *slot, const struct source_item *item)
{
	const struct repo *repo = source_repo(s->source);
	struct incoming *in;

	GROW(slot->items, slot->cap, slot->n);
	in = &slot->items[slot->n++];
	in->item = *item;
	in->repo =
		repo ? arena_strdup(slot->batch.arena, repo_path(repo)) : NULL;
	slot->bytes += item->raw.len + item->commit.diff.len;
}

static void
fault(struct sweep *s, const struct error *err)
{
	s->setup->fault(s->setup->arg, err);
}

/* One more item of the sources, if there is one, into @slot; false when all
   have ended. */
static bool
read_item(struct sweep *s, struct slot *slot)
{
	struct source_item item = { .kind = SOURCE_END };
	const struct error *err = NULL;

	if (!s->source && s->spec == s->nspecs)
		return false;
	if (!s->source)
		err = source_begin(&s->source, s->specs[s->spec],
				   &(struct source_begin){
					   .network = s->setup->network,
					   .name = "",
				   });
	if (!err)
		err = source_next(&item, slot->batch.arena, s->source);
	if (err)
		fault(s, err);
	else if (item.kind == SOURCE_FAULT)
		fault(s, item.fault);
	else if (item.kind == SOURCE_MAIL || item.kind == SOURCE_COMMIT)
		add_item(s, slot, &item);
	if (err || item.kind == SOURCE_END) {
		source_close(s->source);
		s->source = NULL;
		s->spec++;
	}
	return true;
}

static void
read_batch(struct sweep *s)
{
	struct slot *slot = &s->slots[s->nread % s->nslots];
	bool more = true;

	while (more && slot->n < BATCH_MAILS && slot->bytes < BATCH_BYTES)
		more = read_item(s, slot);
	pthread_mutex_lock(&s->lock);
	slot->state = SLOT_READ;
	s->nread++;
	s->over = !more;
	pthread_cond_broadcast(&s->was_read);
	pthread_mutex_unlock(&s->lock);
	if (s->setup->njobs == 1) {
		s->ntaken++;
		judge_slot(&s->workers[0], slot);
	}
}

/* A mail is taken once, whatever sources carry it. */
static void
leave_known_alone(struct sweep *s, struct batch *batch)
{
	for (size_t i = 0; i < batch->n; i++) {
		struct review *review = &batch->reviews[i];
		const char *key = review->verdict.key;

		review->left_alone = tfind(key, &s->keys, compare_keys);
		if (!review->left_alone && !tsearch(arena_strdup(s->arena, key),
						    &s->keys, compare_keys))
			abort();
	}
}

static const struct error *
deliver(struct sweep *s, struct slot *slot)
{
	const struct error *err = slot->err;

	slot->err = NULL;
	if (!err) {
		leave_known_alone(s, &slot->batch);
		s->setup->deliver(s->setup->arg, &slot->batch);
	}
	batch_clear(&slot->batch);
	slot->n = slot->bytes = 0;
	slot->state = SLOT_FREE;
	s->ndelivered++;
	return err;
}

static bool
is_judged(struct sweep *s, const struct slot *slot, bool wait)
{
	bool judged;

	pthread_mutex_lock(&s->lock);
	while (wait && slot->state != SLOT_JUDGED)
		pthread_cond_wait(&s->was_judged, &s->lock);
	judged = slot->state == SLOT_JUDGED;
	pthread_mutex_unlock(&s->lock);
	return judged;
}

/* Deliver what is judged, read what there is room for, wait for the rest. */
static const struct error *
run(struct sweep *s)
{
	const struct error *err = NULL;

	while (!err && !(s->over && s->ndelivered == s->nread)) {
		struct slot *first = &s->slots[s->ndelivered % s->nslots];
		bool full = s->over || s->nread - s->ndelivered == s->nslots;

		if (s->ndelivered < s->nread && is_judged(s, first, full))
			err = deliver(s, first);
		else
			read_batch(s);
	}
	return err;
}

static void
start(struct sweep *s)
{
	size_t njobs = s->setup->njobs;

	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->was_read, NULL);
	pthread_cond_init(&s->was_judged, NULL);
	s->arena = arena_new();
	/* Twice as many batches as threads: none waits for its next one. */
	s->nslots = 2 * njobs;
	s->slots = xcalloc(s->nslots, sizeof(*s->slots));
	for (size_t i = 0; i < s->nslots; i++)
		s->slots[i].batch.arena = arena_new();
	s->workers = xcalloc(njobs, sizeof(*s->workers));
	for (size_t i = 0; i < njobs; i++) {
		struct worker *worker = &s->workers[i];

		worker->sweep = s;
		worker->reviewer = s->setup->reviewers[i];
		if (njobs > 1)
			worker->runs = !pthread_create(&worker->thread, NULL,
						       work, worker);
	}
}

static void
stop(struct sweep *s)
{
	pthread_mutex_lock(&s->lock);
	s->over = true;
	s->ntaken = s->nread;
	pthread_cond_broadcast(&s->was_read);
	pthread_mutex_unlock(&s->lock);
	for (size_t i = 0; i < s->setup->njobs; i++)
		if (s->workers[i].runs)
			pthread_join(s->workers[i].thread, NULL);
}

static void
clear(struct sweep *s)
{
	source_close(s->source);
	for (size_t i = 0; i < s->nslots; i++) {
		batch_free(&s->slots[i].batch);
		free(s->slots[i].items);
		error_free(s->slots[i].err);
	}
	free(s->slots);
	for (size_t i = 0; i < s->setup->njobs; i++) {
		struct worker *worker = &s->workers[i];

		for (size_t j = 0; j < worker->nrepos; j++) {
			repo_free(worker->repos[j].repo);
			free(worker->repos[j].path);
		}
		free(worker->repos);
	}
	free(s->workers);
	tdestroy(s->keys, keep);
	arena_free(s->arena);
	pthread_cond_destroy(&s->was_judged);
	pthread_cond_destroy(&s->was_read);
	pthread_mutex_destroy(&s->lock);
}

const struct error *
sweep(const struct sweep_setup *setup, const char *const *specs, size_t nspecs)
{
	struct sweep s = { .setup = setup, .specs = specs, .nspecs = nspecs };
	const struct error *err = NULL;

	start(&s);
	for (size_t i = 0; setup->njobs > 1 && i < setup->njobs && !err; i++)
		if (!s.workers[i].runs)
			err = error_new(ERROR_TEMPORARY,
					"no thread number %zu to be had", i);
	if (!err)
		err = run(&s);
	stop(&s);
	clear(&s);
	return err;
}
