#include "asmop.h"

static bool
is(struct span word, const char *text)
{
	return span_equal(word, span_of(text));
}

static bool
holds(struct span word, const char *part)
{
	return memmem(word.ptr, word.len, part, strlen(part)) != NULL;
}

static bool
is_one_of(struct span word, const char *const *words)
{
	for (; *words; words++)
		if (is(word, *words))
			return true;
	return false;
}

static bool
starts_one_of(struct span word, const char *const *starts)
{
	for (; *starts; starts++)
		if (span_starts(word, *starts))
			return true;
	return false;
}

static enum asmop_macro
sym_macro(struct span word)
{
	if (span_starts(word, "SYM_DATA")) {
		if (holds(word, "_END"))
			return ASMOP_END;
		return ASMOP_VARIABLE;
	}
	if (holds(word, "_ALIAS"))
		return ASMOP_ALIAS;
	if (span_starts(word, "SYM_INNER_LABEL"))
		return ASMOP_INNER_LABEL;
	if (holds(word, "_START"))
		return holds(word, "_LOCAL") ? ASMOP_LOCAL_FUNCTION
					     : ASMOP_FUNCTION;
	return holds(word, "_END") ? ASMOP_END : ASMOP_NO_MACRO;
}

enum asmop_macro
asmop_macro(struct span word)
{
	static const char *const entries[] = { "ENTRY", "WEAK", "ENTRY_NOALIGN",
					       NULL };
	static const char *const ends[] = { "END", "ENDPROC", "ENDPIPROC",
					    "END_PI", NULL };

	if (!word.len || word.ptr[0] < 'A' || word.ptr[0] > 'Z')
		return ASMOP_NO_MACRO;
	if (span_starts(word, "SYM_"))
		return sym_macro(word);
	if (is_one_of(word, entries))
		return ASMOP_ENTRY;
	if (is_one_of(word, ends))
		return ASMOP_END;
	if (is(word, "GLOBAL"))
		return ASMOP_LABEL;
	if (span_starts(word, "NEXT_P"))
		return ASMOP_VARIABLE; /* NEXT_PAGE, NEXT_PGD_PAGE */
	return ASMOP_NO_MACRO;
}

enum asmop_directive
asmop_directive(struct span word)
{
	static const char *const data[] = {
		"quad",	  "long",  "int",   "short", "word",  "hword", "byte",
		"octa",	  "skip",  "space", "zero",  "fill",  "ascii", "asciz",
		"string", "xword", "4byte", "8byte", "2byte", "inst",  NULL
	};

	if (is(word, "globl") || is(word, "global") || is(word, "weak"))
		return ASMOP_GLOBAL;
	if (is(word, "macro"))
		return ASMOP_MACRO;
	if (is(word, "endm"))
		return ASMOP_ENDM;
	if (is(word, "text") || is(word, "__INIT") || is(word, "__HEAD") ||
	    is(word, "__FINIT") || is(word, "__FINITDATA") || is(word, "__REF"))
		return ASMOP_TEXT_SECTION;
	if (is(word, "data") || is(word, "bss") || is(word, "__INITDATA") ||
	    is(word, "__PAGE_ALIGNED_DATA") || is(word, "__PAGE_ALIGNED_BSS") ||
	    is(word, "__INITRODATA") || is(word, "__REFDATA"))
		return ASMOP_DATA_SECTION;
	if (is(word, "section") || is(word, "pushsection"))
		return ASMOP_SECTION;
	return is_one_of(word, data) ? ASMOP_DATA : ASMOP_OTHER;
}

bool
asmop_is_data_section(struct span word)
{
	return span_starts(word, "data") || span_starts(word, "bss") ||
	       span_starts(word, "rodata") || span_starts(word, "init_data");
}

bool
asmop_is_branch(struct span op)
{
	return span_starts(op, "call") || is(op, "CALL") ||
	       (op.len > 1 && op.len < 6 && op.ptr[0] == 'j') || is(op, "b") ||
	       is(op, "bl") || is(op, "CALL_NOSPEC") || is(op, "JMP_NOSPEC");
}

bool
asmop_leaves(struct span op)
{
	static const char *const starts[] = { "jmp",	"ljmp",	   "ret",
					      "lret",	"RET",	   "iret",
					      "sysret", "sysexit", "ud2",
					      "JMP_",	NULL };

	return starts_one_of(op, starts) || holds(op, "SYSRET") ||
	       holds(op, "SYSEXIT") || is(op, "INTERRUPT_RETURN") ||
	       is(op, "FRET") || is(op, "eretu");
}

bool
asmop_writes(struct span op)
{
	static const char *const starts[] = {
		"mov", "add", "sub", "or",  "and",     "xor", "xchg",
		"inc", "dec", "bts", "btr", "cmpxchg", "pop", "set",
		"sto", "shl", "shr", "neg", "not",     "fst", NULL
	};

	return starts_one_of(op, starts);
}

bool
asmop_is_silent(struct span op)
{
	static const char *const starts[] = { "UNWIND_HINT", "ANNOTATE",
					      "CFI_",	     "ENDBR",
					      "STACKLEAK",   "__ALIGN",
					      "ALIGN",	     NULL };

	return starts_one_of(op, starts);
}

bool
asmop_makes_entry(struct span op)
{
	return span_starts(op, "idtentry") || holds(op, "zeroentry") ||
	       holds(op, "errorentry") || holds(op, "apicinterrupt") ||
	       span_starts(op, "sysvec") || span_starts(op, "BUILD_INTERRUPT");
}
