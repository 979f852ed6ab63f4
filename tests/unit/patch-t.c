/*
 * The forms in which diffs come by mail. The counts expected are those that
 * git apply --numstat prints for the same bytes, where it reads them at all.
 */
#include "bot/arena.h"
#include "bot/buf.h"
#include "bot/limits.h"
#include "bot/patch.h"
#include "tests/unit/tap.h"

#define GIT(path) "diff --git a/" path " b/" path "\n"
#define MARKS(path) "--- a/" path "\n+++ b/" path "\n"
#define BODY "@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n"
#define X GIT("x.c") "index 1234567..89abcde 100644\n" MARKS("x.c") BODY
#define Y GIT("y.c") "index 1234567..89abcde 100644\n" MARKS("y.c") BODY
/* What X comes out as. */
#define X_READ "modify x.c +1 -1 modes 100644,100644;"
#define Y_READ "modify y.c +1 -1 modes 100644,100644;"

static const struct {
	const char *what, *text, *read;
} cases[] = {
	{ "one file", X, X_READ },
	{ "prose, diffstat, signature and footer around it",
	  "Fix it.\n\nSigned-off-by: A <a@b.c>\n---\n x.c | 2 +-\n"
	  " 1 file changed\n\n" X "-- \n2.39.2\n\n______\nlist mailing list\n",
	  X_READ },
	{ "a signature that looks like a removed line", X "-- \n--- \n",
	  X_READ },
	{ "text right behind", X "+not counted\n-nor this\n", X_READ },
	{ "an index line without mode",
	  GIT("x.c") "index 1234567..89abcde\n" MARKS("x.c") BODY,
	  "modify x.c +1 -1;" },
	{ "no index line", GIT("x.c") MARKS("x.c") BODY, "modify x.c +1 -1;" },
	{ "a full index",
	  GIT("x.c") "index 0123456789abcdef0123456789abcdef01234567.."
		     "89abcdef0123456789abcdef0123456789abcdef 100755\n" MARKS(
			     "x.c") BODY,
	  "modify x.c +1 -1 modes 100755,100755;" },
	{ "a very short index", GIT("x.c") "index abc..def\n" MARKS("x.c") BODY,
	  "modify x.c +1 -1;" },
	{ "mnemonic prefixes",
	  "diff --git i/dir/x.c w/dir/x.c\n--- i/dir/x.c\n+++ w/dir/x.c\n" BODY
	  "diff --git c/dir/x.c o/dir/x.c\n--- c/dir/x.c\n+++ o/dir/x.c\n" BODY,
	  "modify dir/x.c +1 -1;modify dir/x.c +1 -1;" },
	{ "prefixes of several letters",
	  "diff --git old/dir/x.c new/dir/x.c\n--- old/dir/x.c\n+++ new/dir/x.c\n" BODY,
	  "modify dir/x.c +1 -1;" },
	{ "no prefix",
	  "diff --git dir/x.c dir/x.c\n--- dir/x.c\n+++ dir/x.c\n" BODY,
	  "modify dir/x.c +1 -1;" },
	{ "no prefix, no directory",
	  "diff --git Makefile Makefile\n--- Makefile\n+++ Makefile\n" BODY,
	  "modify Makefile +1 -1;" },
	{ "no prefix, a mode alone",
	  "diff --git dir/x dir/x\nold mode 100644\nnew mode 100755\n",
	  "modify dir/x +0 -0 modes 100644,100755;" },
	{ "plain", MARKS("dir/x.c") BODY, "modify dir/x.c +1 -1;" },
	{ "plain, without prefix", "--- dir/x.c\n+++ dir/x.c\n" BODY,
	  "modify dir/x.c +1 -1;" },
	{ "diff -urN with time stamps",
	  "diff -urN linux-5.0.orig/dir/x.c linux-5.0/dir/x.c\n"
	  "--- linux-5.0.orig/dir/x.c\t2019-01-01 10:00:00.0 +0100\n"
	  "+++ linux-5.0/dir/x.c\t2019-01-02 10:00:00.0 +0100\n" BODY,
	  "modify dir/x.c +1 -1;" },
	{ "time stamps behind blanks",
	  "--- a/dir/x.c 2019-01-01 10:00:00.0 +0100\n"
	  "+++ b/dir/x.c Wed Jan  2 10:00:00 2019\n" BODY,
	  "modify dir/x.c +1 -1;" },
	{ "time stamps of the epoch",
	  "--- l.orig/x.c\t1970-01-01 01:00:00.000000000 +0100\n"
	  "+++ l/x.c\t2019-01-02 10:00:00.0 +0100\n@@ -0,0 +1 @@\n+a\n"
	  "--- l.orig/y.c\t2019-01-02 10:00:00.0 +0100\n"
	  "+++ l/y.c\t1969-12-31 19:00:00.0 -0500\n@@ -1 +0,0 @@\n-a\n",
	  "create x.c +1 -0;delete y.c +0 -1;" },
	{ "plain from and to /dev/null",
	  "--- /dev/null\n+++ b/dir/x.c\n@@ -0,0 +1 @@\n+a\n"
	  "--- a/dir/y.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n",
	  "create dir/x.c +1 -0;delete dir/y.c +0 -1;" },
	{ "x.c.orig", "--- dir/x.c.orig\n+++ dir/x.c\n" BODY,
	  "modify dir/x.c +1 -1;" },
	{ "x.c~ behind", "--- a/dir/x.c\n+++ b/dir/x.c~\n" BODY,
	  "modify dir/x.c +1 -1;" },
	{ "quilt",
	  "Index: linux/dir/x.c\n==========\n"
	  "--- linux.orig/dir/x.c\n+++ linux/dir/x.c\n" BODY,
	  "modify dir/x.c +1 -1;" },
	{ "svn",
	  "Index: dir/x.c\n==========\n--- dir/x.c\t(revision 1)\n"
	  "+++ dir/x.c\t(working copy)\n" BODY,
	  "modify dir/x.c +1 -1;" },
	{ "cvs",
	  "Index: dir/x.c\n=====\nRCS file: /cvs/dir/x.c,v\n"
	  "retrieving revision 1.1\ndiff -u -r1.1 x.c\n"
	  "--- dir/x.c\t1 Jan 2001 10:00:00 -0000\t1.1\n"
	  "+++ dir/x.c\t2 Jan 2001 10:00:00 -0000\n" BODY,
	  "modify dir/x.c +1 -1;" },
	{ "a mode alone", GIT("x") "old mode 100644\nnew mode 100755\n",
	  "modify x +0 -0 modes 100644,100755;" },
	{ "a rename alone",
	  "diff --git a/dir/x b/e/y\nsimilarity index 100%\nrename from dir/x\n"
	  "rename to e/y\n",
	  "rename dir/x>e/y +0 -0;" },
	{ "a rename with hunks",
	  "diff --git a/dir/x b/e/y\nsimilarity index 90%\nrename from dir/x\n"
	  "rename to e/y\nindex 1234567..89abcde 100644\n"
	  "--- a/dir/x\n+++ b/e/y\n" BODY,
	  "rename dir/x>e/y +1 -1 modes 100644,100644;" },
	{ "a copy",
	  "diff --git a/x b/y\nsimilarity index 100%\ncopy from x\ncopy to y\n",
	  "copy x>y +0 -0;" },
	{ "a mode and hunks",
	  GIT("x") "old mode 100644\nnew mode 100755\n"
		   "index 1234567..89abcde\n" MARKS("x") BODY,
	  "modify x +1 -1 modes 100644,100755;" },
	{ "a file becomes a link",
	  GIT("x") "deleted file mode 100644\nindex 1234567..0000000\n"
		   "--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n" GIT(
			   "x") "new file mode 120000\n"
				"index 0000000..1234567\n--- /dev/null\n"
				"+++ b/x\n@@ -0,0 +1 @@\n+y\n"
				"\\ No newline at end of file\n",
	  "delete x +0 -1 modes 100644,0;create x +1 -0 modes 0,120000;" },
	{ "a submodule",
	  GIT("sub") "index 1234567..89abcde 160000\n" MARKS(
		  "sub") "@@ -1 +1 @@\n-Subproject commit 1\n"
			 "+Subproject commit 2\n",
	  "modify sub +1 -1 modes 160000,160000;" },
	{ "a binary patch, and a file behind it",
	  GIT("b.bin") "index 1234567..89abcde 100644\nGIT binary patch\n"
		       "literal 3\nKcmZQzWC8#H2LJ>B\n\n"
		       "literal 4\nLcmZQzWMT#Y01f~L\n\n" X,
	  "modify b.bin +0 -0 modes 100644,100644 binary;" X_READ },
	{ "binary files differ",
	  GIT("b.bin") "index 1234567..89abcde 100644\n"
		       "Binary files a/b.bin and b/b.bin differ\n" X,
	  "modify b.bin +0 -0 modes 100644,100644 binary;" X_READ },
	{ "no newline at the end of either side",
	  GIT("x") MARKS("x") "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n"
			      "+b\n\\ Kein Zeilenumbruch am Dateiende.\n",
	  "modify x +1 -1;" },
	{ "a quoted path",
	  "diff --git \"a/dir/\\303\\274\\t\\\"\" \"b/dir/\\303\\274\\t\\\"\"\n"
	  "--- \"a/dir/\\303\\274\\t\\\"\"\n+++ \"b/dir/\\303\\274\\t\\\"\"\n" BODY,
	  "modify dir/\303\274\t\" +1 -1;" },
	{ "a quoted path, a mode alone",
	  "diff --git \"a/\\303\\274\" \"b/\\303\\274\"\n"
	  "old mode 100644\nnew mode 100755\n",
	  "modify \303\274 +0 -0 modes 100644,100755;" },
	{ "one path quoted, one not",
	  "diff --git \"a/\\303\\274\" b/u\nrename from \"\\303\\274\"\n"
	  "rename to u\n",
	  "rename \303\274>u +0 -0;" },
	{ "a path in UTF-8", GIT("dir/\303\274") MARKS("dir/\303\274") BODY,
	  "modify dir/\303\274 +1 -1;" },
	{ "blanks in a path, and git's tab behind it",
	  GIT("a b/c d") "--- a/a b/c d\t\n+++ b/a b/c d\t\n" BODY,
	  "modify a b/c d +1 -1;" },
	{ "blanks in a path, a mode alone",
	  GIT("c d") "old mode 100644\nnew mode 100755\n",
	  "modify c d +0 -0 modes 100644,100755;" },
	{ "an empty new file before another",
	  GIT("e") "new file mode 100644\nindex 0000000..e69de29\n" X,
	  "create e +0 -0 modes 0,100644;" X_READ },
	{ "an empty new file at the end",
	  X GIT("e") "new file mode 100644\nindex 0000000..e69de29\n",
	  X_READ "create e +0 -0 modes 0,100644;" },
	{ "an empty file deleted",
	  GIT("e") "deleted file mode 100644\nindex e69de29..0000000\n",
	  "delete e +0 -0 modes 100644,0;" },
	{ "deleted with -D",
	  GIT("x") "deleted file mode 100644\nindex 1234567..0000000\n" Y,
	  "delete x +0 -0 modes 100644,0;" Y_READ },
	{ "the same file twice", X X, X_READ X_READ },
	{ "prose between two", X "\nand\n\n" Y, X_READ Y_READ },
	{ "a diff that is quoted",
	  "> diff --git a/x b/x\n> --- a/x\n"
	  "> +++ b/x\n> @@ -1 +1 @@\n> -a\n> +b\n",
	  "" },
	{ "prose like a hunk", "@@ -1,2 +3,4 @@ is how it begins\n" X, X_READ },
	{ "prose like a header", "diff --git is what I use\n" X, X_READ },
	{ "a header and nothing behind it", GIT("x") "\nLook at that.\n" X,
	  X_READ },
	{ "rulers of dashes", "--- what\n+++ ever\nI say\n--- a\n\n", "" },
	{ "a long heading",
	  GIT("x.c") MARKS("x.c") "@@ -1,3 +1,3 @@ a very long line that goes "
				  "on and on and on and on and on and on and "
				  "on and on and on and on and on and on and "
				  "on\n one\n-two\n+2\n three\n",
	  "modify x.c +1 -1;" },
	{ "a blank context line, stripped",
	  GIT("x") MARKS("x") "@@ -1,3 +1,3 @@\n\n-two\n+2\n\n-- \n2.3\n",
	  "modify x +1 -1;" },
	{ "a blank context line, stripped, the last of all",
	  GIT("x") MARKS("x") "@@ -1,3 +1,3 @@\n one\n-two\n+2\n\n",
	  "modify x +1 -1;" },
	{ "no newline at the end of the text",
	  GIT("x") MARKS("x") "@@ -1 +1 @@\n-two\n+2", "modify x +1 -1;" },
	{ "dashes and plusses inside a hunk",
	  GIT("x") MARKS("x") "@@ -1,3 +1,3 @@\n one\n--- a/y\n+++ b/y\n"
			      " three\n" Y,
	  "modify x +1 -1;" Y_READ },
	{ "a file with CRLF",
	  GIT("x") MARKS("x") "@@ -1,2 +1,2 @@\n one\r\n-two\r\n+2\r\n",
	  "modify x +1 -1;" },
	{ "all of the mail with CRLF",
	  "diff --git a/x b/x\r\n--- a/x\r\n+++ b/x\r\n@@ -1,3 +1,3 @@ f\r\n"
	  " one\r\n-two\r\n+2\r\n\r\n",
	  "modify x +1 -1;" },
	/* Faults: git refuses all of these mails. */
	{ "a combined diff",
	  "diff --cc x.c\nindex 1,2..3\n--- a/x.c\n+++ b/x.c\n"
	  "@@@ -1,1 -1,1 +1,1 @@@\n- a\n -b\n++c\n" Y,
	  "modify x.c +0 -0 fault combined diff;" Y_READ },
	{ "prose like a combined diff", "diff --cc is for merges\n", "" },
	{ "a wrapped line",
	  GIT("x") MARKS("x") "@@ -1,3 +1,3 @@\n one that is long and was\n"
			      "wrapped\n-two\n+2\n three\n" Y,
	  "modify x +0 -0 fault hunk 1: ends after 1 of 3 lines;" Y_READ },
	{ "the second hunk is cut off",
	  GIT("x") MARKS("x") BODY "@@ -9,3 +9,4 @@\n a\n+b\n b\n",
	  "modify x +1 -1 fault hunk 2: ends after 2 of 3 lines;" },
	{ "new lines are missing",
	  GIT("x") MARKS("x") "@@ -1 +1,4 @@\n a\n+b\n",
	  "modify x +0 -0 fault hunk 1: ends after 2 of 4 new lines;" },
	{ "too many removed lines",
	  GIT("x") MARKS("x") "@@ -1 +1,2 @@\n-a\n-b\n+c\n+d\n",
	  "modify x +0 -0 fault hunk 1: more lines than its header says;" },
	{ "a hunk of context", GIT("x") MARKS("x") "@@ -1 +1 @@\n a\n",
	  "modify x +0 -0 fault hunk 1: changes nothing;" },
	{ "a header of a hunk that is none",
	  GIT("x") MARKS("x") "@@ -1,3 *1,3 @@\n a\n",
	  "modify x +0 -0 fault hunk 1: bad header;" },
	{ "a count of 33 bits",
	  GIT("x") MARKS("x") "@@ -1,4294967296 +1 @@\n a\n",
	  "modify x +0 -0 fault hunk 1: bad header;" },
	{ "a count that no text fills",
	  GIT("x") MARKS("x") "@@ -1,4294967295 +1,4294967295 @@\n a\n",
	  "modify x +0 -0 fault hunk 1: ends after 1 of 4294967295 lines;" },
	{ "hunks were cut off", GIT("x") "index 1..2 100644\n" Y,
	  "modify x +0 -0 modes 100644,100644 fault no hunks;" Y_READ },
	{ "a new file with old lines",
	  GIT("x") "new file mode 100644\n--- /dev/null\n+++ b/x\n" BODY,
	  "create x +1 -1 modes 0,100644 fault a new file with old lines;" },
	{ "both sides absent",
	  "--- /dev/null\n+++ /dev/null\n@@ -1 +1 @@\n-a\n"
	  "+b\n",
	  "" },
	{ "a NUL in a quoted path",
	  "diff --git \"a/x\\000\" \"b/x\\000\"\nold mode 100644\n"
	  "new mode 100755\n",
	  "" },
	{ "an open quote",
	  "diff --git \"a/x b/x\nold mode 100644\nnew mode 100755\n", "" },
	{ "nothing", "", "" },
};

