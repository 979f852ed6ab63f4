#include "rules/stanza.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "bot/arena.h"
#include "bot/error.h"
#include "bot/strlist.h"

const struct error *
stanza_at(const struct error *err, const char *file, unsigned line)
{
	return err ? error_wrap(err, "%s:%u", file, line) : NULL;
}

const struct error *
stanza_unknown(const char *what, const char *word, const char *const *known,
	       size_t n)
{
	const char *nearest = strlist_nearest(known, n, word);

	return nearest ? error_new(ERROR_CONFIG,
				   "unknown %s %.80s; did you mean %s?", what,
				   word, nearest)
		       : error_new(ERROR_CONFIG, "unknown %s %.80s", what,
				   word);
}

static size_t
name_length(struct span line)
{
	size_t n = 0;

	while (n < line.len && (isalpha((unsigned char)line.ptr[n]) ||
				line.ptr[n] == '-' || line.ptr[n] == '|'))
		n++;
	return n;
}

static const struct error *
add_field(struct stanza *stanza, struct stanza_reader *reader, struct span line)
{
	size_t n = name_length(line);
	struct stanza_field *field;

	if (!n || n == line.len || line.ptr[n] != ':')
		return error_new(ERROR_CONFIG,
				 "not a field: want \"Name: value\"");
	ARENA_GROW(reader->arena, stanza->fields, stanza->cap, stanza->n);
	field = &stanza->fields[stanza->n++];
	field->name = arena_strndup(reader->arena, line.ptr, n);
	field->raw = (struct span){ line.ptr + n + 1, line.len - n - 1 };
	field->line = reader->line;
	return NULL;
}

static const struct error *
continue_field(struct stanza *stanza, struct span line)
{
	struct span *raw;

	if (!stanza->n)
		return error_new(ERROR_CONFIG, "continues no field: a line of "
					       "its own begins at the margin");
	raw = &stanza->fields[stanza->n - 1].raw;
	raw->len = (size_t)(line.ptr + line.len - raw->ptr);
	return NULL;
}

const struct error *
stanza_next(struct stanza *out, struct stanza_reader *reader)
{
	const struct error *err = NULL;
	struct span line;

	out->n = 0;
	while (!err && span_line(&line, &reader->rest)) {
		reader->line++;
		if (memchr(line.ptr, '\0', line.len))
			err = error_new(ERROR_CONFIG, "a NUL byte");
		else if (line.len && line.ptr[0] == '#')
			continue;
		else if (span_trim(line).len)
			err = line.ptr[0] == ' ' || line.ptr[0] == '\t'
				      ? continue_field(out, line)
				      : add_field(out, reader, line);
		else if (out->n)
			break;
	}
	return stanza_at(err, reader->file, reader->line);
}

static char *
unfold(struct arena *arena, struct span raw, bool blanks)
{
	/* A blank takes the place of a newline at most. */
	char *value = arena_alloc(arena, raw.len + 1), *end = value;
	struct span line;

	for (bool first = true; span_line(&line, &raw); first = false) {
		if (!first && line.len && line.ptr[0] == '#')
			continue;
		line = span_trim(line);
		if (blanks && end > value && line.len)
			*end++ = ' ';
		if (line.len)
			memcpy(end, line.ptr, line.len);
		end += line.len;
	}
	return value;
}

char *
stanza_prose(struct arena *arena, const struct stanza_field *field)
{
	return unfold(arena, field->raw, true);
}

char *
stanza_pattern(struct arena *arena, const struct stanza_field *field)
{
	return unfold(arena, field->raw, false);
}
