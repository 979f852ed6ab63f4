#include "codeword.h"

#include <string.h>

#include "arena.h"

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool
is_word(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || c == '$';
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static const char *
skip_blanks(const char *p, const char *end)
{
	while (p < end && is_blank(*p))
		p++;
	return p;
}

static const char *
skip_word(const char *p, const char *end)
{
	while (p < end && is_word(*p))
		p++;
	return p;
}

/* Behind the closing @quote, or the end: strings do not go over lines here. */
static const char *
skip_string(const char *p, const char *end, char quote)
{
	for (; p < end && *p != quote; p++)
		if (*p == '\\' && p + 1 < end)
			p++;
	return p < end ? p + 1 : end;
}

static const char *
comment_end(const char *p, const char *end)
{
	const char *at = memmem(p, (size_t)(end - p), "*/", 2);

	return at ? at + 2 : NULL;
}

static bool
is_word_of(struct span word, const char *const *list)
{
	for (; *list; list++)
		if (span_equal(word, span_of(*list)))
			return true;
	return false;
}

/* "#" at the start of a line: step over the directive's name, or over all of
   a line that names nothing. */
static void
start_directive(struct codeline *code)
{
	static const char *const conditions[] = { "if",	   "ifdef", "ifndef",
						  "elif",  "else",  "endif",
						  "undef", NULL };
	const char *word = skip_blanks(code->p + 1, code->end);
	const char *behind = skip_word(word, code->end);
	struct span name = { word, (size_t)(behind - word) };

	code->defining = span_equal(name, SPAN("define"));
	if (code->defining || is_word_of(name, conditions))
		code->p = behind;
	else
		code->p = code->end;
}

void
codeline_start(struct codeline *code, struct span line)
{
	const char *first;

	code->p = code->begin = line.ptr;
	code->end = line.ptr + line.len;
	code->defining = false;
	if (code->comment || !line.len)
		return;
	first = skip_blanks(code->p, code->end);
	if (first < code->end && *first == '#') {
		code->p = first;
		start_directive(code);
	}
}

/* Step over one thing that is no name; what is behind it. */
static const char *
skip_other(struct codeline *code, const char *p)
{
	const char *end = code->end;
	char next = p + 1 < end ? p[1] : '\0';

	if (*p == '"' || (*p == '\'' && !code->assembly))
		return skip_string(p + 1, end, *p);
	if (*p == '/' && next == '/')
		return end;
	if (*p == '/' && next == '*') {
		code->comment = true;
		return p + 2;
	}
	if (*p == '#' && code->assembly)
		return end;
	/* A number, with its letters; else one byte. */
	return is_word(*p) ? skip_word(p, end) : p + 1;
}

/* Behind the dot or the arrow at @p, where a member's name must follow; NULL:
   there is none. */
static const char *
member_at(const char *p, const char *end)
{
	p = skip_blanks(p, end);
	if (p < end && *p == '.')
		p++;
	else if (end - p > 1 && p[0] == '-' && p[1] == '>')
		p += 2;
	else
		return NULL;
	p = skip_blanks(p, end);
	return p < end && is_letter(*p) ? p : NULL;
}

static struct span
plain_path(struct arena *arena, const char *from, const char *to)
{
	char *text = arena_alloc(arena, (size_t)(to - from) + 1), *out = text;

	for (; from < to; from++) {
		if (*from == '-') {
			*out++ = '.';
			from++;
		} else if (!is_blank(*from)) {
			*out++ = *from;
		}
	}
	return (struct span){ text, (size_t)(out - text) };
}

static bool
is_plain(const char *from, const char *to)
{
	for (; from < to; from++)
		if (*from == '-' || is_blank(*from))
			return false;
	return true;
}

/* @from begins a name, or is the dot in front of one. */
static void
take(struct codeword *out, struct codeline *code, const char *from)
{
	const char *end = code->end, *next = from;
	const char *to = skip_word(from + (*from == '.'), end);

	out->is_path = *from == '.';
	while ((next = member_at(to, end))) {
		to = skip_word(next, end);
		out->is_path = true;
	}
	out->text = is_plain(from, to)
			    ? (struct span){ from, (size_t)(to - from) }
			    : plain_path(code->arena, from, to);
	out->is_defined = code->defining;
	code->defining = false;
	code->p = to;
}

/* "." of ".member = x", not of an expression that goes on. */
static bool
is_initialiser(const struct codeline *code, const char *dot)
{
	const char *before = dot;

	while (before > code->begin && is_blank(before[-1]))
		before--;
	return dot + 1 < code->end && is_letter(dot[1]) &&
	       (before == code->begin || strchr("{,", before[-1]));
}

bool
codeword_next(struct codeword *out, struct codeline *code)
{
	const char *end = code->end, *p = code->p;

	while (p < end) {
		if (code->comment) {
			const char *behind = comment_end(p, end);

			code->comment = !behind;
			p = behind ? behind : end;
			continue;
		}
		if (is_letter(*p) || (*p == '.' && is_initialiser(code, p))) {
			take(out, code, p);
			return true;
		}
		p = skip_other(code, p);
	}
	code->p = end;
	return false;
}

void
codeline_pass(struct codeline *code, struct span line)
{
	struct codeword word;

	if (!code->comment &&
	    (!line.len || !memmem(line.ptr, line.len, "/*", 2)))
		return;
	codeline_start(code, line);
	while (codeword_next(&word, code))
		continue;
}

static bool
is_definition(struct span line)
{
	line = span_trim(line);
	return span_starts(line, "#") &&
	       span_starts(
		       span_trim((struct span){ line.ptr + 1, line.len - 1 }),
		       "define");
}

struct span
codeline_strip(struct codeline *code, struct span line)
{
	const char *end = line.ptr + line.len, *p = line.ptr;
	char *text = arena_alloc(code->arena, line.len + 1), *out = text;
	bool hash_comments = code->assembly && !is_definition(line);

	while (p < end) {
		const char *from = p;

		if (code->comment) {
			p = comment_end(p, end);
			code->comment = !p;
			p = p ? p : end;
			continue;
		}
		if (*p == '#' && hash_comments)
			break;
		if (*p == '"')
			p = skip_string(p + 1, end, *p);
		else if (end - p > 1 && p[0] == '/' && p[1] == '/')
			break;
		else if (end - p > 1 && p[0] == '/' && p[1] == '*')
			code->comment = true;
		else
			p++;
		if (code->comment)
			p += 2;
		else
			out = mempcpy(out, from, (size_t)(p - from));
	}
	return (struct span){ text, (size_t)(out - text) };
}

bool
codeline_ends_comment(struct span line)
{
	const char *end, *begin;

	if (!line.len)
		return false;
	end = memmem(line.ptr, line.len, "*/", 2);
	begin = memmem(line.ptr, line.len, "/*", 2);
	return end && (!begin || begin > end);
}

bool
codeline_is_comment(struct span line)
{
	line = span_trim(line);
	return line.len && line.ptr[0] == '*' &&
	       (line.len == 1 || strchr(" \t/*", line.ptr[1]));
}