static void
read_file(struct buf *out, const struct patch_file *file)
{
	static const char *const ops[] = { "modify", "create", "delete",
					   "rename", "copy" };
	const char *old = file->old_path, *new = file->new_path;

	buf_addf(out, "%s ", ops[file->op]);
	if (old && new &&strcmp(old, new))
		buf_addf(out, "%s>", old);
	buf_addf(out, "%s +%u -%u", patch_file_path(file), file->added,
		 file->removed);
	if (file->old_mode || file->new_mode)
		buf_addf(out, " modes %o,%o", file->old_mode, file->new_mode);
	if (file->binary)
		buf_addstr(out, " binary");
	if (file->fault)
		buf_addf(out, " fault %s", file->fault);
	buf_addch(out, ';');
}

static void
test_cases(struct arena *arena)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf read = BUF(1 << 16);
		struct patch patch;

		patch_parse(&patch, arena, span_of(cases[i].text));
		for (size_t j = 0; j < patch.nfiles; j++)
			read_file(&read, &patch.files[j]);
		is_str(buf_str(&read), cases[i].read, cases[i].what);
		buf_free(&read);
	}
}

static void
is_line(const struct patch_line *line, enum line_kind kind, const char *text,
	const char *what)
{
	ok(line->kind == kind && span_equal(line->text, span_of(text)), what);
}

