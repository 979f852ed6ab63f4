#include "oid.h"

#include <string.h>

#include "bot/arena.h"

static const char digits[] = "0123456789abcdef";

/* -1: not a digit of hex; capitals are none. */
static int
nibble(char c)
{
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

static void
put_nibble(struct oid *oid, size_t i, int value)
{
	unsigned char byte = (unsigned char)oid->bytes[i / 2];

	if (i % 2)
		byte = (unsigned char)((byte & 0xf0) | value);
	else
		byte = (unsigned char)((byte & 0x0f) | (value << 4));
	oid->bytes[i / 2] = (char)byte;
}

struct db_value
oid_value(struct oid *oid, const char *hex)
{
	size_t len = hex ? strlen(hex) : 0;

	if (len != 40 && len != 64)
		return V(hex);
	for (size_t i = 0; i < len; i++) {
		int value = nibble(hex[i]);

		if (value < 0)
			return V(hex);
		put_nibble(oid, i, value);
	}
	return V(((struct span){ oid->bytes, len / 2 }));
}

const char *
oid_column(struct db_rows *rows, struct arena *arena, int column)
{
	struct span s;
	char *hex;

	if (!db_is_blob(rows, column))
		return db_text(rows, arena, column);
	s = db_span(rows, column);
	hex = arena_alloc(arena, 2 * s.len + 1);
	for (size_t i = 0; i < s.len; i++) {
		hex[2 * i] = digits[(unsigned char)s.ptr[i] >> 4];
		hex[2 * i + 1] = digits[s.ptr[i] & 0xf];
	}
	return hex;
}

bool
oid_range(struct oid_range *out, const char *prefix)
{
	size_t len = strlen(prefix);

	if (len < 7 || len > sizeof(out->first.bytes) * 2)
		return false;
	memset(out->first.bytes, 0, sizeof(out->first.bytes));
	memset(out->last.bytes, 0xff, sizeof(out->last.bytes));
	out->nfirst = (len + 1) / 2;
	for (size_t i = 0; i < len; i++) {
		char c = prefix[i];
		int value = nibble(c >= 'A' && c <= 'F' ? (char)(c | 32) : c);

		if (value < 0)
			return false;
		put_nibble(&out->first, i, value);
		put_nibble(&out->last, i, value);
	}
	return true;
}
