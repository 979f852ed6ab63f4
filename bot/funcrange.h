/*
 * funcrange.h - from where to where the functions of a file reach
 *
 * C: from the line that a definition begins on to the "}" in column 0, and
 * macros of several lines under their name. Assembly: between SYM_*_START(x),
 * ENTRY(x), .macro x and their ends; and from a label in column 0 that stands
 * outside of those to the next. Other files have no functions.
 */
#ifndef BOT_FUNCRANGE_H
#define BOT_FUNCRANGE_H

#include <stddef.h> /* size_t */

#include "span.h"

struct arena;

struct funcrange {
	size_t first, last; /* lines, 1-based, both belong to it */
	const char *name;
};

struct funcranges {
	struct funcrange *v; /* in the order of the file; none overlap */
	size_t n, cap;
};

/* The functions of the file @path that holds @text. */
void funcranges_find(struct funcranges *out, struct arena *arena,
		     const char *path, struct span text);

/*
 * The functions of a piece of the file @path: @text may begin inside of one,
 * which @heading then tells (the text behind a hunk's "@@"), and end in one.
 * A heading is dropped when @text shows that it had ended: a definition comes
 * before any end of one.
 */
void funcranges_find_in_piece(struct funcranges *out, struct arena *arena,
			      const char *path, struct span heading,
			      struct span text);

/* The function that line @lineno belongs to; NULL: none. */
const char *funcranges_at(const struct funcranges *ranges, size_t lineno);

#endif
