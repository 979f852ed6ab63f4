#include "diffpath.h"

#include "arena.h"
#include "limits.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The byte of "\NNN" at @s, -1 when it is none. */
static int
octal(struct span s)
{
	int value = 0;

	if (s.len < 3 || s.ptr[0] > '3')
		return -1;
	for (size_t i = 0; i < 3; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '7')
			return -1;
		value = value * 8 + (s.ptr[i] - '0');
	}
	return value;
}

/* The byte that the escape behind a backslash means, and its length. */
static int
unescape(size_t *len, struct span s)
{
	static const char letters[] = "abfnrtv\\\"";
	static const char bytes[] = "\a\b\f\n\r\t\v\\\"";
	const char *at;

	*len = 1;
	if (!s.len || !s.ptr[0])
		return -1;
	at = strchr(letters, s.ptr[0]);
	if (at)
		return bytes[at - letters];
	*len = 3;
	return octal(s);
}

/* A quoted name at the start of *@text, which then goes on behind it. */
static const char *
take_quoted(struct arena *arena, struct span *text)
{
	char *out = arena_alloc(arena, text->len);
	size_t n = 0, i = 1, len;

	for (; i < text->len && text->ptr[i] != '"'; i++) {
		int c = (unsigned char)text->ptr[i];

		if (c == '\\') {
			c = unescape(&len, (struct span){ text->ptr + i + 1,
							  text->len - i - 1 });
			i += len;
		}
		if (c <= 0)
			return NULL;
		out[n++] = (char)c;
	}
	if (i >= text->len || !n)
		return NULL;
	text->ptr += i + 1;
	text->len -= i + 1;
	return out; /* zeroed, so it ends with a NUL */
}

/* @shape: '0' is any digit, 'a' any letter, else the byte itself. */
static bool
has_shape(struct span s, const char *shape)
{
	for (size_t i = 0; shape[i]; i++) {
		char c = i < s.len ? s.ptr[i] : '\0', lower = (char)(c | 0x20);

		if (shape[i] == '0'   ? !is_digit(c)
		    : shape[i] == 'a' ? lower < 'a' || lower > 'z'
				      : c != shape[i])
			return false;
	}
	return true;
}

/* Where the time stamp behind a name begins: a tab, or " 2015-01-21 16:",
   " Wed Jan 21 16:" when the tab became a blank on its way. */
static size_t
name_length(struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		struct span rest = { text.ptr + i, text.len - i };

		if (text.ptr[i] == '\t')
			return i;
		if (text.ptr[i] == ' ' && (has_shape(rest, " 0000-00-00 00:") ||
					   has_shape(rest, " aaa aaa 00 00:") ||
					   has_shape(rest, " aaa aaa  0 00:")))
			return span_trim((struct span){ text.ptr, i }).len;
	}
	return text.len;
}

/* Two digits as a number. */
static int
two(const char *s)
{
	return (s[0] - '0') * 10 + (s[1] - '0');
}

/* "1970-01-01 01:00:00.000000000 +0100" and the like */
static bool
is_epoch(struct span stamp)
{
	int minutes, zone;

	stamp = span_trim(stamp);
	if (!has_shape(stamp, "0000-00-00 00:00:00"))
		return false;
	minutes = two(stamp.ptr + 11) * 60 + two(stamp.ptr + 14);
	if (span_starts(stamp, "1969-12-31"))
		minutes -= 24 * 60;
	else if (!span_starts(stamp, "1970-01-01"))
		return false;
	if (two(stamp.ptr + 17))
		return false;
	stamp.ptr += stamp.len - 5;
	stamp.len = 5;
	if (!has_shape(stamp, "+0000") && !has_shape(stamp, "-0000"))
		return false;
	zone = two(stamp.ptr + 1) * 60 + two(stamp.ptr + 3);
	return minutes == (stamp.ptr[0] == '-' ? -zone : zone);
}

