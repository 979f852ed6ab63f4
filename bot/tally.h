/*
 * tally.h - how often people would be asked: alerts by week and by series
 *
 * Weeks begin on Monday, 0:00 UTC. What is counted is weeks in which something
 * was judged, not the time between the first and the last: one mail with a
 * Date: of 1970 must not make a flood look like a trickle.
 */
#ifndef BOT_TALLY_H
#define BOT_TALLY_H

#include <stddef.h> /* size_t */
#include <stdint.h>

#include "attr.h"

struct tally;

struct tally *tally_new(void);
void tally_free(struct tally *tally);
DEFINE_AUTOFREE(tally, tally_free);

/* A patch was judged; @date in seconds since 1970 UTC, 0: unknown. */
void tally_judged(struct tally *tally, int64_t date);
/* It was found, too. @root names its thread (NULL: it is alone), so that
   with @version it stands for its series. */
void tally_alert(struct tally *tally, int64_t date, const char *root,
		 unsigned version);

struct tally_sum {
	size_t judged, alerts;
	size_t series;	      /* that the alerts belong to */
	size_t weeks;	      /* with a judged patch */
	size_t busiest;	      /* alerts of the week with most of them */
	int64_t since, until; /* of what was judged; 0: no date at all */
};
void tally_sum(struct tally_sum *out, struct tally *tally);

/* @n per week; 0 when there is no week. */
double tally_weekly(const struct tally_sum *sum, size_t n);

#endif
