/* source: what every kind yields, in which order, and how it goes on */
#include "bot/source.h"

#include <fcntl.h>
#include <stdint.h>

#include "bot/arena.h"
#include "bot/buf.h"
#include "bot/limits.h"
#include "bot/repo.h"
#include "bot/source-ops.h"
#include "scratch.h"
#include "tap.h"

/* Open @spec and write down what comes: "mail:<text>|", "deleted:<text>|",
   "fault:<class>|", "commit:<message>|"; at most @max items. */
static void
read_open(struct buf *out, struct source *source, int max)
{
	struct arena *arena = arena_new();
	struct source_item item;

	while (max-- > 0) {
		const struct error *err;

		arena_clear(arena);
		err = source_next(&item, arena, source);
		if (err) {
			buf_addf(out, "error:%s|", err->message);
			error_free(err);
			break;
		}
		if (item.kind == SOURCE_END)
			break;
		if (item.kind == SOURCE_FAULT) {
			buf_addf(out, "fault:%d|", item.fault->class);
			error_free(item.fault);
		} else if (item.kind == SOURCE_COMMIT) {
			buf_addf(out, "commit:%.*s|",
				 (int)item.commit.message.len - 1,
				 item.commit.message.ptr);
		} else {
			buf_addf(out, "%s:%.*s|",
				 item.kind == SOURCE_MAIL ? "mail" : "deleted",
				 (int)item.raw.len, item.raw.ptr);
		}
	}
	arena_free(arena);
}

static struct source *
open_source(const char *spec, const char *cursor)
{
	struct source *source = NULL;

	succeeds(source_open(&source, spec, cursor), spec);
	if (!source)
		scratch_bail(spec);
	return source;
}

/* All that @spec yields behind @cursor; the cursor reached replaces *reached.
 */
static void
yields(const char *spec, const char *cursor, const char *want, char **reached)
{
	CLEANUP(buf_free) struct buf got = BUF(1 << 20);
	struct source *source = open_source(spec, cursor);
	char *end;

	read_open(&got, source, INT32_MAX);
	is_str(buf_str(&got), want, "what it yields");
	end = source_cursor(source) ? xstrdup(source_cursor(source)) : NULL;
	source_close(source);
	if (reached) {
		free(*reached);
		*reached = end;
	} else {
		free(end);
	}
}

#define FROM(who) "From " who " Thu Jan  1 00:00:00 1970\n"
#define GIT_FROM(digit) \
	"From " digit "123456789012345678901234567890123456789" \
	" Mon Sep 17 00:00:00 2001\n"

