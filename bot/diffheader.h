/*
 * diffheader.h - what stands between "diff --git" and the first hunk
 */
#ifndef BOT_DIFFHEADER_H
#define BOT_DIFFHEADER_H

#include <stdbool.h>
#include <stddef.h> /* size_t */

#include "span.h"

struct arena;
struct patch_file;

/*
 * @first is the line "diff --git X Y", *@rest what follows it. Fills all of
 * @file but its hunks, and *@rest goes on behind the header. False, and
 * *@rest untouched, when no line of a header follows or no names can be read:
 * prose that looks like a diff.
 */
bool diffheader_read(struct patch_file *file, struct arena *arena,
		     struct span first, struct span *rest);

/* The next line of @rest, which stays where it is. */
static inline bool
diffheader_peek(struct span *line, struct span rest)
{
	return span_line(line, &rest);
}

/* @s without its first @n bytes, which it has. */
static inline struct span
diffheader_cut(struct span s, size_t n)
{
	return (struct span){ s.ptr + n, s.len - n };
}

#endif
