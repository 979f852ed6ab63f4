/*
 * Where hunks come to stand, and what comes of it. The verdicts are those of
 * git apply wherever git takes the patch as a whole.
 */
#include <time.h>

#include "bot/apply.h"
#include "bot/arena.h"
#include "bot/buf.h"
#include "bot/tree.h"
#include "tests/unit/tap.h"

#define GIT(path) "diff --git a/" path " b/" path "\n"
#define MARKS(path) "--- a/" path "\n+++ b/" path "\n"
#define INDEX(path, oid) GIT(path) "index " oid "..fffffff 100644\n" MARKS(path)
#define NEW(path) \
	GIT(path) "new file mode 100644\n--- /dev/null\n+++ b/" path "\n"
#define GONE(path) \
	GIT(path) "deleted file mode 100644\n--- a/" path "\n+++ /dev/null\n"
#define RENAME(from, to) \
	"diff --git a/" from " b/" to "\nsimilarity index 90%\n" \
	"rename from " from "\nrename to " to "\n"

#define NINE "1\n2\n3\n4\n5\n6\n7\n8\n9\n"
#define AT(old, new) "@@ -" #old ",3 +" #new ",3 @@\n"
/* Changes line 5 of NINE. */
#define FIVE " 4\n-5\n+five\n 6\n"

struct text {
	const char *path, *text;
};

/* The tree of the tests: NULL paths end it. */
struct tree_texts {
	struct tree tree; /* what the code under test carries around */
	const struct text *texts;
};

static struct span
text_at(const struct tree *tree, const char *path)
{
	const struct tree_texts *of = (const void *)tree;

	for (const struct text *t = of->texts; t->path; t++)
		if (!strcmp(t->path, path))
			return span_of(t->text);
	return (struct span){ 0 };
}

const struct error *
tree_read(struct tree_file *out, struct arena *arena, const struct tree *tree,
	  const char *path)
{
	(void)arena;
	*out = (struct tree_file){ .text = text_at(tree, path) };
	if (!strcmp(path, "unreadable"))
		return error_new(ERROR_IO, "a broken object");
	if (!strcmp(path, "unfetched"))
		return error_new(ERROR_INPUT, "not fetched");
	out->mode = strcmp(path, "link") ? 0100644 : 0120000;
	snprintf(out->oid, sizeof(out->oid), "%s", "eeeeeeeeee");
	return NULL;
}

/* A blob stands as "blob/" and its name. */
const struct error *
tree_blob_named(struct span *out, struct arena *arena, const struct tree *tree,
		const char *prefix)
{
	*out = text_at(tree, arena_printf(arena, "blob/%s", prefix));
	return NULL;
}

