/*
 * asmop.h - what words of kernel assembly mean: instructions, directives of
 * the assembler, macros of the kernel that define symbols
 *
 * x86 in AT&T syntax; of other architectures what is written alike. Macros:
 * include/linux/linkage.h before and since 5.5, arch/x86/include/asm.
 */
#ifndef BOT_ASMOP_H
#define BOT_ASMOP_H

#include <stdbool.h>

#include "span.h"

enum asmop_macro {
	ASMOP_NO_MACRO,
	ASMOP_FUNCTION,	      /* SYM_FUNC_START(x), SYM_CODE_START(x) */
	ASMOP_LOCAL_FUNCTION, /* SYM_FUNC_START_LOCAL(x) */
	ASMOP_ENTRY,	      /* ENTRY(x): a function or, in old files, data */
	ASMOP_LABEL,	      /* GLOBAL(x) */
	ASMOP_INNER_LABEL,    /* SYM_INNER_LABEL(x, ...) */
	ASMOP_VARIABLE,	      /* SYM_DATA_START(x), NEXT_PAGE(x) */
	ASMOP_ALIAS,	      /* SYM_FUNC_ALIAS(x, y) */
	ASMOP_END,	      /* SYM_FUNC_END(x), ENDPROC(x) */
};
enum asmop_macro asmop_macro(struct span word);

enum asmop_directive {
	ASMOP_OTHER,
	ASMOP_GLOBAL, /* .globl .weak */
	ASMOP_MACRO,
	ASMOP_ENDM,
	ASMOP_DATA,	    /* .quad ... */
	ASMOP_TEXT_SECTION, /* .text __INIT __HEAD */
	ASMOP_DATA_SECTION, /* .data .bss __INITDATA */
	ASMOP_SECTION,	    /* .section: its name follows */
};
/* @word: without the "." in front. */
enum asmop_directive asmop_directive(struct span word);
bool asmop_is_data_section(struct span word);

/* Its operand is a label: call, jmp, je ... */
bool asmop_is_branch(struct span op);
/* What follows is not reached from here: jmp, ret, iret ... */
bool asmop_leaves(struct span op);
/* It writes its last operand. */
bool asmop_writes(struct span op);
/* It is there for debuggers and checkers: no instruction. */
bool asmop_is_silent(struct span op);
/* idtentry, apicinterrupt ...: "macro sym do_sym" */
bool asmop_makes_entry(struct span op);

#endif
