#include "trailer.h"

#include <strings.h>

#include "arena.h"
#include "limits.h"
#include "utf8.h"

/* No trailer that people write has a longer key: prose with a colon has. */
enum { KEY_BYTES_MAX = 40 };

static bool
is_key(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '_';
}

size_t
trailer_key(struct span line)
{
	size_t n = 0;

	while (n < line.len && n <= KEY_BYTES_MAX && is_key(line.ptr[n]))
		n++;
	if (!n || n > KEY_BYTES_MAX || n + 1 >= line.len || line.ptr[n] != ':')
		return 0;
	/* "http://..." and "foo::bar" are no trailers. */
	return line.ptr[n + 1] == ' ' || line.ptr[n + 1] == '\t' ? n : 0;
}

void
trailers_add_line(struct trailers *list, struct arena *arena, struct span line)
{
	size_t n = trailer_key(line);
	struct span value;

	if (!n || list->n == LIMIT_TRAILERS)
		return;
	value = span_trim((struct span){ line.ptr + n + 1, line.len - n - 1 });
	ARENA_GROW(arena, list->v, list->cap, list->n);
	list->v[list->n++] = (struct trailer){
		.key = arena_span(arena, (struct span){ line.ptr, n }),
		.value = utf8_clean(arena, value),
	};
}

/* The last line of *@rest, without its newline; *@rest ends before it. */
static bool
last_line(struct span *line, struct span *rest)
{
	size_t start, end = rest->len;

	if (!end)
		return false;
	end -= rest->ptr[end - 1] == '\n';
	for (start = end; start && rest->ptr[start - 1] != '\n'; start--)
		;
	*line = (struct span){ rest->ptr + start, end - start };
	rest->len = start;
	return true;
}

/*
 * Where the paragraph begins that @text ends with; text.len: there is none.
 * Folded lines and the "[ name: what was changed ]" of maintainers are at
 * home among trailers, so they count as neither.
 */
static size_t
paragraph(size_t *trailers, size_t *others, struct span text)
{
	struct span line, rest = text;
	size_t start = text.len;

	*trailers = *others = 0;
	while (last_line(&line, &rest)) {
		if (span_is_blank(line) && start < text.len)
			break;
		if (span_is_blank(line))
			continue;
		start = (size_t)(line.ptr - text.ptr);
		if (trailer_key(line))
			++*trailers;
		else if (!strchr(" \t[", line.ptr[0]))
			++*others;
	}
	return start;
}

void
trailers_add_message(struct trailers *list, struct span *block,
		     struct arena *arena, struct span message)
{
	size_t start = message.len, trailers, others;
	struct span line, rest = message;

	while (rest.len) {
		rest.len = paragraph(&trailers, &others, rest);
		/* Prose among the last ones is tolerated, as git does. */
		if (!trailers || others > (start == message.len ? trailers : 0))
			break;
		start = rest.len;
	}
	rest = (struct span){ message.ptr + start, message.len - start };
	*block = rest;
	while (span_line(&line, &rest))
		trailers_add_line(list, arena, line);
}

/* A trailer that a tool wrote, wherever it stands. */
static bool
is_tool_trailer(struct span line)
{
	static const char *const keys[] = { "base-commit",
					    "prerequisite-patch-id",
					    "change-id" };
	/* Of the many lines of a body few begin like one. */
	char first = line.len ? line.ptr[0] | 0x20 : '\0';
	size_t n;

	if (first != 'b' && first != 'p' && first != 'c')
		return false;
	n = trailer_key(line);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (n == strlen(keys[i]) && !strncasecmp(line.ptr, keys[i], n))
			return true;
	return false;
}

void
trailers_add_body(struct trailers *list, struct arena *arena, struct span body,
		  struct span block)
{
	struct span line, rest = body;

	while (span_line(&line, &rest))
		if (is_tool_trailer(line) &&
		    (line.ptr < block.ptr || line.ptr >= block.ptr + block.len))
			trailers_add_line(list, arena, line);
}
