/*
 * funcname.h - which function a line of C or kernel assembly belongs to
 *
 * Without a lexer: by definitions that begin in column 0, as hunk headings
 * are made. SYSCALL_DEFINEn, DEFINE_IDTENTRY and kin name their argument;
 * SYM_CODE_START(x), ENTRY(x) and "x:" open a function of assembly.
 */
#ifndef BOT_FUNCNAME_H
#define BOT_FUNCNAME_H

#include "attr.h"
#include "span.h"

struct arena;

enum funcname {
	FUNCNAME_NOTHING, /* the line says nothing: as before */
	FUNCNAME_OPENS,	  /* a definition begins; its name is known */
	FUNCNAME_CLOSES,  /* "}" in column 0, SYM_FUNC_END(x) ...: outside */
};

/*
 * What @line of the file @path says. The name (of FUNCNAME_OPENS) lives in
 * @arena. A prototype, a macro call with ";", a label of C say nothing.
 */
enum funcname funcname_of_line(const char **name, struct arena *arena,
			       const char *path, struct span line);

/* The function that encloses line @lineno (1-based) of @image; NULL: none. */
const char *funcname_at(struct arena *arena, const char *path,
			struct span image, size_t lineno);

#endif
