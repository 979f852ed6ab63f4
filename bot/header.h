/*
 * header.h - the header block of a mail: RFC 5322 2.2, as it really comes
 *
 * Fields are spans into the raw mail. Names are compared without case; a
 * field that is there twice counts as often as its reader wants, mostly once.
 */
#ifndef BOT_HEADER_H
#define BOT_HEADER_H

#include <stdbool.h>
#include <stddef.h> /* size_t */

#include "attr.h"
#include "span.h"

struct arena;
struct error;

struct header_field {
	struct span name;
	struct span value; /* trimmed; folds (newline, blank) still in it */
};

struct header {
	struct header_field *v;
	size_t n, cap;
	bool crlf; /* its first line ends in CRLF: the transport's doing */
};

/*
 * Read the header of @raw up to the first empty line; *body is what follows.
 * Blank lines and mbox's "From " line in front are skipped, as is a line that
 * is no field. ERROR_NOINPUT: none of the fields that make a mail is there;
 * ERROR_INPUT: LIMIT_MAIL_HEADERS or LIMIT_LINE_BYTES was met.
 */
MUST_CHECK
const struct error *header_read(struct header *out, struct span *body,
				struct arena *arena, struct span raw);

/* As span_line(), but with the folded lines that follow. */
bool header_line(struct span *line, struct span *rest);

bool header_field_is(const struct header_field *field, const char *name);
/* The value of the first @name; ptr NULL: there is none. */
struct span header_find(const struct header *header, const char *name);
/* A value unfolded, as utf8_clean() leaves it. */
char *header_text(struct arena *arena, struct span value);

#endif
