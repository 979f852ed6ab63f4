/*
 * utf8.h - text for people: valid UTF-8 without control characters
 */
#ifndef BOT_UTF8_H
#define BOT_UTF8_H

#include <stdbool.h>

#include "span.h"

struct arena;

/* Nothing in @s that utf8_clean() would change. */
bool utf8_is_clean(struct span s);

/*
 * @s as valid UTF-8 (RFC 3629). A byte that is no part of it is taken for
 * windows-1252, which is what old mail means by raw 8-bit text. Tabs and
 * newlines become a blank; other control characters (C0, DEL, C1) and the marks
 * that turn the direction of writing go.
 */
char *utf8_clean(struct arena *arena, struct span s);

/* The same, but the control characters in @kept stay: "\t" of a line of
   code, "\t\n" of a text. */
char *utf8_clean_but(struct arena *arena, struct span s, const char *kept);

#endif
