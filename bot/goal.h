/*
 * goal.h - what a backtest must reach: "recall.break=0.8,rate.core=0.04"
 *
 * A recall is a floor, a rate a ceiling.
 */
#ifndef BOT_GOAL_H
#define BOT_GOAL_H

#include <stdbool.h>
#include <stddef.h> /* size_t */

#include "attr.h"
#include "labels.h"

struct arena;
struct backtest;
struct error;

enum goal_kind { GOAL_RECALL, GOAL_RATE_ALL, GOAL_RATE_CORE };

struct goal {
	enum goal_kind kind;
	const char *name; /* as written: "recall.break" */
	int label;	  /* GOAL_RECALL: index into labels->names */
	double want;	  /* 0 to 1 */
};

struct goals {
	struct goal *v;
	size_t n, cap;
};

/* ERROR_USAGE: no such label, no core list, not a number from 0 to 1. */
MUST_CHECK
const struct error *goals_parse(struct goals *out, struct arena *arena,
				const char *text, const struct labels *labels,
				bool has_core);

/* Was it met? Else *why says by how much it was missed. */
bool goal_is_met(const char **why, struct arena *arena, const struct goal *goal,
		 const struct backtest *backtest);

#endif