static const char *
read_name(struct span *behind, struct arena *arena, struct span text)
{
	size_t len;

	if (text.len > LIMIT_PATH_BYTES)
		return NULL;
	if (span_starts(text, "\"")) {
		*behind = text;
		return take_quoted(arena, behind);
	}
	len = name_length(text);
	*behind = (struct span){ text.ptr + len, text.len - len };
	if (!len || memchr(text.ptr, '\0', len))
		return NULL;
	return arena_strndup(arena, text.ptr, len);
}

const char *
diffpath_read(struct arena *arena, struct span text)
{
	struct span behind;

	return read_name(&behind, arena, text);
}

const char *
diffpath_read_dated(bool *absent, struct arena *arena, struct span text)
{
	struct span behind;
	const char *name = read_name(&behind, arena, text);

	*absent = name && (!strcmp(name, "/dev/null") || is_epoch(behind));
	return name;
}

/* What stands behind the first directory of a name; NULL: nothing does. */
static const char *
behind_slash(const char *name)
{
	const char *slash = strchr(name, '/');

	return slash && slash != name && slash[1] ? slash + 1 : NULL;
}

static bool
same_file(const struct diffpath *paths)
{
	const char *a = behind_slash(paths->old), *b = behind_slash(paths->new);

	return !strcmp(paths->old, paths->new) || (a && b && !strcmp(a, b));
}

static bool
split_quoted(struct diffpath *out, struct arena *arena, struct span text)
{
	const char *quote;
	size_t len;

	if (text.ptr[0] == '"') {
		out->old = take_quoted(arena, &text);
		if (!out->old || text.len < 2 || text.ptr[0] != ' ')
			return false;
		text.ptr++, text.len--;
	} else {
		quote = memmem(text.ptr, text.len, " \"", 2);
		if (!quote || quote == text.ptr)
			return false;
		len = (size_t)(quote - text.ptr);
		out->old = arena_strndup(arena, text.ptr, len);
		text.ptr += len + 1, text.len -= len + 1;
	}
	if (text.ptr[0] == '"')
		out->new = take_quoted(arena, &text);
	else
		out->new = arena_span(arena, text);
	return out->new != NULL;
}

bool
diffpath_split(struct diffpath *out, struct arena *arena, struct span text)
{
	struct diffpath paths = { 0 };
	size_t half = text.len / 2;

	if (text.len < 3 || text.len > 2 * LIMIT_PATH_BYTES ||
	    memchr(text.ptr, '\0', text.len))
		return false;
	if (memchr(text.ptr, '"', text.len)) {
		if (!split_quoted(&paths, arena, text))
			return false;
	} else {
		if (text.len % 2 == 0 || text.ptr[half] != ' ')
			return false;
		paths.old = arena_strndup(arena, text.ptr, half);
		paths.new = arena_strndup(arena, text.ptr + half + 1, half);
	}
	if (!same_file(&paths))
		return false;
	*out = paths;
	return true;
}

/* Whether a first directory is one that people and tools put in front. */
static bool
looks_like_prefix(const char *name)
{
	size_t len = strcspn(name, "/");

	return len == 1 || !strncmp(name, "linux", 5) ||
	       (len > 5 && !strncmp(name + len - 5, ".orig", 5)) ||
	       (len == 3 &&
		(!strncmp(name, "old", 3) || !strncmp(name, "new", 3))) ||
	       (len == 4 && !strncmp(name, "orig", 4));
}

void
diffpath_strip(struct diffpath *paths)
{
	const char *a = paths->old ? behind_slash(paths->old) : NULL;
	const char *b = paths->new ? behind_slash(paths->new) : NULL;
	bool strip;

	if ((paths->old && !a) || (paths->new && !b))
		return;
	strip = (!a || looks_like_prefix(paths->old)) &&
		(!b || looks_like_prefix(paths->new));
	if (a && b && !strcmp(a, b) && strcmp(paths->old, paths->new))
		strip = true;
	if (!strip)
		return;
	paths->old = a;
	paths->new = b;
}
