#include "rules/pack.h"

#include <sys/stat.h>
#include <unistd.h>

#include "bot/alloc.h"
#include "bot/strlist.h"
#include "rules/pack-parse.h"
#include "rules/platform.h"
#include "tests/unit/tap.h"

#define PACK "Pack: p\n\n"

static const struct error *
parse(struct pack **out, const char *text, size_t len)
{
	struct rules_text file = { "t.rules", { text, len } };

	return pack_parse(out, &file, 1);
}

static const struct condition *
condition(const struct pack *pack, const char *name)
{
	const struct rule *rule = &pack->rules[0];

	for (size_t i = 0; i < rule->nconditions; i++)
		if (!strcmp(rule->conditions[i].name, name))
			return &rule->conditions[i];
	return NULL;
}

static void
test_pack_stanza(void)
{
	static const char text[] =
		"# comment\n"
		"Pack: xen\n"
		"Version: 7\n"
		"Notify: XEN HYPERVISOR X86\n"
		"Notify: PARAVIRT_OPS\n"
		"  INTERFACE\n"
		"Contact: a@example.org\n"
		"Max-Files: 42\n"
		"Alias: a@example.org = b@example.org  c@example.org\n"
		"\n"
		"Platform: pv\n"
		"Guest: arch/x86/xen/\n"
		"Limit: callee-sites 3\n";
	AUTOFREE(pack) *pack = NULL;

	succeeds(parse(&pack, text, sizeof(text) - 1), "a Pack: stanza");
	if (!pack)
		return;
	is_str(pack->name, "xen", "name");
	is_str(pack->version, "7", "version");
	is_str(pack->contact, "a@example.org", "contact");
	is_int((intmax_t)pack->nnotify, 2, "two to notify");
	is_str(pack->notify[1], "PARAVIRT_OPS INTERFACE", "a continued title");
	is_int(pack->max_files, 42, "Max-Files");
	is_int((intmax_t)pack->naliases, 2, "two aliases");
	is_str(pack->aliases[1].alias, "c@example.org", "the second alias");
	is_str(pack->aliases[1].canonical, "a@example.org", "of whom");
	ok(pack->platform && !strcmp(pack->platform->name, "pv"),
	   "and its Platform:");
	is_int((intmax_t)strlen(pack->hash), 16, "a hash");
}

static void
test_rule_stanza(void)
{
	static const char text[] = PACK "Rule: early-boot\r\n"
					"Points: 1.5  \n"
					"Why: The guest\n"
					"\tnever runs {function}.\n"
					"Unless-Series-Message: \\bXen\\b\n"
					"Unless-F: arch/x86/xen/\n"
					"# a comment amid the fields\n"
					"Added: foo|\n"
					"# and amid a value\n"
					"   bar\n"
					"Not-Function: ^xen_\n"
					"Function: ^x86_64_start_kernel$\n"
					"Subject: kasan\n"
					"X: arch/x86/kvm/\n"
					"F: arch/x86/\n"
					"N: \\.S$\n"
					"Added|Removed: baz\n"
					"Added: #define\n"
					"Wide: yes\n";
	static const char *const order[] = {
		"F|N",		 "X",	     "Subject",
		"Not-Function",	 "Function", "Added",
		"Added|Removed", "Unless-F", "Unless-Series-Message",
	};
	AUTOFREE(pack) *pack = NULL;
	const struct rule *rule;

	succeeds(parse(&pack, text, sizeof(text) - 1), "a Rule: stanza");
	if (!pack)
		return;
	rule = &pack->rules[0];
	is_str(rule->id, "early-boot", "id, CR left out");
	is_int(rule->points, 15, "points in tenths");
	is_int(rule->line, 3, "line");
	is_str(rule->why, "The guest never runs {function}.",
	       "prose is joined "
	       "with a blank");
	is_str(rule->title, "", "no title");
	ok(rule->wide, "Wide: yes");
	is_int((intmax_t)rule->nconditions, 9, "nine conditions");
	for (size_t i = 0; i < rule->nconditions && i < 9; i++)
		is_str(rule->conditions[i].name, order[i], "cheap ones first");
	is_int((intmax_t)rule->nfile, 2, "of the file");
	is_int((intmax_t)rule->npatch, 3, "of the patch");
	is_int((intmax_t)rule->nplace, 7, "of the place");
	is_str(condition(pack, "Added")->values[0].text, "foo|bar",
	       "a regex is joined without");
	is_int(condition(pack, "Added")->values[0].line, 10, "where it begins");
	is_str(condition(pack, "Added")->values[1].text, "#define",
	       "# in a value is no comment");
	is_int((intmax_t)condition(pack, "Added|Removed")->nvalues, 2,
	       "a joint name gives its value to both");
	is_int(condition(pack, "X")->kind, CONDITION_NOT, "X excludes");
	ok(pack_rule(pack, "early-boot") == rule, "pack_rule() finds it");
	ok(!pack_rule(pack, "other"), "and no other");
}

