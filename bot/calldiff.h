/*
 * calldiff.h - what became of the calls of a function
 *
 * A name is called newly when it is called more often than before, at each of
 * the calls on added lines; no longer, when less often, at each on removed
 * ones. When it is called as often, a call has moved that stands elsewhere
 * among the calls that nobody touched or, where several lines were replaced,
 * among each other; and one that is deeper or less deep in branches or #if.
 */
#ifndef BOT_CALLDIFF_H
#define BOT_CALLDIFF_H

#include <stdbool.h>
#include <stddef.h> /* size_t */

#include "callseq.h"

struct arena;

struct calldiff_side {
	const struct callseq *calls;
	const bool *changed; /* for each: its line is added, or removed */
};

enum calldiff_kind { CALLDIFF_NEW, CALLDIFF_GONE, CALLDIFF_MOVED };

struct calldiff_item {
	enum calldiff_kind kind;
	size_t call; /* index: of the side before when gone, else after */
};

struct calldiff {
	struct calldiff_item *v;
	size_t n, cap;
};

/* Compare; the time is that of sorting. @moves false: do not look at order,
   as when the sides are not in one another's place. */
void calldiff_find(struct calldiff *out, struct arena *arena,
		   const struct calldiff_side *before,
		   const struct calldiff_side *after, bool moves);

#endif
