/* kind_of_mail() */
#include "bot/kind.h"

#include "bot/arena.h"
#include "bot/mail.h"
#include "bot/patch.h"
#include "tap.h"

#define OID "0123456789012345678901234567890123456789"
#define HUMAN "From: Jan X <jan@example.org>\n"
#define TIP "From: \"tip-bot2 for Jan X\" <tip-bot2@linutronix.de>\n"
#define LKP "From: kernel test robot <lkp@intel.com>\n"

/* The header and body of a mail, whether it has a diff, and what it is. */
static const struct {
	const char *raw;
	bool diff;
	enum mail_kind kind;
	const char *why; /* a part of it */
} cases[] = {
	{ HUMAN "Subject: [PATCH] x\n\nm\n", true, KIND_PATCH, NULL },
	{ HUMAN "Subject: x86: fix foo\n\nm\n", true, KIND_PATCH, NULL },
	{ HUMAN "Subject: [PATCH 2/3] x\nIn-Reply-To: <a@b>\n\n> quoted\n",
	  true, KIND_PATCH, NULL },
	{ HUMAN "Subject: [v2,2/3] x\nIn-Reply-To: <a@b>\n\nm\n", true,
	  KIND_PATCH, NULL },
	{ HUMAN "Subject: x86: fix foo\nIn-Reply-To: <a@b>\n\nm\n", true,
	  KIND_PATCH, NULL },
	{ HUMAN "Subject: [PATCH] x\n\nm\n", false, KIND_OTHER, "no diff" },
	{ HUMAN "Subject: [PATCH 2/3] x\n\nm\n", false, KIND_OTHER,
	  "its diff is missing" },
	{ HUMAN "Subject: hello\n\nm\n", false, KIND_OTHER, "no patch" },
	{ HUMAN "Subject: [PATCH 0/3] x\n\nm\n", false, KIND_COVER, "cover" },
	{ HUMAN "Subject: [RFC v2 0/3] x\n\nm\n", false, KIND_COVER, "cover" },
	{ HUMAN "Subject: [PATCH v2 0/3] x\n\nm\n\nInterdiff against v1:\n",
	  true, KIND_COVER, "cover" },
	{ HUMAN "Subject: [PATCH 0/1] x\n\nm\n", true, KIND_PATCH, NULL },
	{ HUMAN "Subject: [PATCH 0/3] x\n\nare available in the Git repository "
		"at:\n",
	  false, KIND_COVER, "cover" },
	{ HUMAN "Subject: Re: [PATCH 1/2] x\n\nm\n", false, KIND_REPLY,
	  "a reply" },
	{ HUMAN "Subject: Re: [PATCH 1/2] x\n\nm\n", true, KIND_REPLY,
	  "proposal" },
	{ HUMAN "Subject: foo\nIn-Reply-To: <a@b>\n\nA wrote:\n> x\n", false,
	  KIND_REPLY, "a reply" },
	{ HUMAN "Subject: foo\nIn-Reply-To: <a@b>\n\nA wrote:\n> x\n", true,
	  KIND_REPLY, "proposal" },
	{ HUMAN "Subject: Re: [tip: x86/mm] x\n\n> Commit-ID: " OID "\n", true,
	  KIND_REPLY, "proposal" },
	{ HUMAN "Subject: [GIT PULL] x\n\n[PATCH] y\n", false, KIND_PULL,
	  "pull" },
	{ HUMAN "Subject: [GIT PULL] x\n\nm\n", true, KIND_PULL, "pull" },
	{ HUMAN "Subject: [GIT PULL 0/9] x\n\nm\n", false, KIND_PULL, "pull" },
	{ HUMAN "Subject: [GIT PULL 3/9] x\n\nm\n", true, KIND_PATCH, NULL },
	{ HUMAN "Subject: x for v6.1\n\nare available in the git repository "
		"at:\n\n  git://x\n",
	  false, KIND_PULL, "pull" },
	{ TIP "Subject: [tip: x86/mm] x\nIn-Reply-To: <a@b>\n"
	      "\nThe following commit has been merged into the x86/mm branch "
	      "of tip:\n\nCommit-ID:     " OID "\n\nx\n",
	  true, KIND_COMMIT, NULL },
	{ TIP "Subject: [tip: x86/mm] Merge branch x\n\nCommit-ID: " OID "\n",
	  false, KIND_OTHER, "commit notice" },
	{ HUMAN "Subject: [tip:x86/mm] x\n\nCommit-ID:  " OID "\n\nx\n", true,
	  KIND_COMMIT, NULL },
	{ HUMAN
	  "Subject: x\nList-Id: <git-commits-head.vger.kernel.org>\n\nm\n",
	  true, KIND_COMMIT, NULL },
	{ HUMAN "Subject: [PATCH] x\nList-Id: <tip-commits.x.org>\n\nm\n", true,
	  KIND_PATCH, NULL },
	{ HUMAN "Subject: [PATCH] x\n\ncommit " OID "\nAuthor: x\n\n    x\n",
	  true, KIND_PATCH, NULL },
	{ HUMAN "Subject: [PATCH AUTOSEL 5.4 1/9] x\n\nm\n", true, KIND_STABLE,
	  "backport" },
	{ HUMAN "Subject: [PATCH 5.10 012/345] x\nX-stable: review\n\nm\n",
	  true, KIND_STABLE, "backport" },
	{ HUMAN "Subject: [PATCH 5.10 012/345] x\n\n5.10-stable review patch.  "
		"If anyone\n",
	  true, KIND_STABLE, "backport" },
	{ HUMAN "Subject: [PATCH 5.10 1/2] x\n\n[ Upstream commit " OID " ]\n",
	  true, KIND_STABLE, "backport" },
	{ HUMAN "Subject: [PATCH 5.10.y] x\n\ncommit " OID " upstream.\n\nm\n",
	  true, KIND_STABLE, "backport" },
	{ HUMAN "Subject: Patch \"x\" has been added to the 5.4-stable tree\n\n"
		"This is a note to let you know that I've just added the patch "
		"titled\n",
	  true, KIND_STABLE, "backport" },
	{ HUMAN "Subject: FAILED: patch \"[PATCH] x\" failed to apply\n\nm\n",
	  true, KIND_STABLE, "backport" },
	{ HUMAN "Subject: [PATCH 5.3 regression fix] x\n\nm\n", true,
	  KIND_PATCH, NULL },
	{ HUMAN "Subject: Re: [PATCH AUTOSEL 5.4 1/9] x\n\nm\n", false,
	  KIND_REPLY, "a reply" },
	{ LKP "Subject: [tip:x86/mm] BUILD SUCCESS " OID "\n\nm\n", false,
	  KIND_BOT, "bot" },
	{ LKP "Subject: Re: [PATCH 1/2] x\n\nm\n", true, KIND_BOT, "bot" },
	{ LKP "Subject: [PATCH] x: fix foo.cocci warnings\n\nm\n", true,
	  KIND_PATCH, NULL },
	{ "From: syzbot <syzbot+01ab@syzkaller.appspotmail.com>\n"
	  "Subject: [syzbot] BUG in x\n\nm\n",
	  false, KIND_BOT, "bot" },
	{ "From: pr-tracker-bot@kernel.org\nSubject: Re: [GIT PULL] x\n\nm\n",
	  false, KIND_BOT, "bot" },
	{ "From: patchwork-bot+linux@kernel.org\nSubject: Re: [PATCH] x\n\nm\n",
	  false, KIND_BOT, "bot" },
	{ "From: <bot@kernelci.org>\nSubject: x\n\nm\n", false, KIND_BOT,
	  "bot" },
	{ "From: <talbot@example.org>\nSubject: x\n\nm\n", false, KIND_OTHER,
	  "no patch" },
	{ HUMAN "Auto-Submitted: auto-replied\nSubject: out\n\nm\n", false,
	  KIND_BOT, "bot" },
	{ HUMAN "Auto-Submitted: auto-generated\nSubject: [PATCH] x\n\nm\n",
	  true, KIND_PATCH, NULL },
};

