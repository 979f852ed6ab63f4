/* mail_parse(), mail_from_commit() */
#include "bot/mail.h"

#include <dirent.h>

#include "bot/arena.h"
#include "bot/buf.h"
#include "bot/content.h"
#include "bot/header.h"
#include "bot/limits.h"
#include "bot/mime.h"
#include "bot/transfer.h"
#include "tap.h"

#define FROM "From: A <a@b>\n"
#define DIFF "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-old\n+new\n"

static struct arena *arena;

static struct mail
parse(const char *raw)
{
	struct mail mail = { .date = -1 };

	error_free(mail_parse(&mail, arena, span_of(raw)));
	return mail;
}

static void
is_span(struct span got, const char *want, const char *what)
{
	is_str(arena_span(arena, got), want, what);
}

static void
test_headers(void)
{
	struct mail mail = parse(
		"From x@y Mon Sep 17 00:00:00 2001\n"
		"Return-Path: <owner@lists.example>\n"
		"SUBJECT: [PATCH v2\n 1/2] =?utf-8?q?M=C3=BCll?= \xfc\n"
		"message-id:\t<one@b>\nMessage-ID: <two@b>\n"
		"From: \"B, A\" <a@b>\nTo: x@y,\n\tz@y\nCc: v@w\nCc: u@w\n"
		"Date: Thu, 29 Dec 2022 11:13:45 -0000\n"
		"In-Reply-To: Your message of \"today\" <p@b>\n"
		"References: <r1@b> <r2@b>\n\t<r3@b>\n"
		"List-Id: A list <list.example.org>\n"
		"X-Mailer: mutt\nbroken line\nAuto-Submitted: no (really)\n"
		"\nbody\n");

	is_str(mail.msgid, "one@b", "the first Message-ID wins");
	is_str(mail.subject, "[PATCH v2 1/2] M\xc3\xbcll \xc3\xbc",
	       "subject unfolded, decoded, raw bytes taken for windows-1252");
	is_int(mail.prefix.part, 1, "its prefix is read");
	is_str(mail.from.name, "B, A", "from");
	is_int((intmax_t)mail.to.n, 2, "To over two lines");
	is_int((intmax_t)mail.cc.n, 2, "two Cc fields");
	is_int(mail.date, 1672312425, "date");
	is_str(mail.in_reply_to, "p@b", "the id behind prose");
	is_int((intmax_t)mail.references.n, 3, "references");
	is_str(mail.references.v[2], "r3@b", "the last reference");
	is_str(mail.list_id, "list.example.org", "list id");
	is_str(mail.user_agent, "mutt", "user agent");
	ok(!mail.automatic, "Auto-Submitted: no");
	is_span(mail.body, "body\n", "the body behind it all");
}

static void
test_odd_headers(void)
{
	struct mail mail;

	mail = parse(FROM "Message-ID: one@b\nReturn-Path: <>\n");
	is_str(mail.msgid, "one@b", "an id without <>");
	ok(mail.automatic, "an empty return path");
	ok(mail.body.ptr && !mail.body.len, "no body: an empty one");
	is_str(mail.subject, "", "no subject: an empty one");
	is_int(mail.date, 0, "no date");
	mail = parse(FROM "Auto-Submitted: auto-generated; x=y\n\n");
	ok(mail.automatic, "Auto-Submitted: auto-generated");
	ok(!mail.msgid && !mail.in_reply_to && !mail.references.n, "no ids");
	mail = parse("\n>From a b\n" FROM "Date: yesterday\nTo: nobody\n"
		     "References: a@b c@d\n\n");
	is_str(mail.from.addr, "a@b", "blank line and >From in front");
	is_int(mail.date, 0, "a date that is none");
	is_int((intmax_t)mail.to.n, 0, "To without an address");
	is_int((intmax_t)mail.references.n, 2, "references without <>");
	mail = parse("Subject: a\x1b[31mb\tc\r\n\r\nx\r\n");
	is_str(mail.subject, "a[31mb c", "no control characters");
	is_str(mail.from.addr, "", "no From");
}