static const struct {
	const char *what;
	struct text tree[3];
	const char *patch;
	const char *verdicts; /* "exact 4,4" is its old and new line */
	struct text after[4]; /* text NULL: not there */
} cases[] = {
	{ "exact",
	  { { "x", NINE } },
	  MARKS("x") AT(4, 4) FIVE,
	  "exact 4,4;",
	  { { "x", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n" } } },
	{ "an offset forwards",
	  { { "x", "new\nnew\n" NINE } },
	  MARKS("x") AT(4, 4) FIVE,
	  "offset 6,6;",
	  { { "x", "new\nnew\n1\n2\n3\n4\nfive\n6\n7\n8\n9\n" } } },
	{ "an offset backwards",
	  { { "x", NINE } },
	  MARKS("x") AT(40, 40) FIVE,
	  "offset 4,4;",
	  { { "x", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n" } } },
	{ "the nearer of two, forwards when both are as near",
	  { { "x", "a\nb\nc\n-\n-\na\nb\nc\n-\n" } },
	  MARKS("x") "@@ -4,3 +4,3 @@\n a\n-b\n+B\n c\n",
	  "offset 6,6;",
	  { { "x", "a\nb\nc\n-\n-\na\nB\nc\n-\n" } } },
	{ "the nearer of two, backwards",
	  { { "x", "a\nb\nc\n-\n-\na\nb\nc\n-\n" } },
	  MARKS("x") "@@ -3,3 +3,3 @@\n a\n-b\n+B\n c\n",
	  "offset 1,1;",
	  { { "x", "a\nB\nc\n-\n-\na\nb\nc\n-\n" } } },
	{ "a hunk of the start fits nowhere else",
	  { { "x", "0\n" NINE } },
	  MARKS("x") "@@ -1,2 +1,2 @@\n-1\n+one\n 2\n",
	  "missing 1,1;",
	  { { "x", "0\n" NINE } } },
	{ "a hunk of the end fits at the end",
	  { { "x", NINE "8\n9\n" } },
	  MARKS("x") "@@ -8,2 +8,2 @@\n 8\n-9\n+nine\n",
	  "offset 10,10;",
	  { { "x", NINE "8\nnine\n" } } },
	{ "a hunk of the end fits nowhere else",
	  { { "x", NINE "10\n" } },
	  MARKS("x") "@@ -8,2 +8,2 @@\n 8\n-9\n+nine\n",
	  "missing 8,8;",
	  { { "x", NINE "10\n" } } },
	{ "two hunks, the first moves the second along",
	  { { "x", NINE } },
	  MARKS("x") "@@ -1,2 +1,3 @@\n 1\n+1a\n 2\n"
		     "@@ -7,2 +8,3 @@\n 7\n+7a\n 8\n",
	  "exact 1,1;exact 7,8;",
	  { { "x", "1\n1a\n2\n3\n4\n5\n6\n7\n7a\n8\n9\n" } } },
	{ "a hunk that is missing, and is not counted for the next",
	  { { "x", NINE } },
	  MARKS("x") "@@ -2,2 +2,3 @@\n two\n+2a\n 3\n"
		     "@@ -7,2 +8,3 @@\n 7\n+7a\n 8\n",
	  "missing 2,2;exact 7,7;",
	  { { "x", "1\n2\n3\n4\n5\n6\n7\n7a\n8\n9\n" } } },
	{ "a hunk that is there already",
	  { { "x", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n" } },
	  MARKS("x") AT(4, 4) FIVE "@@ -7,3 +7,3 @@\n 7\n-8\n+8a\n 9\n",
	  "present 4,4;exact 7,7;",
	  { { "x", "1\n2\n3\n4\nfive\n6\n7\n8a\n9\n" } } },
	{ "lines that one hunk put in are not matched by another",
	  { { "x", "a\nb\nc\nx\na\nb\nc\ny\n" } },
	  MARKS("x") "@@ -1,3 +1,3 @@\n a\n-b\n+b\n c\n"
		     "@@ -2,3 +2,3 @@\n a\n-b\n+B\n c\n",
	  "exact 1,1;offset 5,5;",
	  { { "x", "a\nb\nc\nx\na\nB\nc\ny\n" } } },
	{ "a later hunk lands above an earlier one",
	  { { "x", "p\nq\nr\n" NINE } },
	  MARKS("x") "@@ -7,3 +7,3 @@\n 4\n-5\n+five\n 6\n"
		     "@@ -11,2 +11,3 @@\n q\n+q2\n r\n",
	  "exact 7,8;offset 2,2;",
	  { { "x", "p\nq\nq2\nr\n1\n2\n3\n4\nfive\n6\n7\n8\n9\n" } } },
	{ "a new file",
	  { { NULL, NULL } },
	  NEW("n") "@@ -0,0 +1,2 @@\n+a\n+b\n\\ No newline at end of file\n",
	  "exact 1,1;",
	  { { "n", "a\nb" } } },
	{ "a new file that is there, the same",
	  { { "n", "a\n" } },
	  NEW("n") "@@ -0,0 +1 @@\n+a\n",
	  "present 1,1;",
	  { { "n", "a\n" } } },
	{ "a new file that is there with other text",
	  { { "n", "b\n" } },
	  NEW("n") "@@ -0,0 +1 @@\n+a\n",
	  "missing 1,1 in the tree already, with other text;",
	  { { "n", NULL } } },
	{ "a file deleted",
	  { { "x", "a\nb\n" } },
	  GONE("x") "@@ -1,2 +0,0 @@\n-a\n-b\n",
	  "exact 1,1;",
	  { { "x", NULL } } },
	{ "a file deleted that holds more",
	  { { "x", "a\nb\nc\n" } },
	  GONE("x") "@@ -1,2 +0,0 @@\n-a\n-b\n",
	  "missing 1,1 holds other text than is deleted;",
	  { { "x", "a\nb\nc\n" } } },
	{ "a file deleted with -D",
	  { { "x", "a\nb\n" } },
	  GIT("x") "deleted file mode 100644\nindex 1234567..0000000\n",
	  ";",
	  { { "x", NULL } } },
	{ "a file that is not there",
	  { { NULL, NULL } },
	  MARKS("x") AT(4, 4) FIVE,
	  "missing 4,4 not in the tree;",
	  { { "x", NULL } } },
	{ "a rename with a hunk",
	  { { "x", NINE } },
	  RENAME("x", "y") MARKS("x") AT(4, 4) FIVE,
	  "exact 4,4;",
	  { { "y", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n" } } },
	{ "a rename onto a file",
	  { { "x", NINE }, { "y", "a\n" } },
	  RENAME("x", "y"),
	  " its new name is in the tree already;",
	  { { "y", NULL } } },
	{ "two names change places",
	  { { "x", "x\n" }, { "y", "y\n" } },
	  RENAME("x", "y") RENAME("y", "x"),
	  ";;",
	  { { "y", "x\n" }, { "x", "y\n" } } },
	{ "a mode alone",
	  { { "x", NINE } },
	  GIT("x") "old mode 100644\nnew mode 100755\n",
	  ";",
	  { { "x", NINE } } },
	{ "two diffs to one file",
	  { { "x", NINE } },
	  MARKS("x") AT(4, 4) FIVE MARKS("x") "@@ -4,3 +4,3 @@\n 4\n-five\n"
					      "+V\n 6\n",
	  "exact 4,4;exact 4,4;",
	  { { "x", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n" },
	    { "x", "1\n2\n3\n4\nV\n6\n7\n8\n9\n" } } },
	{ "a new file is changed",
	  { { NULL, NULL } },
	  NEW("n") "@@ -0,0 +1,3 @@\n+a\n+b\n+c\n" MARKS(
		  "n") "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n",
	  "exact 1,1;exact 1,1;",
	  { { "n", "a\nb\nc\n" }, { "n", "a\nB\nc\n" } } },
	{ "a file is made anew before the old one is deleted",
	  { { "x", "a\n" } },
	  NEW("x") "@@ -0,0 +1 @@\n+b\n" GONE("x") "@@ -1 +0,0 @@\n-b\n",
	  "exact 1,1;exact 1,1;",
	  { { "x", "b\n" }, { "x", NULL } } },
	{ "the file has CRs that the patch lost",
	  { { "x", "4\r\n5\r\n6\r\n" } },
	  MARKS("x") "@@ -1,3 +1,3 @@\n" FIVE,
	  "exact 1,1;",
	  { { "x", "4\r\nfive\r\n6\r\n" } } },
	{ "the patch takes CRs away",
	  { { "x", "4\r\n5\r\n6\r\n" } },
	  MARKS("x") "@@ -1,3 +1,3 @@\n 4\r\n-5\r\n+five\n 6\r\n",
	  "exact 1,1;",
	  { { "x", "4\r\nfive\n6\r\n" } } },
	{ "the file ends without newline, the patch does not know",
	  { { "x", "1\n2\n3" } },
	  MARKS("x") "@@ -1,3 +1,3 @@\n 1\n-2\n+two\n 3\n",
	  "missing 1,1;",
	  { { "x", "1\n2\n3" } } },
	{ "the patch gives the file its newline",
	  { { "x", "1\n2" } },
	  MARKS("x") "@@ -1,2 +1,2 @@\n 1\n-2\n\\ No newline at end of file\n"
		     "+2\n",
	  "exact 1,1;",
	  { { "x", "1\n2\n" } } },
	{ "an empty file is filled",
	  { { "x", "" } },
	  GIT("x") MARKS("x") "@@ -0,0 +1 @@\n+a\n",
	  "exact 1,1;",
	  { { "x", "a\n" } } },
	{ "binary",
	  { { "x", "a" } },
	  GIT("x") "Binary files a/x and b/x differ\n",
	  " binary;",
	  { { "x", NULL } } },
	{ "three-way: the context has changed",
	  { { "x", "1\n2\n3\nfour\n5\n6\n7\n8\n9\n" },
	    { "blob/1234567", NINE } },
	  INDEX("x", "1234567")
		  AT(5, 5) " 5\n-6\n+six\n 7\n"
			   "@@ -1,6 +1,7 @@\n 1\n 2\n 3\n 4\n 5\n+5a\n 6\n",
	  "exact 5,5;missing 1,1;",
	  { { "x", "1\n2\n3\nfour\n5\nsix\n7\n8\n9\n" } } },
	{ "three-way: it merges",
	  { { "x", "0\none\n2\n3\n4\n5\n6\n7\n8\n9\n" },
	    { "blob/1234567", NINE } },
	  INDEX("x", "1234567") "@@ -1,5 +1,6 @@\n 1\n 2\n 3\n+3a\n 4\n 5\n"
				"@@ -7,3 +8,3 @@\n 7\n-8\n+eight\n 9\n",
	  "merged 2,2;offset 8,9;",
	  { { "x", "0\none\n2\n3\n3a\n4\n5\n6\n7\neight\n9\n" } } },
	{ "three-way: it is there, with other context",
	  { { "x", "one\n2\n3\n3a\n4\n5\n6\n7\n8\n9\n" },
	    { "blob/1234567", NINE } },
	  INDEX("x", "1234567") "@@ -1,5 +1,6 @@\n 1\n 2\n 3\n+3a\n 4\n 5\n",
	  "present 1,1;",
	  { { "x", "one\n2\n3\n3a\n4\n5\n6\n7\n8\n9\n" } } },
	{ "three-way: a conflict",
	  { { "x", "1\n2\n3\n4\nV\n6\n7\n8\n9\n" }, { "blob/1234567", NINE } },
	  INDEX("x", "1234567") AT(4, 4) FIVE,
	  "missing 4,4;",
	  { { "x", "1\n2\n3\n4\nV\n6\n7\n8\n9\n" } } },
	{ "three-way: the blob is not what the patch was made on",
	  { { "x", "1\n2\n3\n4\nV\n6\n7\n8\n9\n" }, { "blob/1234567", "1\n" } },
	  INDEX("x", "1234567") AT(4, 4) FIVE,
	  "missing 4,4;",
	  { { "x", "1\n2\n3\n4\nV\n6\n7\n8\n9\n" } } },
	{ "three-way: the blob is the tree's",
	  { { "x", "1\n2\n3\n4\nV\n6\n7\n8\n9\n" }, { "blob/eeeeeee", NINE } },
	  INDEX("x", "eeeeeee") AT(4, 4) FIVE,
	  "missing 4,4;",
	  { { "x", "1\n2\n3\n4\nV\n6\n7\n8\n9\n" } } },
	{ "fuzzy: the outer lines of context differ",
	  { { "x", "1\nII\n3\n4\n5\n6\n7\n8\n9\n" } },
	  MARKS("x") "@@ -2,5 +2,5 @@\n 2\n 3\n-4\n+four\n 5\n 6\n",
	  "fuzzy 2,2;",
	  { { "x", "1\nII\n3\nfour\n5\n6\n7\n8\n9\n" } } },
	{ "fuzzy: at the end of the file no longer",
	  { { "x", NINE "10\n" } },
	  MARKS("x") "@@ -6,4 +6,4 @@\n 6\n 7\n 8\n-9\n+nine\n",
	  "fuzzy 6,6;",
	  { { "x", "1\n2\n3\n4\n5\n6\n7\n8\nnine\n10\n" } } },
	{ "fuzzy: one line of context must match on either side",
	  { { "x", "1\n2\nIII\n4\n5\n6\n7\n8\n9\n" } },
	  MARKS("x") "@@ -2,5 +2,5 @@\n 2\n 3\n-4\n+four\n 5\n 6\n",
	  "missing 2,2;",
	  { { "x", "1\n2\nIII\n4\n5\n6\n7\n8\n9\n" } } },
	{ "fuzzy: what is removed must match",
	  { { "x", "1\n2\n3\nIV\n5\n6\n7\n8\n9\n" } },
	  MARKS("x") "@@ -2,5 +2,5 @@\n 2\n 3\n-4\n+four\n 5\n 6\n",
	  "missing 2,2;",
	  { { "x", "1\n2\n3\nIV\n5\n6\n7\n8\n9\n" } } },
	{ "a link is no file",
	  { { "link", NINE } },
	  INDEX("link", "1234567") AT(4, 4) FIVE,
	  "missing 4,4 of another type in the tree;",
	  { { "link", NULL } } },
	{ "a file that was not fetched is missing, the others are not",
	  { { "x", NINE } },
	  MARKS("unfetched") AT(4, 4) FIVE NEW(
		  "unfetched") "@@ -0,0 +1 @@\n+a\n" MARKS("x") AT(4, 4) FIVE,
	  "missing 4,4 not fetched;missing 1,1 not fetched;exact 4,4;",
	  { { "u", NULL },
	    { "u", NULL },
	    { "x", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n" } } },
	{ "below a link there are no files",
	  { { "link", "to" } },
	  NEW("link/n") "@@ -0,0 +1 @@\n+a\n" RENAME("link", "link/m"),
	  "missing 1,1 beyond a symbolic link in the tree;"
	  " beyond a symbolic link in the tree;",
	  { { "n", NULL }, { "m", NULL } } },
	{ "a link becomes a file",
	  { { "link", "to" } },
	  GIT("link") "deleted file mode 120000\n--- a/link\n+++ /dev/null\n"
		      "@@ -1 +0,0 @@\n-to\n\\ No newline at end of file\n" NEW(
			      "link") "@@ -0,0 +1 @@\n+a\n" MARKS("link") "@@ -1 +1 @@\n-a\n+b\n",
	  "exact 1,1;exact 1,1;exact 1,1;",
	  { { "link", NULL }, { "link", "a\n" }, { "link", "b\n" } } },
	{ "a damaged diff: the hunks before the fault",
	  { { "x", NINE } },
	  MARKS("x") AT(4, 4) FIVE "@@ -7,3 +7,3 @@\n 7\n",
	  "exact 4,4;",
	  { { "x", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n" } } },
	{ "a combined diff",
	  { { "x", NINE } },
	  "diff --cc x\nindex 1,2..3\n--- a/x\n+++ b/x\n@@@ -1 -1 +1 @@@\n",
	  " combined diff;",
	  { { "x", NULL } } },
};

static void
show(struct buf *out, const struct applied_file *file)
{
	for (size_t i = 0; i < file->file->nhunks; i++)
		buf_addf(out, "%s%s %u,%u", i ? ";" : "",
			 placing_name(file->hunks[i].how),
			 file->hunks[i].old_line, file->hunks[i].new_line);
	if (file->problem)
		buf_addf(out, " %s", file->problem);
	buf_addch(out, ';');
}

static void
is_text(struct span got, const char *want, const char *what)
{
	tap_line(want ? got.ptr && span_equal(got, span_of(want)) : !got.ptr,
		 what);
	if (want ? !got.ptr || !span_equal(got, span_of(want)) : got.ptr != 0)
		printf("#   got \"%.*s\"\n", (int)got.len, got.ptr);
}

static void
test_case(struct arena *arena, size_t n)
{
	struct tree_texts tree = { .texts = cases[n].tree };
	struct buf verdicts = BUF(4096);
	struct applied applied = { 0 };
	struct patch patch;

	patch_parse(&patch, arena, span_of(cases[n].patch));
	succeeds(apply_patch(&applied, arena, &patch, &tree.tree),
		 cases[n].what);
	for (size_t i = 0; i < patch.nfiles; i++) {
		show(&verdicts, &applied.files[i]);
		is_text(applied.files[i].postimage, cases[n].after[i].text,
			"its post-image");
	}
	is_str(buf_str(&verdicts), cases[n].verdicts, "its verdicts");
	buf_free(&verdicts);
}

static void
test_counts(struct arena *arena)
{
	static const struct text texts[] = { { "x", NINE }, { NULL, NULL } };
	struct tree_texts tree = { .texts = texts };
	struct applied applied = { .base = { .how = BASE_REF } };
	struct patch patch;

	patch_parse(&patch, arena,
		    span_of(MARKS("x") AT(4, 4) FIVE AT(
			    8, 8) " p\n-q\n+r\n s\n" MARKS("y") AT(4, 4) FIVE));
	succeeds(apply_patch(&applied, arena, &patch, &tree.tree), "applies");
	is_int((intmax_t)applied.hunks[PLACING_EXACT], 1, "one exact");
	is_int((intmax_t)applied.hunks[PLACING_MISSING], 2, "two missing");
	is_int(applied.base.how, BASE_REF, "the base is left alone");
	ok(applied.patch == &patch, "the patch is lent");
	is_text(applied.files[0].preimage, NINE, "the pre-image is the tree's");
}

static void
test_no_tree(struct arena *arena)
{
	struct applied applied = { 0 };
	struct patch patch;

	patch_parse(&patch, arena,
		    span_of(MARKS("x") AT(4, 5) FIVE NEW("n") "@@ -0,0 +1 @@\n"
							      "+a\n"));
	succeeds(apply_patch(&applied, arena, &patch, NULL), "without a tree");
	is_int((intmax_t)applied.hunks[PLACING_UNTRIED], 2, "all untried");
	is_int(applied.files[0].hunks[0].old_line, 4, "lines of the header");
	is_int(applied.files[0].hunks[0].new_line, 5, "of both sides");
	is_int(applied.files[1].hunks[0].old_line, 1, "lines start at 1");
	ok(!applied.files[1].postimage.ptr, "no image");
}

static void
test_error(struct arena *arena)
{
	static const struct text texts[] = { { NULL, NULL } };
	struct tree_texts tree = { .texts = texts };
	struct applied applied = { 0 };
	struct patch patch;

	patch_parse(&patch, arena,
		    span_of(MARKS("dir/../unreadable") AT(4, 4) FIVE));
	patch.files[0].old_path = "unreadable";
	fails(apply_patch(&applied, arena, &patch, &tree.tree), ERROR_IO,
	      "broken object", "a tree that can not be read");
	ok(!applied.patch, "leaves the output alone");
}

/* The ceiling of several patches together. */
static const struct error *
read_nine(struct tree_file *out, struct arena *arena, const void *files,
	  const char *path)
{
	(void)arena;
	(void)files;
	(void)path;
	*out = (struct tree_file){ .text = SPAN(NINE) };
	return NULL;
}

static void
test_ceiling(struct arena *arena)
{
	size_t left = 50; /* a pre- and post-image of 18 and 21 */
	struct apply_files files = { .read = read_nine, .left = &left };
	struct applied applied = { 0 };
	struct patch patch;

	patch_parse(&patch, arena,
		    SPAN(MARKS("x") AT(4, 4) FIVE MARKS("y") AT(4, 4)
				 FIVE MARKS("z") AT(4, 4) FIVE));
	succeeds(apply_patch_to(&applied, arena, &patch, &files),
		 "three files");
	is_int((intmax_t)applied.hunks[PLACING_EXACT], 2,
	       "the second passes the ceiling");
	is_int((intmax_t)applied.hunks[PLACING_UNTRIED], 1, "the third one");
	is_str(applied.files[2].problem,
	       "not tried: the patch is too costly to place", "and why");
	is_int((intmax_t)left, 0, "what is left");
}

/* A large file and many hunks, none of which fits: no quadratic loop. */
static void
test_cost(struct arena *arena)
{
	struct buf file = BUF(16 << 20), text = BUF(16 << 20);
	struct text texts[] = { { "x", NULL }, { NULL, NULL } };
	struct tree_texts tree = { .texts = texts };
	struct applied applied = { 0 };
	struct patch patch;
	clock_t begun = clock();

	for (int i = 0; i < 500000; i++)
		buf_addstr(&file, "a\n");
	buf_addstr(&file, "b\n");
	texts[0].text = buf_str(&file);
	buf_addstr(&text, MARKS("x"));
	for (int i = 0; i < 20000; i++)
		buf_addf(&text, "@@ -%d,4 +%d,4 @@\n a\n a\n-b\n+c\n a\n",
			 i * 10 + 3, i * 10 + 3);
	patch_parse(&patch, arena, buf_span(&text));
	succeeds(apply_patch(&applied, arena, &patch, &tree.tree),
		 "20,000 hunks, 500,000 lines");
	is_int((intmax_t)applied.hunks[PLACING_MISSING], 20000, "all missing");
	ok(applied.files[0].problem != NULL, "it says that it gave up");
	ok((clock() - begun) / CLOCKS_PER_SEC < 10, "in time");
	buf_free(&file);
	buf_free(&text);
}

int
main(void)
{
	AUTOFREE(arena) *arena = arena_new();

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		test_case(arena, i);
	test_counts(arena);
	test_no_tree(arena);
	test_error(arena);
	test_ceiling(arena);
	test_cost(arena);
	is_str(placing_name(PLACING_OFFSET), "offset", "a placing's name");
	is_str(base_how_name(BASE_COMMIT), "base-commit", "a base's name");
	is_str(base_how_name(BASE_RANGE), "range", "another");
	return done_testing();
}
