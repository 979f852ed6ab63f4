/*
 * stanza.h - reading stanzas of "Field: value" lines
 *
 * A blank line ends a stanza, "#" in the first column begins a comment line,
 * and a line that begins with white space continues the field before it.
 */
#ifndef RULES_STANZA_H
#define RULES_STANZA_H

#include <stddef.h> /* size_t */

#include "bot/attr.h"
#include "bot/span.h"

struct arena;
struct error;

struct stanza_field {
	const char *name;
	struct span raw; /* of the text: all lines of the value, unjoined */
	unsigned line;
};

struct stanza {
	struct stanza_field *fields;
	size_t n, cap;
};

struct stanza_reader {
	struct arena *arena;
	const char *file; /* for messages */
	struct span rest; /* of the text */
	unsigned line;	  /* the last one read */
};

/*
 * Read the next stanza into @out, over what was there; out->n is 0 at the end
 * of the text. ERROR_CONFIG "file:line: what".
 */
MUST_CHECK
const struct error *stanza_next(struct stanza *out,
				struct stanza_reader *reader);

/*
 * The value of a field as one line, blanks at the ends of its lines left out.
 * Prose is joined with a blank, a pattern without: a long regex may be broken
 * anywhere.
 */
char *stanza_prose(struct arena *arena, const struct stanza_field *field);
char *stanza_pattern(struct arena *arena, const struct stanza_field *field);

/* "@file:@line: " before @err, which may be NULL. */
const struct error *stanza_at(const struct error *err, const char *file,
			      unsigned line) MUST_CHECK;

/* "unknown @what @word; did you mean ...?", if one of @known is near. */
const struct error *stanza_unknown(const char *what, const char *word,
				   const char *const *known,
				   size_t n) MUST_CHECK;

#endif
