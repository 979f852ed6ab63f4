/*
 * hunk.h - one hunk of a unified diff: its header and its lines
 *
 * The counts of the header say where a hunk ends, so that a mail's signature
 * ("-- ") behind it is no removed line.
 */
#ifndef BOT_HUNK_H
#define BOT_HUNK_H

#include <stdbool.h>
#include <stddef.h> /* size_t */

#include "patch.h"
#include "span.h"

struct arena;

/*
 * Parse "@@ -<old> +<new> @@ <heading>", the whole of @line. False, and @out
 * untouched, when it is anything else. The lines are not read.
 */
bool hunk_header(struct hunk *out, struct span line);

enum hunk_end {
	HUNK_WHOLE,
	HUNK_SHORT,    /* the text or the diff ends before the counts do */
	HUNK_SURPLUS,  /* more lines of one side than its count */
	HUNK_IDLE,     /* adds and removes nothing */
	HUNK_TOO_LONG, /* more lines than there may be */
};

struct hunk_read {
	enum hunk_end end;
	size_t lines; /* that were there */
	size_t added, removed;
};

/*
 * Read the lines of @hunk, whose header has been parsed, from *@rest, and at
 * most @max of them. *@rest then goes on behind the hunk, or at the line that
 * does not belong to it. Lines are stored only of a whole hunk. @crlf: take
 * the CR off that transport put at the end of each line.
 */
struct hunk_read hunk_body(struct hunk *hunk, struct arena *arena,
			   struct span *rest, size_t max, bool crlf);

/* @line without the CR at its end, when it has one. */
static inline struct span
hunk_chop_cr(struct span line)
{
	line.len -= line.len && line.ptr[line.len - 1] == '\r';
	return line;
}

#endif
