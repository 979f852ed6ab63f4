/*
 * child.h - work in a process of its own, that can neither hang ours nor end it
 *
 * For foreign code that blocks where nothing interrupts it, or that exits when
 * something is not to its taste. The child has a copy of our memory; what it
 * finds goes back through memory of child_share() and through files that were
 * open before. No other threads may run in this process at the time.
 */
#ifndef BOT_CHILD_H
#define BOT_CHILD_H

#include <stdatomic.h>
#include <stddef.h> /* size_t */

#include "attr.h"

struct error;

/* Zeroed memory that a child and we both see. */
void *child_share(size_t size);
void child_unshare(void *p, size_t size);

enum child_end {
	CHILD_DONE,   /* work() returned */
	CHILD_DIED,   /* the process ended otherwise */
	CHILD_SILENT, /* killed, since it gave no sign of life */
};

struct child_work {
	void (*work)(void *arg);
	void *arg;		 /* child_share()d, if it is to tell anything */
	_Atomic unsigned *beats; /* counted up by work() as it gets on */
	int silence_ms;		 /* how long beats may stand still */
};

/*
 * Run it, and wait for its end. What it prints is thrown away. It dies with
 * us. ERROR_IO when the system has no process for it.
 */
MUST_CHECK
const struct error *child_run(enum child_end *end,
			      const struct child_work *work);

#endif
