/*
 * callee.h - what functions and macros of the kernel do to their arguments
 */
#ifndef BOT_CALLEE_H
#define BOT_CALLEE_H

#include <stdbool.h>

#include "span.h"

/* Which argument names what it writes, from 0: memset() the first, set_bit()
   the second; -1: none is known to. */
int callee_written_argument(struct span callee);

/* It stands for the variable that is its first argument: per_cpu(x, cpu). */
bool callee_is_transparent(struct span callee);

#endif
