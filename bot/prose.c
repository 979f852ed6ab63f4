#include "prose.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "buf.h"

enum { PROSE_COLUMNS = 72 };

static size_t
columns(struct span s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += (s.ptr[i] & 0xc0) != 0x80;
	return n;
}

static bool
is_word_of(struct span word, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(words[i]) == word.len &&
		    !strncasecmp(words[i], word.ptr, word.len))
			return true;
	return false;
}

/* "Reviewed-by: ", "Cc:" ...: what git interpret-trailers calls a key. */
static bool
is_trailer(struct span line)
{
	static const char *const keys[] = { "cc",     "fixes",	"link",
					    "closes", "bug-id", "message-id" };
	const char *colon = line.len ? memchr(line.ptr, ':', line.len) : NULL;
	struct span key = { line.ptr, colon ? (size_t)(colon - line.ptr) : 0 };

	key = span_trim(key);
	if (!key.len || memchr(key.ptr, ' ', key.len))
		return false;
	return (key.len > 3 && !strncasecmp(key.ptr + key.len - 3, "-by", 3)) ||
	       is_word_of(key, keys, sizeof(keys) / sizeof(keys[0]));
}

static void
write_line(struct buf *out, const char *indent, struct span line)
{
	line = span_trim(line);
	buf_addstr(out, indent);
	if ((line.len && line.ptr[0] == '#') || is_trailer(line))
		buf_addstr(out, "| ");
	buf_addspan(out, line);
	buf_addch(out, '\n');
}

void
prose_line(struct buf *out, const char *indent, const char *text)
{
	write_line(out, indent, span_of(text));
}

void
prose_wrap(struct buf *out, const char *indent, const char *text)
{
	const size_t room = PROSE_COLUMNS - strlen(indent);
	struct span line = { text, 0 };
	const char *p = text;

	while (*p) {
		const char *word = p + strspn(p, " ");
		const char *end = word + strcspn(word, " ");
		struct span longer = { line.ptr, (size_t)(end - line.ptr) };

		if (line.len && columns(longer) > room) {
			write_line(out, indent, line);
			line = (struct span){ word, (size_t)(end - word) };
		} else {
			line = longer;
		}
		p = end;
	}
	if (span_trim(line).len)
		write_line(out, indent, line);
}
