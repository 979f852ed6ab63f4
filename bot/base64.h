/*
 * base64.h - bytes as text (RFC 4648 section 4)
 */
#ifndef BOT_BASE64_H
#define BOT_BASE64_H

#include <stdbool.h>

#include "span.h"

struct arena;

/* One line, padded. */
char *base64_encode(struct arena *arena, struct span bytes);
/* Just what base64_encode() makes; false for any other text. */
bool base64_decode(struct span *out, struct arena *arena, struct span text);

#endif
