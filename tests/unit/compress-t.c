#include "db/compress.h"

#include "bot/limits.h"
#include "tests/unit/store-fixture.h"

static void
test_raw(struct arena *arena)
{
	AUTOFREE(store) *store = fixture_store(arena, "raw.db");
	static const char bytes[] = "From: a\0b\n\n\xff\xfe\0\n";
	char *large = arena_alloc(arena, 1 << 20);
	struct store_mail in;
	struct fixture f;
	struct span raw;
	int64_t id = 0;

	fixture_init(&f, "raw@example.org");
	f.mail.raw = (struct span){ bytes, sizeof(bytes) - 1 };
	id = fixture_added(store, &f);
	succeeds(store_raw(&raw, arena, store, id), "read raw");
	ok(span_equal(raw, f.mail.raw), "NUL and 8 bits come back");

	for (unsigned i = 0; i < 1 << 20; i++)
		large[i] = (char)((i * 2654435761u) >> 13);
	f.verdict.key = f.verdict.msgid = "large@example.org";
	f.mail.raw = (struct span){ large, 1 << 20 };
	id = fixture_added(store, &f);
	succeeds(store_raw(&raw, arena, store, id), "read a large one");
	ok(span_equal(raw, f.mail.raw), "a large one comes back");

	f.verdict.key = f.verdict.msgid = "bare@example.org";
	in = (struct store_mail){ .mail = &f.mail, .verdict = &f.verdict };
	succeeds(store_add(&id, store, &in), "not kept, no patch");
	succeeds(store_raw(&raw, arena, store, id), "no raw is no error");
	ok(!raw.ptr, "and nothing");
}

static void
test_decompress(struct arena *arena)
{
	AUTOFREE(compressor) *compressor = compressor_new();
	struct span packed, out;
	char *bad;

	compress(&packed, arena, compressor,
		 SPAN("some bytes, some bytes, some bytes"));
	succeeds(decompress(&out, arena, packed, 34), "up to the ceiling");
	ok(span_equal(out, SPAN("some bytes, some bytes, some bytes")),
	   "as it was");
	fails(decompress(&out, arena, packed, 33), ERROR_INPUT, "larger than",
	      "past the ceiling");
	fails(decompress(&out, arena, SPAN("no frame"), 100), ERROR_INPUT,
	      "zstd", "no frame");
	fails(decompress(&out, arena, SPAN(""), 100), ERROR_INPUT, "zstd",
	      "nothing");
	fails(decompress(&out, arena,
			 (struct span){ packed.ptr, packed.len - 1 }, 100),
	      ERROR_INPUT, "damaged", "cut short");
	/* A frame whose header claims four thousand million bytes. */
	bad = arena_alloc(arena, 16);
	memcpy(bad, "\x28\xb5\x2f\xfd\xa0\xff\xff\xff\xff\x01\x00\x00", 12);
	fails(decompress(&out, arena, (struct span){ bad, 12 },
			 LIMIT_MAIL_BYTES),
	      ERROR_INPUT, "larger than", "a bomb");
	compress(&packed, arena, compressor, SPAN(""));
	succeeds(decompress(&out, arena, packed, 0), "an empty mail");
	ok(out.ptr && !out.len, "is empty");
}

int
main(void)
{
	AUTOFREE(arena) *arena = arena_new();

	test_raw(arena);
	test_decompress(arena);
	return done_testing();
}
