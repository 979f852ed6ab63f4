#include "content.h"

#include <strings.h>

#include "arena.h"
#include "error.h"
#include "header.h"
#include "limits.h"
#include "mime.h"
#include "transfer.h"

/* The parameter "format" of a Content-Type (RFC 3676 4). */
static bool
is_flowed(struct span type)
{
	const char *p = type.ptr, *end = p ? p + type.len : p;

	while (p && (p = memchr(p, ';', (size_t)(end - p)))) {
		struct span param = { p + 1, (size_t)(end - p - 1) };

		p++;
		param = span_trim(param);
		if (param.len >= 13 && !strncasecmp(param.ptr, "format=", 7) &&
		    (!strncasecmp(param.ptr + 7, "flowed", 6) ||
		     !strncasecmp(param.ptr + 7, "\"flowed", 7)))
			return true;
	}
	return false;
}

/* One part of text that is there as it is, or quoted-printable. */
static bool
is_simple(const struct header *header, enum transfer transfer)
{
	struct span type = header_find(header, "Content-Type");
	const size_t n = sizeof("text/plain") - 1;

	if (transfer == TRANSFER_OTHER)
		return false;
	if (!type.len)
		return true;
	return type.len >= n && !strncasecmp(type.ptr, "text/plain", n) &&
	       (type.len == n || strchr("; \t\r\n", type.ptr[n]));
}

/* Text ends in a newline, as that of several parts does. */
static void
end_line(struct span *body, struct arena *arena)
{
	char *copy;

	if (!body->len || body->ptr[body->len - 1] == '\n')
		return;
	copy = arena_alloc(arena, body->len + 1);
	memcpy(copy, body->ptr, body->len);
	copy[body->len] = '\n';
	*body = (struct span){ copy, body->len + 1 };
}

/* What mime_text() would answer, without its cost (libraries.md 3). */
static void
simple_text(struct mime_text *out, struct arena *arena,
	    const struct header *header, enum transfer transfer)
{
	out->flowed = is_flowed(header_find(header, "Content-Type"));
	if (transfer == TRANSFER_QUOTED_PRINTABLE)
		out->body = transfer_unquote(arena, out->body);
	out->crlf = transfer_strip_cr(&out->body, arena, header->crlf);
	end_line(&out->body, arena);
}

static const struct error *
check_lines(struct span text)
{
	struct span line;

	if (text.len <= LIMIT_LINE_BYTES)
		return NULL;
	while (span_line(&line, &text))
		if (line.len > LIMIT_LINE_BYTES)
			return error_new(ERROR_INPUT,
					 "a line of more than %d bytes",
					 LIMIT_LINE_BYTES);
	return NULL;
}

const struct error *
content_read(struct content *out, struct arena *arena,
	     const struct header *header, struct span body)
{
	enum transfer transfer = transfer_by_name(
		header_find(header, "Content-Transfer-Encoding"));
	struct mime_text text = { .body = body };
	const struct error *err = NULL;
	/* The header is never empty, and nothing in front of it counts. */
	struct span raw = { header->v[0].name.ptr, 0 };

	raw.len = (size_t)(body.ptr + body.len - raw.ptr);
	if (is_simple(header, transfer))
		simple_text(&text, arena, header, transfer);
	else
		err = mime_text(&text, arena, raw);
	if (!err)
		err = check_lines(text.body);
	if (err)
		return err;
	out->text = text.body;
	out->flowed = text.flowed;
	out->crlf = text.crlf;
	return NULL;
}
