/*
 * lines.h - the lines of an input of any size, in a window of fixed size
 *
 * Archives are larger than memory should be, and a mailbox may be truncated
 * by its owner while it is read (which kills who has mapped it), so they are
 * read, not mapped; standard input comes the same way.
 */
#ifndef BOT_LINES_H
#define BOT_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"
#include "input.h"
#include "span.h"

struct error;
struct lines;

/* Takes over @fd. @name is for messages, copied. */
struct lines *lines_new(int fd, const char *name);
/* The same of what is no file; what is behind @input is borrowed. */
struct lines *lines_from(const struct input *input, const char *name);
void lines_free(struct lines *lines);
DEFINE_AUTOFREE(lines, lines_free);

struct line {
	struct span text; /* with its newline, if it has one; until the next
			     call. ptr NULL: the end */
	bool begins;	  /* it begins a line: one longer than the window comes
			     in pieces */
	uint64_t offset;  /* of its first byte in the input */
};
MUST_CHECK
const struct error *lines_next(struct line *out, struct lines *lines);
/* What lines_next() will say. */
MUST_CHECK
const struct error *lines_peek(struct line *out, struct lines *lines);

#endif
