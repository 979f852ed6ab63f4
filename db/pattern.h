/*
 * pattern.h - what a person wrote, as a pattern of SQL
 *
 * Only "*" has a meaning, and only where a glob is taken; all else that LIKE
 * and GLOB find special stands for itself.
 */
#ifndef DB_PATTERN_H
#define DB_PATTERN_H

#include <stdbool.h>

struct arena;

bool pattern_is_glob(const char *text);
/* For GLOB: "*" stays, "?" and "[" are quoted. */
const char *pattern_glob(struct arena *arena, const char *text);
/* For LIKE with ESCAPE '\': @before, the quoted text, @after. */
const char *pattern_like(struct arena *arena, const char *before,
			 const char *text, const char *after);
/*
 * For FTS5's MATCH: the words of @text, one behind the other, whatever stands
 * between them; a "*" at its end: the last may go on. Nothing that FTS5 finds
 * special is outside of its quotes.
 */
const char *pattern_words(struct arena *arena, const char *text);
/* Is there a word in it at all: a letter, a digit, or a byte beyond ASCII? */
bool pattern_has_words(const char *text);
/*
 * The strings that begin as @text does, up to its first "*", are those from
 * *first up to but not *end; *end NULL: all from there on.
 */
void pattern_range(const char **first, const char **end, struct arena *arena,
		   const char *text);

/* A Message-ID without the <> that may stand around it. */
const char *pattern_msgid(struct arena *arena, const char *text);

#endif
