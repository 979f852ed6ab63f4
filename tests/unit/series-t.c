/* series_find(), series_link(): what was posted together, and what before */
#include "bot/series.h"

#include <sys/stat.h>

#include "bot/alloc.h"
#include "bot/arena.h"
#include "bot/buf.h"
#include "bot/mail.h"
#include "bot/patch.h"
#include "bot/source.h"
#include "tap.h"

#define DIFF "---\ndiff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-o\n+n\n"
enum { MAILS_MAX = 64 };

static struct arena *arena;

/* One mail of a table; what is not said is left out of it. */
struct post {
	const char *id, *subject, *answers, *from;
	int minutes; /* of the day */
	const char *body;
};

struct mails {
	struct series_mail v[MAILS_MAX];
	size_t n;
};

static void
take(struct mails *mails, struct span raw)
{
	struct mail *mail = ARENA_NEW(arena, struct mail);
	struct patch patch;
	const char *why;

	if (mails->n == MAILS_MAX || mail_parse(mail, arena, raw))
		return;
	patch_parse(&patch, arena, mail->diff);
	mails->v[mails->n].mail = mail;
	mails->v[mails->n++].kind = kind_of_mail(&why, mail, &patch);
}

static void
post(struct mails *mails, const struct post *p)
{
	const char *head = "", *body = p->body ? p->body : "Text.\n" DIFF;

	if (p->id)
		head = arena_printf(arena, "Message-ID: <%s>\n", p->id);
	if (p->answers)
		head = arena_printf(arena, "%sIn-Reply-To: <%s>\n", head,
				    p->answers);
	take(mails, span_of(arena_printf(
			    arena,
			    "From: %s\nSubject: %s\n%s"
			    "Date: Mon, 3 Mar 2025 %02d:%02d:00 +0000\n\n%s",
			    p->from ? p->from : "A <a@example.org>", p->subject,
			    head, p->minutes / 60, p->minutes % 60, body)));
}

static void
describe(struct buf *out, const struct series_list *list,
	 const struct series *series)
{
	size_t n;
	const size_t *patches = series_patches(&n, arena, list, series);

	buf_addf(out, "%sv%u:", out->len ? "; " : "", series->version);
	if (series->cover != SERIES_NONE)
		buf_addf(out, " %s", list->mails[series->cover].mail->msgid);
	buf_addstr(out, " |");
	for (size_t i = 0; i < n; i++)
		buf_addf(out, " %s",
			 list->mails[patches[i]].mail->msgid
				 ? list->mails[patches[i]].mail->msgid
				 : "-");
	if (!series_complete(list, series))
		buf_addstr(out, " ...");
	if (series->before)
		for (size_t i = 0; i < list->n; i++)
			if (list->v[i] == series->before)
				buf_addf(out, " after %zu", i + 1);
}

static const char *
sorted(const struct mails *mails)
{
	CLEANUP(buf_free) struct buf out = BUF(1 << 16);
	struct series_list list;

	series_find(&list, arena, mails->v, mails->n);
	series_link(&list);
	for (size_t i = 0; i < list.n; i++)
		describe(&out, &list, list.v[i]);
	return arena_strdup(arena, buf_str(&out));
}

#define COVER "0 files\n\n 2 files changed, 2 insertions(+)\n"

