/* repo: revisions, commits, blobs, ranges and diffs, against git itself */
#include "bot/repo.h"

#include "bot/arena.h"
#include "bot/buf.h"
#include "scratch.h"
#include "tap.h"

/* The leak sanitizer's, when there is one. */
void __lsan_disable(void) __attribute__((weak));
void __lsan_enable(void) __attribute__((weak));

static struct arena *arena;
static struct repo *repo;

/*
 * libgit2 1.5 forgets a few bytes where a regular expression does not match
 * (extensions.* of a repository, HEAD^{/text}) and where its walk fails.
 */
static void
forgive_leaks(bool forgive)
{
	if (forgive && __lsan_disable)
		__lsan_disable();
	if (!forgive && __lsan_enable)
		__lsan_enable();
}

static void
make_repo(void)
{
	sh("git init -q -b master k && cd k && mkdir -p a/b && "
	   "seq 1 40 >a/b/f.c && seq 50 90 >gone.c && printf x >empty-end && "
	   "ln -s a/b/f.c link && git add . && git commit -qm 'root commit' && "
	   "sed -i 's/^20$/twenty/' a/b/f.c && git mv gone.c moved.c && "
	   "echo tail >>moved.c && printf '\\0\\1' >bin && git add . && "
	   "GIT_AUTHOR_DATE='1000000100 +1400' "
	   "git commit -qm 'second: edit and rename' -m 'Body.' && "
	   "git checkout -qb side && echo s >s && git add s && "
	   "git commit -qm side && git checkout -q master && "
	   "printf y >empty-end && "
	   "GIT_COMMITTER_DATE='1000000200 +0000' git commit -qam third && "
	   "GIT_COMMITTER_DATE='1000000300 +0000' "
	   "git merge -q --no-ff -m merged side && git rm -q bin && "
	   "GIT_COMMITTER_DATE='1000000400 +0000' git commit -qm last && "
	   "git tag -am tagged v1 HEAD~1 && git repack -adq");
}

static void
test_open(void)
{
	static const struct {
		const char *path, *what;
		enum repo_open how;
		bool opens;
	} table[] = {
		{ "k", "a worktree", REPO_EXACT, true },
		{ "k/.git", "a git dir", REPO_EXACT, true },
		{ "k/a/b", "no exact repository in a subdirectory", REPO_EXACT,
		  false },
		{ "k/a/b", "the repository around it", REPO_DISCOVER, true },
		{ "linked/a", "around a linked worktree's", REPO_DISCOVER,
		  true },
		{ "plain", "no repository", REPO_DISCOVER, false },
		{ "absent", "no directory", REPO_DISCOVER, false },
		{ "k/link", "a file", REPO_EXACT, false },
	};

	sh("mkdir plain && git -C k worktree add -q ../linked side");
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct repo *r = NULL;
		const struct error *err =
			repo_open(&r, table[i].path, table[i].how);

		if (table[i].opens)
			succeeds(err, table[i].what);
		else
			fails(err, ERROR_NOINPUT, "no git repository",
			      table[i].what);
		repo_free(r);
	}
}

static void
test_extensions(void)
{
	struct repo *r = NULL;

	sh("git init -q sparse && git -C sparse config "
	   "core.repositoryFormatVersion 1 && "
	   "git -C sparse config extensions.worktreeConfig true");
	forgive_leaks(true);
	succeeds(repo_open(&r, "sparse", REPO_EXACT), "sparse checkout opens");
	repo_free(r);
	r = NULL;
	sh("git -C sparse config extensions.newFangled true");
	fails(repo_open(&r, "sparse", REPO_EXACT), ERROR_INPUT, "newfangled",
	      "an unknown format is refused");
	sh("git init -q --object-format=sha256 s256");
	fails(repo_open(&r, "s256", REPO_EXACT), ERROR_INPUT, "s256",
	      "SHA-256 is refused, not misread");
	forgive_leaks(false);
}

