/* tree: which commit is the base, and what was tried on the way */
#include "bot/tree.h"

#include <strings.h>

#include "bot/arena.h"
#include "bot/mail.h"
#include "bot/repo.h"
#include "bot/strlist.h"
#include "scratch.h"
#include "tap.h"

/* Weak: the tests of mail are elsewhere; here any trailer lookup will do. */
__attribute__((weak)) const char *
mail_trailer(const struct mail *mail, const char *key, size_t nth)
{
	for (size_t i = 0; i < mail->ntrailers; i++)
		if (!strcasecmp(mail->trailers[i].key, key) && !nth--)
			return mail->trailers[i].value;
	return NULL;
}

static struct arena *arena;

/* Three releases a thousand seconds apart, "file" naming each. */
static void
make_tree(void)
{
	sh("git init -q -b master linux && cd linux && mkdir sub && "
	   "for i in 1 2 3; do "
	   "echo v$i >file && echo s >sub/s && git add . && "
	   "GIT_COMMITTER_DATE=\"@${i}000 +0000\" git commit -qm v$i && "
	   "git tag v$i; done && git init -q -b master ../other && "
	   "cd ../other && echo other >file && echo m >MAINTAINERS && "
	   "git add . && GIT_COMMITTER_DATE='@9000 +0000' git commit -qm o && "
	   "git tag w:1 2>/dev/null || true");
}

static const struct error *
open_trees(struct trees **out, const char *specs)
{
	struct strlist list = STRLIST;
	const struct error *err;
	char *copy = xstrdup(specs), *rest = copy, *word;

	while ((word = strsep(&rest, " ")) != NULL)
		if (*word)
			strlist_add(&list, word);
	err = trees_open(out, &list);
	strlist_free(&list);
	free(copy);
	return err;
}

static const char *
attempts_of(const struct base *base)
{
	const char *text = "";

	for (size_t i = 0; i < base->nattempts; i++)
		text = arena_printf(arena, "%s%s=%s;", text,
				    base->attempts[i].rev,
				    base->attempts[i].outcome);
	return text;
}

static void
test_base(void)
{
	char *v2 = sh_line("git -C linux rev-parse v2");
	char *short_v2 = xstrndup(v2, 12);
	static const char gone[] = "1111111111111111111111111111111111111111";
	struct {
		const char *what, *specs, *base_commit;
		int64_t date;
		enum base_how how;
		const char *content; /* of "file" in the base; NULL: none */
		const char *attempts;
	} table[] = {
		{ "base-commit", "linux:v3", v2, 3500, BASE_COMMIT, "v2\n",
		  xasprintf("%s=chosen;", v2) },
		{ "base-commit, cut short", "linux:v3", short_v2, 3500,
		  BASE_COMMIT, "v2\n", xasprintf("%s=chosen;", short_v2) },
		{ "base-commit of the second repository", "other linux:v3", v2,
		  3500, BASE_COMMIT, "v2\n", xasprintf("%s=chosen;", v2) },
		{ "base-commit nobody has", "linux:v3", gone, 3500, BASE_REF,
		  "v3\n",
		  xasprintf("%s=not in the repository;v3=chosen;", gone) },
		{ "base-commit that is a revision", "linux:v3", "v1", 3500,
		  BASE_REF, "v3\n", xstrdup("v1=no object name;v3=chosen;") },
		{ "hostile base-commit", "linux:v3", "@{-1}^{/v1}:file", 3500,
		  BASE_REF, "v3\n",
		  xstrdup("@{-1}^{/v1}:file=no object name;v3=chosen;") },
		{ "by date", "linux:v3 linux:v2 linux:v1", NULL, 2500, BASE_REF,
		  "v2\n", xstrdup("v3=newer than the patch;v2=chosen;") },
		{ "of its very second", "linux:v3 linux:v2", NULL, 3000,
		  BASE_REF, "v3\n", xstrdup("v3=chosen;") },
		{ "older than all", "linux:v3 linux:v2", NULL, 500, BASE_REF,
		  "v3\n",
		  xstrdup("v3=newer than the patch;v2=newer than the patch;"
			  "v3=chosen: none is older than the patch;") },
		{ "without a date", "linux:v2 linux:v3", NULL, 0, BASE_REF,
		  "v2\n", xstrdup("v2=chosen: the patch has no date;") },
		{ "HEAD by default", "linux", NULL, 3500, BASE_REF, "v3\n",
		  xstrdup("HEAD=chosen;") },
		{ "a subdirectory", "linux/sub:v1", NULL, 3500, BASE_REF,
		  "v1\n", xstrdup("v1=chosen;") },
		{ "no tree", "", NULL, 3500, BASE_NONE, NULL, xstrdup("") },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct trailer trailer = { "Base-Commit",
					   table[i].base_commit };
		struct mail mail = { .date = table[i].date,
				     .trailers = &trailer,
				     .ntrailers =
					     table[i].base_commit != NULL };
		struct patch patch = { 0 };
		const struct patch *patches = &patch;
		AUTOFREE(trees) *trees = NULL;
		struct tree tree = { 0 };
		struct base base;
		struct span file = { NULL, 0 };

		succeeds(open_trees(&trees, table[i].specs), table[i].what);
		succeeds(trees_base(&tree, &base, arena,
				    *table[i].specs ? trees : NULL,
				    &(struct base_query){ &mail, &patches, 1 }),
			 "a base");
		is_int(base.how, table[i].how, "how");
		is_str(attempts_of(&base), table[i].attempts, "attempts");
		ok(!tree.repo == !table[i].content, "a tree or none");
		if (tree.repo) {
			is_str(base.commit, tree.commit, "its commit");
			succeeds(tree_blob(&file, arena, &tree, "file"),
				 "a blob");
			ok(span_equal(file, span_of(table[i].content)),
			   "of that commit");
		}
		free((void *)(uintptr_t)table[i].attempts);
	}
	free(v2);
	free(short_v2);
}