/* "v1: cover | patches ... after 1": "..." when parts are missing. */
static const struct {
	const char *what, *want;
	struct post posts[12];
} cases[] = {
	{ "one patch",
	  "v1: | a",
	  { { .id = "a", .subject = "[PATCH] x", .minutes = 1 } } },
	{ "a series below its cover letter",
	  "v2: c | a b",
	  { { "c", "[PATCH v2 0/2] x", NULL, NULL, 1, "c\n" },
	    { "b", "[PATCH v2 2/2] z", "c", NULL, 3, NULL },
	    { "a", "[PATCH v2 1/2] y", "c", NULL, 2, NULL } } },
	{ "the number sticks to the word",
	  "v1: | a b",
	  { { "a", "[PATCH1/2] y", NULL, NULL, 1, NULL },
	    { "b", "[PATCH2/2] z", "a", NULL, 2, NULL } } },
	{ "a release is no version",
	  "v1: | a b",
	  { { "a", "[PATCH for-7.2 1/2] y", NULL, NULL, 1, NULL },
	    { "b", "[PATCH for-7.2 2/2] z", "a", NULL, 2, NULL } } },
	{ "a pull request that quotes a patch",
	  "",
	  { { "p", "[GIT PULL] [PATCH 1/2] y", NULL, NULL, 1, "none\n" } } },
	{ "the cover letter comes late",
	  "v1: c | a b",
	  { { "a", "[PATCH 1/2] y", "c", NULL, 2, NULL },
	    { "b", "[PATCH 2/2] z", "c", NULL, 3, NULL },
	    { "c", "[PATCH 0/2] x", NULL, NULL, 1, "c\n" } } },
	{ "a part is missing",
	  "v1: c | b ...",
	  { { "c", "[PATCH 0/2] x", NULL, NULL, 1, "c\n" },
	    { "b", "[PATCH 2/2] z", "c", NULL, 3, NULL } } },
	{ "one person's series in reply to another's",
	  "v1: c | a b; v1: | d e",
	  { { "c", "[PATCH 0/2] x", NULL, NULL, 1, "c\n" },
	    { "a", "[PATCH 1/2] y", "c", NULL, 2, NULL },
	    { "b", "[PATCH 2/2] z", "c", NULL, 3, NULL },
	    { "d", "[PATCH 1/2] p", "c", "B <b@example.org>", 90, NULL },
	    { "e", "[PATCH 2/2] q", "d", "B <b@example.org>", 91, NULL } } },
	{ "v2 in reply to v1",
	  "v1: | a b; v2: | d e after 1",
	  { { "a", "[PATCH 1/2] y", NULL, NULL, 1, NULL },
	    { "b", "[PATCH 2/2] z", "a", NULL, 2, NULL },
	    { "d", "[PATCH v2 1/2] y", "a", NULL, 9, NULL },
	    { "e", "[PATCH v2 2/2] z", "a", NULL, 10, NULL } } },
	{ "a partial re-roll",
	  "v1: c | a b; v2: | a e after 1",
	  { { "c", "[PATCH 0/2] x", NULL, NULL, 1, "c\n" },
	    { "a", "[PATCH 1/2] y", "c", NULL, 2, NULL },
	    { "b", "[PATCH 2/2] z", "c", NULL, 3, NULL },
	    { "r", "Re: [PATCH 2/2] z", "b", "B <b@x>", 4, "No.\n" },
	    { "e", "[PATCH v2 2/2] z", "r", NULL, 10, NULL } } },
	{ "the first part alone again is no re-roll of the second",
	  "v1: | a b; v2: | e ... after 1",
	  { { "a", "[PATCH 1/2] y", NULL, NULL, 2, NULL },
	    { "b", "[PATCH 2/2] z", "a", NULL, 3, NULL },
	    { "e", "[PATCH v2 1/2] y", NULL, NULL, 10, NULL } } },
	{ "a minor version of two parts replaces them",
	  "v3: | a b d; v3: | a e f after 1",
	  { { "a", "[PATCHv3 1/3] y", NULL, NULL, 2, NULL },
	    { "b", "[PATCHv3 2/3] z", "a", NULL, 3, NULL },
	    { "d", "[PATCHv3 3/3] w", "a", NULL, 4, NULL },
	    { "e", "[PATCHv3.1 2/3] z", "b", NULL, 10, NULL },
	    { "f", "[PATCHv3.1 3/3] w", "d", NULL, 11, NULL } } },
	{ "an extra part, whatever it says of their number",
	  "v1: | a b d",
	  { { "a", "[PATCH 1/2] y", NULL, NULL, 2, NULL },
	    { "b", "[PATCH 2/2] z", "a", NULL, 3, NULL },
	    { "d", "[PATCH 3/3] w", "a", NULL, 10, NULL } } },
	{ "nothing threads them",
	  "v1: | a b; v1: | d e after 1",
	  { { "a", "[PATCH 1/2] y", NULL, NULL, 2, NULL },
	    { "b", "[PATCH 2/2] z", NULL, NULL, 3, NULL },
	    { "d", "[PATCH 1/2] y", NULL, NULL, 62, NULL },
	    { "e", "[PATCH 2/2] z", NULL, NULL, 63, NULL } } },
	{ "a part hours later that nothing threads",
	  "v1: | a ...; v1: | b ...",
	  { { "a", "[PATCH 1/2] y", NULL, NULL, 2, NULL },
	    { "b", "[PATCH 2/2] z", NULL, NULL, 300, NULL } } },
	{ "a naked cover letter",
	  "v1: c | a b",
	  { { "c", "[RFC] x", NULL, NULL, 1, COVER },
	    { "a", "[PATCH 1/2] y", "c", NULL, 2, NULL },
	    { "b", "[PATCH 2/2] z", "c", NULL, 3, NULL } } },
	{ "the same mail over two lists, once under another id",
	  "v1: | a b",
	  { { "a", "[PATCH 1/2] y", NULL, NULL, 2, NULL },
	    { "b", "[PATCH 2/2] z", "a", NULL, 3, NULL },
	    { "b", "[PATCH 2/2] z", "a", NULL, 3, NULL },
	    { "k", "[PATCH 1/2] y", NULL, NULL, 2, NULL } } },
	{ "a resend is a posting of its own",
	  "v1: | a b; v1: | d e after 1",
	  { { "a", "[PATCH 1/2] y", NULL, NULL, 2, NULL },
	    { "b", "[PATCH 2/2] z", "a", NULL, 3, NULL },
	    { "d", "[PATCH RESEND 1/2] y", NULL, NULL, 5, NULL },
	    { "e", "[PATCH RESEND 2/2] z", "d", NULL, 6, NULL } } },
	{ "a lost part, sent again",
	  "v1: | a b",
	  { { "a", "[PATCH 1/2] y", NULL, NULL, 2, NULL },
	    { "b", "[PATCH RESEND 2/2] z", "a", NULL, 300, NULL } } },
	{ "relays and lists put their own address into From",
	  "v1: | a b d",
	  { { "a", "[PATCH 1/3] y", NULL, "A <a@example.org>", 2, NULL },
	    { "b", "[PATCH 2/3] z", NULL,
	      "A via B4 Relay <devnull+a.example.org@kernel.org>", 3, NULL },
	    { "d", "[PATCH 3/3] w", NULL,
	      "A via L <l@lists.example>\nReply-To: A <a@example.org>", 4,
	      NULL } } },
	{ "another address for the parts, at once",
	  "v1: c | a b",
	  { { "c", "[PATCH 0/2] x", NULL, NULL, 1, "c\n" },
	    { "a", "[PATCH 1/2] y", "c", "A <a@home.example>", 1, NULL },
	    { "b", "[PATCH 2/2] z", "c", "A <a@home.example>", 2, NULL } } },
	{ "a change-id tells more than a title",
	  "v1: | a; v3: | b after 1",
	  { { "a", "[PATCH] y", NULL, NULL, 1, "change-id: 2025-x\n" DIFF },
	    { "b", "[PATCH v3] other", NULL, "B <b@example.org>", 900,
	      "change-id: 2025-x\n" DIFF } } },
	{ "a title says that it is another one",
	  "v1: | a; v2: | b",
	  { { "a", "[PATCH] x86: do it", NULL, NULL, 1, NULL },
	    { "b", "[PATCH v2] arm: undo that", NULL, NULL, 900, NULL } } },
	{ "a title may change a little",
	  "v1: | a; v2: | b after 1",
	  { { "a", "[PATCH] x86/mm: fix the broken page table walk", NULL, NULL,
	      1, NULL },
	    { "b", "[PATCH v2] x86/mm: fix a broken page table walk", NULL,
	      NULL, 900, NULL } } },
	{ "nobody has sent them yet",
	  "v1: | - -",
	  { { NULL, "[PATCH 1/2] y", NULL, NULL, 2, NULL },
	    { NULL, "[PATCH 2/2] z", NULL, "B <b@example.org>", 900, NULL } } },
	{ "mails that answer each other in a circle",
	  "v1: | a b",
	  { { "a", "[PATCH 1/2] y", "b", NULL, 2, NULL },
	    { "b", "[PATCH 2/2] z", "a", NULL, 3, NULL } } },
};

