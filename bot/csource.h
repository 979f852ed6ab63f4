/*
 * csource.h - what a file of kernel C or assembly defines and mentions
 *
 * One pass over the bytes, no preprocessor: comments and strings are skipped,
 * continued lines joined, #if decided for "0", "1" and the symbols that a
 * caller names (else both branches are read, and at #else the brace depth is
 * what it was at #if). Any bytes in, an answer out; the time is linear in the
 * length. C, headers, .S and Kconfig of every kernel from v3.19 on.
 */
#ifndef BOT_CSOURCE_H
#define BOT_CSOURCE_H

#include <stdbool.h>
#include <stddef.h> /* size_t */
#include <stdint.h>

#include "span.h"

struct arena;

enum csource_kind {
	CSOURCE_FUNCTION, /* C; SYM_{FUNC,CODE}_START, ENTRY, .globl + label */
	CSOURCE_MACRO,	  /* #define x, .macro x */
	CSOURCE_VARIABLE, /* file scope, per-CPU, data of assembly */
	CSOURCE_STRUCT,	  /* struct or union with its members */
	CSOURCE_CONFIG,	  /* an entry of Kconfig */
};

/*
 * Definitions may nest: a #define inside of a function, an inner label of
 * assembly (SYM_INNER_LABEL, GLOBAL) that reaches to the end of its function.
 * What the inner one mentions belongs to both.
 */
struct csource_def {
	enum csource_kind kind;
	bool is_static;	    /* C: static, and not in a header */
	bool falls_through; /* assembly: the last instruction does not leave,
			       or jumps forward past the end */
	bool per_cpu;
	struct span name;     /* borrowed from the text */
	struct span type;     /* of a variable: the tag of its struct; len 0 */
	uint32_t first, last; /* lines, 1-based, both belong to it */
	size_t refs, nrefs;   /* its part of csource.refs, in text order */
	size_t outer;	      /* the definition it is in, from 1; 0: none */
};

enum csource_ref_kind {
	CSOURCE_CALL,	/* name(...) ; asm: call name, jmp name */
	CSOURCE_NAME,	/* mentioned else: an address taken, a variable read,
			   .quad name. Not: members behind . or ->, locals and
			   parameters, labels, types, keywords */
	CSOURCE_WRITE,	/* a variable that is not local is written: = op= ++,
			   this_cpu_write(), per_cpu() =, WRITE_ONCE(),
			   memset()/memcpy() first argument, second argument of
			   set_bit()/cpumask_set_cpu() and kin */
	CSOURCE_VIA,	/* call through members: path "pv_ops.mmu.set_pte" or
			   "x86_init.paging.pagetable_init"; name: the last
			   component */
	CSOURCE_SET,	/* path ".mmu.set_pte" (in an initialiser, relative to
			   the variable) or "smp_ops.cpu_die" (assignment), name:
			   what it is set to, first identifier of the value;
			   len 0 when that is no name or is called */
	CSOURCE_MEMBER, /* path mentioned else; and each member of a
			   CSOURCE_STRUCT (name) */
};

/*
 * The root of a path that is not local is a CSOURCE_NAME or CSOURCE_WRITE of
 * its own, too. A path whose root is local, or the result of a call, has none
 * and begins with ".". The name of a CSOURCE_SET is no CSOURCE_NAME besides.
 *
 * A call of a macro at file scope, as early_param("x", f) or
 * EXPORT_SYMBOL(f), belongs to no definition: a CSOURCE_CALL of the macro and
 * the names in its arguments stand in refs between those of definitions.
 * DEFINE_x(..., name) that defines a variable is that variable.
 */
struct csource_ref {
	enum csource_ref_kind kind;
	struct span name;
	struct span path; /* without blanks; "->" written as "." ; len 0 */
	uint32_t line;
};

/* #if symbols whose value the caller knows, without CONFIG_ or with, as
   written in the source. Borrowed. */
struct csource_symbols {
	const char *const *defined, *const *undefined;
	size_t ndefined, nundefined;
};

struct csource {
	struct csource_def *defs; /* in the order of the file */
	size_t ndefs, defs_cap;
	struct csource_ref *refs;
	size_t nrefs, refs_cap;
};

enum csource_language {
	CSOURCE_NONE,
	CSOURCE_C,	 /* .c .h */
	CSOURCE_ASM,	 /* .S */
	CSOURCE_KCONFIG, /* Kconfig, Kconfig.* */
};
enum csource_language csource_language(const char *path);

/*
 * Read the file @path that holds @text; all of *@out lives in @arena, the
 * spans of it mostly in @text. @symbols may be NULL. @want_refs false:
 * functions, macros, variables and entries with their lines only, several
 * times faster. Past LIMIT_SOURCE_DEFS or _REFS the rest is left out.
 */
void csource_read(struct csource *out, struct arena *arena, const char *path,
		  struct span text, const struct csource_symbols *symbols,
		  bool want_refs);

/*
 * The functions and macros of a piece of the file @path, C or assembly: @text
 * may begin inside of one, which @heading then tells (the text behind a hunk's
 * "@@"), and end in one, whose last line is UINT32_MAX. A heading is dropped
 * when @text shows that it had ended: a definition comes before any end of
 * one. What is indented outside of definitions is left aside.
 */
void csource_read_piece(struct csource *out, struct arena *arena,
			const char *path, struct span heading,
			struct span text);

/* The function (or macro, or Kconfig entry) that line @lineno belongs to: of
   nested ones the outermost. NULL: none. */
const struct csource_def *csource_at(const struct csource *source,
				     uint32_t lineno);

#endif