static void
test_lines(struct arena *arena)
{
	struct patch patch;
	const struct hunk *hunk;

	patch_parse(&patch, arena,
		    span_of(GIT("x") MARKS(
			    "x") "@@ -7,3 +8 @@ int  f(void) \n a\n-\tb\n"
				 "-c\n\\ No newline at end of file\n"));
	hunk = patch.files[0].hunks;
	is_int(hunk->old_start, 7, "old start");
	is_int(hunk->old_count, 3, "old count");
	is_int(hunk->new_start, 8, "new start");
	is_int(hunk->new_count, 1, "a count that is not there is 1");
	ok(span_equal(hunk->heading, SPAN("int  f(void)")), "heading, trimmed");
	is_int((intmax_t)hunk->nlines, 3, "lines");
	is_line(&hunk->lines[0], LINE_CONTEXT, "a", "a context line");
	is_line(&hunk->lines[1], LINE_REMOVED, "\tb", "a removed line");
	ok(!hunk->lines[1].no_newline, "has a newline");
	ok(hunk->lines[2].no_newline, "has none");
}

static void
test_crlf(struct arena *arena)
{
	struct patch patch;

	patch_parse(&patch, arena,
		    span_of(GIT("x") MARKS("x") "@@ -1 +1 @@\n-a\r\n+b\n"));
	is_line(&patch.files[0].hunks[0].lines[0], LINE_REMOVED, "a\r",
		"a CR of the file stays");
	patch_parse(&patch, arena,
		    span_of("--- a/x\r\n+++ b/x\r\n@@ -1,2 +1,2 @@\r\n-a\r\n"
			    "+b\r\r\n\r\n"));
	is_line(&patch.files[0].hunks[0].lines[0], LINE_REMOVED, "a",
		"a CR of transport goes");
	is_line(&patch.files[0].hunks[0].lines[1], LINE_ADDED, "b\r",
		"of two CRs one was the file's");
	is_line(&patch.files[0].hunks[0].lines[2], LINE_CONTEXT, "",
		"an empty line of transport is an empty context line");
}

