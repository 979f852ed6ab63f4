/*
 * csource-decl.h - declarations of file scope: what they are and define
 *
 * Private to csource*.c.
 */
#ifndef BOT_CSOURCE_DECL_H
#define BOT_CSOURCE_DECL_H

#include "csource-reader.h"

/* SYSCALL_DEFINE3 and kin: capitals are macros. */
bool csource_is_capitals(struct span word);
/* __init and such, which may stand in front of a name or behind it. */
bool csource_is_annotation(struct span word);

/* The next token begins another declaration. */
void csource_forget(struct csource_reader *r);

/* What is between the brackets of the name; len 0: nothing. */
struct span csource_args(const struct cdeclaration *d);
/* The last word of argument number @n of them; len 0: none. */
struct span csource_macro_argument(const struct cdeclaration *d, unsigned n);

bool csource_is_macro_call(const struct cdeclaration *d);
bool csource_is_variable(const struct cdeclaration *d);

/* The name of what follows as a body: of SYSCALL_DEFINE2(x, ...) and all else
   in capitals the first argument. */
struct span csource_function_name(const struct cdeclaration *d);

/* Open the variable that is declared, or defined by a macro; 0: there is none.
 */
size_t csource_open_variable(struct csource_reader *r, struct span name,
			     bool per_cpu);
size_t csource_open_macro_variable(struct csource_reader *r);

/* All that the arguments of a macro mention. */
void csource_mention_arguments(struct csource_reader *r);

/* ";" or "," on line @line: what was declared is complete. */
void csource_end_declarator(struct csource_reader *r, uint32_t line);
/* What came so far was a macro's call without ";". */
void csource_end_macro(struct csource_reader *r);

/* csource-outer.c: a token outside of all bodies. */
void csource_on_outer(struct csource_reader *r, const struct ctoken *token);

/* csource-c.c: "{" and "=" at file scope. */
void csource_on_brace(struct csource_reader *r, const struct ctoken *token);
void csource_on_equals(struct csource_reader *r, const struct ctoken *token);

#endif