static const struct {
	const char *what, *raw, *body;
	bool flowed, crlf;
} bodies[] = {
	{ "8-bit bytes stay", FROM "\nJ\xfcrgen\n", "J\xfcrgen\n", 0, 0 },
	{ "a last line gets its newline", FROM "\nx", "x\n", 0, 0 },
	{ "quoted-printable",
	  FROM "Content-Transfer-Encoding: Quoted-Printable\n"
	       "Content-Type: text/plain; charset=iso-8859-1\n"
	       "\n=4a=FCr=\nge=\r\nn =zz =",
	  "J\xfcrgen =zz \n", 0, 0 },
	{ "base64", FROM "Content-Transfer-Encoding: base64\n\nSvxyZ2VuCg==\n",
	  "J\xfcrgen\n", 0, 0 },
	{ "base64 with CRLF",
	  FROM "Content-Transfer-Encoding: base64\n\nYQ0KYg0K\n", "a\nb\n", 0,
	  1 },
	{ "CRLF by transport", "From: a@b\r\n\r\na\r\nb\r\r\n", "a\nb\r\n", 0,
	  1 },
	{ "CRLF lines of a patch", FROM "\na\nb\r\nc\r\n", "a\nb\r\nc\r\n", 0,
	  0 },
	{ "flowed", FROM "Content-Type: text/plain;\n format=\"flowed\"\n\na\n",
	  "a\n", 1, 0 },
	{ "HTML", FROM "Content-Type: text/html\n\n<p>\n", "", 0, 0 },
	{ "several parts",
	  FROM "Content-Type: multipart/mixed; boundary=\"--q\"\n\npreamble\n"
	       "----q\nContent-Type: multipart/alternative; boundary=p\n\n"
	       "--p\n\nplain\n\n--p\nContent-Type: text/html\n\n<p>\n--p--\n"
	       "----q\nContent-Type: application/octet-stream\n"
	       "Content-Disposition: attachment; filename=\"A.PATCH\"\n"
	       "Content-Transfer-Encoding: base64\n\nZGlmZg==\n"
	       "----q\nContent-Type: text/x-diff; format=flowed\n\n+a\n"
	       "----q\nContent-Type: application/gzip; name=x.patch.gz\n\nz\n"
	       "----q\nContent-Type: application/x; name=x.diff.txt\n\n+b\n"
	       "----q\nContent-Type: message/rfc822\n\n" FROM "\ninner\n"
	       "----q--\nepilogue\n",
	  "plain\ndiff\n+a\n+b\n", 1, 0 },
	{ "no parts at all",
	  FROM "Content-Type: multipart/mixed; boundary=q\n\nnothing\n", "", 0,
	  0 },
};

static void
test_bodies(void)
{
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		struct mail mail = parse(bodies[i].raw);

		is_span(mail.body, bodies[i].body, bodies[i].what);
		is_int(mail.format_flowed, bodies[i].flowed, "... flowed");
		is_int(mail.crlf, bodies[i].crlf, "... crlf");
	}
}

static void
test_nul(void)
{
	struct span raw = SPAN(FROM "Subject: a\0b\n\nx\0y\n");
	struct mail mail;

	succeeds(mail_parse(&mail, arena, raw), "NULs are no error");
	is_str(mail.subject, "ab", "none in a subject");
	ok(span_equal(mail.body, SPAN("x\0y\n")), "all in a body");
}

