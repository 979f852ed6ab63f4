/*
 * span.h - some bytes that stand in somebody else's memory
 *
 * Mail and patches are bytes, not C strings: a span may hold NUL and any
 * 8-bit byte, and ends without one. ptr is NULL when there is nothing at all
 * (no pre-image), non-NULL with len 0 when there is an empty thing.
 */
#ifndef BOT_SPAN_H
#define BOT_SPAN_H

#include <stdbool.h>
#include <stddef.h> /* size_t */
#include <string.h>

struct span {
	const char *ptr;
	size_t len;
};

#define SPAN(literal) ((struct span){ (literal), sizeof(literal) - 1 })

static inline struct span
span_of(const char *s)
{
	return (struct span){ s, s ? strlen(s) : 0 };
}

static inline bool
span_equal(struct span a, struct span b)
{
	return a.len == b.len && (!a.len || !memcmp(a.ptr, b.ptr, a.len));
}

static inline bool
span_starts(struct span s, const char *prefix)
{
	size_t n = strlen(prefix);

	return s.len >= n && !memcmp(s.ptr, prefix, n);
}

/*
 * The next line of *@rest, without its newline; *@rest goes on behind it.
 * False, and *@line untouched, when *@rest is empty.
 */
static inline bool
span_line(struct span *line, struct span *rest)
{
	const char *nl;

	if (!rest->len)
		return false;
	nl = memchr(rest->ptr, '\n', rest->len);
	line->ptr = rest->ptr;
	line->len = nl ? (size_t)(nl - rest->ptr) : rest->len;
	rest->ptr += line->len + (nl != NULL);
	rest->len -= line->len + (nl != NULL);
	return true;
}

/* @s without blanks (space, \t, \r, \n) at either end. */
static inline struct span
span_trim(struct span s)
{
	while (s.len && strchr(" \t\r\n", s.ptr[0]) && s.ptr[0])
		s.ptr++, s.len--;
	while (s.len && strchr(" \t\r\n", s.ptr[s.len - 1]) && s.ptr[s.len - 1])
		s.len--;
	return s;
}

static inline bool
span_is_blank(struct span s)
{
	return !span_trim(s).len;
}

#endif
