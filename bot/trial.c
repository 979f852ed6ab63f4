#include "trial.h"

#include <stdlib.h>
#include <time.h>

#include "alloc.h"
#include "review.h"
#include "rules/pack.h"

void
trial_clear(struct trial *trial)
{
	free(trial->rules);
	free(trial->months);
	*trial = (struct trial){ 0 };
}

static bool
is_tried(const struct trial *trial, const struct rule *rule)
{
	for (size_t i = 0; i < trial->nrules; i++)
		if (trial->rules[i] == rule)
			return true;
	return false;
}

/* What of a pack's score is due to the tried rules. */
struct due {
	int score, flagging;
	bool held;
};

static struct due
due_to(const struct trial *trial, const struct match_result *match)
{
	struct due due = { 0 };

	for (size_t i = 0; i < match->ntraces; i++) {
		const struct rule_trace *trace = &match->traces[i];
		bool held = trace->outcome == RULE_HELD;

		if ((!held && trace->outcome != RULE_WIDE) ||
		    !is_tried(trial, trace->rule))
			continue;
		due.held = true;
		due.score += trace->rule->points;
		due.flagging += held ? trace->rule->points : 0;
	}
	return due;
}

static void
count_month(struct trial *trial, int64_t date, bool alone)
{
	time_t when = (time_t)date;
	struct trial_month *month;
	struct tm tm;

	GROW(trial->months, trial->cap, trial->nmonths);
	month = &trial->months[trial->nmonths++];
	*month = (struct trial_month){ .held = 1, .alone = alone };
	if (!date || !gmtime_r(&when, &tm))
		return;
	month->year = tm.tm_year + 1900;
	month->month = tm.tm_mon + 1;
}

bool
trial_add(struct trial_mail *out, struct trial *trial,
	  const struct review *review)
{
	bool held = false;

	if (!review->matches)
		return false;
	*out = (struct trial_mail){ .alone = true };
	trial->judged++;
	for (size_t i = 0; i < trial->packs->n; i++) {
		const struct match_result *match = &review->matches[i];
		struct due due = due_to(trial, match);
		int flagging = match->wide ? match->wide_score : match->score;

		held |= due.held;
		out->found |= flagging >= trial->flag_at;
		out->alone &= flagging - due.flagging < trial->flag_at;
		if (match->score > out->with)
			out->with = match->score;
		if (match->score - due.score > out->without)
			out->without = match->score - due.score;
	}
	out->alone &= out->found;
	if (!held)
		return false;
	trial->held++;
	trial->found += out->found;
	trial->alone += out->alone;
	count_month(trial, review->verdict.date, out->alone);
	return true;
}

static int
compare_months(const void *a, const void *b)
{
	const struct trial_month *l = a, *r = b;

	if (l->year != r->year)
		return l->year < r->year ? -1 : 1;
	return (l->month > r->month) - (l->month < r->month);
}

void
trial_finish(struct trial *trial)
{
	struct trial_month *months = trial->months;
	size_t n = 0;

	if (trial->nmonths)
		qsort(months, trial->nmonths, sizeof(*months), compare_months);
	for (size_t i = 0; i < trial->nmonths; i++) {
		if (n && !compare_months(&months[n - 1], &months[i])) {
			months[n - 1].held += months[i].held;
			months[n - 1].alone += months[i].alone;
		} else {
			months[n++] = months[i];
		}
	}
	trial->nmonths = n;
}
