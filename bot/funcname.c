#include "funcname.h"

#include "arena.h"
#include "cdecl.h"
#include "funcrange.h"

enum language { NO_LANGUAGE, C, ASSEMBLY };

static enum language
language_of(const char *path)
{
	size_t len = strlen(path);

	if (len < 3 || path[len - 2] != '.')
		return NO_LANGUAGE;
	switch (path[len - 1]) {
	case 'c':
	case 'h':
		return C;
	case 'S':
		return ASSEMBLY;
	default:
		return NO_LANGUAGE;
	}
}

bool
funcname_has(const char *path)
{
	return language_of(path) != NO_LANGUAGE;
}

static struct span
skip(struct span s, size_t n)
{
	return (struct span){ s.ptr + n, s.len - n };
}

static struct span
skip_blanks(struct span s)
{
	while (s.len && (s.ptr[0] == ' ' || s.ptr[0] == '\t'))
		s = skip(s, 1);
	return s;
}

static enum funcname
opens(const char **name, struct arena *arena, struct span word)
{
	if (!word.len)
		return FUNCNAME_NOTHING;
	*name = arena_strndup(arena, word.ptr, word.len);
	return FUNCNAME_OPENS;
}

/* "#define f(x) \": a macro of several lines is as good as a function. */
static enum funcname
of_directive(const char **name, struct arena *arena, struct span line)
{
	line = skip_blanks(skip(span_trim(line), 1));
	if (!span_starts(line, "define") || line.ptr[line.len - 1] != '\\')
		return FUNCNAME_NOTHING;
	return opens(name, arena, cdecl_word(skip_blanks(skip(line, 6))));
}

/* Macro calls that stand alone, often without ";" in front of a definition */
static bool
is_annotation(struct span line)
{
	return span_starts(line, "EXPORT_") || span_starts(line, "MODULE_") ||
	       span_starts(line, "NOKPROBE_") ||
	       span_starts(line, "STACK_FRAME_NON_STANDARD") ||
	       span_starts(line, "DECLARE_");
}

static enum funcname
of_c_line(const char **name, struct arena *arena, struct span line)
{
	struct cdecl decl = { 0 };

	if (span_starts(line, "}"))
		return FUNCNAME_CLOSES;
	if (span_starts(line, "#"))
		return of_directive(name, arena, line);
	if (!cdecl_begins(line) || is_annotation(line))
		return FUNCNAME_NOTHING;
	if (cdecl_feed(&decl, line) == CDECL_OVER || decl.value)
		return FUNCNAME_NOTHING;
	return opens(name, arena, decl.name);
}

/* The word in the brackets of "MACRO(word ...": none for "x_\name", which only
   another macro knows. */
static struct span
argument(struct span line, size_t macro)
{
	struct span none = { line.ptr, 0 }, word, rest;

	line = skip_blanks(skip(line, macro));
	if (!span_starts(line, "("))
		return none;
	word = cdecl_word(skip_blanks(skip(line, 1)));
	rest = (struct span){ word.ptr + word.len,
			      (size_t)(line.ptr + line.len - word.ptr) -
				      word.len };
	return span_starts(rest, "\\") ? none : word;
}

static bool
word_is(struct span word, const char *text)
{
	return span_equal(word, span_of(text));
}

static bool
holds(struct span word, const char *part)
{
	return memmem(word.ptr, word.len, part, strlen(part)) != NULL;
}

/* SYM_FUNC_START(x), SYM_CODE_END(x) ...; data is no function */
static enum funcname
of_sym_macro(const char **name, struct arena *arena, struct span line,
	     struct span word)
{
	if (span_starts(word, "SYM_DATA"))
		return FUNCNAME_NOTHING;
	if (holds(word, "_END"))
		return argument(line, word.len).len ? FUNCNAME_CLOSES
						    : FUNCNAME_NOTHING;
	if (holds(word, "_START"))
		return opens(name, arena, argument(line, word.len));
	return FUNCNAME_NOTHING;
}

static enum funcname
of_asm_line(const char **name, struct arena *arena, struct span line)
{
	struct span text = skip_blanks(line), word = cdecl_word(text);

	if (span_starts(line, "#"))
		return of_directive(name, arena, line);
	if (span_starts(text, ".macro") && text.len > 6 &&
	    (text.ptr[6] == ' ' || text.ptr[6] == '\t'))
		return opens(name, arena,
			     cdecl_word(skip_blanks(skip(text, 6))));
	if (span_starts(text, ".endm"))
		return FUNCNAME_CLOSES;
	if (span_starts(word, "SYM_"))
		return of_sym_macro(name, arena, text, word);
	if (word_is(word, "ENTRY") || word_is(word, "GLOBAL") ||
	    word_is(word, "WEAK"))
		return opens(name, arena, argument(text, word.len));
	if (word_is(word, "END") || word_is(word, "ENDPROC"))
		return argument(text, word.len).len ? FUNCNAME_CLOSES
						    : FUNCNAME_NOTHING;
	if (word.ptr == line.ptr && word.len < line.len &&
	    line.ptr[word.len] == ':')
		return opens(name, arena, word);
	return FUNCNAME_NOTHING;
}

enum funcname
funcname_of_line(const char **name, struct arena *arena, const char *path,
		 struct span line)
{
	switch (language_of(path)) {
	case C:
		return of_c_line(name, arena, line);
	case ASSEMBLY:
		return of_asm_line(name, arena, line);
	case NO_LANGUAGE:
		break;
	}
	return FUNCNAME_NOTHING;
}

const char *
funcname_at(struct arena *arena, const char *path, struct span image,
	    size_t lineno)
{
	struct funcranges ranges;

	funcranges_find(&ranges, arena, path, image);
	return funcranges_at(&ranges, lineno);
}
