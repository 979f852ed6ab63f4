/*
 * msgid.h - message identifiers (RFC 5322 3.6.4), without their <>
 *
 * Ids longer than LIMIT_MSGID_BYTES are no ids. Blanks inside <> are a fold's
 * and left out. The strings are clean UTF-8, in the arena.
 */
#ifndef BOT_MSGID_H
#define BOT_MSGID_H

#include <stddef.h> /* size_t */

#include "span.h"

struct arena;

struct msgids {
	const char **v;
	size_t n;
};

/*
 * The first id of @value: in <>, else its first word. Prose around an id is
 * passed over (In-Reply-To of old mailers). NULL: none.
 */
const char *msgid_first(struct arena *arena, struct span value);

/*
 * All ids of @value in order. Past LIMIT_REFERENCES the first, which is the
 * thread's, and the last ones are kept.
 */
void msgids_parse(struct msgids *out, struct arena *arena, struct span value);

#endif
