/*
 * cdecl.h - one declaration at the outermost level of C, line by line
 *
 * Only enough of C's grammar to tell a function's definition from all else
 * and to name it: brackets, strings and comments are followed, types are not
 * understood, preprocessor lines are the caller's to leave out.
 */
#ifndef BOT_CDECL_H
#define BOT_CDECL_H

#include <stdbool.h>
#include <stddef.h> /* size_t */

#include "span.h"

enum cdecl_state {
	CDECL_GOING,	/* goes on with the next line */
	CDECL_FUNCTION, /* "{" of the function ->name; open at the line's end */
	CDECL_INLINE,	/* as above, and closed on the same line */
	CDECL_OVER,	/* it ended: a prototype, a variable, a macro's call */
};

struct cdecl {
	/* What it would be called as a function; ptr NULL: no name yet. Of
	   SYSCALL_DEFINE2(x, ...) and all else in capitals it is the first
	   argument, as for DEFINE_IDTENTRY(x). Borrowed from the lines. */
	struct span name;
	struct span word; /* the identifier just read */
	unsigned parens, braces;
	bool value;	 /* behind "=" */
	bool want_arg;	 /* the next word in the brackets is the name */
	bool comment;	 /* inside of one, even between declarations */
	bool after_word; /* the last token was an identifier */
	bool after_args; /* ... was a ")" outside of all brackets */
};

/* Forget all but whether a comment is open. */
void cdecl_start(struct cdecl *decl);

enum cdecl_state cdecl_feed(struct cdecl *decl, struct span line);

/*
 * Whether @line, in front of which a declaration seems to go on, begins one
 * of its own: what was before was a macro's call without ";".
 */
bool cdecl_restarts(const struct cdecl *decl, struct span line);

/* @line holds an identifier at its very start. */
bool cdecl_begins(struct span line);

/* The identifier at the start of @text; len 0: none. */
struct span cdecl_word(struct span text);

#endif
