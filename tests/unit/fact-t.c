/*
 * What a patch does at its places, with images and from the diff alone.
 */
#include "bot/fact.h"

#include "bot/apply.h"
#include "bot/arena.h"
#include "bot/buf.h"
#include "bot/place.h"
#include "tap.h"

static const char file_c[] = "static int setup(void)\n" /* 1 */
			     "{\n"
			     "\tfirst();\n"
			     "\tsecond(a);\n"
			     "\tif (x) {\n" /* 5 */
			     "\t\tthird();\n"
			     "\t}\n"
			     "\treturn fourth();\n"
			     "}\n"
			     "\n" /* 10 */
			     "void other(void)\n"
			     "{\n"
			     "\tops->enable(1);\n"
			     "\tlast();\n"
			     "}\n"; /* 15 */

static const char kconfig[] = "config A\n" /* 1 */
			      "\tbool\n"
			      "\n"
			      "config B\n"
			      "\tbool \"b\"\n" /* 5 */
			      "\tselect A\n";

static const struct error *
read_file(struct tree_file *out, struct arena *arena, const void *files,
	  const char *path)
{
	(void)arena;
	(void)files;
	*out = (struct tree_file){ 0 };
	if (!strcmp(path, "x.c"))
		out->text = SPAN(file_c);
	else if (!strcmp(path, "Kconfig"))
		out->text = SPAN(kconfig);
	return NULL;
}

#define X "--- a/x.c\n+++ b/x.c\n"
#define K "--- a/Kconfig\n+++ b/Kconfig\n"

/* "calls name line" ... of each place, "|" between places. */
static const struct {
	const char *what, *patch, *with_tree, *without; /* NULL: the same */
} cases[] = {
	{ "a call that is added",
	  X "@@ -3,2 +3,3 @@ static int setup(void)\n \tfirst();\n+\tnew(b);\n"
	    " \tsecond(a);\n",
	  "calls new 1;", NULL },
	{ "one that is called already, elsewhere in the function",
	  X "@@ -3,2 +3,3 @@ static int setup(void)\n \tfirst();\n"
	    "+\tfourth();\n \tsecond(a);\n",
	  "calls fourth 1;", NULL },
	{ "one that is dropped",
	  X "@@ -2,3 +2,2 @@ static int setup(void)\n {\n-\tfirst();\n"
	    " \tsecond(a);\n",
	  "drops first 1;", NULL },
	{ "one in place of another",
	  X "@@ -2,3 +2,3 @@ static int setup(void)\n {\n-\tfirst();\n"
	    "+\tfirst_of_all();\n \tsecond(a);\n",
	  "calls first_of_all 2;drops first 1;", NULL },
	{ "two change places",
	  X "@@ -2,4 +2,4 @@ static int setup(void)\n {\n-\tfirst();\n"
	    " \tsecond(a);\n+\tfirst();\n \tif (x) {\n",
	  "moves first 3;", NULL },
	{ "two change places, both rewritten",
	  X "@@ -2,4 +2,4 @@ static int setup(void)\n {\n-\tfirst();\n"
	    "-\tsecond(a);\n+\tsecond(b);\n+\tfirst();\n \tif (x) {\n",
	  "moves first 4;", NULL },
	{ "into a branch",
	  X "@@ -2,3 +2,4 @@ static int setup(void)\n {\n-\tfirst();\n"
	    "+\tif (y)\n+\t\tfirst();\n \tsecond(a);\n",
	  "moves first 3;", NULL },
	{ "into an #if, untouched",
	  X "@@ -2,3 +2,5 @@ static int setup(void)\n {\n+#ifdef X\n"
	    " \tfirst();\n+#endif\n \tsecond(a);\n",
	  "moves first 2;", NULL },
	{ "out of a branch",
	  X "@@ -4,5 +4,3 @@ static int setup(void)\n \tsecond(a);\n"
	    "-\tif (x) {\n-\t\tthird();\n-\t}\n+\tthird();\n"
	    " \treturn fourth();\n",
	  "moves third 4;", NULL },
	{ "only indented, and braces",
	  X "@@ -2,7 +2,6 @@ static int setup(void)\n {\n-\tfirst();\n"
	    "-\tsecond(a);\n-\tif (x) {\n-\t\tthird();\n-\t}\n"
	    "+\t  first();\n+\t  second( a );\n+\t  if (x)\n+\t\tthird();\n"
	    " \treturn fourth();\n",
	  "", NULL },
	{ "something in between",
	  X "@@ -3,2 +3,3 @@ static int setup(void)\n \tfirst();\n+\ty = 1;\n"
	    " \tsecond(a);\n",
	  "", NULL },
	{ "over a hunk of the same function",
	  X "@@ -2,3 +2,2 @@ static int setup(void)\n {\n-\tfirst();\n"
	    " \tsecond(a);\n@@ -7,3 +6,4 @@ static int setup(void)\n \t}\n"
	    "+\tfirst();\n \treturn fourth();\n }\n",
	  "|moves first 1;", NULL },
	{ "between functions: no longer there, newly here",
	  X "@@ -2,3 +2,2 @@ static int setup(void)\n {\n-\tfirst();\n"
	    " \tsecond(a);\n@@ -12,3 +11,4 @@ void other(void)\n {\n"
	    " \tops->enable(1);\n+\tfirst();\n \tlast();\n",
	  "drops first 1;|calls first 2;", NULL },
	{ "through a member",
	  X "@@ -12,3 +12,3 @@ void other(void)\n {\n-\tops->enable(1);\n"
	    "+\tops->disable(1);\n \tlast();\n",
	  "calls ops.disable 2;drops ops.enable 1;", NULL },
	{ "a new function",
	  X "@@ -9,2 +9,6 @@ static int setup(void)\n }\n \n+int n(int a)\n"
	    "+{\n+\treturn first(a);\n+}\n",
	  "calls first 2;", NULL },
	{ "a function that is removed",
	  X "@@ -9,7 +9,1 @@ static int setup(void)\n }\n-\n-void other(void)\n"
	    "-{\n-\tops->enable(1);\n-\tlast();\n-}\n",
	  "drops ops.enable 2;drops last 3;", NULL },
	{ "a new name",
	  X "@@ -11,4 +11,4 @@ static int setup(void)\n-void other(void)\n"
	    "+void next(void)\n {\n \tops->enable(1);\n \tlast();\n",
	  "", NULL },
	{ "prototypes and data call nothing",
	  X "@@ -9,2 +9,4 @@ static int setup(void)\n }\n \n+int p(int a);\n"
	    "+DEFINE(x);\n",
	  "", NULL },
	{ "an early return moves nothing, whose hunk does not show it all",
	  X "@@ -2,3 +2,5 @@ static int setup(void)\n {\n+\tif (y)\n"
	    "+\t\treturn 0;\n \tfirst();\n \tsecond(a);\n",
	  "", NULL },
	{ "Kconfig",
	  K "@@ -4,3 +4,3 @@ config A\n config B\n \tbool \"b\"\n"
	    "-\tselect A\n+\tselect C\n",
	  "config B 2;", NULL },
	{ "Kconfig, by the heading",
	  K "@@ -6,1 +6,2 @@ config B\n \tselect A\n+\tselect C\n",
	  "config B 1;", NULL },
	{ "Kconfig, two entries",
	  K "@@ -1,5 +1,5 @@\n config A\n-\tbool\n+\ttristate\n \n config B\n"
	    "-\tbool \"b\"\n+\tbool \"c\"\n",
	  "config A 1;config B 5;config A 2;config B 6;", NULL },
	{ "no language", "--- a/y\n+++ b/y\n@@ -1 +1 @@\n-f();\n+g();\n", "",
	  NULL },
};

