/*
 * How hunks are split into places, with a tree and without one.
 */
#include "bot/apply.h"
#include "bot/arena.h"
#include "bot/buf.h"
#include "bot/place.h"
#include "bot/tree.h"
#include "tests/unit/tap.h"

#define MARKS(path) "--- a/" path "\n+++ b/" path "\n"

static const char file_c[] = "int f(void)\n" /* 1 */
			     "{\n"
			     "\treturn 1;\n"
			     "}\n"
			     "\n" /* 5 */
			     "/* about g */\n"
			     "int g(void)\n"
			     "{\n"
			     "\tint a = f();\n"
			     "\n" /* 10 */
			     "\treturn a;\n"
			     "}\n"
			     "\n"
			     "int v;\n"; /* 14 */

const struct error *
tree_read(struct tree_file *out, struct arena *arena, const struct tree *tree,
	  const char *path)
{
	(void)arena;
	(void)tree;
	*out = (struct tree_file){ .mode = 0100644 };
	if (!strcmp(path, "x.c"))
		out->text = span_of(file_c);
	return NULL;
}

const struct error *
tree_blob_named(struct span *out, struct arena *arena, const struct tree *tree,
		const char *prefix)
{
	(void)arena;
	(void)tree;
	(void)prefix;
	*out = (struct span){ NULL, 0 };
	return NULL;
}

/* Each place: lines of the two images, functions before and after, lines. */
static const struct {
	const char *what, *patch, *with_tree, *without;
} cases[] = {
	{ "a change in a function, headed by the one before",
	  MARKS("x.c") "@@ -8,4 +8,5 @@ int f(void)\n {\n \tint a = f();\n"
		       "+\ta++;\n \n \treturn a;\n",
	  "8,8 g g 5;", "8,8 f f 5;" },
	{ "over the end of a function",
	  MARKS("x.c") "@@ -2,8 +2,8 @@ int f(void)\n {\n-\treturn 1;\n"
		       "+\treturn 2;\n }\n \n /* about g */\n int g(void)\n"
		       " {\n-\tint a = f();\n+\tint a = 1 + f();\n",
	  "2,2 f f 4;7,7 g g 4;", "2,2 f f 4;7,7 g g 4;" },
	{ "a comment before a function is outside",
	  MARKS("x.c") "@@ -4,5 +4,5 @@ int f(void)\n }\n \n-/* about g */\n"
		       "+/* on g */\n int g(void)\n {\n",
	  "5,5 - - 3;", "5,5 - - 3;" },
	{ "the line of the definition belongs to the function",
	  MARKS("x.c") "@@ -5,4 +5,4 @@\n \n /* about g */\n-int g(void)\n"
		       "+int h(void)\n {\n",
	  "7,7 g h 3;", "7,7 g h 3;" },
	{ "a new function",
	  MARKS("x.c") "@@ -3,4 +3,9 @@ int f(void)\n \treturn 1;\n }\n \n"
		       "+int n(void)\n+{\n+\treturn f();\n+}\n+\n"
		       " /* about g */\n",
	  "6,6 - n 4;", "6,6 - n 4;" },
	{ "a function removed",
	  MARKS("x.c") "@@ -1,7 +1,2 @@\n-int f(void)\n-{\n-\treturn 1;\n"
		       "-}\n-\n /* about g */\n int g(void)\n",
	  "1,1 f - 4;", "1,1 f - 4;" },
	{ "only a blank line between functions",
	  MARKS("x.c") "@@ -4,3 +4,4 @@\n }\n \n+\n /* about g */\n",
	  "5,5 - - 3;", "4,4 - - 4;" },
	{ "a blank line in a function, and one between",
	  MARKS("x.c") "@@ -2,5 +2,7 @@ int f(void)\n {\n+\n \treturn 1;\n"
		       " }\n \n+\n /* about g */\n",
	  "2,2 f f 4;", "2,2 f f 4;" },
	{ "lines at another place",
	  MARKS("x.c") "@@ -28,4 +38,5 @@\n {\n \tint a = f();\n"
		       "+\ta++;\n \n \treturn a;\n",
	  "8,8 g g 5;", "28,38 - - 5;" },
	{ "a hunk without context in a function",
	  MARKS("z.c") "@@ -9,0 +10 @@ int f(void)\n+\ta++;\n", "10,10 f f 1;",
	  "10,10 f f 1;" },
	{ "a hunk that is there already",
	  MARKS("x.c") "@@ -7,4 +7,4 @@ int f(void)\n int g(void)\n {\n"
		       "-\tint a = 0;\n+\tint a = f();\n \n",
	  "7,7 g g 5;", "7,7 g g 5;" },
	{ "a new file",
	  "diff --git a/n.c b/n.c\nnew file mode 100644\n--- /dev/null\n"
	  "+++ b/n.c\n@@ -0,0 +1,5 @@\n+int v;\n+int n(void)\n+{\n+}\n+int w;\n",
	  "1,1 - - 1;1,2 - n 3;1,5 - - 1;", "1,1 - - 1;1,2 - n 3;1,5 - - 1;" },
	{ "files without hunks",
	  "diff --git a/x.c b/x.c\nold mode 100644\nnew mode 100755\n"
	  "diff --git a/p.bin b/p.bin\nBinary files a/p.bin and b/p.bin "
	  "differ\n",
	  "file 0;file 1;", "file 0;file 1;" },
	{ "a file without functions",
	  MARKS("Kconfig") "@@ -1,2 +1,2 @@ config F(x)\n int f(void)\n-a\n+b\n",
	  "1,1 - - 3;", "1,1 - - 3;" },
	{ "no patch", "prose\n", "", "" },
};