static const struct {
	const char *what, *body, *message, *diff, *author;
} splits[] = {
	{ "message, diffstat and diff", "m\n\nS: t\n---\n f | 1\n\n" DIFF,
	  "m\n\nS: t\n", "---\n f | 1\n\n" DIFF, "a@b" },
	{ "no ---", "m\n\n" DIFF, "m\n\n", DIFF, "a@b" },
	{ "the first --- counts", "m\n--- \nn\n---\n" DIFF, "m\n",
	  "--- \nn\n---\n" DIFF, "a@b" },
	{ "plain diff", "m\n--- a.c\t2020\n+++ b.c\n@@ -1 +1 @@\n", "m\n",
	  "--- a.c\t2020\n+++ b.c\n@@ -1 +1 @@\n", "a@b" },
	{ "Index:", "m\nIndex: f\n=====\n--- f\n+++ f\n", "m\n",
	  "Index: f\n=====\n--- f\n+++ f\n", "a@b" },
	{ "prose is no diff", "m\n--- a\nIndex: x\n---\nn\n",
	  "m\n--- a\nIndex: x\n---\nn\n", "", "a@b" },
	{ "in-body headers",
	  "\nFrom: =?utf-8?q?=C3=9C?= <u@v>\nSubject: x\n y\nDate: z\n\nm\n"
	  "---\n" DIFF,
	  "m\n", "---\n" DIFF, "u@v" },
	{ "a folded in-body From", "From: Very Long\n Name <u@v>\n\nm\n", "m\n",
	  "", "u@v" },
	{ "format-patch's first line",
	  "From 0123456789012345678901234567890123456789 Mon Sep 17\n"
	  "From: u@v\n\nm\n" DIFF,
	  "m\n", DIFF, "u@v" },
	{ "prose that begins like a header", "From now on: x\n\nm\n",
	  "From now on: x\n\nm\n", "", "a@b" },
	{ "an in-body From that is none", "From: me\n\nm\n", "m\n", "", "a@b" },
	{ "scissors", "hi\n-- >8 --\nFrom: u@v\n\nm\n---\n" DIFF, "m\n",
	  "---\n" DIFF, "u@v" },
	{ "scissors in talk", "hi\n-- >8 --\nlog\n-- 8< --\n",
	  "hi\n-- >8 --\nlog\n-- 8< --\n", "", "a@b" },
	{ "commit notice",
	  "The following commit has been merged into the x branch of tip:\n\n"
	  "Commit-ID:     0123456789012345678901234567890123456789\n"
	  "Author:        U <u@v>\nCommitter:     C <c@d>\n\nt\n\nm\n---\n" DIFF,
	  "t\n\nm\n", "---\n" DIFF, "u@v" },
	{ "older commit notice",
	  "Commit-ID:  0123456789012345678901234567890123456789\n"
	  "Gitweb:  https://x\nAuthor:  U <u@v>\n\nt\n",
	  "t\n", "", "u@v" },
	{ "git-show(1)",
	  "commit 0123456789012345678901234567890123456789\n"
	  "Author: U <u@v>\nDate:   now\n\n    t\n\n" DIFF,
	  "    t\n\n", DIFF, "u@v" },
	{ "an upstream commit of stable",
	  "commit 0123456789012345678901234567890123456789 upstream.\n\nm\n",
	  "commit 0123456789012345678901234567890123456789 upstream.\n\nm\n",
	  "", "a@b" },
	{ "nothing", "", "", "", "a@b" },
};

static void
test_splits(void)
{
	for (size_t i = 0; i < sizeof(splits) / sizeof(splits[0]); i++) {
		struct mail mail =
			parse(arena_printf(arena, FROM "\n%s", splits[i].body));

		is_span(mail.message, splits[i].message, splits[i].what);
		is_span(mail.diff, splits[i].diff, "... diff");
		is_str(mail.author.addr, splits[i].author, "... author");
		ok(mail.diff.ptr, "... a diff is never NULL");
	}
}

static const struct {
	const char *what, *body, *trailers;
} trailings[] = {
	{ "a block",
	  "m\nNot: one\n\nFixes: 0123 (\"x\")\n[ me: y ]\nLink: https://x\n"
	  "---\n" DIFF,
	  "Fixes=0123 (\"x\");Link=https://x;" },
	{ "two blocks", "m\n\nFixes: 01\n\nS-o-b: a\n", "Fixes=01;S-o-b=a;" },
	{ "prose", "m\n\nas follows: x\nhttp://x\na::b\n", "" },
	{ "what git adds below the diff",
	  "m\n\nChange-Id: I1\n---\n" DIFF "-- \n2.39\n\n"
	  "base-commit: 0123\nprerequisite-patch-id: 45\n"
	  "> base-commit: 67\nchange-id: 20240101-x\n",
	  "Change-Id=I1;base-commit=0123;prerequisite-patch-id=45;"
	  "change-id=20240101-x;" },
	{ "no line twice", "m\n\nbase-commit: 0123\n", "base-commit=0123;" },
	{ "a notice's",
	  "Commit-ID: 0123456789012345678901234567890123456789\n"
	  "Author: U <u@v>\n\nm\n\nS: t\n",
	  "Commit-ID=0123456789012345678901234567890123456789;"
	  "Author=U <u@v>;S=t;" },
	{ "control characters", "m\n\nS: a\x1b[1m\n", "S=a[1m;" },
};