static void
test_resolve(void)
{
	static const char *const good[] = { "HEAD", "master~2", "v1", "v1^2",
					    "@{-1}" };
	static const char *const bad[] = {
		"nope",	  "",
		"HEAD:a", "HEAD^{tree}",
		"-1",	  "HEAD~99",
		"..",	  "0000000000000000000000000000000000000000"
	};
	char oid[OID_HEX_SIZE];

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		char *command = xasprintf(
			"git -C k rev-parse --verify '%s^{commit}'", good[i]);
		char *want = sh_line(command);

		succeeds(repo_resolve(oid, repo, good[i]), good[i]);
		is_str(oid, want, "as git resolves it");
		free(want);
		free(command);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		fails(repo_resolve(oid, repo, bad[i]), ERROR_NOINPUT, "",
		      bad[i]);
}

static void
test_commit(void)
{
	char oid[OID_HEX_SIZE];
	struct repo_commit c;

	succeeds(repo_resolve(oid, repo, "v1^1~1"), "second");
	succeeds(repo_commit(&c, arena, repo, oid), "its commit");
	is_str(c.oid, oid, "oid");
	is_str(c.author.name, "A Thor", "author");
	is_str(c.author.addr, "thor@example.org", "address");
	is_int(c.author_date, 1000000100, "author date, zone of +1400");
	is_int(c.commit_date, 1000000000, "commit date");
	is_int((intmax_t)c.nparents, 1, "one parent");
	ok(span_equal(c.message, SPAN("second: edit and rename\n\nBody.\n")),
	   "message");
	succeeds(repo_commit(&c, arena, repo, c.parent), "the root");
	ok(!c.parent && c.nparents == 0, "has no parent");
	fails(repo_commit(&c, arena, repo, "zz"), ERROR_NOINPUT, "zz",
	      "no object name");
	fails(repo_commit(&c, arena, repo,
			  "1234567890123456789012345678901234567890"),
	      ERROR_NOINPUT, "1234567890", "no such commit");
}

/* Old commits carry names in any encoding, hostile ones control characters. */
static void
test_names(void)
{
	char oid[OID_HEX_SIZE];
	struct repo_commit c;

	sh("cd k && git branch -q names && "
	   "h=$({ git cat-file commit HEAD | sed -n 1,2p; "
	   "printf 'author J\\374rgen \\342\\202\\254 \\033[31m \\303 "
	   "<j\\037@x> 5 +0000\\n"
	   "committer C <c@x> 7 +0000\\n\\nmsg\\n'; } | "
	   "git hash-object -t commit -w --stdin) && "
	   "git update-ref refs/heads/names $h");
	succeeds(repo_resolve(oid, repo, "names"), "a commit of odd names");
	succeeds(repo_commit(&c, arena, repo, oid), "is read");
	is_str(c.author.name, "J\303\274rgen \342\202\254  [31m \303\203",
	       "as UTF-8");
	is_str(c.author.addr, "j @x", "without control characters");
}

static void
test_blob(void)
{
	static const struct {
		const char *path, *want;
	} table[] = {
		{ "empty-end", "y" },
		{ "link", "a/b/f.c" },
		{ "a", NULL },
		{ "a/b/none", NULL },
		{ "a/b/f.c/x", NULL },
		{ "", NULL },
		{ "/a/b/f.c", NULL },
		{ "a//b/f.c", NULL },
		{ "a/b/", NULL },
		{ "../k/empty-end", NULL },
		{ "a/../empty-end", NULL },
		{ "sub", NULL },
	};
	char commit[OID_HEX_SIZE], blob[OID_HEX_SIZE];
	struct span got;

	sh("cd k && git update-index --add --cacheinfo "
	   "160000,1234567890123456789012345678901234567890,sub && "
	   "git commit -qm submodule");
	succeeds(repo_resolve(commit, repo, "HEAD"), "HEAD");
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		succeeds(repo_blob_at(&got, arena, blob, repo, commit,
				      table[i].path),
			 table[i].path);
		ok(table[i].want ? span_equal(got, span_of(table[i].want)) &&
					   strlen(blob) == 40
				 : !got.ptr && !blob[0],
		   "its blob, or none");
	}
	succeeds(repo_blob_at(&got, arena, NULL, repo, commit, "a/b/f.c"),
		 "without asking for the oid");
	is_int((intmax_t)got.len, 115, "the whole of it");
}

