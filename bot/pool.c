#include "pool.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "alloc.h"

struct slot {
	void *job;
	bool done;
	struct slot *next;
};

struct worker {
	struct pool *pool;
	void *arg;
	pthread_t thread;
};

struct pool {
	struct pool_setup setup;
	struct worker *workers; /* NULL: work is done here */
	size_t busy;		/* the owner's alone */
	pthread_mutex_t lock;	/* of what follows */
	pthread_cond_t came, done;
	struct slot *oldest, **end; /* all that are busy, in their order */
	struct slot *waiting;	    /* the first that nobody has begun */
	bool over;
};

/* The next slot to work on; NULL: the pool ends. */
static struct slot *
begin(struct pool *pool)
{
	struct slot *slot;

	pthread_mutex_lock(&pool->lock);
	while (!pool->waiting && !pool->over)
		pthread_cond_wait(&pool->came, &pool->lock);
	slot = pool->waiting;
	if (slot)
		pool->waiting = slot->next;
	pthread_mutex_unlock(&pool->lock);
	return slot;
}

static void *
run(void *arg)
{
	struct worker *worker = arg;
	struct pool *pool = worker->pool;
	struct slot *slot;

	while ((slot = begin(pool)) != NULL) {
		pool->setup.work(worker->arg, slot->job);
		pthread_mutex_lock(&pool->lock);
		slot->done = true;
		pthread_cond_signal(&pool->done);
		pthread_mutex_unlock(&pool->lock);
	}
	return NULL;
}

/* Signals are the owner's: its waits end early, ours would not. */
static void
start(struct pool *pool)
{
	sigset_t all, before;

	pool->workers = xcalloc(pool->setup.nworkers, sizeof(*pool->workers));
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	for (size_t i = 0; i < pool->setup.nworkers; i++) {
		struct worker *worker = &pool->workers[i];

		worker->pool = pool;
		worker->arg = pool->setup.workers[i];
		if (pthread_create(&worker->thread, NULL, run, worker))
			abort();
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct pool *
pool_new(const struct pool_setup *setup)
{
	struct pool *pool = xcalloc(1, sizeof(*pool));

	assert(setup->nworkers);
	pool->setup = *setup;
	pool->end = &pool->oldest;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->came, NULL);
	pthread_cond_init(&pool->done, NULL);
	if (!setup->here)
		start(pool);
	return pool;
}

void
pool_free(struct pool *pool)
{
	if (!pool)
		return;
	assert(!pool->busy);
	pthread_mutex_lock(&pool->lock);
	pool->over = true;
	pthread_cond_broadcast(&pool->came);
	pthread_mutex_unlock(&pool->lock);
	for (size_t i = 0; pool->workers && i < pool->setup.nworkers; i++)
		pthread_join(pool->workers[i].thread, NULL);
	pthread_cond_destroy(&pool->done);
	pthread_cond_destroy(&pool->came);
	pthread_mutex_destroy(&pool->lock);
	free(pool->workers);
	free(pool);
}

void
pool_put(struct pool *pool, void *job)
{
	struct slot *slot = xcalloc(1, sizeof(*slot));

	slot->job = job;
	pool->busy++;
	pthread_mutex_lock(&pool->lock);
	*pool->end = slot;
	pool->end = &slot->next;
	if (!pool->waiting)
		pool->waiting = slot;
	pthread_cond_signal(&pool->came);
	pthread_mutex_unlock(&pool->lock);
}

/* Take the oldest slot out, when it is done. */
static struct slot *
take_oldest(struct pool *pool)
{
	struct slot *slot;

	pthread_mutex_lock(&pool->lock);
	slot = pool->oldest;
	while (pool->workers && !slot->done)
		pthread_cond_wait(&pool->done, &pool->lock);
	pool->oldest = slot->next;
	if (!pool->oldest)
		pool->end = &pool->oldest;
	if (pool->waiting == slot)
		pool->waiting = slot->next;
	pthread_mutex_unlock(&pool->lock);
	return slot;
}

void *
pool_get(struct pool *pool)
{
	struct slot *slot;
	void *job;

	if (!pool->busy)
		return NULL;
	slot = take_oldest(pool);
	job = slot->job;
	free(slot);
	pool->busy--;
	if (!pool->workers)
		pool->setup.work(pool->setup.workers[0], job);
	return job;
}

size_t
pool_busy(const struct pool *pool)
{
	return pool->busy;
}