static void
test_defaults(void)
{
	static const char text[] = PACK "Rule: a\nWhy: w\nF: x\n\n\n  \n"
					"Mute: why\nF: y\nExcept: b\nExcept: b "
					" a\n\nRule: b\nWhy: w\nAdded: z";
	AUTOFREE(pack) *pack = NULL;

	succeeds(parse(&pack, text, sizeof(text) - 1), "no newline at the end");
	if (!pack)
		return;
	is_int(pack->rules[0].points, 20, "two points");
	is_int(pack->max_files, 100, "Max-Files 100");
	ok(!pack->rules[0].wide && !pack->rules[0].disabled, "neither wide nor "
							     "disabled");
	is_str(condition(pack, "F")->name, "F", "F alone is called so");
	is_int((intmax_t)pack->nmutes, 1, "one mute");
	is_str(pack->mutes[0].reason, "why", "its reason");
	is_int((intmax_t)pack->mutes[0].nexcept, 3, "ids parted by blanks");
	is_str(pack->mutes[0].except[2], "a", "the last of them");
}

#define RULE PACK "Rule: r\nWhy: w\n"

static const struct {
	const char *text, *want, *what;
} faults[] = {
	{ "", "t.rules: no Pack:", "an empty file" },
	{ "Rule: r\n", "t.rules:1: Rule: before Pack:", "no Pack: first" },
	{ PACK "Pack: q\n", "t.rules:3: Pack: again; it was at t.rules:1",
	  "a second Pack:" },
	{ "Pack: X\n", "t.rules:1: Pack: want a name", "a bad name" },
	{ "Pack: p\nVersoin: 1\n",
	  "t.rules:2: unknown field Versoin; did you mean Version?",
	  "a field of Pack:" },
	{ "Pack: p\nVersion: 1\nVersion: 2\n",
	  "t.rules:3: Version: given twice", "a version twice" },
	{ "Pack: p\nMax-Files: 0\n", "t.rules:2: Max-Files: want",
	  "Max-Files 0" },
	{ "Pack: p\nMax-Files: 99999999999999999999\n", "Max-Files: want",
	  "Max-Files past all bounds" },
	{ "Pack: p\nAlias: a b\n", "t.rules:2: Alias: want", "an alias" },
	{ PACK "Platform: x\nGues: a\n",
	  "t.rules:4: unknown field Gues; did you mean Guest?",
	  "a field of Platform:" },
	{ PACK "Platform: x\nGuest: a/\n\nPlatform: y\n",
	  "t.rules:6: Platform: again; it was at t.rules:3",
	  "a second Platform:" },
	{ PACK "Rul: x\n", "t.rules:3: unknown stanza Rul; did you mean Rule?",
	  "a stanza" },
	{ RULE "Aded: x\n",
	  "t.rules:5: unknown field Aded; did you mean Added?", "a field" },
	{ RULE "added: x\n",
	  "t.rules:5: unknown field added; did you mean Added?",
	  "case matters" },
	{ RULE "Not-Aded: x\n", "did you mean Added?", "behind a prefix" },
	{ RULE "Unles-Added: x\n", "did you mean Unless-Added?", "a prefix" },
	{ RULE "Added|Remved: x\n",
	  "unknown field Remved; did you mean Removed?", "in a joint name" },
	{ RULE "Added|: x\n", "unknown field Added|", "half a joint name" },
	{ RULE "Points|Added: 2\n", "unknown field Points", "joint Points" },
	{ RULE "Not-Title: 2\n", "unknown field Title", "Not-Title" },
	{ RULE "Except: r\n", "unknown field Except", "Except in a rule" },
	{ RULE "Zzzzzzzz: r\n", "t.rules:5: unknown field Zzzzzzzz",
	  "nothing near" },
	{ RULE "Not-X: a\n", "X excludes by itself", "Not-X" },
	{ RULE "F|X: a\n", "X excludes by itself", "F|X" },
	{ RULE "Added:\n", "t.rules:5: Added: no value", "an empty regex" },
	{ RULE "Added: a(b\n", "t.rules:5: Added: missing", "a bad regex" },
	{ RULE "Map: replacd\n",
	  "t.rules:5: Map: unknown kind replacd; did you mean replaced?",
	  "a kind of Map:" },
	{ RULE "Points: 0\n", "t.rules:5: Points: want", "no points" },
	{ RULE "Points: 0.0\n", "Points: want", "no points either" },
	{ RULE "Points: -1\n", "Points: want", "negative points" },
	{ RULE "Points: 1.25\n", "Points: want", "two digits" },
	{ RULE "Points: 1.\n", "Points: want", "a point alone" },
	{ RULE "Points: .5\n", "Points: want", "no digit before it" },
	{ RULE "Points: 99999999999999999999\n", "Points: want", "too many" },
	{ RULE "Points: 1\nPoints: 1\n", "t.rules:6: Points: given twice",
	  "points twice" },
	{ RULE "Title:\n", "t.rules:5: Title: no value", "an empty title" },
	{ RULE "Wide: maybe\n", "t.rules:5: Wide: want yes or no", "Wide" },
	{ RULE "Not-Added: x\nUnless-F: a\nX: b\n",
	  "t.rules:3: rule r has no condition that must hold",
	  "nothing must hold" },
	{ PACK "Rule: r\nAdded: x\n",
	  "t.rules:3: rule r has no Why:", "no reason" },
	{ PACK "Rule: r\nWhy: {functoin}\nAdded: x\n",
	  "t.rules:4: Why: unknown placeholder functoin; did you mean "
	  "function?",
	  "a placeholder" },
	{ PACK "Rule: R 1\nWhy: w\nAdded: x\n", "t.rules:3: Rule: want an id",
	  "a bad id" },
	{ PACK "Rule:\nWhy: w\nAdded: x\n", "Rule: want an id", "no id" },
	{ RULE "Added: x\n\nRule: r\nWhy: w\nAdded: y\n",
	  "t.rules:7: rule r again; it was at t.rules:3", "an id twice" },
	{ RULE "Added: x\nRule: s\n", "t.rules:6: Rule: begins a stanza",
	  "no blank line" },
	{ RULE "Added: x\n\nMute: m\nF: a\nExcept: q r\n",
	  "t.rules:7: Except: unknown rule q", "Except names no rule" },
	{ PACK "Mute: m\nExcept: r\n", "t.rules:3: Mute: without a condition",
	  "a mute of nothing" },
	{ PACK "Mute: m\nTitle: r\n", "t.rules:4: unknown field Title",
	  "a title in a mute" },
	{ PACK " Rule: r\n", "t.rules:3: continues no field",
	  "a stanza with blanks before it" },
	{ PACK "Rule r\n", "t.rules:3: not a field", "no colon" },
	{ PACK "Rule : r\n", "t.rules:3: not a field", "a blank before it" },
};

