/*
 * The values expected are what git patch-id --stable (2.39) prints.
 */
#include "bot/arena.h"
#include "bot/patch.h"
#include "tests/unit/tap.h"

#define GIT(path) "diff --git a/" path " b/" path "\n"
#define MARKS(path) "--- a/" path "\n+++ b/" path "\n"
#define BODY "@@ -1,3 +1,3 @@ f(x)\n one\n-two \n+2\n three\n"
#define X GIT("x.c") "index 1234567..89abcde 100644\n" MARKS("x.c") BODY
#define Y GIT("y.c") MARKS("y.c") BODY "@@ -9 +9,2 @@\n nine\n+ten\n"
#define MODE GIT("z") "old mode 100644\nnew mode 100755\n"
#define EMPTY GIT("e") "new file mode 100644\nindex 0000000..e69de29\n"
#define GONE \
	GIT("g") \
	"deleted file mode 100644\nindex e69de29..0000000\n" \
	"--- a/g\n+++ /dev/null\n"
#define BINARY \
	GIT("b.bin") \
	"index eaf36c1..bdc955b 100644\nGIT binary patch\n" \
	"literal 3\nKcmZQzWMT#Y01f~L\n\nliteral 4\nLcmZQz\n\n"
#define DIFFER \
	GIT("b.bin") \
	"new file mode 100644\nindex 0000000..bdc955b\n" \
	"Binary files /dev/null and b/b.bin differ\n"
#define RENAME \
	"diff --git a/o b/n\nsimilarity index 90%\nrename from o\n" \
	"rename to n\nindex 1234567..89abcde 100644\n--- a/o\n+++ b/n\n" BODY

static const struct {
	const char *what, *text, *id;
} cases[] = {
	{ "one file", X, "50a9dbc83c7fc7cb15077f06a9685831a829520c" },
	{ "a mail", "prose\n\n---\n x.c | 2 +-\n\n" X "-- \n2.39\n",
	  "50a9dbc83c7fc7cb15077f06a9685831a829520c" },
	{ "two files, two hunks", X Y,
	  "3a68abea670f1e1623fc23001092b06f02e8e590" },
	{ "in another order", Y X, "3a68abea670f1e1623fc23001092b06f02e8e590" },
	{ "no newline at the end",
	  GIT("x") MARKS("x") "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n"
			      "+b\n\\ No newline at end of file\n",
	  "145e3cc0dc6c33a0fe33b1599033369dd88e1a5a" },
	{ "a mode", MODE, "fb2739540d7f8f01e2840aae5b58917f2b41d934" },
	{ "a mode before text", MODE X,
	  "532f0b779752085031bfa2cffa340d365f9e6d6f" },
	{ "a mode behind text", X MODE,
	  "4bd1141d4afe56cdf78b89b404c1e9b0d36a2b41" },
	{ "an empty new file", X EMPTY Y,
	  "280fb084071cd5416871158ef0ce5569a1a46daf" },
	{ "an empty file deleted, with marks", GONE X,
	  "6d9896affe15cfefa41c8f3b8ceec856381f5afa" },
	{ "a rename", RENAME, "c8aba027b7e06da3cd9cd3469dad1e5f4cf18d50" },
	{ "binary", BINARY, "46f6dd39f2e0ff6f9b95dd2958cddcb3b6587352" },
	{ "binary before text", BINARY X Y,
	  "4c266799691a6915f6f4272694c86afd80c5efb4" },
	{ "binary behind text", X BINARY,
	  "969fb9022f60c73bb19c5c30013635e55e82c55e" },
	{ "two binary ones", BINARY DIFFER,
	  "35656c3f16ae30a0b8e1e475879cce490d9498c1" },
	{ "the same file twice", X X,
	  "a052b79179fe8e972b0efe0c52d1b0625053a418" },
	{ "nothing", "prose\n", NULL },
};

static const char *
id_of(struct arena *arena, const char *text)
{
	char id[PATCH_ID_SIZE];
	struct patch patch;

	patch_parse(&patch, arena, span_of(text));
	return patch_id(id, &patch) ? arena_strdup(arena, id) : NULL;
}

int
main(void)
{
	AUTOFREE(arena) *arena = arena_new();

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		is_str(id_of(arena, cases[i].text), cases[i].id, cases[i].what);
	is_str(id_of(arena, X Y), id_of(arena, Y X), "order does not count");
	is_str(id_of(arena, GIT("x") MARKS("x") "@@ -1 +1 @@\n-a b\n+c\n"),
	       id_of(arena, GIT("x") MARKS("x") "@@ -7 +8 @@ f\n-ab\n+\tc \n"),
	       "nor do blanks, line numbers and headings");
	is_str(id_of(arena, MARKS("dir/x") BODY),
	       id_of(arena, GIT("dir/x") MARKS("dir/x") BODY),
	       "a plain diff has the value of git's");
	is_str(id_of(arena, "--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+a\n"),
	       id_of(arena, GIT("x") "--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n"
				     "+a\n"),
	       "also of a new file");
	is_str(id_of(arena, GIT("x") MARKS("x") "@@ -1,2 +1,2 @@\n \n-a\n+b\n"),
	       id_of(arena, GIT("x") MARKS("x") "@@ -1,2 +1,2 @@\n\n-a\n+b\n"),
	       "a stripped blank context line makes no difference");
	ok(strcmp(id_of(arena, X), id_of(arena, Y)) != 0,
	   "other patches have other values");
	return done_testing();
}
