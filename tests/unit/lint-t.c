#include "rules/pack.h"

#include <sys/stat.h>
#include <unistd.h>

#include "bot/alloc.h"
#include "bot/buf.h"
#include "rules/pack-parse.h"
#include "tests/unit/tap.h"

static void
collect(void *arg, enum lint_severity severity, const char *file, unsigned line,
	const char *message)
{
	const char *slash = strrchr(file, '/');

	buf_addf(arg, "%s%s:%u: %s\n",
		 severity == LINT_WARNING ? "warning " : "",
		 slash ? slash + 1 : file, line, message);
}

static void
lint(const struct pack *pack, const char *want, const char *what)
{
	struct buf buf = BUF(1 << 20);

	pack_lint(pack, collect, &buf);
	is_str(buf_str(&buf), want, what);
	buf_free(&buf);
}

#define PACK "Pack: p\nVersion: 1\nNotify: XEN\nContact: a@example.org\n\n"
#define RULE PACK "Rule: r\nTitle: t\nArea: a\nSee: s\nWhy: w\n"

static const struct {
	const char *rules, *want, *what;
} cases[] = {
	{ RULE "F: a/\nAdded: x\n", "", "nothing to remark" },
	{ "Pack: p\n",
	  "t.rules:1: pack p lacks Version:\n"
	  "warning t.rules:1: pack p has no Notify: nobody is asked\n"
	  "t.rules:1: pack p lacks Contact:, whom to ask about it\n"
	  "warning t.rules:1: pack p has no rules\n",
	  "an empty pack" },
	{ PACK "Platform: x\nGuest: a/\n\nRule: r\nWhy: w\nArea: a\nF: a/\n",
	  "warning t.rules:6: Platform: has no Native: its map is empty\n"
	  "t.rules:9: rule r lacks Title: See:\n",
	  "Platform: and what a rule lacks" },
	{ RULE "Added: x\n",
	  "t.rules:6: rule r has no F: or N: and is tried on every file\n",
	  "no file condition" },
	{ RULE "Points: 10.1\nF: a/\n",
	  "t.rules:6: rule r: 10 points, when 2 flag a patch\n",
	  "many points" },
	{ RULE "Points: 0.4\nF: a/\n",
	  "t.rules:6: rule r: 0.4 points will hardly tip a patch\n",
	  "few points" },
	{ RULE "F: a/\nAdded|Removed: x*\nK: ^$\n",
	  "warning t.rules:12: Added|Removed: x* matches the empty string, and "
	  "so everything\n",
	  "a regex that matches everything, said once" },
	{ RULE "F: arch/x86/xen\nX: arch/x86/kernel/Makefile\nX: a/b.c\n",
	  "t.rules:11: F: arch/x86/xen looks like a directory, which ends in a "
	  "slash\n",
	  "a directory without a slash" },
	{ RULE "F: /arch/\n",
	  "warning t.rules:11: F: /arch/ matches no path: they begin with a "
	  "name\n",
	  "an absolute path" },
	{ RULE "F: a/\n\nMute:\nN: .*\n",
	  "t.rules:13: Mute: gives no reason\n"
	  "warning t.rules:13: Mute: mutes everything\n"
	  "warning t.rules:14: N: .* matches the empty string, and so "
	  "everything\n",
	  "a mute of everything" },
	{ RULE "F: a/\n\nMute: m\nF: */\nAdded: x\n", "",
	  "a mute that asks for more" },
};

static void
test_cases(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTOFREE(pack) *pack = NULL;
		struct rules_text file = { "t.rules", span_of(cases[i].rules) };

		succeeds(pack_parse(&pack, &file, 1), "rules parse");
		if (pack)
			lint(pack, cases[i].want, cases[i].what);
	}
}

static void
write_file(const char *dir, const char *name, const char *text)
{
	CLEANUP(xfree) char *path = xasprintf("%s/%s", dir, name);
	FILE *stream = fopen(path, "w");

	if (!stream || fputs(text, stream) < 0 || fclose(stream))
		abort();
}

static void
test_examples(const char *dir)
{
	CLEANUP(xfree) char *examples = xasprintf("%s/examples", dir);
	AUTOFREE(pack) *pack = NULL;
	bool yes = false;

	if (mkdir(examples, 0700))
		abort();
	write_file(dir, "p.rules",
		   RULE "F: a/\n\n"
			"Rule: r-no\nTitle: t\nArea: a\nSee: s\nWhy: w\nF: b\n"
			"\nRule: s\nTitle: t\nArea: a\nSee: s\nWhy: w\nF: a/\n"
			"Map: entry\n");
	write_file(examples, "r-yes.patch", "");
	write_file(examples, "r-no1.patch", "");
	write_file(examples, "r-no-yes-two.patch", "");
	write_file(examples, "q-yes.patch", "");
	write_file(examples, "README", "");
	succeeds(pack_load(&pack, dir), "a pack with examples");
	if (!pack)
		return;
	ok(pack_example(&yes, pack, "r-no-yes-two.patch") == &pack->rules[1] &&
		   yes,
	   "the longest id that fits");
	ok(pack_example(&yes, pack, "r-no-1.patch") == &pack->rules[0] && !yes,
	   "a shorter one");
	ok(!pack_example(&yes, pack, "r-yes.diff"), "no patch");
	lint(pack,
	     "p.rules:18: F: b looks like a directory, which ends in a slash\n"
	     "warning q-yes.patch:0: names no rule: want <rule>-yes*.patch or "
	     "<rule>-no*.patch\n"
	     "warning p.rules:13: no examples/r-no-no*.patch\n"
	     "warning p.rules:20: no examples/s-yes*.patch\n"
	     "warning p.rules:20: no examples/s-no*.patch\n",
	     "examples");
}

int
main(void)
{
	char root[] = "/tmp/lint-t.XXXXXX";
	CLEANUP(xfree) char *clean = NULL;

	test_cases();
	if (!mkdtemp(root))
		abort();
	test_examples(root);
	clean = xasprintf("rm -r %s", root);
	ok(!system(clean), "cleaned up");
	return done_testing();
}