static void
test_faults(void)
{
	static const char nul[] = PACK "Rule: r\nWhy: w\nAdded: a\0b\n";
	struct pack *pack = NULL;

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		fails(parse(&pack, faults[i].text, strlen(faults[i].text)),
		      ERROR_CONFIG, faults[i].want, faults[i].what);
	fails(parse(&pack, nul, sizeof(nul) - 1), ERROR_CONFIG,
	      "t.rules:5: a NUL byte", "a NUL byte");
	ok(!pack, "none of them made a pack");
}

static void
test_levels(void)
{
	static const char text[] =
		RULE "F|Subject: a\nDrops|Calls: b\nMap|Drops: entry\n"
		     "Calls|Drops: c\nF|N: d\n"
		     "Not-Map|Added: entry\nMap: entry\n";
	AUTOFREE(pack) *pack = NULL;

	succeeds(parse(&pack, text, sizeof(text) - 1), "joint names");
	if (!pack)
		return;
	is_int(condition(pack, "F|Subject")->level, LEVEL_PLACE,
	       "file and patch together: a matter of the place");
	is_int((intmax_t)condition(pack, "Drops|Calls")->nvalues, 4,
	       "the order of a joint name is nothing");
	is_int(condition(pack, "Map")->values[0].kind, MAP_ENTRY,
	       "a kind of the map is known by its number");
}

static void
write_file(const char *dir, const char *name, const char *text)
{
	CLEANUP(xfree) char *path = xasprintf("%s/%s", dir, name);
	FILE *stream = fopen(path, "w");

	if (!stream || fputs(text, stream) < 0 || fclose(stream))
		abort();
}

static char *
make_dir(const char *parent, const char *name)
{
	char *path = xasprintf("%s/%s", parent, name);

	if (mkdir(path, 0700))
		abort();
	return path;
}

