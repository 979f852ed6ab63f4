/*
 * progress.h - one line on a terminal: how far, how fast, how long still
 */
#ifndef BOT_PROGRESS_H
#define BOT_PROGRESS_H

#include <stdbool.h>
#include <stddef.h> /* size_t */

struct take_stats;

struct progress {
	bool shown;
	double begun;	    /* seconds of the monotonic clock */
	size_t seen_before; /* mails seen when it began */
};

/* A taker's progress function; @progress is its argument. */
void progress_show(void *progress, const struct take_stats *stats, long left);
/* Clear the line, when there is one; the next source begins anew. */
void progress_end(struct progress *progress);

#endif