static void
test_mbox(void)
{
	static const struct {
		const char *what, *text, *want;
	} table[] = {
		{ "one mail", "A: b\n\nFrom here on\n",
		  "mail:A: b\n\nFrom here on\n|" },
		{ "a mail with a patch pasted behind a blank line",
		  "A: b\n\n" GIT_FROM("0") "S: x\n\n",
		  "mail:A: b\n\n" GIT_FROM("0") "S: x\n\n|" },
		{ "blank lines first", "\n\r\nA: b\n\nx", "mail:A: b\n\nx|" },
		{ "blank lines first, then an mbox",
		  "\n\n" FROM("mboxrd@z") "A: b\n", "mail:A: b\n|" },
		{ "empty", "", "" },
		{ "one newline", "\n", "" },
		{ "one mail of git-format-patch", GIT_FROM("a") "A: b\n\nx\n\n",
		  "mail:A: b\n\nx\n|" },
		{ "two, without a blank line between",
		  GIT_FROM("a") "A: b\n\nx\n" GIT_FROM("b") "C: d\n\ny\n",
		  "mail:A: b\n\nx\n|mail:C: d\n\ny\n|" },
		{ "git quotes nothing", GIT_FROM("a") "A: b\n\n>From x\n",
		  "mail:A: b\n\n>From x\n|" },
		{ "mboxrd",
		  FROM("mboxrd@z") "A: b\n\n>From x\n>>From y\n>>>From z\n"
				   ">Fromage\n> From w\n\n" FROM(
					   "mboxrd@z") "C: d\n\n\n\n",
		  "mail:A: b\n\nFrom x\n>From y\n>>From z\n>Fromage\n"
		  "> From w\n|mail:C: d\n\n\n|" },
		{ "no blank line, no separator",
		  FROM("a@b") "A: b\n\nx\n" FROM("c@d") "y\n",
		  "mail:A: b\n\nx\n" FROM("c@d") "y\n|" },
		{ "prose that begins like one",
		  FROM("a@b") "A: b\n\nFrom now on at 10:15 I sleep\n\n"
			      "From 2001 to 2003 Mon\n\nFrom\n\n"
			      "From me\n",
		  "mail:A: b\n\nFrom now on at 10:15 I sleep\n\n"
		  "From 2001 to 2003 Mon\n\nFrom\n\nFrom me\n|" },
		{ "a first line that is only near a separator",
		  "From ate016\nA: b\n", "mail:A: b\n|" },
		{ "dates of all kinds",
		  "From a@b Fri Oct 22 11:51:02 +0200 2010\nA: 1\n\n"
		  "From b  Thu Sep 15 14:06 2016\nA: 2\n\n"
		  "From c Sun Apr 07 23:09:09 CEST 2019\nA: 3\n\n"
		  "From d Sun Apr 7 23:09:09 2019 remote from x\nA: 4\n\n"
		  "From \"e\tf\" Sun, 7 Apr 2019 3:09:09 +0000\nA: 5\n",
		  "mail:A: 1\n|mail:A: 2\n|mail:A: 3\n|mail:A: 4\n|"
		  "mail:A: 5\n|" },
		{ "CRLF",
		  "From a@b Fri Oct 22 11:51:02 2010\r\nA: 1\r\n\r\n>From x\r\n"
		  "\r\nFrom a@b Fri Oct 22 11:51:02 2010\r\nA: 2\r\n\r\n\r\n",
		  "mail:A: 1\r\n\r\nFrom x\r\n|mail:A: 2\r\n\r\n|" },
		{ "a separator and nothing else", FROM("a@b"), "mail:|" },
		{ "two separators in a row are one mail",
		  FROM("a@b") FROM("c@d") "A: b\n",
		  "mail:" FROM("c@d") "A: b\n|" },
		{ "no newline at the end", FROM("a@b") "A: b\n\nx",
		  "mail:A: b\n\nx|" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		printf("# %s\n", table[i].what);
		put("box", table[i].text);
		yields("box", NULL, table[i].want, NULL);
	}
}

/* The same from a pipe, a byte at a time for the reader. */
static void
test_stdin(void)
{
	static const char text[] = FROM("a@b") "A: 1\n\n" FROM("a@b") "A: 2\n";
	int keep = dup(STDIN_FILENO), ends[2];

	if (pipe(ends) || write(ends[1], text, sizeof(text) - 1) < 0)
		scratch_bail("pipe");
	close(ends[1]);
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	yields("-", NULL, "mail:A: 1\n|mail:A: 2\n|", NULL);
	ok(fcntl(STDIN_FILENO, F_GETFD) >= 0, "standard input stays open");
	dup2(keep, STDIN_FILENO);
	close(keep);
}

/* A mail past the ceiling costs itself; NUL and 8-bit bytes cost nothing. */
static void
test_large(void)
{
	FILE *file = fopen("large", "w");
	struct source *source;
	struct arena *arena = arena_new();
	struct source_item item;

	fputs(FROM("a@b") "A: 1\n\n", file);
	for (int i = 0; i < LIMIT_MAIL_BYTES / 64; i++)
		fputs("0123456789012345678901234567890123456789"
		      "01234567890123456789012\n",
		      file);
	fputs("\n" FROM("c@d") "A: 2\n\n", file);
	for (int i = 0; i < 300000; i++) /* longer than any window */
		putc(i ? i % 251 == 10 ? 0 : i % 251 : 'x', file);
	fputs("\n\n" FROM("e@f") "A: 3\n", file);
	fclose(file);

	source = open_source("large", NULL);
	succeeds(source_next(&item, arena, source), "a mail past the ceiling");
	is_int(item.kind, SOURCE_FAULT, "is a fault");
	fails(item.fault, ERROR_INPUT, "larger than", "that says why");
	succeeds(source_next(&item, arena, source), "the next");
	is_int(item.kind, SOURCE_MAIL, "is a mail");
	is_int((intmax_t)item.raw.len, 6 + 300000 + 1, "with all its bytes");
	ok(memchr(item.raw.ptr, '\0', item.raw.len) != NULL, "NUL among them");
	ok(!strncmp(item.where, "large:33", 8), "named by its offset");
	succeeds(source_next(&item, arena, source), "and the next");
	ok(span_equal(item.raw, SPAN("A: 3\n")), "too");
	source_close(source);
	sh("tail -c +100 large >one");
	yields("one", NULL, "fault:65|", NULL);
	arena_free(arena);
}

static void
test_maildir(void)
{
	struct source *source;

	sh("mkdir -p md/cur/sub md/new md/tmp && mkfifo md/new/5.pipe && "
	   "printf 'A: 3\\n' >md/cur/3.x:2,S && printf 'A: 1\\n' >md/new/1.x && "
	   "printf 'A: 2\\n' >md/cur/2.x:2, && printf 'A: 9\\n' >md/tmp/9 && "
	   "printf 'From x\\nA: 4\\n' >'md/cur/4 \n\033[m' && : >md/new/6.empty "
	   "&& ln -s /nowhere md/cur/7.dangling && printf x >md/cur/.hidden && "
	   "truncate -s 33M md/cur/8.large");
	yields("md", NULL,
	       "mail:A: 1\n|mail:A: 2\n|mail:A: 3\n|mail:From x\nA: 4\n|"
	       "fault:65|fault:66|fault:65|",
	       NULL);
	source = open_source("md", NULL);
	is_int(source_left(source), 9, "how many there may be");
	ok(!source_cursor(source), "no cursor");
	ok(!source_repo(source), "no repository");
	source_close(source);
	sh("mkdir -p only/cur && printf 'A: 1\\n' >only/cur/1");
	yields("only/", NULL, "mail:A: 1\n|", NULL);
}

static void
test_where(void)
{
	struct source *source = open_source("md", NULL);
	struct arena *arena = arena_new();
	struct source_item item;

	for (int i = 0; i < 4; i++)
		succeeds(source_next(&item, arena, source), "next");
	is_str(item.where, "md/cur/4 ??[m", "a hostile name is tamed");
	source_close(source);
	arena_free(arena);
}

static void
test_directory(void)
{
	sh("mkdir -p dir/z.patch && printf 'A: 1\\n' >dir/1.eml && "
	   "printf '" FROM("a@b") "A: 2\\n\\n" FROM(
		   "a@b") "A: 3\\n' "
			  ">dir/2.mbox && printf -- '--- a\\n' >dir/3.patch && "
			  "printf x >dir/4.txt && printf x >dir/.5.patch && : >dir/6.mbox && "
			  ": >dir/7.eml && printf x >dir/.patch && "
			  "printf 'A: 8\\n' >'dir/8 -rf *;\n.eml'");
	yields("dir", NULL,
	       "mail:A: 1\n|mail:A: 2\n|mail:A: 3\n|mail:--- a\n|fault:65|"
	       "mail:A: 8\n|fault:65|",
	       NULL);
}

/* A commit to epoch @dir whose tree holds @name with @text. */
static void
put_mail(const char *dir, const char *name, const char *text)
{
	sh("cd %s && b=$(printf '%s' | git hash-object -w --stdin) && "
	   "t=$(printf '100644 blob %%s\\t%s\\n' $b | git mktree) && "
	   "p=$(git rev-parse -q --verify HEAD | sed 's/^/-p /') && "
	   "git update-ref HEAD $(echo m | git commit-tree $t $p)",
	   dir, text, name);
}

static void
test_epoch(void)
{
	char *cursor = NULL;

	sh("git init -q --bare -b master e/7.git");
	yields("e/7.git", NULL, "", &cursor);
	is_str(cursor, "", "nothing read, nothing in the cursor");
	put_mail("e/7.git", "m", "one");
	put_mail("e/7.git", "m", "two");
	yields("e/7.git", cursor, "mail:one|mail:two|", &cursor);
	ok(!strncmp(cursor, "7:", 2) && strlen(cursor) == 42,
	   "the cursor names epoch and commit");
	yields("e/7.git/", cursor, "", &cursor);
	put_mail("e/7.git", "d", "one");
	put_mail("e/7.git", "x", "not ours");
	put_mail("e/7.git", "m", "three");
	yields("e/7.git", cursor, "deleted:one|mail:three|", &cursor);
	put_mail("e/7.git", "x", "not ours");
	yields("e", cursor, "", &cursor);
	yields("e", cursor, "", NULL);
	free(cursor);
}

/* A cursor in the middle: what a batch stored before the program died. */
static void
test_epoch_resumed(void)
{
	CLEANUP(buf_free) struct buf got = BUF(1 << 10);
	struct source *source;
	char *cursor;

	source = open_source("e/7.git", NULL);
	is_int(source_left(source), 6, "commits left");
	read_open(&got, source, 2);
	is_str(buf_str(&got), "mail:one|mail:two|", "two of them");
	is_int(source_left(source), 4, "then fewer");
	cursor = xstrdup(source_cursor(source));
	source_close(source);
	yields("e/7.git", cursor, "deleted:one|mail:three|", NULL);
	free(cursor);
	yields("e/7.git", "nonsense 7:12 7:xyz 99999999999999999999:",
	       "mail:one|mail:two|deleted:one|mail:three|", NULL);
}

/* public-inbox-purge and -edit make history anew. */
static void
test_epoch_rewritten(void)
{
	char *cursor = NULL;

	sh("git init -q --bare -b master rw.git");
	put_mail("rw.git", "m", "one");
	put_mail("rw.git", "m", "two");
	put_mail("rw.git", "m", "three");
	yields("rw.git", NULL, "mail:one|mail:two|mail:three|", &cursor);
	sh("git -C rw.git update-ref HEAD HEAD~2");
	put_mail("rw.git", "m", "TWO");
	yields("rw.git", cursor, "mail:TWO|", &cursor);
	yields("rw.git", cursor, "", &cursor);
	sh("cd rw.git && git update-ref HEAD "
	   "$(echo n | git commit-tree HEAD^{tree} -p HEAD~1)");
	yields("rw.git", cursor, "", NULL);
	/* The old one is gone: its blobs are not known any more. */
	sh("git -C rw.git reflog expire --all --expire=now && "
	   "git -C rw.git gc -q --prune=now");
	yields("rw.git", cursor, "mail:one|mail:TWO|", NULL);
	free(cursor);
}

static void
test_epoch_shallow(void)
{
	char *cursor = NULL;

	sh("git clone -q --bare --depth 2 \"file://$PWD/e/7.git\" sh.git");
	yields("sh.git", NULL, "mail:three|", &cursor);
	put_mail("e/7.git", "m", "four");
	sh("git -C sh.git fetch -q origin master:master");
	yields("sh.git", cursor, "mail:four|", NULL);
	free(cursor);
}

static void
test_epochs(void)
{
	char *cursor = NULL, *before;

	sh("mkdir -p list/git && git init -q --bare list/all.git && "
	   "for i in 0 2 10; do git init -q --bare -b master list/git/$i.git; "
	   "done && mkdir list/git/x.git list/git/3.gitx");
	put_mail("list/git/10.git", "m", "ten");
	put_mail("list/git/0.git", "m", "zero");
	yields("list", NULL, "mail:zero|mail:ten|", &cursor);
	put_mail("list/git/2.git", "m", "two");
	put_mail("list/git/0.git", "d", "zero");
	before = xstrdup(cursor);
	yields("list/git", cursor, "deleted:zero|mail:two|", &cursor);
	ok(!strncmp(cursor, "0:", 2) && strstr(cursor, " 2:") &&
		   strstr(cursor, " 10:"),
	   "the cursor names all epochs");
	yields("list", cursor, "", NULL);
	sh("mv list/git/0.git hidden && mkdir list/git/0.git");
	yields("list", before, "fault:66|mail:two|", &cursor);
	sh("rmdir list/git/0.git");
	yields("list", cursor, "", &cursor);
	sh("mv hidden list/git/0.git");
	yields("list", cursor, "deleted:zero|", NULL);
	free(before);
	free(cursor);
}

/* Objects that are broken or gone cost themselves. */
static void
test_epoch_broken(void)
{
	char *cursor = NULL;

	sh("git init -q --bare -b master br.git");
	put_mail("br.git", "m", "one");
	put_mail("br.git", "m", "two");
	put_mail("br.git", "m", "three");
	put_mail("br.git", "m", "four");
	sh("cd br.git && o() { h=$(git rev-parse $1) && echo "
	   "objects/$(echo $h | cut -c1-2)/$(echo $h | cut -c3-); } && "
	   "rm -f $(o HEAD~1:m) && chmod u+w $(o HEAD~2:m) && "
	   "printf garbage >$(o HEAD~2:m)");
	yields("br.git", NULL, "mail:one|fault:65|fault:65|mail:four|",
	       &cursor);
	yields("br.git", cursor, "", NULL);
	sh("cd br.git && h=$(git rev-parse HEAD~2) && rm -f "
	   "objects/$(echo $h | cut -c1-2)/$(echo $h | cut -c3-)");
	yields("br.git", NULL, "fault:65|fault:65|mail:four|", NULL);
	free(cursor);
}

static void
test_git(void)
{
	struct arena *arena = arena_new();
	struct source *source;
	struct source_item item;
	char *parent;

	sh("git init -q -b master w && cd w && echo 1 >a && git add a && "
	   "git commit -qm root && git mv a b && git commit -qm rename && "
	   "echo 2 >>b && git commit -qam change");
	yields("git:w:HEAD~2..HEAD", NULL, "commit:rename|commit:change|",
	       NULL);
	yields("git:w:HEAD~1", NULL, "commit:rename|", NULL);
	yields("git:w:HEAD~2", NULL, "commit:root|", NULL);
	yields("git:w:HEAD..HEAD", NULL, "", NULL);

	source = open_source("git:w:HEAD~2..HEAD~1", NULL);
	is_int(source_left(source), 1, "one left");
	ok(source_repo(source) != NULL, "it has a repository");
	ok(!source_cursor(source), "it keeps no cursor");
	succeeds(source_next(&item, arena, source), "the rename");
	parent = sh_line("git -C w rev-parse HEAD~2");
	is_str(item.parent, parent, "its parent");
	is_str(item.commit.author.addr, "thor@example.org", "its author");
	is_int(item.commit.date, 1000000000, "its date");
	ok(memmem(item.commit.diff.ptr, item.commit.diff.len,
		  "rename from a\nrename to b\n", 26) != NULL,
	   "its diff is a rename");
	free(parent);
	source_close(source);
	arena_free(arena);
}

static void
test_refused(void)
{
	static const struct {
		const char *spec, *part;
		enum error_class class;
	} table[] = {
		{ "absent", "absent", ERROR_NOINPUT },
		{ "", "needs a name", ERROR_USAGE },
		{ "notmuch:", "missing", ERROR_USAGE },
		{ "notmuch: ", "missing", ERROR_USAGE },
		{ "notmuch:a) or (b", "open", ERROR_USAGE },
		{ "notmuch:subject:\"x", "open", ERROR_USAGE },
		{ "@name", "configuration", ERROR_USAGE },
		{ "https://example.org/x", "fetched", ERROR_USAGE },
		{ "lore:x", "fetched", ERROR_USAGE },
		{ "plain", "no cur/", ERROR_NOINPUT },
		{ "w/.git", "no public-inbox epoch", ERROR_USAGE },
		{ "git:w", "A..B", ERROR_USAGE },
		{ "git:", "no git repository", ERROR_NOINPUT },
		{ "git:absent:A..B", "absent", ERROR_NOINPUT },
		{ "git:w:nope", "nope", ERROR_NOINPUT },
		{ "git:w:nope..HEAD", "nope", ERROR_NOINPUT },
		{ "git:plain:HEAD", "no git repository", ERROR_NOINPUT },
	};

	sh("mkdir plain");
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct source *source = NULL;

		fails(source_open(&source, table[i].spec, NULL), table[i].class,
		      table[i].part, table[i].spec);
	}
}

int
main(void)
{
	scratch_enter();
	test_mbox();
	test_stdin();
	test_large();
	test_maildir();
	test_where();
	test_directory();
	test_epoch();
	test_epoch_resumed();
	test_epoch_rewritten();
	test_epoch_shallow();
	test_epochs();
	test_epoch_broken();
	test_git();
	test_refused();
	return done_testing();
}
