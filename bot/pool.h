/*
 * pool.h - jobs done by threads, and handed back in the order they came
 *
 * One thread owns the pool: it puts jobs in and gets them back, oldest first,
 * done. How many are under way at most is for the owner to bound, by getting
 * before it puts more. Each worker has an argument of its own, for what is
 * good for one thread only.
 */
#ifndef BOT_POOL_H
#define BOT_POOL_H

#include <stdbool.h>
#include <stddef.h> /* size_t */

#include "attr.h"

struct pool;

struct pool_setup {
	/* Do @job. Called by one thread at a time for each @worker. */
	void (*work)(void *worker, void *job);
	void *const *workers; /* borrowed until pool_free() */
	size_t nworkers;
	/* No threads: the first worker works in pool_get(), one job after the
	   other. */
	bool here;
};

struct pool *pool_new(const struct pool_setup *setup);
/* Ends the threads when they are done with what they have begun; get all jobs
   back before. NULL is fine. */
void pool_free(struct pool *pool);
DEFINE_AUTOFREE(pool, pool_free);

void pool_put(struct pool *pool, void *job);
/* Waits until the oldest job is done; NULL: there is none. */
void *pool_get(struct pool *pool);
/* Jobs that were put and not got. */
size_t pool_busy(const struct pool *pool);

#endif
