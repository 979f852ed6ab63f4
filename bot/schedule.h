/*
 * schedule.h - when each source is taken next
 *
 * Times are in milliseconds of a clock that only goes forward; who calls says
 * what time it is. A source that fails waits for longer each time, up to an
 * hour (or its interval, when that is longer), and stops no other.
 */
#ifndef BOT_SCHEDULE_H
#define BOT_SCHEDULE_H

#include <stddef.h> /* size_t */
#include <stdint.h>

#include "attr.h"

enum {
	SCHEDULE_INTERVAL_S = 15 * 60, /* lore's own advice: 5 to 15 min */
	SCHEDULE_BACKOFF_S = 60 * 60,
	SCHEDULE_BUSY_S = 10,
};

struct scheduled {
	char *name; /* owned */
	int64_t interval_ms, due_ms;
	unsigned failures; /* in a row */
};

struct schedule {
	struct scheduled *v;
	size_t n, cap;
};

/* Add a source, due at once. */
void schedule_add(struct schedule *schedule, const char *name, long interval_s,
		  int64_t now_ms);
/* A configuration was read again: what @old has of the same name stays due
   when it was, but not later than its new interval says. */
void schedule_keep(struct schedule *schedule, const struct schedule *old,
		   int64_t now_ms);
void schedule_free(struct schedule *schedule);

/* The one that is due for longest; NULL when there are none. */
struct scheduled *schedule_first(const struct schedule *schedule);

/* It was taken at @now_ms, and ... */
void scheduled_done(struct scheduled *source, int64_t now_ms);
/* ... there was more than fits a turn: the others first, then on. */
void scheduled_again(struct scheduled *source, int64_t now_ms);
/* ... it failed. */
void scheduled_failed(struct scheduled *source, int64_t now_ms);
/* ... the database was busy, which is not the source's fault. */
void scheduled_postpone(struct scheduled *source, int64_t now_ms);

#endif