static const char *
facts_of(struct arena *arena, const char *text, const struct apply_files *files)
{
	static const char *const kinds[] = { "calls", "drops", "moves",
					     "config" };
	struct applied applied = { 0 };
	struct buf out = BUF(1 << 16);
	struct factbook *book;
	struct places places;
	struct patch patch;
	const char *all;

	patch_parse(&patch, arena, span_of(text));
	if (files)
		succeeds(apply_patch_to(&applied, arena, &patch, files),
			 "applied");
	else
		succeeds(apply_patch(&applied, arena, &patch, NULL), "laid");
	places_find(&places, arena, &applied);
	book = factbook_new(arena, &places);
	for (size_t p = 0; p < places.n; p++) {
		const struct facts *facts = factbook_at(book, &places.v[p]);

		for (size_t i = 0; i < facts->n; i++)
			buf_addf(&out, "%s %s %ld;", kinds[facts->v[i].kind],
				 facts->v[i].name, facts->v[i].line);
		if (p + 1 < places.n)
			buf_addch(&out, '|');
	}
	all = arena_strdup(arena, buf_str(&out));
	buf_free(&out);
	return all;
}

int
main(void)
{
	static const struct apply_files files = { .read = read_file };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTOFREE(arena) *arena = arena_new();
		const char *without = cases[i].without;

		is_str(facts_of(arena, cases[i].patch, &files),
		       cases[i].with_tree, cases[i].what);
		is_str(facts_of(arena, cases[i].patch, NULL),
		       without ? without : cases[i].with_tree,
		       "... from the diff alone");
	}
	return done_testing();
}
