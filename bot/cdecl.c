#include "cdecl.h"

static bool
is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

struct span
cdecl_word(struct span text)
{
	size_t n = 0;

	if (text.len && (text.ptr[0] < '0' || text.ptr[0] > '9'))
		while (n < text.len && is_word_char(text.ptr[n]))
			n++;
	return (struct span){ text.ptr, n };
}

bool
cdecl_begins(struct span line)
{
	return cdecl_word(line).len > 0;
}

static bool
is_one_of(struct span word, const char *const *words)
{
	for (; *words; words++)
		if (span_equal(word, span_of(*words)))
			return true;
	return false;
}

/* What takes arguments in a declaration without being its name. */
static bool
is_attribute(struct span word)
{
	static const char *const words[] = {
		"__attribute__",
		"__attribute",
		"__printf",
		"__scanf",
		"__releases",
		"__acquires",
		"__must_hold",
		"__aligned",
		"__section",
		"__alloc_size",
		"__no_sanitize",
		"__malloc",
		"__assume_aligned",
		"__nonstring",
		"__realloc_size",
		"__cond_acquires",
		"__counted_by",
		"__compiletime_error",
		"__compiletime_warning",
		"__target",
		"__typeof__",
		"typeof",
		"sizeof",
		"_Alignas",
		"__cond_releases",
		"__alias",
		"__weakref",
		"__acquires_shared",
		"__releases_shared",
		"__must_hold_shared",
		"__context_unsafe",
		"__used_section",
		"__error",
		NULL,
	};

	return is_one_of(word, words);
}

static bool
is_type(struct span word)
{
	static const char *const words[] = {
		"void", "int",	    "char",   "long",  "short",
		"bool", "unsigned", "signed", "const", NULL,
	};

	return is_one_of(word, words);
}

/* SYSCALL_DEFINE3 and kin: capitals are macros, which make the name. */
static bool
is_capitals(struct span word)
{
	size_t letters = 0;

	for (size_t i = 0; i < word.len; i++) {
		if (word.ptr[i] >= 'a' && word.ptr[i] <= 'z')
			return false;
		letters += word.ptr[i] >= 'A' && word.ptr[i] <= 'Z';
	}
	return letters > 1;
}

void
cdecl_start(struct cdecl *decl)
{
	*decl = (struct cdecl){ .comment = decl->comment };
}

bool
cdecl_restarts(const struct cdecl *decl, struct span line)
{
	struct span word = cdecl_word(line);

	return word.len && decl->after_args && !decl->value && !decl->comment &&
	       !is_attribute(word);
}

/* "(" outside of all brackets: the word before it may be the name. */
static void
open_args(struct cdecl *decl)
{
	struct span word = decl->word;

	if (!decl->after_word || is_attribute(word))
		return;
	decl->name = word;
	/* "void (*f(int))(int)", SYSCALL_DEFINE2(f, ...) */
	decl->want_arg = is_type(word) || is_capitals(word);
}

static void
on_word(struct cdecl *decl, struct span word)
{
	if (decl->want_arg && decl->parens)
		decl->name = word;
	decl->want_arg = false;
	decl->word = word;
	decl->after_word = true;
	decl->after_args = false;
}

/* How far a comment, string or character constant at @i goes. */
static size_t
skip_opaque(struct cdecl *decl, struct span line, size_t i)
{
	char quote = line.ptr[i];
	const char *end;

	if (quote == '/' && line.ptr[i + 1] == '/')
		return line.len;
	if (quote == '/') {
		end = memmem(line.ptr + i + 2, line.len - i - 2, "*/", 2);
		decl->comment = !end;
		return end ? (size_t)(end - line.ptr) + 2 : line.len;
	}
	for (i++; i < line.len && line.ptr[i] != quote; i++)
		i += line.ptr[i] == '\\';
	return i + 1;
}

static bool
is_opaque(struct span line, size_t i)
{
	char c = line.ptr[i], next = i + 1 < line.len ? line.ptr[i + 1] : '\0';

	return c == '"' || c == '\'' ||
	       (c == '/' && (next == '/' || next == '*'));
}

/* One character that is no word, blank, string or comment. */
static enum cdecl_state
on_mark(struct cdecl *decl, char c)
{
	bool outside = !decl->parens && !decl->braces;

	switch (c) {
	case '(':
		if (outside && !decl->value)
			open_args(decl);
		decl->parens++;
		break;
	case ')':
		decl->parens -= decl->parens > 0;
		decl->want_arg = false;
		break;
	case '{':
		if (!decl->parens)
			decl->braces++;
		break;
	case '}':
		decl->braces -= !decl->parens && decl->braces > 0;
		break;
	case '=':
		decl->value |= outside;
		break;
	case ';':
		if (outside)
			return CDECL_OVER;
		break;
	case ':':
		/* A label, as of assembly: nothing is declared. */
		if (outside && decl->after_word && !decl->name.ptr)
			return CDECL_OVER;
		break;
	default:
		break;
	}
	decl->after_args = c == ')' && !decl->parens && !decl->braces;
	decl->after_word = false;
	return CDECL_GOING;
}

/* The end of a line decides what an open or closed brace was about. */
static enum cdecl_state
at_line_end(const struct cdecl *decl, bool braced)
{
	if (!braced || decl->value || !decl->name.ptr)
		return CDECL_GOING;
	return decl->braces ? CDECL_FUNCTION : CDECL_INLINE;
}

static size_t
comment_end(struct cdecl *decl, struct span line)
{
	const char *end = memmem(line.ptr, line.len, "*/", 2);

	if (!end)
		return line.len;
	decl->comment = false;
	return (size_t)(end - line.ptr) + 2;
}

enum cdecl_state
cdecl_feed(struct cdecl *decl, struct span line)
{
	size_t i = decl->comment ? comment_end(decl, line) : 0;
	bool braced = decl->braces > 0;

	while (i < line.len) {
		struct span word =
			cdecl_word((struct span){ line.ptr + i, line.len - i });
		enum cdecl_state state;

		if (word.len) {
			on_word(decl, word);
			i += word.len;
		} else if (is_opaque(line, i)) {
			i = skip_opaque(decl, line, i);
		} else if (strchr(" \t\r\f*", line.ptr[i]) && line.ptr[i]) {
			i++;
		} else {
			braced |= line.ptr[i] == '{' && !decl->parens;
			state = on_mark(decl, line.ptr[i++]);
			if (state == CDECL_OVER && braced && decl->name.ptr &&
			    !decl->value)
				return CDECL_INLINE; /* "void f(void) {};" */
			if (state == CDECL_OVER)
				return CDECL_OVER;
		}
	}
	return at_line_end(decl, braced);
}
