/* Merging three texts, and which line became which. */
#include "bot/merge.h"

#include "bot/arena.h"
#include "bot/limits.h"
#include "tests/unit/tap.h"

#define NINE "1\n2\n3\n4\n5\n6\n7\n8\n9\n"

static const struct {
	const char *what, *base, *ours, *theirs;
	const char *merged; /* NULL: a conflict */
} cases[] = {
	{ "changes apart", NINE, "one\n2\n3\n4\n5\n6\n7\n8\n9\n",
	  "1\n2\n3\n4\n5\n6\n7\n8\nnine\n",
	  "one\n2\n3\n4\n5\n6\n7\n8\nnine\n" },
	{ "the same change on both sides", NINE,
	  "1\n2\n3\n4\nfive\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n",
	  "1\n2\n3\n4\nfive\n6\n7\n8\n9\n" },
	{ "one line, changed in two ways", NINE, "1\n2\n3\n4\nV\n6\n7\n8\n9\n",
	  "1\n2\n3\n4\nfive\n6\n7\n8\n9\n", NULL },
	{ "removed here, changed there", NINE, "1\n2\n3\n",
	  "1\n2\n3\n4\n5\n"
	  "six\n7\n8\n9\n",
	  NULL },
	{ "nothing at all", "", "", "", "" },
	{ "an empty base", "", "a\n", "b\n", NULL },
	{ "no newline at the end", "a\nb\nc\nd", "A\nb\nc\nd", "a\nb\nc\nD",
	  "A\nb\nc\nD" },
	{ "CRLF is text", "a\r\nb\r\nc\r\n", "A\r\nb\r\nc\r\n",
	  "a\r\nb\r\nC\r\n", "A\r\nb\r\nC\r\n" },
};

static void
test_merge(struct arena *arena)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span out;
		bool clean = merge_texts(&out, arena, span_of(cases[i].base),
					 span_of(cases[i].ours),
					 span_of(cases[i].theirs));

		ok(clean == (cases[i].merged != NULL), cases[i].what);
		if (clean && cases[i].merged)
			ok(span_equal(out, span_of(cases[i].merged)),
			   "comes out so");
	}
}

static void
test_refused(struct arena *arena)
{
	size_t size = LIMIT_MERGE_BYTES + 1;
	struct span large = { arena_alloc(arena, size), size }, out;
	struct span binary = { "a\0b\n", 4 };

	ok(!merge_texts(&out, arena, SPAN(""), large, SPAN("a\n")),
	   "past the ceiling");
	ok(!merge_texts(&out, arena, binary, binary, SPAN("a\n")),
	   "what looks binary");
}

static void
test_lines(struct arena *arena)
{
	/* 2 and 3 go, 5 changes, two lines come before 8. */
	static const char new[] = "1\n4\nV\n6\n7\na\nb\n8\n9\n";
	static const uint32_t want[] = { 1, 2, 2, 2, 3, 4, 5, 8, 9, 10 };
	struct line_changes changes;

	line_changes_find(&changes, arena, SPAN(NINE), span_of(new));
	is_int((intmax_t)changes.n, 3, "changes");
	for (uint32_t line = 1; line <= 10; line++)
		is_int(line_changes_map(&changes, line), want[line - 1],
		       "which line it became");
	ok(line_changes_touch(&changes, 3, 3), "a changed line");
	ok(line_changes_touch(&changes, 1, 2), "lines around a gap");
	ok(line_changes_touch(&changes, 7, 7), "a line that came");
	ok(!line_changes_touch(&changes, 9, 9), "a line that stayed");
	line_changes_find(&changes, arena, SPAN(NINE), SPAN(NINE));
	is_int((intmax_t)changes.n, 0, "no change");
	is_int(line_changes_map(&changes, 7), 7, "every line is itself");
}

int
main(void)
{
	AUTOFREE(arena) *arena = arena_new();

	test_merge(arena);
	test_refused(arena);
	test_lines(arena);
	return done_testing();
}
