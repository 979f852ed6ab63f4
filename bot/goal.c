#include "goal.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "backtest.h"
#include "error.h"

static const struct error *
set_kind(struct goal *goal, const struct labels *labels, bool has_core)
{
	if (!strcmp(goal->name, "rate.all")) {
		goal->kind = GOAL_RATE_ALL;
		return NULL;
	}
	if (!strcmp(goal->name, "rate.core")) {
		goal->kind = GOAL_RATE_CORE;
		return has_core ? NULL
				: error_new(ERROR_USAGE,
					    "--at-least: rate.core needs "
					    "--core");
	}
	if (strncmp(goal->name, "recall.", 7))
		return error_new(ERROR_USAGE,
				 "--at-least: %s: want recall.LABEL, rate.all "
				 "or rate.core",
				 goal->name);
	goal->kind = GOAL_RECALL;
	goal->label = labels_by_name(labels, goal->name + 7);
	return goal->label >= 0 ? NULL
				: error_new(ERROR_USAGE,
					    "--at-least: no mail has the label "
					    "%s",
					    goal->name + 7);
}

static bool
is_ratio(double *out, const char *text)
{
	char *end;

	if (!*text || text[strspn(text, "0123456789.")])
		return false;
	*out = strtod(text, &end);
	return !*end && *out <= 1;
}

const struct error *
goals_parse(struct goals *out, struct arena *arena, const char *text,
	    const struct labels *labels, bool has_core)
{
	const struct error *err = NULL;

	while (!err && *text) {
		size_t n = strcspn(text, ",");
		char *one = arena_strndup(arena, text, n);
		char *value = strchr(one, '=');
		struct goal goal = { .name = one, .label = -1 };

		if (!value || !is_ratio(&goal.want, value + 1))
			return error_new(ERROR_USAGE,
					 "--at-least: %s: want NAME=NUMBER, "
					 "from 0 to 1",
					 one);
		*value = '\0';
		err = set_kind(&goal, labels, has_core);
		ARENA_GROW(arena, out->v, out->cap, out->n);
		out->v[out->n++] = goal;
		text += n + (text[n] == ',');
	}
	return err;
}

static struct share
share_of(const struct goal *goal, const struct backtest *b)
{
	switch (goal->kind) {
	case GOAL_RECALL:
		return b->label[goal->label].found;
	case GOAL_RATE_CORE:
		return b->in_core;
	case GOAL_RATE_ALL:
		break;
	}
	return b->all;
}

bool
goal_is_met(const char **why, struct arena *arena, const struct goal *goal,
	    const struct backtest *backtest)
{
	struct share got = share_of(goal, backtest);
	/* 12 of 15 are 0.8, whatever binary fractions make of it. */
	double margin = 1e-9, ratio = share_ratio(got);
	bool floor = goal->kind == GOAL_RECALL;

	if (!got.of) {
		*why = arena_printf(arena, "%s: the archive has no such mail",
				    goal->name);
		return false;
	}
	if (floor ? ratio >= goal->want - margin : ratio <= goal->want + margin)
		return true;
	*why = arena_printf(arena, "%s is %.4f (%zu of %zu), want at %s %g",
			    goal->name, ratio, got.n, got.of,
			    floor ? "least" : "most", goal->want);
	return false;
}
