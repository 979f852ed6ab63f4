/*
 * cahead.h - a look at what follows in C, without going there
 */
#ifndef BOT_CAHEAD_H
#define BOT_CAHEAD_H

#include <stdbool.h>

#include "ctoken.h"
#include "span.h"

/* The name that the value behind "=" begins with, over "&" and casts; len 0:
   it begins with none, or the name is called. */
struct span cahead_name(struct ctokens ahead);

bool cahead_is_brace(struct ctokens ahead);

/* "*)" or "**": what was read is a type, in brackets. */
bool cahead_is_cast(struct ctokens ahead);

#endif
