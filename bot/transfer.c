#include "transfer.h"

#include <strings.h>

#include "arena.h"

static bool
is_name(struct span s, const char *name)
{
	return s.len == strlen(name) && !strncasecmp(s.ptr, name, s.len);
}

enum transfer
transfer_by_name(struct span name)
{
	name = span_trim(name);
	if (!name.len || is_name(name, "7bit") || is_name(name, "8bit") ||
	    is_name(name, "binary"))
		return TRANSFER_NONE;
	if (is_name(name, "quoted-printable"))
		return TRANSFER_QUOTED_PRINTABLE;
	return TRANSFER_OTHER;
}

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

struct span
transfer_unquote(struct arena *arena, struct span text)
{
	const char *p = text.ptr, *end = p + text.len;
	char *out = arena_alloc(arena, text.len + 1), *to = out;

	while (p < end) {
		const char *eq = memchr(p, '=', (size_t)(end - p));
		size_t n = (size_t)((eq ? eq : end) - p);

		memcpy(to, p, n);
		to += n;
		if (!eq)
			break;
		p = eq + 1;
		if (p < end && *p == '\n') {
			p++;
			continue;
		}
		if (end - p < 2)
			break; /* cut off in the midst of it */
		if (hex(p[0]) >= 0 && hex(p[1]) >= 0) {
			*to++ = (char)(hex(p[0]) << 4 | hex(p[1]));
		} else if (p[0] != '\r' || p[1] != '\n') {
			memcpy(to, eq, 3);
			to += 3;
		}
		p += 2;
	}
	return (struct span){ out, (size_t)(to - out) };
}

static bool
lines_are_crlf(struct span text, bool header_crlf)
{
	size_t lines = 0, bare = 0;
	struct span line, rest = text;

	while (span_line(&line, &rest)) {
		/* No newline behind the last one: it says nothing. */
		if (line.ptr + line.len == text.ptr + text.len)
			break;
		lines++;
		bare += !line.len || line.ptr[line.len - 1] != '\r';
		if (bare && !header_crlf)
			return false;
	}
	return lines && bare <= lines / 10;
}

bool
transfer_strip_cr(struct span *text, struct arena *arena, bool header_crlf)
{
	struct span line, rest = *text;
	char *out, *to;

	if (!lines_are_crlf(*text, header_crlf))
		return false;
	out = to = arena_alloc(arena, text->len + 1);
	while (span_line(&line, &rest)) {
		bool ended = line.ptr + line.len < text->ptr + text->len;

		if (ended && line.len && line.ptr[line.len - 1] == '\r')
			line.len--;
		memcpy(to, line.ptr, line.len);
		to += line.len;
		if (ended)
			*to++ = '\n';
	}
	*text = (struct span){ out, (size_t)(to - out) };
	return true;
}
