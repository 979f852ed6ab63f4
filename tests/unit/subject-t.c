/* subject_parse(): prefixes as lists, people and bots write them */
#include "bot/subject.h"

#include "bot/arena.h"
#include "tap.h"

enum { RE = 1, PATCH = 2, RFC = 4, RESEND = 8, PULL = 16 };

static const struct {
	const char *subject, *title, *tags;
	unsigned version, part, total;
	int flags;
} cases[] = {
	{ "", "", "", 1, 0, 0, 0 },
	{ "x86: fix foo", "x86: fix foo", "", 1, 0, 0, 0 },
	{ "[PATCH] x", "x", "", 1, 0, 0, PATCH },
	{ "[PATCH v3 2/7] x", "x", "", 3, 2, 7, PATCH },
	{ "[PATCHv3 02/17] x", "x", "", 3, 2, 17, PATCH },
	{ "[PATCH1/8] x", "x", "", 1, 1, 8, PATCH },
	{ "[patch V3 07/37] x", "x", "", 3, 7, 37, PATCH },
	{ "[PATCH 3/5 v2] x", "x", "", 2, 3, 5, PATCH },
	{ "[PATCH] [v2] x", "x", "", 2, 0, 0, PATCH },
	{ "[v2 PATCH 0/5] x", "x", "", 2, 0, 5, PATCH },
	{ "[PATCH v2-1/5] x", "x", "", 2, 1, 5, PATCH },
	{ "[PATCH v4.1 2/3] x", "x", "", 4, 2, 3, PATCH },
	{ "[PATCHv5.2 2/3] x", "x", "", 5, 2, 3, PATCH },
	{ "[PATCH v6a 01/10] x", "x", "", 6, 1, 10, PATCH },
	{ "[PATCH v11 3.1/45] x", "x", "", 11, 3, 45, PATCH },
	{ "[PATCH 6/5] x", "x", "", 1, 6, 5, PATCH },
	{ "[PATCH 1 of 7 v2] x", "x", "", 2, 1, 7, PATCH },
	{ "[PATCH 0/0] x", "x", "", 1, 0, 0, PATCH },
	{ "[PATCH v0 1/2] x", "x", "", 0, 1, 2, PATCH },
	{ "[RFC PATCH 0/5] x", "x", "", 1, 0, 5, PATCH | RFC },
	{ "[RFC/PATCH] x", "x", "", 1, 0, 0, PATCH | RFC },
	{ "[PATCH RFC/RFT v2 1/3] x", "x", "RFT", 2, 1, 3, PATCH | RFC },
	{ "[RFCv2 1/3] x", "x", "", 2, 1, 3, RFC },
	{ "[PATCH RESEND v2] x", "x", "", 2, 0, 0, PATCH | RESEND },
	{ "[RESEND][PATCH v2] x", "x", "", 2, 0, 0, PATCH | RESEND },
	{ "[net-next,v2,3/5] foo", "foo", "net-next", 2, 3, 5, 0 },
	{ "[net-next,RFC,PATCH RESEND v3 02/17] x86: add it", "x86: add it",
	  "net-next", 3, 2, 17, PATCH | RFC | RESEND },
	{ "[tip: x86/urgent] x86/mm: y", "x86/mm: y", "tip: x86/urgent", 1, 0,
	  0, 0 },
	{ "[tip:perf/core] perf: y", "perf: y", "tip:perf/core", 1, 0, 0, 0 },
	{ "[PATCH 5.10 012/345] x", "x", "5.10", 1, 12, 345, PATCH },
	{ "[PATCH AUTOSEL 5.4 01/10] x", "x", "AUTOSEL 5.4", 1, 1, 10, PATCH },
	{ "[PATCH v5.10 2/3] x", "x", "v5.10", 1, 2, 3, PATCH },
	{ "[PATCH v4.19.y v2] x", "x", "v4.19.y", 2, 0, 0, PATCH },
	{ "[PATCH for-7.2] x", "x", "for-7.2", 1, 0, 0, PATCH },
	{ "[PATCH for-4.17 v3 1/2] x", "x", "for-4.17", 3, 1, 2, PATCH },
	{ "[PATCH -tip v2 03/10] x", "x", "-tip", 2, 3, 10, PATCH },
	{ "[PATCH -v2] x", "x", "", 2, 0, 0, PATCH },
	{ "[PATCH-next v2] x", "x", "next", 2, 0, 0, PATCH },
	{ "[PATCH Part2 v4 01/40] x", "x", "Part2", 4, 1, 40, PATCH },
	{ "[PATCH][next] x", "x", "next", 1, 0, 0, PATCH },
	{ "[GIT PULL] x", "x", "", 1, 0, 0, PULL },
	{ "[GIT pull] x", "x", "", 1, 0, 0, PULL },
	{ "[PULL REQUEST v2] x", "x", "", 2, 0, 0, PULL },
	{ "GIT PULL: x for v6.1", "GIT PULL: x for v6.1", "", 1, 0, 0, PULL },
	{ "Pull request for x", "Pull request for x", "", 1, 0, 0, PULL },
	{ "pull the handle", "pull the handle", "", 1, 0, 0, 0 },
	{ "Re: [PATCH v2 1/2] x", "x", "", 2, 1, 2, RE | PATCH },
	{ "RE: Re: [GIT PULL] x", "x", "", 1, 0, 0, RE | PULL },
	{ "Aw : x", "x", "", 1, 0, 0, RE },
	{ "Re[2]: x", "x", "", 1, 0, 0, RE },
	{ "Fwd: [PATCH] x", "x", "", 1, 0, 0, RE | PATCH },
	{ "\xe5\x9b\x9e\xe5\xa4\x8d\xef\xbc\x9a[PATCH] x", "x", "", 1, 0, 0,
	  RE | PATCH },
	{ "[Xen-devel] [PATCH v2] x", "x", "Xen-devel", 2, 0, 0, PATCH },
	{ "[Xen-devel] Re: [PATCH] x", "x", "Xen-devel", 1, 0, 0, RE | PATCH },
	{ "[PATCH] Re: x", "Re: x", "", 1, 0, 0, PATCH },
	{ "reset: x", "reset: x", "", 1, 0, 0, 0 },
	{ "PATCH: foo", "foo", "", 1, 0, 0, PATCH },
	{ "PATCH v2 1/3: foo: bar", "foo: bar", "", 2, 1, 3, PATCH },
	{ "Patch for the roof", "Patch for the roof", "", 1, 0, 0, 0 },
	{ "PATCHWORK is down", "PATCHWORK is down", "", 1, 0, 0, 0 },
	{ "[PATCH]: foo", "foo", "", 1, 0, 0, PATCH },
	{ "[[efi boot]] foo", "foo", "efi boot", 1, 0, 0, 0 },
	{ "[] foo", "foo", "", 1, 0, 0, 0 },
	{ "[PATCH foo", "[PATCH foo", "", 1, 0, 0, 0 },
	{ "[PATCH v99999 2024/30000] x", "x", "v99999 2024/30000", 1, 0, 0,
	  PATCH },
	{ "[PATCH 99999999999999999999/1] x", "x", "99999999999999999999/1", 1,
	  0, 0, PATCH },
	{ "[PATCH 2019/08/21] x", "x", "2019/08/21", 1, 0, 0, PATCH },
	{ "x: [PATCH v2] y", "x: [PATCH v2] y", "", 1, 0, 0, 0 },
	{ "[GIT PULL] revert \"[PATCH v2 1/2] x\"",
	  "revert \"[PATCH v2 1/2] x\"", "", 1, 0, 0, PULL },
};

static int
flags(const struct subject *s)
{
	return (s->reply ? RE : 0) | (s->patch ? PATCH : 0) |
	       (s->rfc ? RFC : 0) | (s->resend ? RESEND : 0) |
	       (s->pull ? PULL : 0);
}

int
main(void)
{
	AUTOFREE(arena) *arena = arena_new();

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *want, *got;
		struct subject s;

		subject_parse(&s, arena, cases[i].subject);
		want = arena_printf(arena, "%s|%s|v%u|%u/%u|%d", cases[i].title,
				    cases[i].tags, cases[i].version,
				    cases[i].part, cases[i].total,
				    cases[i].flags);
		got = arena_printf(arena, "%s|%s|v%u|%u/%u|%d", s.title, s.tags,
				   s.version, s.part, s.total, flags(&s));
		is_str(got, want, cases[i].subject);
	}
	return done_testing();
}