static void
test_trailers(void)
{
	struct mail mail;

	for (size_t i = 0; i < sizeof(trailings) / sizeof(trailings[0]); i++) {
		const char *got = "";

		mail = parse(
			arena_printf(arena, FROM "\n%s", trailings[i].body));
		for (size_t k = 0; k < mail.ntrailers; k++)
			got = arena_printf(arena, "%s%s=%s;", got,
					   mail.trailers[k].key,
					   mail.trailers[k].value);
		is_str(got, trailings[i].trailers, trailings[i].what);
	}
	mail = parse(FROM "\nm\n\nFixes: a\nLink: b\nfixes: c\n");
	is_str(mail_trailer(&mail, "FIXES", 1), "c", "the second of a key");
	is_str(mail_trailer(&mail, "Fixes", 2), NULL, "no third");
}

static void
test_commit_id(void)
{
	struct mail mail = parse(
		FROM "\nCommit-ID: 0123456789012345678901234567890123456789\n");

	is_str(mail.commit, "0123456789012345678901234567890123456789",
	       "the commit of a notice");
	mail = parse(FROM "\nCommit-ID: 0123456789\n\nm\n");
	is_str(mail.commit, NULL, "an abbreviated oid is none");
}

/* FROM, @n times @piece, @end */
static struct span
repeat(const char *start, const char *piece, size_t n, const char *end)
{
	size_t len = strlen(piece), at = strlen(start);
	char *s = arena_alloc(arena, at + n * len + strlen(end) + 1);

	memcpy(s, start, at);
	for (size_t i = 0; i < n; i++, at += len)
		memcpy(s + at, piece, len);
	memcpy(s + at, end, strlen(end));
	return (struct span){ s, at + strlen(end) };
}

static void
test_faults(void)
{
	struct mail mail = { .date = 17 };

	fails(mail_parse(&mail, arena, SPAN("")), ERROR_NOINPUT, "no header",
	      "nothing");
	fails(mail_parse(&mail, arena, SPAN(DIFF)), ERROR_NOINPUT, "no header",
	      "a bare diff");
	fails(mail_parse(&mail, arena, SPAN("Index: f\n====\nnote: x\n")),
	      ERROR_NOINPUT, "no header", "fields of no mail");
	fails(mail_parse(&mail, arena,
			 repeat(FROM, "a: b\n", LIMIT_MAIL_HEADERS, "\n")),
	      ERROR_INPUT, "header fields", "too many fields");
	fails(mail_parse(&mail, arena,
			 repeat(FROM "X: ", "a", LIMIT_LINE_BYTES, "\n\n")),
	      ERROR_INPUT, "header field of", "too long a field");
	fails(mail_parse(&mail, arena,
			 repeat(FROM "\n", "a", LIMIT_LINE_BYTES + 1, "\n")),
	      ERROR_INPUT, "a line of", "too long a line");
	fails(mail_parse(&mail, arena,
			 repeat(FROM "Message-ID: <", "a", LIMIT_MSGID_BYTES,
				"bc>\n\n")),
	      ERROR_INPUT, "Message-ID", "too long a Message-ID");
	fails(mail_parse(&mail, arena,
			 repeat(FROM "\n", "a\n", LIMIT_MAIL_BYTES / 2, "")),
	      ERROR_INPUT, "larger than", "too large a mail");
	fails(mail_parse(&mail, arena,
			 repeat(FROM "Content-Type: multipart/mixed; "
				     "boundary=a\n\n",
				"--a\n\n", LIMIT_MAIL_PARTS + 1, "--a--\n")),
	      ERROR_INPUT, "parts", "too many parts");
	fails(mail_parse(&mail, arena,
			 repeat(FROM "Content-Type: multipart/mixed; "
				     "boundary=a\n\n",
				"--a\n\n", 1 << 20, "--a--\n")),
	      ERROR_INPUT, "boundary lines", "a great many parts");
	is_int(mail.date, 17, "output untouched on failure");
}