static void
show(struct buf *out, const struct place *place)
{
	const char *before = place->function_before;
	const char *after = place->function_after;

	if (!place->hunk)
		buf_addf(out, "file %zu;", place->file_index);
	else
		buf_addf(out, "%u,%u %s %s %zu;", place->old_line,
			 place->new_line, before ? before : "-",
			 after ? after : "-", place->nlines);
}

static void
test_case(struct arena *arena, size_t n, const struct tree *tree,
	  const char *want)
{
	struct applied applied = { 0 };
	struct buf shown = BUF(4096);
	struct places places;
	struct patch patch;

	patch_parse(&patch, arena, span_of(cases[n].patch));
	succeeds(apply_patch(&applied, arena, &patch, tree), "applies");
	places_find(&places, arena, &applied);
	for (size_t i = 0; i < places.n; i++)
		show(&shown, &places.v[i]);
	is_str(buf_str(&shown), want, cases[n].what);
	buf_free(&shown);
}

static void
test_lines(struct arena *arena)
{
	struct applied applied = { 0 };
	struct places places;
	struct patch patch;
	const struct place *place;

	patch_parse(&patch, arena,
		    span_of(MARKS("y.c") "@@ -1 +1 @@\n-a\n+b\n" MARKS(
			    "x.c") "@@ -7,2 +8,2 @@\n a\n-b\n+c\n"
				   "@@ -20,3 +21,3 @@\n a\n-b\n+c\n d\n"));
	succeeds(apply_patch(&applied, arena, &patch, NULL), "applies");
	places_find(&places, arena, &applied);
	is_int((intmax_t)places.n, 3, "three places");
	place = &places.v[2];
	is_int((intmax_t)place->file_index, 1, "of the second file");
	is_int((intmax_t)place->hunk_index, 1, "the second hunk");
	ok(place->file == &patch.files[1] &&
		   place->hunk == &patch.files[1].hunks[1],
	   "both are lent");
	is_int(place_line(place, 0), 21, "context: the new side");
	is_int(place_line(place, 1), 21, "removed: the old side");
	is_int(place_line(place, 2), 22, "added: the new side");
	is_int(place_line(place, 3), 23, "context behind");
	ok(span_equal(place->changed, SPAN("b\nc\n")), "the changed text");
}

static void
test_changed(struct arena *arena)
{
	struct applied applied = { 0 };
	struct places places;
	struct patch patch;

	patch_parse(&patch, arena,
		    span_of(MARKS("x.c") "@@ -1,3 +1,4 @@\n a\n-\tb\r\n+\n"
					 "+b\r\n+\r\n-c\n"));
	succeeds(apply_patch(&applied, arena, &patch, NULL), "applies");
	places_find(&places, arena, &applied);
	is_int((intmax_t)places.n, 1, "one place");
	ok(span_equal(places.v[0].changed, SPAN("\tb\n\nb\n\nc\n")),
	   "without CR, empty lines and all");
}

int
main(void)
{
	AUTOFREE(arena) *arena = arena_new();
	struct tree tree = { 0 };

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		test_case(arena, i, &tree, cases[i].with_tree);
		test_case(arena, i, NULL, cases[i].without);
	}
	test_lines(arena);
	test_changed(arena);
	return done_testing();
}
