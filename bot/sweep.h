/*
 * sweep.h - one pass over sources, judged by several threads
 *
 * The caller's thread reads and delivers; the others judge. Mails are cut into
 * batches by their number and size alone. Each batch is judged with a book of
 * threads of its own (who was asked in a thread, Unless-Series-: a series that
 * a cut parts is seen in two halves) and delivered in the order of the input.
 * So the result does not depend on the number of threads.
 */
#ifndef BOT_SWEEP_H
#define BOT_SWEEP_H

#include <stddef.h> /* size_t */

#include "attr.h"

struct batch;
struct error;
struct network;
struct reviewer;

struct sweep_setup {
	/* One per thread; each for one thread at a time, so with trees of its
	   own and without a database. A single one judges in this thread. */
	struct reviewer *const *reviewers;
	size_t njobs;
	struct network *network; /* NULL: nothing is fetched */
	/* A batch was judged, as the ones before it were. A mail that came
	   before has left_alone set. */
	void (*deliver)(void *arg, const struct batch *batch);
	/* Something could not be read; the sweep goes on behind it. The error
	   is the receiver's. */
	void (*fault)(void *arg, const struct error *fault);
	void *arg;
};

/*
 * Judge all of the @nspecs sources. An error of one source is a fault, and the
 * next is taken; an error here is one of the system that stopped all.
 */
MUST_CHECK
const struct error *sweep(const struct sweep_setup *setup,
			  const char *const *specs, size_t nspecs);

#endif