static void
test_cases(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct mails mails = { .n = 0 }, back = { .n = 0 };

		for (const struct post *p = cases[i].posts; p->subject; p++)
			post(&mails, p);
		for (size_t k = mails.n; k--;)
			back.v[back.n++] = mails.v[k];
		is_str(sorted(&mails), cases[i].want, cases[i].what);
		/* Which of two copies stands for both is its order. */
		if (!strstr(cases[i].what, "same mail"))
			is_str(sorted(&back), cases[i].want,
			       "... in the reverse order");
	}
}

static void
test_newest(void)
{
	static const struct post posts[] = {
		{ "a", "[PATCH] y", NULL, NULL, 1, NULL },
		{ "b", "[PATCH v3] y", "a", NULL, 2, NULL },
		{ "c", "[PATCH v2] y", "a", NULL, 3, NULL },
		{ "d", "[PATCH v9] unlike", NULL, NULL, 4, NULL },
	};
	struct mails mails = { .n = 0 };
	struct series_list list;

	for (size_t i = 0; i < sizeof(posts) / sizeof(posts[0]); i++)
		post(&mails, &posts[i]);
	series_find(&list, arena, mails.v, mails.n);
	series_link(&list);
	is_int(series_newest(&list, list.of[0])->version, 3,
	       "the highest version, whenever it came");
	is_int((intmax_t)list.parent[1], 0, "what it answers");
}

