/* Jobs of uneven length come back done, in order, with and without threads. */
#include "bot/pool.h"

#include <pthread.h>
#include <stdatomic.h>

#include "tests/unit/tap.h"

enum { NJOBS = 500, NWORKERS = 4, DEPTH = 7 };

struct job {
	unsigned n;
	unsigned long result;
	int times;
};

struct worker {
	atomic_int inside; /* it is for one thread at a time */
	int jobs, clashes;
	pthread_t thread;
};

static void
work(void *arg, void *data)
{
	struct worker *worker = arg;
	struct job *job = data;
	unsigned long sum = 0;

	worker->clashes += atomic_fetch_add(&worker->inside, 1) != 0;
	/* The first of every eight takes longest. */
	for (unsigned i = 0; i < (job->n % 8 ? 10 : 20000); i++)
		sum += i ^ job->n;
	job->result = sum;
	job->times++;
	worker->jobs++;
	worker->thread = pthread_self();
	atomic_fetch_sub(&worker->inside, 1);
}

static void
run(const char *what, bool here)
{
	static struct job jobs[NJOBS];
	struct worker workers[NWORKERS] = { 0 };
	void *args[NWORKERS];
	unsigned put = 0, got = 0, wrong = 0;
	int worked = 0, clashes = 0;
	struct pool *pool;
	struct job *job;

	for (size_t i = 0; i < NWORKERS; i++)
		args[i] = &workers[i];
	memset(jobs, 0, sizeof(jobs));
	pool = pool_new(&(struct pool_setup){ work, args, NWORKERS, here });
	ok(!pool_get(pool) && !pool_busy(pool), "at first it is idle");
	for (; got < NJOBS; got++) {
		for (; put < NJOBS && pool_busy(pool) < DEPTH; put++) {
			jobs[put].n = put;
			pool_put(pool, &jobs[put]);
		}
		job = pool_get(pool);
		wrong += job != &jobs[got] || job->times != 1;
	}
	ok(!pool_get(pool) && !pool_busy(pool), "in the end it is idle");
	pool_free(pool);
	for (size_t i = 0; i < NWORKERS; i++) {
		worked += workers[i].jobs;
		clashes += workers[i].clashes;
	}
	is_int(wrong, 0, what);
	is_int(worked, NJOBS, "each job is done once");
	is_int(clashes, 0, "no worker is used by two threads at a time");
	if (here)
		ok(pthread_equal(workers[0].thread, pthread_self()) &&
			   workers[0].jobs == NJOBS,
		   "all by the owner's thread");
	else
		ok(!pthread_equal(workers[0].thread, pthread_self()),
		   "none by the owner's thread");
}

int
main(void)
{
	run("in order, by threads", false);
	run("in order, without threads", true);
	pool_free(NULL);
	return done_testing();
}
