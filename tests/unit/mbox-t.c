/* A mail as one of an mbox, and what a reader has of it. */
#include "bot/output.h"

#include <stdlib.h>

#include "bot/arena.h"
#include "bot/source.h"
#include "tests/unit/scratch.h"
#include "tests/unit/tap.h"

static const char *const mails[] = {
	"Subject: a\n\nbody\n",
	"Subject: a\n\nFrom here\n>From there\n>>>From everywhere\n> From\n",
	"Subject: a\n\nFrom \nFromage\n\n\n\n",
	"From: a\n\nFrom mboxrd@z Thu Jan  1 00:00:00 1970\n\nFrom x\n",
	"Subject: a\r\n\r\nFrom the other system\r\n",
	"\n",
	"Subject: \xff\xfe\x80\n\n\x01\x1b[31m\n",
};

/* All of them in one mbox, and out of it as every other source is read. */
static void
test_round_trip(struct arena *arena)
{
	FILE *out = fopen("all.mbox", "w");
	struct source_item item;
	struct source *source = NULL;
	size_t n = 0;

	for (size_t i = 0; i < sizeof(mails) / sizeof(mails[0]); i++)
		output_mbox(out, span_of(mails[i]));
	fclose(out);
	succeeds(source_open(&source, "all.mbox", NULL), "open");
	while (!source_next(&item, arena, source) && item.kind == SOURCE_MAIL) {
		if (n < sizeof(mails) / sizeof(mails[0]))
			ok(span_equal(item.raw, span_of(mails[n])), mails[n]);
		n++;
	}
	source_close(source);
	is_int((int)n, (int)(sizeof(mails) / sizeof(mails[0])), "each once");
}

/* NUL, and no newline at the end. */
static void
test_bytes(void)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	static const char want[] = "From mboxrd@z Thu Jan  1 00:00:00 1970\n"
				   "a\0b\n>From c\n\n";

	output_mbox(out, SPAN("a\0b\nFrom c"));
	fclose(out);
	ok(size == sizeof(want) - 1 && !memcmp(text, want, size), "as it is");
	free(text);
}

int
main(void)
{
	AUTOFREE(arena) *arena = arena_new();

	scratch_enter();
	test_round_trip(arena);
	test_bytes();
	return done_testing();
}