static void
test_nesting(void)
{
	struct buf buf = BUF(1 << 20);
	struct mail mail;

	buf_addstr(&buf, FROM);
	for (int i = 0; i < LIMIT_MAIL_NESTING + 2; i++)
		buf_addf(&buf,
			 "Content-Type: multipart/mixed; boundary=b%d\n"
			 "\n--b%d\n",
			 i, i);
	buf_addstr(&buf, "\nx\n");
	fails(mail_parse(&mail, arena, buf_span(&buf)), ERROR_INPUT, "nested",
	      "parts within parts");
	buf_free(&buf);
}

static void
test_ceilings(void)
{
	struct mail mail = { .date = 0 };

	succeeds(mail_parse(&mail, arena,
			    repeat(FROM "References: <root@x> ", "<r@x> ",
				   LIMIT_REFERENCES * 2, "<last@x>\n\n")),
		 "too many references");
	is_int((intmax_t)mail.references.n, LIMIT_REFERENCES, "... are cut");
	is_str(mail.references.v[0], "root@x", "... the thread's stays");
	is_str(mail.references.v[LIMIT_REFERENCES - 1], "last@x",
	       "... so does the last");
	succeeds(
		mail_parse(&mail, arena,
			   repeat(FROM "\n", "a: b\n", LIMIT_TRAILERS * 2, "")),
		"too many trailers");
	is_int((intmax_t)mail.ntrailers, LIMIT_TRAILERS, "... are cut");
	succeeds(mail_parse(&mail, arena,
			    repeat(FROM "To: ", "a@b, ", LIMIT_MAIL_ADDRESSES,
				   "c@d\nCc: e@f\n\n")),
		 "too many addresses");
	is_int((intmax_t)(mail.to.n + mail.cc.n), LIMIT_MAIL_ADDRESSES,
	       "... are cut");
}

/* The body by mail_parse() and by GMime. */
static bool
both_ways(struct span raw)
{
	struct header header;
	struct content content;
	struct mime_text text;
	struct span body;
	const struct error *err = header_read(&header, &body, arena, raw);

	if (!err)
		err = content_read(&content, arena, &header, body);
	raw.len -= err ? 0 : (size_t)(header.v[0].name.ptr - raw.ptr);
	if (!err)
		err = mime_text(&text, arena,
				(struct span){ header.v[0].name.ptr, raw.len });
	if (err) {
		error_free(err);
		return true;
	}
	return span_equal(content.text, text.body) &&
	       content.flowed == text.flowed && content.crlf == text.crlf;
}

/* Random quoted-printable text of the bytes that matter. */
static void
test_quoted(void)
{
	static const char letters[] = "==\r\n\n aA0fF9g.\t-";
	static const char front[] =
		FROM "Content-Transfer-Encoding: quoted-printable\n\n";
	uint32_t state = 1;
	int differ = 0;

	for (int i = 0; i < 20000; i++) {
		char raw[sizeof(front) + 40];
		size_t n = sizeof(front) - 1;

		memcpy(raw, front, n);
		while (n < sizeof(raw)) {
			state = state * 1664525 + 1013904223;
			raw[n++] =
				letters[(state >> 16) % (sizeof(letters) - 1)];
			if (!(state >> 27))
				break;
		}
		differ += !both_ways((struct span){ raw, n });
	}
	is_int(differ, 0, "quoted-printable as GMime decodes it");
}