static void
test_entry(void)
{
	static const struct {
		const char *path;
		uint32_t mode;
	} table[] = {
		{ "a/b/f.c", 0100644 },	   { "link", REPO_SYMLINK },
		{ "sub", REPO_SUBMODULE }, { "a/b", 0 },
		{ "a/b/f.c/g", 0 },	   { "../k", 0 },
	};
	char commit[OID_HEX_SIZE];
	struct repo_entry entry;

	succeeds(repo_resolve(commit, repo, "HEAD"), "HEAD");
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		succeeds(repo_entry_at(&entry, repo, commit, table[i].path),
			 table[i].path);
		is_int(entry.mode, table[i].mode, "its mode");
		ok(!entry.oid[0] == !table[i].mode, "its name, or none");
	}
}

static void
test_blob_named(void)
{
	char *oid = sh_line("git -C k rev-parse HEAD:a/b/f.c");
	char *tree = sh_line("git -C k rev-parse HEAD:a");
	struct span got;

	succeeds(repo_blob(&got, arena, repo, oid), "a whole name");
	is_int((intmax_t)got.len, 115, "its blob");
	fails(repo_blob(&got, arena, repo, tree), ERROR_INPUT, "is no blob",
	      "a tree is none");
	oid[9] = '\0';
	succeeds(repo_blob_named(&got, arena, repo, oid), "a name cut short");
	is_int((intmax_t)got.len, 115, "its blob");
	succeeds(repo_blob_named(&got, arena, repo, tree), "a tree's name");
	ok(!got.ptr, "is that of no blob");
	succeeds(repo_blob_named(&got, arena, repo, "1234567"), "a lost blob");
	ok(!got.ptr, "is none");
	succeeds(repo_blob_named(&got, arena, repo, "HEAD"), "no name at all");
	ok(!got.ptr, "is none");
	free(oid);
	free(tree);
}

/* Newest first, as "git rev-list --no-merges" has it. */
static void
test_recent(void)
{
	char *want = sh_line("git -C k rev-list --no-merges v1~0 | "
			     "grep -v $(git -C k rev-list --max-parents=0 v1) "
			     "| tr '\\n' ' '; echo");
	char commit[OID_HEX_SIZE];
	const char *got = "";
	struct oids oids;

	succeeds(repo_resolve(commit, repo, "v1"), "a merge");
	succeeds(repo_recent(&oids, arena, repo, commit, 100), "behind it");
	for (size_t i = 0; i < oids.n; i++)
		got = arena_printf(arena, "%s%s ", got, oids.v[i]);
	is_str(got, want, "neither merges nor the root");
	succeeds(repo_recent(&oids, arena, repo, commit, 2), "two of them");
	is_int((intmax_t)oids.n, 1, "one of which is the merge");
	free(want);
}

/* Directories "a/" and their files, but no b below the first level. */
static bool
wants_shallow(void *arg, const char *path)
{
	++*(int *)arg;
	return strcmp(path, "a/b/") != 0;
}

static bool
wants_all(void *arg, const char *path)
{
	return arg || path;
}

static void
test_files(void)
{
	struct repo_files files;
	char oid[OID_HEX_SIZE], tree[OID_HEX_SIZE];
	char *want = sh_line("git -C k rev-parse 'HEAD^{tree}'");
	struct span text;
	int asked = 0;

	succeeds(repo_resolve(oid, repo, "HEAD"), "HEAD");
	succeeds(repo_files(&files, arena, repo, oid, wants_all, NULL),
		 "its files");
	is_str(files.tree, want, "the tree's name");
	succeeds(repo_tree_oid(tree, repo, oid), "alone");
	is_str(tree, want, "the same");
	free(want);
	is_str(files.n ? files.v[0].path : "", "a/b/f.c", "the first of them");
	for (size_t i = 1; i < files.n; i++)
		ok(strcmp(files.v[i - 1].path, files.v[i].path) < 0 &&
			   strcmp(files.v[i].path, "link") != 0,
		   "in order, and no symbolic link");
	succeeds(repo_blob(&text, arena, repo, files.v[0].oid), "its text");
	ok(span_starts(text, "1\n2\n"), "is there");
	succeeds(repo_files(&files, arena, repo, oid, wants_shallow, &asked),
		 "some files");
	ok(files.n && strcmp(files.v[0].path, "a/b/f.c") != 0 && asked > 2,
	   "without those of a directory");
	fails(repo_files(&files, arena, repo,
			 "0000000000000000000000000000000000000000", wants_all,
			 NULL),
	      ERROR_NOINPUT, "0000", "files of no commit");
}

