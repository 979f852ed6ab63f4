/*
 * callseq.h - the calls in a piece of code, one after the other
 *
 * What a function calls, in the order of its text, and how deep in branches
 * each call stands: enough to see that one was added, dropped, or moved.
 * Macros are called like functions; a call through members has their path as
 * its name ("x86_init.paging.pagetable_init").
 */
#ifndef BOT_CALLSEQ_H
#define BOT_CALLSEQ_H

#include <stddef.h> /* size_t */
#include <stdint.h>

#include "span.h"

struct arena;

struct call {
	struct span name; /* borrowed from the text, or in the arena */
	uint32_t line;
	uint32_t branches; /* if, else, loops, case: around it */
	uint32_t ifdefs;   /* #if around it; both within the text only */
};

struct callseq {
	struct call *v; /* in the order of the text */
	size_t n, cap;
};

enum callseq_from {
	CALLSEQ_BODY,	  /* the text begins within statements */
	CALLSEQ_FUNCTION, /* ... with the head of a function, or "#define" */
};

/*
 * Append the calls in @text, whose first line has the number @line, of the
 * file @path: C and assembly, else there are none. Past LIMIT_SOURCE_REFS the
 * rest is left out.
 */
void callseq_add(struct callseq *out, struct arena *arena, const char *path,
		 struct span text, uint32_t line, enum callseq_from from);

#endif