static void
test_cases(struct arena *arena)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct patch patch = { .nfiles = cases[i].diff };
		struct mail mail = { .raw = SPAN("") };
		const char *why = "?";
		enum mail_kind kind;

		error_free(mail_parse(&mail, arena, span_of(cases[i].raw)));
		kind = kind_of_mail(&why, &mail, &patch);
		is_str(kind_name(kind), kind_name(cases[i].kind), mail.subject);
		ok(cases[i].why ? why && strstr(why, cases[i].why) : !why,
		   "... the reason");
		ok(kind_is_judged(kind) == !why, "... if it is not judged");
	}
}

static void
test_commit(struct arena *arena)
{
	struct mail_commit commit = { .oid = OID,
				      .author = { "J", "j@x" },
				      .message = SPAN("Re: x\n\nm\n"),
				      .diff = SPAN("x") };
	struct patch patch = { .nfiles = 1 };
	struct mail mail;
	const char *why;

	mail_from_commit(&mail, arena, &commit);
	is_int(kind_of_mail(&why, &mail, &patch), KIND_PATCH,
	       "a commit of a repository is a patch");
	ok(!why, "... and judged");
	patch.nfiles = 0;
	is_int(kind_of_mail(&why, &mail, &patch), KIND_OTHER,
	       "one without a diff is none");
	is_str(why, "no diff", "... for this reason");
}

static void
test_names(void)
{
	for (int i = 0; i < NKINDS; i++)
		is_int(kind_by_name(kind_name((enum mail_kind)i)), i,
		       kind_name((enum mail_kind)i));
	is_int(kind_by_name("patches"), -1, "no such kind");
}

int
main(void)
{
	AUTOFREE(arena) *arena = arena_new();

	test_cases(arena);
	test_commit(arena);
	test_names();
	return done_testing();
}
