#include "pattern.h"

#include <ctype.h>
#include <string.h>

#include "bot/arena.h"

bool
pattern_is_glob(const char *text)
{
	return strchr(text, '*');
}

const char *
pattern_glob(struct arena *arena, const char *text)
{
	char *pattern = arena_alloc(arena, 3 * strlen(text) + 1), *p = pattern;

	for (; *text; text++) {
		bool special = *text == '?' || *text == '[';

		if (special)
			*p++ = '[';
		*p++ = *text;
		if (special)
			*p++ = ']';
	}
	return pattern;
}

const char *
pattern_like(struct arena *arena, const char *before, const char *text,
	     const char *after)
{
	char *quoted = arena_alloc(arena, 2 * strlen(text) + 1), *p = quoted;

	for (; *text; text++) {
		if (strchr("%_\\", *text))
			*p++ = '\\';
		*p++ = *text;
	}
	return arena_printf(arena, "%s%s%s", before, quoted, after);
}

const char *
pattern_words(struct arena *arena, const char *text)
{
	size_t n = strlen(text);
	char *pattern = arena_alloc(arena, 2 * n + 5), *p = pattern;
	bool open = n && text[n - 1] == '*';

	*p++ = '"';
	for (; *text; text++) {
		if (*text == '"')
			*p++ = '"';
		*p++ = *text;
	}
	*p++ = '"';
	if (open) {
		*p++ = ' ';
		*p++ = '*';
	}
	*p = 0;
	return pattern;
}

bool
pattern_has_words(const char *text)
{
	for (; *text; text++)
		if (isalnum((unsigned char)*text) || (*text & 0x80))
			return true;
	return false;
}

void
pattern_range(const char **first, const char **end, struct arena *arena,
	      const char *text)
{
	size_t n = strcspn(text, "*");
	char *after;

	*first = arena_strndup(arena, text, n);
	/* The least string that is greater than all of them: the last byte
	   that can be raised is, and what stood behind it is left out. */
	while (n && (unsigned char)text[n - 1] == 0xff)
		n--;
	after = arena_strndup(arena, text, n);
	if (n)
		after[n - 1] = (char)((unsigned char)after[n - 1] + 1);
	*end = n ? after : NULL;
}

const char *
pattern_msgid(struct arena *arena, const char *text)
{
	size_t n = strlen(text);

	if (n > 2 && text[0] == '<' && text[n - 1] == '>')
		return arena_strndup(arena, text + 1, n - 2);
	return text;
}
