/*
 * printable.h - a stranger's bytes made fit for one line of text
 *
 * What comes out is valid UTF-8 without control characters, C1 controls, line
 * separators and the marks that turn the direction of writing: each is a '?',
 * as is every byte that is no UTF-8. Tab and newline are a space.
 */
#ifndef BOT_PRINTABLE_H
#define BOT_PRINTABLE_H

#include <stddef.h> /* size_t */

#include "span.h"

struct arena;

/* @s as a C string; past @max characters it is cut and ends in "...". */
const char *printable(struct arena *arena, struct span s, size_t max);

#endif