static void
test_blob_ceiling(void)
{
	char commit[OID_HEX_SIZE];
	struct span got;

	sh("cd k && git checkout -qb big && truncate -s 33M big.bin && "
	   "git add big.bin && git commit -qm big && git checkout -q master");
	succeeds(repo_resolve(commit, repo, "big"), "a commit with 33 MiB");
	fails(repo_blob_at(&got, arena, NULL, repo, commit, "big.bin"),
	      ERROR_INPUT, "larger than", "past the ceiling");
	sh("cd k && git branch -qD big");
}

/* The oids of @range, one a line, are what git-rev-list(1) says. */
static void
check_range(struct repo *r, const char *dir, const char *range,
	    const char *args)
{
	CLEANUP(buf_free) struct buf got = BUF(1 << 20);
	char *command = xasprintf("git -C %s rev-list --reverse --date-order "
				  "%s | tr '\\n' ' '; echo",
				  dir, args);
	char *want = sh_line(command);
	struct oids oids;

	succeeds(repo_range(&oids, arena, r, range), range);
	for (size_t i = 0; i < oids.n; i++)
		buf_addf(&got, "%s ", oids.v[i]);
	is_str(buf_str(&got), want, "as git-rev-list lists it");
	free(want);
	free(command);
}

static void
test_range(void)
{
	struct oids oids;

	check_range(repo, "k", "v1~2..HEAD", "v1~2..HEAD");
	check_range(repo, "k", "master..side", "master..side");
	check_range(repo, "k", "side..", "side..HEAD");
	sh("git -C k branch -q --set-upstream-to=side master 2>/dev/null");
	check_range(repo, "k", "@{upstream}..HEAD", "side..HEAD");
	check_range(repo, "k", "master", "side..master");
	fails(repo_range(&oids, arena, repo, "side"), ERROR_NOINPUT,
	      "no upstream", "a branch without one");
	fails(repo_range(&oids, arena, repo, "side...HEAD"), ERROR_USAGE,
	      "A..B", "a symmetric difference");
	fails(repo_range(&oids, arena, repo, "nope..HEAD"), ERROR_NOINPUT,
	      "nope", "an unknown end");
	sh("git -C k branch -q --unset-upstream master");
}

static void
test_shallow(void)
{
	char oid[OID_HEX_SIZE];
	struct repo_commit c;
	struct repo *r = NULL;

	sh("git init -q -b master line && cd line && for i in 1 2 3 4 5 6; do "
	   "echo $i >f && git add f && git commit -qm c$i; done && cd .. && "
	   "git clone -q --depth 3 \"file://$PWD/line\" shallow");
	succeeds(repo_open(&r, "shallow", REPO_EXACT), "a shallow clone");
	forgive_leaks(true);
	check_range(r, "shallow", "HEAD~1..HEAD", "HEAD~1..HEAD");
	check_range(r, "shallow", "HEAD~2..HEAD", "HEAD~2..HEAD");
	forgive_leaks(false);
	succeeds(repo_resolve(oid, r, "HEAD~2"), "its last commit");
	succeeds(repo_commit(&c, arena, r, oid), "is there");
	ok(!c.parent && c.nparents == 1, "its parent is not");
	repo_free(r);
}

static struct span
slurp(const char *path)
{
	CLEANUP(buf_free) struct buf text = BUF(1 << 24);

	error_free(buf_read_file(&text, path));
	return (struct span){ arena_strndup(arena, buf_str(&text), text.len),
			      text.len };
}