/* The base for @text, a diff, with @trailers, among @specs. */
static void
check_base(const char *specs, struct trailer *trailers, size_t n,
	   const char *text, enum base_how how, const char *attempts,
	   const char *what)
{
	struct mail mail = { .date = 3500,
			     .trailers = trailers,
			     .ntrailers = n };
	struct patch first, second;
	const struct patch *patches[] = { &first, &second };
	struct base_query query = { &mail, patches, 2 };
	AUTOFREE(trees) *trees = NULL;
	struct tree tree = { 0 };
	struct base base;

	patch_parse(&first, arena, span_of(text));
	/* A second patch, on the first: what it found is in no tree. */
	patch_parse(&second, arena,
		    SPAN("diff --git a/file b/file\nindex 7777777..8888888 "
			 "100644\n--- a/file\n+++ b/file\n@@ -1 +1 @@\n-v9\n"
			 "+v10\n"));
	succeeds(open_trees(&trees, specs), "trees");
	succeeds(trees_base(&tree, &base, arena, trees, &query), what);
	is_int(base.how, how, "how");
	is_str(attempts_of(&base), attempts, "attempts");
}

#define INDEX(path, oid) \
	"diff --git a/" path " b/" path "\nindex " oid "..9999999 100644\n" \
	"--- a/" path "\n+++ b/" path "\n@@ -1 +1 @@\n-v2\n+v9\n"

static void
test_index(void)
{
	char *v2 = sh_line("git -C linux rev-parse --short=9 v2:file");
	char *text = xasprintf("diff --git a/file b/file\nindex %s..9999999 "
			       "100644\n--- a/file\n+++ b/file\n"
			       "@@ -1 +1 @@\n-v2\n+v9\n",
			       v2);
	char *both = xasprintf("%s%s", text, INDEX("none", "1234567"));
	char *made = xasprintf("diff --git a/n b/n\nnew file mode 100644\n"
			       "index 0000000..1234567\n--- /dev/null\n"
			       "+++ b/n\n@@ -0,0 +1 @@\n+n\n%s",
			       text);

	check_base("linux:v3 linux:v2 linux:v1", NULL, 0, text, BASE_INDEX,
		   "v3=has another file;v2=chosen;",
		   "the tree with the pre-image");
	check_base("linux:v3 linux:v2", NULL, 0, both, BASE_REF,
		   "v3=has another file;v2=has no none;v3=chosen;",
		   "a tree with one of two");
	check_base("linux:v2", NULL, 0, made, BASE_INDEX, "v2=chosen;",
		   "a new file has none");
	check_base("linux:v3", NULL, 0, INDEX("../file", "1234567"), BASE_REF,
		   "v3=has no ../file;v3=chosen;", "a path out of the tree");
	free(v2);
	free(text);
	free(both);
	free(made);
}

static void
test_prerequisite(void)
{
	char *id = sh_line("git -C linux show v2 | "
			   "git -C linux patch-id --stable | cut -c1-40");
	char *oid = sh_line("git -C linux rev-parse v2");
	static char none[] = "1111111111111111111111111111111111111111";
	struct trailer both[] = { { "prerequisite-patch-id", id },
				  { "prerequisite-patch-id", none } };
	struct trailer base[] = { { "base-commit", oid },
				  { "prerequisite-patch-id", id } };

	check_base("linux:v3", both, 1, "", BASE_PREREQUISITE,
		   arena_printf(arena, "%s=chosen;", id),
		   "the commit that a prerequisite became");
	check_base("other linux:v3", both, 2, "", BASE_PREREQUISITE,
		   arena_printf(arena, "%s=chosen: number 1 of 2;", id),
		   "the last that is there");
	check_base("linux:v1", both, 2, "", BASE_REF,
		   arena_printf(arena,
				"%s=none of 2 is a recent commit of a ref;"
				"v1=has another file;v1=chosen;",
				none),
		   "none that is there");
	check_base("linux:v3", base, 2, "", BASE_COMMIT,
		   arena_printf(arena, "%s=chosen;", oid),
		   "a base-commit that is there counts more");
	free(id);
	free(oid);
}

static void
test_newest(void)
{
	AUTOFREE(trees) *trees = NULL;
	struct span text;
	int64_t date;

	succeeds(open_trees(&trees, "linux:v1 other:HEAD linux:v3"), "refs");
	succeeds(trees_newest_file(&text, &date, arena, trees, "MAINTAINERS"),
		 "a file of the newest ref");
	ok(span_equal(text, SPAN("m\n")), "is that of the other repository");
	is_int(date, 9000, "its date");
	succeeds(trees_newest_file(&text, &date, arena, trees, ".mailmap"),
		 "a file that is not there");
	ok(!text.ptr, "is none");
	succeeds(trees_newest_file(&text, &date, arena, NULL, "x"), "no tree");
	ok(!text.ptr, "has none");
}

static void
test_refused(void)
{
	static const struct {
		const char *specs, *part;
	} table[] = {
		{ "absent", "absent" },
		{ "linux:v9", "linux:v9" },
		{ "linux linux:", "linux:" },
		{ "linux:v1^{tree}", "linux:v1^{tree}" },
		{ "absent:v1", "absent:v1" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct trees *trees = NULL;

		fails(open_trees(&trees, table[i].specs), ERROR_NOINPUT,
		      table[i].part, table[i].specs);
	}
}

int
main(void)
{
	scratch_enter();
	arena = arena_new();
	make_tree();
	test_base();
	test_index();
	test_prerequisite();
	test_newest();
	test_refused();
	arena_free(arena);
	return done_testing();
}