/* One mail that claims more parts than there can be. */
static void
test_hostile(void)
{
	struct mails mails = { .n = 0 };

	for (int i = 0; i < MAILS_MAX; i++)
		post(&mails,
		     &(struct post){
			     .id = arena_printf(arena, "m%d", i),
			     .subject = arena_printf(
				     arena, "[PATCH v9 %d/10000] x", i + 1),
			     .answers = arena_printf(arena, "m%d", i - 1),
		     });
	ok(strstr(sorted(&mails), " ..."), "64 of 10,000 parts");
}

static struct mails
read_mbox(const char *path)
{
	struct mails mails = { .n = 0 };
	struct source_item item = { .kind = SOURCE_MAIL };
	struct source *source = NULL;
	const struct error *err = source_open(&source, path, NULL);

	while (!err && item.kind != SOURCE_END) {
		err = source_next(&item, arena, source);
		if (!err && item.kind == SOURCE_MAIL)
			take(&mails, item.raw);
	}
	error_free(err);
	source_close(source);
	return mails;
}

/* "[2,1]\t[1,0]": patches and cover letters of each series, "-": as many as
   there are. */
static const char *
count(const struct mails *mails, bool covers)
{
	CLEANUP(buf_free) struct buf out = BUF(1 << 16);
	struct series_list list;

	series_find(&list, arena, mails->v, mails->n);
	for (size_t i = 0; i < list.n; i++) {
		size_t n = covers ? list.v[i]->cover != SERIES_NONE
				  : list.v[i]->npatches;

		buf_addf(&out, "%c%zu", i ? ',' : '[', n);
	}
	buf_addch(&out, ']');
	return arena_strdup(arena, buf_str(&out));
}

static void
test_quirk(const char *dir, char *line)
{
	char *save, *file = strtok_r(line, "\t", &save);
	char *patches = strtok_r(NULL, "\t", &save);
	char *covers = strtok_r(NULL, "\t\n", &save);
	struct mails mails;

	if (!covers || *file == '#')
		return;
	mails = read_mbox(arena_printf(arena, "%s/%s", dir, file));
	is_str(count(&mails, false), patches, file);
	if (strcmp(covers, "-") != 0)
		is_str(count(&mails, true), covers,
		       arena_printf(arena, "%s: cover letters", file));
}

/* The table of another project's mailboxes, where it is there. */
static void
test_quirks(void)
{
	const char *shared = getenv("PVWATCH_SHARED");
	const char *dir = arena_printf(arena, "%s/corpus/quirks/series",
				       shared ? shared : "../shared");
	FILE *table = fopen(arena_printf(arena, "%s/expected.tsv", dir), "re");
	CLEANUP(xfree) char *line = NULL;
	size_t size = 0;

	if (!table) {
		printf("# SKIP no %s\n", dir);
		return;
	}
	while (getline(&line, &size, table) > 0)
		test_quirk(dir, line);
	fclose(table);
}

int
main(void)
{
	arena = arena_new();
	test_cases();
	test_newest();
	test_hostile();
	test_quirks();
	arena_free(arena);
	return done_testing();
}
