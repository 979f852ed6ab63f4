#include "utf8.h"

#include <stdint.h>

#include "arena.h"

/* windows-1252 from 0x80 to 0x9f; the five that it leaves open are no text. */
static const uint16_t windows_1252[32] = {
	0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
	0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd,
	0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
	0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178,
};

static bool
is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f;
}

/* How many bytes the character at @p, with @n bytes left, has; 0: none. */
static size_t
sequence(const unsigned char *p, size_t n)
{
	size_t len = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;

	/* c0, c1: overlong; above f4: past U+10FFFF */
	if ((p[0] >= 0x80 && p[0] < 0xc2) || p[0] > 0xf4 || n < len)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xf0 && p[1] < 0x90))
		return 0; /* overlong */
	if ((p[0] == 0xed && p[1] > 0x9f) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0; /* surrogates; past U+10FFFF */
	return len;
}

/*
 * What no line of text needs and a terminal obeys: C1 controls, the marks that
 * turn the direction of writing (U+200E, 200F, 202A to 202E, 2066 to 2069),
 * the separators of lines and paragraphs (2028, 2029).
 */
static bool
is_hidden(const unsigned char *p, size_t n)
{
	if (n == 2)
		return p[0] == 0xc2 && p[1] < 0xa0;
	if (n != 3 || p[0] != 0xe2)
		return false;
	return (p[1] == 0x80 && (p[2] == 0x8e || p[2] == 0x8f ||
				 (p[2] >= 0xa8 && p[2] <= 0xae))) ||
	       (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9);
}

static char *
put(char *to, uint16_t code)
{
	if (code < 0x800) {
		*to++ = (char)(0xc0 | code >> 6);
	} else {
		*to++ = (char)(0xe0 | code >> 12);
		*to++ = (char)(0x80 | (code >> 6 & 0x3f));
	}
	*to++ = (char)(0x80 | (code & 0x3f));
	return to;
}

bool
utf8_is_clean(struct span s)
{
	const unsigned char *p = (const unsigned char *)s.ptr;
	size_t i = 0;

	while (i < s.len) {
		size_t n = 1;

		if (!is_plain(p[i])) {
			n = p[i] < 0x80 ? 0 : sequence(p + i, s.len - i);
			if (!n || is_hidden(p + i, n))
				return false;
		}
		i += n;
	}
	return true;
}

char *
utf8_clean_but(struct arena *arena, struct span s, const char *kept)
{
	const unsigned char *p = (const unsigned char *)s.ptr;
	char *text, *to;

	if (utf8_is_clean(s))
		return arena_span(arena, s);
	text = to = arena_array(arena, s.len + 1, 3);
	for (size_t i = 0, n; i < s.len; i += n ? n : 1) {
		n = sequence(p + i, s.len - i);
		if (!n)
			to = put(to, p[i] < 0xa0 ? windows_1252[p[i] - 0x80]
						 : p[i]);
		else if (p[i] && strchr(kept, p[i]))
			*to++ = (char)p[i];
		else if (p[i] == '\t' || p[i] == '\n')
			*to++ = ' ';
		else if (n > 1 ? !is_hidden(p + i, n) : is_plain(p[i]))
			memcpy(to, p + i, n), to += n;
	}
	return text;
}

char *
utf8_clean(struct arena *arena, struct span s)
{
	return utf8_clean_but(arena, s, "");
}