static void
compare_file(int *n, int *differ, const char *path)
{
	struct buf buf = BUF(LIMIT_MAIL_BYTES);
	const struct error *err = buf_read_file(&buf, path);

	if (!err) {
		++*n;
		if (!both_ways(buf_span(&buf))) {
			++*differ;
			printf("# %s\n", path);
		}
	}
	error_free(err);
	buf_free(&buf);
}

static void
test_submitter(void)
{
	struct mail mail = parse("From: A <a@b>\nReply-To: c@d\n\nx\n");

	is_str(mail.submitter.addr, "a@b", "whose From is nobody's work");
	mail = parse("From: A via B4 Relay <devnull+a.b@kernel.org>\n"
		     "Reply-To: a@b\n\nFrom: C <c@d>\n\nx\n");
	is_str(mail.submitter.addr, "a@b", "whom a relay hides");
	is_str(mail.author.addr, "c@d", "... who is not the author");
	mail = parse("From: A via L <l@lists.d>\nX-Original-From: A <a@b>\n"
		     "Reply-To: L <l@lists.d>\n\nx\n");
	is_str(mail.submitter.addr, "a@b", "whom a list hides");
	mail = parse("From: A via L <l@lists.d>\n"
		     "Reply-To: L <l@lists.d>\n\nFrom: A <a@b>\n\nx\n");
	is_str(mail.submitter.addr, "a@b", "... and only the text tells");
}

/* Real mails, where there are any. */
static void
test_shared(void)
{
	static const char *const dirs[] = { "corpus/mails/break",
					    "corpus/mails/clean",
					    "corpus/mails/thread",
					    "corpus/quirks/mail",
					    "corpus/quirks/notmuch-lkml/cur" };
	const char *shared = getenv("PVWATCH_SHARED");
	int n = 0, differ = 0;

	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		const char *path = arena_printf(
			arena, "%s/%s", shared ? shared : "../shared", dirs[i]);
		DIR *dir = opendir(path);
		struct dirent *entry;

		while (dir && (entry = readdir(dir)))
			if (entry->d_name[0] != '.')
				compare_file(&n, &differ,
					     arena_printf(arena, "%s/%s", path,
							  entry->d_name));
		if (dir)
			closedir(dir);
	}
	if (!n)
		printf("# SKIP no real mails here\n");
	is_int(differ, 0, "the fast way and GMime's give the same text");
}

static void
test_commit(void)
{
	struct mail_commit commit = {
		.oid = "0123456789012345678901234567890123456789",
		.author = { "U", "u@v" },
		.date = 5,
		.message = SPAN("x86: a\nb\n\nm\n\nFixes: 01\n"),
		.diff = SPAN(DIFF),
	};
	struct mail mail;

	mail_from_commit(&mail, arena, &commit);
	is_str(mail.subject, "x86: a b", "a commit's subject on one line");
	is_str(mail.prefix.title, "x86: a b", "... its title");
	is_span(mail.message, "m\n\nFixes: 01\n", "... its message");
	is_span(mail.diff, "---\n" DIFF, "... its diff");
	is_span(mail.body, "m\n\nFixes: 01\n---\n" DIFF, "... both");
	is_str(mail_trailer(&mail, "Fixes", 0), "01", "... its trailer");
	is_str(mail.author.addr, "u@v", "... its author");
	is_str(mail.commit, commit.oid, "... its oid");
	ok(!mail.msgid && !mail.raw.len && mail.date == 5, "... the rest");
	commit.message = SPAN("");
	commit.diff = SPAN("");
	mail_from_commit(&mail, arena, &commit);
	is_str(mail.subject, "", "an empty commit");
	is_int((intmax_t)mail.diff.len, 0, "... has no diff");
}

int
main(void)
{
	arena = arena_new();
	test_headers();
	test_odd_headers();
	test_bodies();
	test_nul();
	test_splits();
	test_trailers();
	test_commit_id();
	test_faults();
	test_nesting();
	test_ceilings();
	test_quoted();
	test_submitter();
	test_shared();
	test_commit();
	arena_free(arena);
	return done_testing();
}
