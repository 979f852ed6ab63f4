#include "ctoken.h"

/* Of GNU C, and the attributes with arguments of the kernel
   (include/linux/compiler_*.h); by length. */
static const struct {
	const char *word;
	enum cword is;
} known[] = {
	{ "do", CWORD_FLOW },
	{ "if", CWORD_CONTROL },
	{ "asm", CWORD_ASM },
	{ "for", CWORD_FOR },
	{ "int", CWORD_TYPE },
	{ "bool", CWORD_TYPE },
	{ "case", CWORD_CASE },
	{ "char", CWORD_TYPE },
	{ "else", CWORD_FLOW },
	{ "enum", CWORD_ENUM },
	{ "goto", CWORD_GOTO },
	{ "long", CWORD_TYPE },
	{ "void", CWORD_TYPE },
	{ "_Bool", CWORD_TYPE },
	{ "__asm", CWORD_ASM },
	{ "break", CWORD_RETURN },
	{ "const", CWORD_QUALIFIER },
	{ "float", CWORD_TYPE },
	{ "short", CWORD_TYPE },
	{ "union", CWORD_STRUCT },
	{ "while", CWORD_CONTROL },
	{ "double", CWORD_TYPE },
	{ "extern", CWORD_EXTERN },
	{ "inline", CWORD_QUALIFIER },
	{ "return", CWORD_RETURN },
	{ "signed", CWORD_TYPE },
	{ "sizeof", CWORD_RETURN },
	{ "static", CWORD_STATIC },
	{ "struct", CWORD_STRUCT },
	{ "switch", CWORD_CONTROL },
	{ "typeof", CWORD_TYPEOF },
	{ "_Atomic", CWORD_QUALIFIER },
	{ "__alias", CWORD_ATTRIBUTE },
	{ "__asm__", CWORD_ASM },
	{ "__const", CWORD_QUALIFIER },
	{ "__error", CWORD_ATTRIBUTE },
	{ "__scanf", CWORD_ATTRIBUTE },
	{ "default", CWORD_CASE },
	{ "typedef", CWORD_TYPEDEF },
	{ "_Alignas", CWORD_ATTRIBUTE },
	{ "__inline", CWORD_QUALIFIER },
	{ "__malloc", CWORD_ATTRIBUTE },
	{ "__printf", CWORD_ATTRIBUTE },
	{ "__target", CWORD_ATTRIBUTE },
	{ "__typeof", CWORD_TYPEOF },
	{ "continue", CWORD_RETURN },
	{ "register", CWORD_QUALIFIER },
	{ "restrict", CWORD_QUALIFIER },
	{ "unsigned", CWORD_TYPE },
	{ "volatile", CWORD_QUALIFIER },
	{ "__aligned", CWORD_ATTRIBUTE },
	{ "__alignof", CWORD_RETURN },
	{ "__const__", CWORD_QUALIFIER },
	{ "__section", CWORD_ATTRIBUTE },
	{ "__acquires", CWORD_ATTRIBUTE },
	{ "__inline__", CWORD_QUALIFIER },
	{ "__releases", CWORD_ATTRIBUTE },
	{ "__signed__", CWORD_TYPE },
	{ "__typeof__", CWORD_TYPEOF },
	{ "__alignof__", CWORD_RETURN },
	{ "__attribute", CWORD_ATTRIBUTE },
	{ "__extension", CWORD_QUALIFIER },
	{ "__must_hold", CWORD_ATTRIBUTE },
	{ "__nonstring", CWORD_ATTRIBUTE },
	{ "__alloc_size", CWORD_ATTRIBUTE },
	{ "__counted_by", CWORD_ATTRIBUTE },
	{ "__restrict__", CWORD_QUALIFIER },
	{ "__volatile__", CWORD_QUALIFIER },
	{ "__weak_alias", CWORD_ATTRIBUTE },
	{ "__attribute__", CWORD_ATTRIBUTE },
	{ "__extension__", CWORD_QUALIFIER },
	{ "__no_sanitize", CWORD_ATTRIBUTE },
	{ "_Static_assert", CWORD_RETURN },
	{ "__realloc_size", CWORD_ATTRIBUTE },
	{ "__used_section", CWORD_ATTRIBUTE },
	{ "__cond_acquires", CWORD_ATTRIBUTE },
	{ "__cond_releases", CWORD_ATTRIBUTE },
	{ "__assume_aligned", CWORD_ATTRIBUTE },
	{ "__context_unsafe", CWORD_ATTRIBUTE },
	{ "__acquires_shared", CWORD_ATTRIBUTE },
	{ "__releases_shared", CWORD_ATTRIBUTE },
	{ "__must_hold_shared", CWORD_ATTRIBUTE },
	{ "__compiletime_error", CWORD_ATTRIBUTE },
	{ "__compiletime_warning", CWORD_ATTRIBUTE },
};

/* Where the words of each length begin. */
enum { LONGEST = 21 };
static const unsigned char first[LONGEST + 2] = { 0,  0,  0,  2,  5,  13,
						  21, 31, 39, 50, 54, 59,
						  64, 69, 72, 75, 77, 79,
						  81, 82, 83, 83, 84 };

enum cword
cword(struct span word)
{
	if (word.len > LONGEST)
		return CWORD_NAME;
	for (unsigned i = first[word.len]; i < first[word.len + 1]; i++)
		if (known[i].word[0] == word.ptr[0] &&
		    !memcmp(known[i].word, word.ptr, word.len))
			return known[i].is;
	return CWORD_NAME;
}