static void
test_index(struct arena *arena)
{
	struct patch patch;

	patch_parse(&patch, arena, span_of(X GIT("y") MARKS("y") BODY));
	is_str(patch.files[0].old_oid, "1234567", "the old blob");
	is_str(patch.files[0].new_oid, "89abcde", "the new blob");
	is_str(patch.files[1].old_oid, "", "no blob named");
	ok(span_starts(patch.files[1].header, "diff --git a/y") &&
		   !memcmp(patch.files[1].header.ptr +
				   patch.files[1].header.len - 4,
			   "b/y\n", 4),
	   "the header reaches up to the first hunk");
}

static void
test_nul(struct arena *arena)
{
	static const char text[] = GIT("x") MARKS("x") "@@ -1 +1 @@\n-a\0b\n"
						       "+c\n";
	struct patch patch;

	patch_parse(&patch, arena, SPAN(text));
	is_int((intmax_t)patch.files[0].hunks[0].lines[0].text.len, 3,
	       "a NUL in a line is a byte as any");
}

/* Ceilings: a text of @n times @piece behind @head. */
static void
parse_many(struct patch *out, struct arena *arena, const char *head,
	   const char *piece, size_t n)
{
	struct buf text = BUF(64 << 20);

	buf_addstr(&text, head);
	for (size_t i = 0; i < n; i++)
		buf_addstr(&text, piece);
	patch_parse(out, arena,
		    (struct span){ arena_strndup(arena, text.data, text.len),
				   text.len });
	buf_free(&text);
}

