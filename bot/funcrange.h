/*
 * funcrange.h - from where to where the functions of a file reach
 *
 * As bot/csource.h reads them: functions, and macros of several lines, under
 * the names that they define. Other files than C and assembly have none.
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
 * The functions of a piece of the file @path: as csource_read_piece().
 */
void funcranges_find_in_piece(struct funcranges *out, struct arena *arena,
			      const char *path, struct span heading,
			      struct span text);

/* The function that line @lineno belongs to; NULL: none. */
const char *funcranges_at(const struct funcranges *ranges, size_t lineno);

#endif
