#include "schedule.h"

#include <stdlib.h>
#include <string.h>

#include "alloc.h"

static int64_t
least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

void
schedule_add(struct schedule *schedule, const char *name, long interval_s,
	     int64_t now_ms)
{
	/* 0 would be a busy loop. */
	int64_t interval = interval_s > 0 ? interval_s : 1;

	GROW(schedule->v, schedule->cap, schedule->n);
	schedule->v[schedule->n++] = (struct scheduled){
		.name = xstrdup(name),
		.interval_ms = interval * 1000,
		.due_ms = now_ms,
	};
}

static const struct scheduled *
find(const struct schedule *schedule, const char *name)
{
	for (size_t i = 0; i < schedule->n; i++)
		if (!strcmp(schedule->v[i].name, name))
			return &schedule->v[i];
	return NULL;
}

/* A failing one is due at once: the new configuration may be the cure. */
void
schedule_keep(struct schedule *schedule, const struct schedule *old,
	      int64_t now_ms)
{
	for (size_t i = 0; i < schedule->n; i++) {
		struct scheduled *source = &schedule->v[i];
		const struct scheduled *was = find(old, source->name);

		if (was)
			source->failures = was->failures;
		if (was && !was->failures)
			source->due_ms = least(was->due_ms,
					       now_ms + source->interval_ms);
	}
}

void
schedule_free(struct schedule *schedule)
{
	for (size_t i = 0; i < schedule->n; i++)
		free(schedule->v[i].name);
	free(schedule->v);
	*schedule = (struct schedule){ .n = 0 };
}

struct scheduled *
schedule_first(const struct schedule *schedule)
{
	struct scheduled *first = NULL;

	for (size_t i = 0; i < schedule->n; i++)
		if (!first || schedule->v[i].due_ms < first->due_ms)
			first = &schedule->v[i];
	return first;
}

void
scheduled_done(struct scheduled *source, int64_t now_ms)
{
	source->failures = 0;
	source->due_ms = now_ms + source->interval_ms;
}

void
scheduled_again(struct scheduled *source, int64_t now_ms)
{
	source->failures = 0;
	source->due_ms = now_ms + 1; /* behind those that are due now */
}

void
scheduled_failed(struct scheduled *source, int64_t now_ms)
{
	int64_t ceiling = SCHEDULE_BACKOFF_S * 1000LL;
	int64_t wait = source->interval_ms;

	for (unsigned i = 0; i < source->failures && wait < ceiling; i++)
		wait = least(wait * 2, ceiling);
	source->failures++;
	source->due_ms = now_ms + wait;
}

void
scheduled_postpone(struct scheduled *source, int64_t now_ms)
{
	source->due_ms =
		now_ms + least(source->interval_ms, SCHEDULE_BUSY_S * 1000LL);
}