static void
test_ceilings(struct arena *arena)
{
	struct patch patch;

	parse_many(&patch, arena, "", X, LIMIT_PATCH_FILES + 1);
	is_int((intmax_t)patch.nfiles, LIMIT_PATCH_FILES, "so many files");
	ok(patch.truncated, "and no more");
	parse_many(&patch, arena, MARKS("x"), "@@ -1 +1 @@\n-a\n+b\n",
		   LIMIT_PATCH_HUNKS + 1);
	is_int((intmax_t)patch.files[0].nhunks, LIMIT_PATCH_HUNKS,
	       "so many hunks");
	is_str(patch.files[0].fault, "too many hunks", "and no more");
	parse_many(&patch, arena, MARKS("x") "@@ -0,0 +1,9999999 @@\n", "+\n",
		   LIMIT_PATCH_LINES + 1);
	is_str(patch.files[0].fault, "hunk 1: too many lines",
	       "too many lines");
	ok(patch.truncated, "are said to be");
	arena_clear(arena);
	parse_many(&patch, arena, "", "diff --git a/x b/x\n", 100000);
	is_int((intmax_t)patch.nfiles, 0, "headers alone are no files");
	parse_many(&patch, arena, "diff --git ", "a ", 100000);
	is_int((intmax_t)patch.nfiles, 0, "nor is a name without end");
}

int
main(void)
{
	AUTOFREE(arena) *arena = arena_new();

	test_cases(arena);
	test_lines(arena);
	test_crlf(arena);
	test_index(arena);
	test_nul(arena);
	test_ceilings(arena);
	return done_testing();
}
