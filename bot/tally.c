#include "tally.h"

#include <search.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "arena.h"

enum { DAY = 24 * 3600, WEEK = 7 * DAY };

struct weeks {
	int64_t *v;
	size_t n, cap;
};

struct tally {
	struct arena *arena; /* of the names of series */
	void *series;	     /* tsearch(3) */
	size_t judged, alerts, nseries;
	struct weeks of_judged, of_alerts;
	int64_t since, until;
};

static int
compare_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void
keep(void *node UNUSED)
{
	/* Names live in the arena. */
}

struct tally *
tally_new(void)
{
	struct tally *tally = xcalloc(1, sizeof(*tally));

	tally->arena = arena_new();
	return tally;
}

void
tally_free(struct tally *tally)
{
	if (!tally)
		return;
	tdestroy(tally->series, keep);
	arena_free(tally->arena);
	free(tally->of_judged.v);
	free(tally->of_alerts.v);
	free(tally);
}

/* The first Monday was the fifth of January 1970. */
static int64_t
week_of(int64_t date)
{
	int64_t since = date - 4 * DAY;

	return since >= 0 ? since / WEEK : -((WEEK - 1 - since) / WEEK);
}

static void
add_week(struct weeks *weeks, int64_t date)
{
	if (!date)
		return;
	GROW(weeks->v, weeks->cap, weeks->n);
	weeks->v[weeks->n++] = week_of(date);
}

void
tally_judged(struct tally *tally, int64_t date)
{
	tally->judged++;
	add_week(&tally->of_judged, date);
	if (date && (!tally->since || date < tally->since))
		tally->since = date;
	if (date && (!tally->until || date > tally->until))
		tally->until = date;
}

void
tally_alert(struct tally *tally, int64_t date, const char *root,
	    unsigned version)
{
	const char *name;

	tally->alerts++;
	add_week(&tally->of_alerts, date);
	if (!root) {
		tally->nseries++;
		return;
	}
	name = arena_printf(tally->arena, "%u %s", version, root);
	if (tfind(name, &tally->series, compare_names))
		return;
	if (!tsearch(name, &tally->series, compare_names))
		abort();
	tally->nseries++;
}

static int
compare_weeks(const void *a, const void *b)
{
	const int64_t *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

/* How many different weeks; *most: what the fullest one holds. */
static size_t
count_weeks(size_t *most, struct weeks *weeks)
{
	size_t n = 0, run = 0;

	*most = 0;
	if (weeks->n)
		qsort(weeks->v, weeks->n, sizeof(*weeks->v), compare_weeks);
	for (size_t i = 0; i < weeks->n; i++) {
		bool begins = !i || weeks->v[i] != weeks->v[i - 1];

		n += begins;
		run = begins ? 1 : run + 1;
		if (run > *most)
			*most = run;
	}
	return n;
}

void
tally_sum(struct tally_sum *out, struct tally *tally)
{
	size_t most;

	*out = (struct tally_sum){
		.judged = tally->judged,
		.alerts = tally->alerts,
		.series = tally->nseries,
		.since = tally->since,
		.until = tally->until,
	};
	out->weeks = count_weeks(&most, &tally->of_judged);
	count_weeks(&out->busiest, &tally->of_alerts);
}

double
tally_weekly(const struct tally_sum *sum, size_t n)
{
	return sum->weeks ? (double)n / (double)sum->weeks : 0;
}
