#include "printable.h"

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"

/* Bytes of the sequence that @lead begins (RFC 3629 3); 0: none begins so. */
static size_t
sequence_length(unsigned char lead)
{
	if (lead < 0x80)
		return 1;
	if (lead >= 0xc2 && lead < 0xe0)
		return 2;
	if (lead >= 0xe0 && lead < 0xf0)
		return 3;
	return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

/* The character at the start of @s and its length; 0: no UTF-8 there. */
static size_t
decode(uint32_t *c, struct span s)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char lead = (unsigned char)s.ptr[0];
	size_t n = sequence_length(lead);

	if (!n || n > s.len)
		return 0;
	*c = n == 1 ? lead : lead & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		unsigned char next = (unsigned char)s.ptr[i];

		if ((next & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (next & 0x3f);
	}
	if (*c < least[n] || *c > 0x10ffff || (*c >= 0xd800 && *c < 0xe000))
		return 0;
	return n;
}

static bool
is_shown(uint32_t c)
{
	if (c < 0x20 || (c >= 0x7f && c < 0xa0))
		return false;
	/* Zero width, direction, line and paragraph separators, BOM */
	return !(c >= 0x200b && c <= 0x200f) && !(c >= 0x2028 && c <= 0x202e) &&
	       !(c >= 0x2060 && c <= 0x206f) && c != 0xfeff && c != 0x061c;
}

const char *
printable(struct arena *arena, struct span s, size_t max)
{
	size_t room = s.len < max * 4 ? s.len : max * 4, len = 0;
	char *out = arena_alloc(arena, room + sizeof("..."));

	for (size_t chars = 0; s.len && chars < max; chars++) {
		uint32_t c = 0;
		size_t n = decode(&c, s);

		if (n && is_shown(c))
			memcpy(out + len, s.ptr, n);
		else
			out[len] = c == '\t' || c == '\n' ? ' ' : '?';
		len += n && is_shown(c) ? n : 1;
		s.ptr += n ? n : 1;
		s.len -= n ? n : 1;
	}
	if (s.len)
		memcpy(out + len, "...", 3);
	return out;
}
