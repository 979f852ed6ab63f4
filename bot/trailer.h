/*
 * trailer.h - "Key: value" lines that say something about a patch
 */
#ifndef BOT_TRAILER_H
#define BOT_TRAILER_H

#include <stddef.h> /* size_t */

#include "span.h"

struct arena;

struct trailer {
	const char *key; /* as spelt: "Fixes", "base-commit" */
	const char *value;
};

struct trailers {
	struct trailer *v;
	size_t n, cap;
};

/* Length of the key of "Key: value" at the start of @line; 0: it is none. */
size_t trailer_key(struct span line);

/* Add the line, if it is one and LIMIT_TRAILERS is not met. */
void trailers_add_line(struct trailers *list, struct arena *arena,
		       struct span line);
/*
 * Add those of the last paragraph of @message, and of the paragraphs before
 * it that are nothing else; *block gets these bytes.
 */
void trailers_add_message(struct trailers *list, struct span *block,
			  struct arena *arena, struct span message);
/*
 * Add what tools write where no message is: base-commit,
 * prerequisite-patch-id and change-id lines anywhere in @body outside @block.
 */
void trailers_add_body(struct trailers *list, struct arena *arena,
		       struct span body, struct span block);

#endif
