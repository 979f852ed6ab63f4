/*
 * codeword.h - the names in lines of C or assembly, as a patch shows them
 *
 * A patch is a cut-out: lines are read one by one, comments are followed from
 * line to line, strings are left out. Members are read with what they are
 * members of: "x86_init.irqs.intr_init", and "pv_ops.mmu" of "pv_ops->mmu".
 */
#ifndef BOT_CODEWORD_H
#define BOT_CODEWORD_H

#include <stdbool.h>

#include "span.h"

struct arena;

struct codeline {
	const char *p, *begin, *end;
	bool comment;  /* inside of one, on to the next line */
	bool assembly; /* "#" begins a comment there */
	bool defining; /* "#define" was the last word */
	struct arena *arena;
};

struct codeword {
	/* Without blanks, "->" as "."; of an initialiser ".cpu_die = x" with
	   the leading dot. Borrowed from the line, or in the arena. */
	struct span text;
	bool is_path;	 /* has a dot */
	bool is_defined; /* behind "#define" */
};

/* Begin @line. @code->comment is what the line before left, or what
   codeline_opens() said; the arena and the language stay as they were set. */
void codeline_start(struct codeline *code, struct span line);

/* The next name; false at the end of the line. */
bool codeword_next(struct codeword *out, struct codeline *code);

/* Follow the comments of a line that nobody wants the names of. */
void codeline_pass(struct codeline *code, struct span line);

/* @line without its comments; strings stay. Lives in the arena. */
struct span codeline_strip(struct codeline *code, struct span line);

/* Whether @line shows that a comment was open in front of it: a comment ends
   there that did not begin there. */
bool codeline_ends_comment(struct span line);

/* Whether @line looks like the middle of a comment, " * so". */
bool codeline_is_comment(struct span line);

#endif