/* What git-show(1) prints for @rev, against what we have. */
static void
check_diff(const char *rev)
{
	char oid[OID_HEX_SIZE];
	struct span got = { NULL, 0 };

	sh("git -C k show --format= --full-index -M --first-parent -m %s^0 "
	   "| sed 's/^similarity index.*%%/similarity/' >want.diff",
	   rev);
	succeeds(repo_resolve(oid, repo, rev), "resolved");
	succeeds(repo_commit_diff(&got, arena, repo, oid, REPO_RENAMES),
		 "its diff");
	/* Each has its own measure. */
	put_bytes("got.diff", got.ptr, got.len);
	sh("sed -i 's/^similarity index.*%%/similarity/' got.diff");
	sh("diff -u want.diff got.diff | sed 's/^/# /'");
	got = slurp("got.diff");
	ok(span_equal(got, slurp("want.diff")), "as git-show prints it");
}

static void
test_diff(void)
{
	static const char *const revs[] = { "v1^1~1", "v1^1",	"v1",
					    "HEAD~1", "v1^1~2", "modes" };

	sh("cd k && git checkout -qb modes && chmod +x a/b/f.c && "
	   "printf 'int f(void)\\n{\\n' >h.c && seq 1 30 >>h.c && "
	   ": >'empty new' && rm link && printf '\\303\\244' >link && "
	   "git add -A . && git commit -qm base && sed -i 's/^15$/x/' h.c && "
	   "git mv a/b/f.c 'a/b/\303\274.c' && git commit -qam modes && "
	   "git checkout -q master");
	for (size_t i = 0; i < sizeof(revs) / sizeof(revs[0]); i++)
		check_diff(revs[i]);
	check_diff("modes~1");
}

static void
test_diff_ceiling(void)
{
	char oid[OID_HEX_SIZE];
	struct span got;

	sh("git init -q -b master many && cd many && mkdir d && cd d && "
	   "seq 1 10001 | xargs touch && git add . && git commit -qm many");
	struct repo *r = NULL;
	succeeds(repo_open(&r, "many", REPO_EXACT), "a commit of 10,001 files");
	succeeds(repo_resolve(oid, r, "HEAD"), "resolved");
	fails(repo_commit_diff(&got, arena, r, oid, REPO_RENAMES), ERROR_INPUT,
	      "more than 10000 files", "past the ceiling");
	repo_free(r);
}

static void
test_spec(void)
{
	static const struct {
		const char *spec, *dir, *rev;
	} table[] = {
		{ "k", "k", NULL },
		{ "k:HEAD", "k", "HEAD" },
		{ "co:lon", "co:lon", NULL },
		{ "co:lon:v1:x", "co:lon", "v1:x" },
		{ "nowhere:v1", "nowhere:v1", NULL },
		{ "k:", "k", "" },
	};

	sh("mkdir co:lon");
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const char *rev;
		char *dir = repo_spec(&rev, table[i].spec);

		is_str(dir, table[i].dir, table[i].spec);
		is_str(rev, table[i].rev, "its revision");
		free(dir);
	}
}

/* The git data of all files below a directory, as one hash. */
static char *
fingerprint(void)
{
	return sh_line("find k/.git linked shallow -type f -print0 | sort -z | "
		       "xargs -0 sha1sum | sha1sum");
}

int
main(void)
{
	char *before, *after;

	scratch_enter();
	arena = arena_new();
	make_repo();
	succeeds(repo_open(&repo, "k", REPO_EXACT), "open");
	test_open();
	test_extensions();
	test_resolve();
	test_commit();
	test_names();
	test_blob();
	test_entry();
	test_blob_named();
	test_recent();
	test_files();
	test_blob_ceiling();
	test_range();
	test_shallow();
	test_spec();
	test_diff();
	test_diff_ceiling();

	before = fingerprint();
	test_resolve();
	test_commit();
	after = fingerprint();
	is_str(after, before, "the repository is not written to");
	free(before);
	free(after);
	repo_free(repo);
	arena_free(arena);
	return done_testing();
}