static void
test_load(const char *dir)
{
	AUTOFREE(pack) *pack = NULL;
	AUTOFREE(pack) *again = NULL;

	write_file(dir, "20.rules", "Rule: two\nWhy: w\nF: b\n");
	write_file(dir, "10.rules", PACK "Rule: one\nWhy: w\nF: a\n");
	write_file(dir, ".hidden.rules", "nonsense");
	write_file(dir, "30.rules~", "nonsense");
	succeeds(pack_load(&pack, dir), "a pack of two files");
	if (!pack)
		return;
	is_int((intmax_t)pack->nrules, 2, "both read");
	is_str(pack->rules[0].id, "one", "in order of their names");
	is_str(pack->dir, dir, "where from");
	is_str(pack->maintainers, "", "no MAINTAINERS");
	write_file(dir, "MAINTAINERS", "XEN\n");
	write_file(dir, "20.rules", "Rule: two\nWhy: w\nF: c\n");
	succeeds(pack_load(&again, dir), "once more");
	is_str(again ? again->maintainers : NULL, "XEN\n", "with MAINTAINERS");
	ok(again && strcmp(pack->hash, again->hash) != 0,
	   "another rule, another hash");
}

static const struct error *
load(struct packs *out, const char *path, const char *second,
     const char *disable)
{
	CLEANUP(strlist_free) struct strlist paths = STRLIST;
	CLEANUP(strlist_free) struct strlist disabled = STRLIST;

	strlist_add(&paths, path);
	if (second)
		strlist_add(&paths, second);
	if (disable)
		strlist_add(&disabled, disable);
	return packs_load(out, &paths, &disabled);
}

static void
test_packs(const char *root, const char *first)
{
	CLEANUP(xfree) char *second = make_dir(root, "b");
	CLEANUP(xfree) char *empty = make_dir(root, "c");
	struct packs packs = { 0 };

	write_file(root, "README", "");
	write_file(second, "q.rules", "Pack: q\n\nRule: two\nWhy: w\nF: b\n");
	succeeds(load(&packs, root, NULL, "two"), "a directory of packs");
	is_int((intmax_t)packs.n, 2, "two packs, and what is none left out");
	if (packs.n != 2)
		return;
	is_str(packs.v[1]->name, "q", "in order");
	ok(!packs.v[0]->rules[0].disabled && packs.v[0]->rules[1].disabled &&
		   packs.v[1]->rules[0].disabled,
	   "a bare id disables in all packs");
	packs_free(&packs);
	succeeds(load(&packs, root, NULL, "q/two"), "with the pack's name");
	ok(packs.n == 2 && !packs.v[0]->rules[1].disabled &&
		   packs.v[1]->rules[0].disabled,
	   "in that pack only");
	packs_free(&packs);
	succeeds(load(&packs, root, NULL, "p/!t*"), "all but a pattern");
	ok(packs.n == 2 && packs.v[0]->rules[0].disabled &&
		   !packs.v[0]->rules[1].disabled,
	   "those that match are left");
	packs_free(&packs);
	succeeds(load(&packs, root, NULL, "t?o"), "a pattern");
	ok(packs.n == 2 && !packs.v[0]->rules[0].disabled &&
		   packs.v[0]->rules[1].disabled,
	   "those that match are disabled");
	packs_free(&packs);
	fails(load(&packs, root, NULL, "p/tow"), ERROR_CONFIG,
	      "no rule p/tow to disable; did you mean p/two?", "no such rule");
	fails(load(&packs, root, first, NULL), ERROR_CONFIG, "pack p again",
	      "a pack twice");
	fails(load(&packs, empty, NULL, NULL), ERROR_CONFIG, "neither a pack",
	      "an empty directory");
	fails(load(&packs, "/nonexistent", NULL, NULL), ERROR_CONFIG,
	      "/nonexistent: No such", "no directory");
	ok(!packs.n, "nothing left over");
}

int
main(void)
{
	char root[] = "/tmp/pack-t.XXXXXX";
	CLEANUP(xfree) char *clean = NULL;
	CLEANUP(xfree) char *first = NULL;

	test_pack_stanza();
	test_rule_stanza();
	test_defaults();
	test_faults();
	test_levels();
	if (!mkdtemp(root))
		abort();
	first = make_dir(root, "a");
	test_load(first);
	test_packs(root, first);
	clean = xasprintf("rm -r %s", root);
	ok(!system(clean), "cleaned up");
	return done_testing();
}
