#include "base64.h"

#include <stdint.h>
#include <string.h>

#include "arena.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuv"
			     "wxyz0123456789+/";

/* Up to three bytes as four characters. */
static void
encode_group(char out[4], const char *in, size_t n)
{
	const unsigned char *b = (const unsigned char *)in;
	uint32_t bits = (uint32_t)b[0] << 16;

	if (n > 1)
		bits |= (uint32_t)b[1] << 8;
	if (n > 2)
		bits |= b[2];
	out[0] = digits[bits >> 18];
	out[1] = digits[bits >> 12 & 63];
	out[2] = n > 1 ? digits[bits >> 6 & 63] : '=';
	out[3] = n > 2 ? digits[bits & 63] : '=';
}

char *
base64_encode(struct arena *arena, struct span bytes)
{
	char *text = arena_array(arena, bytes.len / 3 + 2, 4), *p = text;

	for (size_t i = 0; i < bytes.len; i += 3, p += 4)
		encode_group(p, bytes.ptr + i, bytes.len - i);
	*p = 0;
	return text;
}

static int
value_of(char c)
{
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Four characters as one to three bytes, how many; 0: they are none. */
static size_t
decode_group(char out[3], const char in[4], bool last)
{
	size_t n = last && in[3] == '=' ? in[2] == '=' ? 1 : 2 : 3;
	uint32_t bits = 0;

	for (size_t i = 0; i < 4; i++) {
		int value = i <= n ? value_of(in[i]) : 0;

		if (value < 0)
			return 0;
		bits = bits << 6 | (uint32_t)value;
	}
	/* What the padding cuts off is zero: one text for the same bytes. */
	if (bits & ((1u << 8 * (3 - n)) - 1))
		return 0;
	out[0] = (char)(bits >> 16);
	out[1] = (char)(bits >> 8);
	out[2] = (char)bits;
	return n;
}

bool
base64_decode(struct span *out, struct arena *arena, struct span text)
{
	char *bytes = arena_alloc(arena, text.len / 4 * 3 + 1), *p = bytes;

	if (text.len % 4)
		return false;
	for (size_t i = 0; i < text.len; i += 4) {
		size_t n = decode_group(p, text.ptr + i, i + 4 == text.len);

		if (!n)
			return false;
		p += n;
	}
	*out = (struct span){ bytes, (size_t)(p - bytes) };
	return true;
}
