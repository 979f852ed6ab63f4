/* Bytes as text, and back. */
#include "bot/base64.h"

#include "bot/arena.h"
#include "tap.h"

static const struct {
	const char *bytes, *text;
} table[] = {
	/* RFC 4648 section 10 */
	{ "", "" },
	{ "f", "Zg==" },
	{ "fo", "Zm8=" },
	{ "foo", "Zm9v" },
	{ "foob", "Zm9vYg==" },
	{ "fooba", "Zm9vYmE=" },
	{ "foobar", "Zm9vYmFy" },
	{ "\xff\xfe\xfd", "//79" },
	{ "\xfb\xef\xbe", "++++" },
};

static const char *const wrong[] = {
	"Zg",	"Zg=",	   "Zg===",    "=",	     "====",
	"Z===", "Zh==",	   "Zm9=",     "Zg==Zg==",   "Zm9v\n",
	"Zm9-", "Zm 9vYg", "Zm8=Zm8=", "Z\xc3\xa4=",
};

int
main(void)
{
	AUTOFREE(arena) *arena = arena_new();
	struct span out;
	char all[256];

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		is_str(base64_encode(arena, span_of(table[i].bytes)),
		       table[i].text, "encoded");
		ok(base64_decode(&out, arena, span_of(table[i].text)) &&
			   span_equal(out, span_of(table[i].bytes)),
		   "decoded");
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ok(!base64_decode(&out, arena, span_of(wrong[i])), wrong[i]);
	for (int i = 0; i < 256; i++)
		all[i] = (char)i;
	ok(base64_decode(
		   &out, arena,
		   span_of(base64_encode(arena, (struct span){ all, 256 }))) &&
		   span_equal(out, (struct span){ all, 256 }),
	   "every byte");
	return done_testing();
}
