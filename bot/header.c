#include "header.h"

#include <strings.h>

#include "arena.h"
#include "error.h"
#include "limits.h"
#include "utf8.h"

static bool
is_empty(struct span line)
{
	return !line.len || (line.len == 1 && line.ptr[0] == '\r');
}

static bool
is_folded(struct span line)
{
	return line.len && (line.ptr[0] == ' ' || line.ptr[0] == '\t');
}

/* RFC 5322 3.6.8: printable but the colon; blanks before it are obsolete. */
static bool
split_field(struct header_field *out, struct span line)
{
	size_t n = 0;

	while (n < line.len && line.ptr[n] > ' ' && line.ptr[n] < 127 &&
	       line.ptr[n] != ':')
		n++;
	out->name = (struct span){ line.ptr, n };
	while (n && n < line.len && (line.ptr[n] == ' ' || line.ptr[n] == '\t'))
		n++;
	if (!n || n == line.len || line.ptr[n] != ':')
		return false;
	out->value = (struct span){ line.ptr + n + 1, line.len - n - 1 };
	return true;
}

/* What mbox files, and those who paste from them, leave in front. */
static void
skip_front(struct span *raw)
{
	struct span rest = *raw, line;

	while (span_line(&line, &rest)) {
		if (!is_empty(line) && !span_starts(line, "From ") &&
		    !span_starts(line, ">From "))
			return;
		*raw = rest;
	}
}

static bool
is_mail(const struct header *header)
{
	static const char *const names[] = { "From", "Subject", "Date",
					     "Message-ID", "To" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (header_find(header, names[i]).ptr)
			return true;
	return false;
}

bool
header_line(struct span *line, struct span *rest)
{
	struct span more, behind;

	if (!span_line(line, rest))
		return false;
	behind = *rest;
	while (!is_empty(*line) && span_line(&more, &behind) &&
	       is_folded(more)) {
		line->len = (size_t)(more.ptr + more.len - line->ptr);
		*rest = behind;
	}
	return true;
}

const struct error *
header_read(struct header *out, struct span *body, struct arena *arena,
	    struct span raw)
{
	struct header header = { .cap = 64 };
	struct header_field field;
	struct span line;

	header.v = ARENA_ARRAY(arena, header.cap, struct header_field);
	skip_front(&raw);
	while (header_line(&line, &raw) && !is_empty(line)) {
		if (!header.n)
			header.crlf = line.ptr[line.len - 1] == '\r';
		if (line.len > LIMIT_LINE_BYTES)
			return error_new(ERROR_INPUT,
					 "a header field of more than %d bytes",
					 LIMIT_LINE_BYTES);
		if (!split_field(&field, line))
			continue;
		if (header.n == LIMIT_MAIL_HEADERS)
			return error_new(ERROR_INPUT,
					 "more than %d header fields",
					 LIMIT_MAIL_HEADERS);
		field.value = span_trim(field.value);
		ARENA_GROW(arena, header.v, header.cap, header.n);
		header.v[header.n++] = field;
	}
	if (!is_mail(&header))
		return error_new(ERROR_NOINPUT, "no header");
	*out = header;
	*body = raw;
	return NULL;
}

bool
header_field_is(const struct header_field *field, const char *name)
{
	return !strncasecmp(field->name.ptr, name, field->name.len) &&
	       !name[field->name.len];
}

struct span
header_find(const struct header *header, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < header->n; i++) {
		struct span have = header->v[i].name;

		if (have.len == len && !strncasecmp(have.ptr, name, len))
			return header->v[i].value;
	}
	return (struct span){ NULL, 0 };
}

char *
header_text(struct arena *arena, struct span value)
{
	char *text, *to;

	if (!value.len || !memchr(value.ptr, '\n', value.len))
		return utf8_clean(arena, value);
	text = to = arena_alloc(arena, value.len + 1);
	for (size_t i = 0; i < value.len; i++)
		if (value.ptr[i] != '\n' && value.ptr[i] != '\r')
			*to++ = value.ptr[i];
	value = (struct span){ text, (size_t)(to - text) };
	return utf8_is_clean(value) ? text : utf8_clean(arena, value);
}
