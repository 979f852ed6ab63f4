/*
 * funcname.h - which function a line of C or kernel assembly belongs to
 *
 * By definitions that begin in column 0, as hunk headings are made.
 * SYSCALL_DEFINEn, DEFINE_IDTENTRY and kin name their argument;
 * SYM_CODE_START(x), ENTRY(x) and "x:" open a function of assembly.
 */
#ifndef BOT_FUNCNAME_H
#define BOT_FUNCNAME_H

#include <stdbool.h>
#include <stddef.h> /* size_t */

#include "span.h"

struct arena;

enum funcname {
	FUNCNAME_NOTHING, /* the line says nothing: as before */
	FUNCNAME_OPENS,	  /* a definition begins; its name is known */
	FUNCNAME_CLOSES,  /* "}" in column 0, SYM_FUNC_END(x) ...: outside */
};

/* Whether the file @path is of a language with functions: .c .h .S */
bool funcname_has(const char *path);

/*
 * What @line of the file @path says. The name (of FUNCNAME_OPENS) lives in
 * @arena. A prototype, a macro call with ";", a label of C say nothing; nor
 * do the beginnings of data. The first line of a "#define" that goes on
 * opens its macro. A label of assembly in column 0 opens, though inside of
 * ENTRY() or SYM_*_START() it does not count: this function sees one line
 * only, funcrange.h all of them.
 */
enum funcname funcname_of_line(const char **name, struct arena *arena,
			       const char *path, struct span line);

/* The function that encloses line @lineno (1-based) of @image; NULL: none. */
const char *funcname_at(struct arena *arena, const char *path,
			struct span image, size_t lineno);

#endif
