/*
 * locals.h - the names that belong to one function of C: parameters, and what
 * its statements declare
 *
 * Blocks are not told apart: a name is local from its first declaration to the
 * end of the function.
 */
#ifndef BOT_LOCALS_H
#define BOT_LOCALS_H

#include <stdbool.h>

#include "ctoken.h"
#include "span.h"

struct arena;
struct locals;

struct locals *locals_new(struct arena *arena);
void locals_clear(struct locals *locals);
/* Past some thousand of them, further ones are not known. */
void locals_add(struct locals *locals, struct span name);
bool locals_have(const struct locals *locals, struct span name);

/* The parameters between the brackets of a definition, a macro's too. */
void locals_add_parameters(struct locals *locals, struct span args);

enum locals_found {
	LOCALS_NOTHING,	 /* no declaration */
	LOCALS_DECLARED, /* *name: the first that is; more may follow */
	LOCALS_LABEL,	 /* "out:" */
};

/* What a statement is that begins with the word @first, by a look at what
   comes after it. "a * b;" declares: as an expression it would be idle. */
enum locals_found locals_declared(struct span *name, const struct ctoken *first,
				  struct ctokens ahead);

#endif
