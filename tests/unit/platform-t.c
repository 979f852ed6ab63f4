/* platform: what a Platform: stanza says, and its faults */
#include "rules/platform.h"

#include "rules/pack.h"
#include "rules/pack-parse.h"
#include "rules/regex.h"
#include "tests/unit/tap.h"

#define PACK "Pack: p\n\n"

static const struct error *
parse(struct pack **out, const char *text)
{
	struct rules_text file = { "t.rules", span_of(text) };

	return pack_parse(out, &file, 1);
}

static void
test_whole(void)
{
	AUTOFREE(pack) *pack = NULL;
	AUTOFREE(regex_scratch) *scratch = regex_scratch_new();
	const struct platform *p;

	succeeds(parse(&pack, PACK
		       "Platform: Xen PV\n"
		       "Guest: arch/x86/xen/ drivers/xen/\n"
		       "Guest: include/xen/\n"
		       "Native: arch/x86/\n"
		       "Common: init/main.c\n"
		       "Entry: boot CPU = startup_64\n"
		       "\tx86_64_start_kernel | startup_xen | start_kernel\n"
		       "Entry: call = entry_call | |\n"
		       "Yield: ^xen_(pv_|\n"
		       "\tinitial_)?domain$\n"
		       "Yield: ^XENPV$\n"
		       "Privileged: \\blgdt\\b\n"
		       "Defined: X86_64 SMP\n"
		       "Undefined: X86_32\n"
		       "Dropped: path arch/x86/kvm/\n"
		       "Dropped: function ^kvm_\n"
		       "Dropped: mode _hvm_\n"
		       "Dropped: driver apic\n"
		       "Dropped: table def_idts early_idts\n"
		       "Dropped: order pv_ops\n"
		       "Limit: callee-sites 7\n"),
		 "a stanza with all fields");
	p = pack ? pack->platform : NULL;
	ok(p != NULL, "the pack has a platform");
	if (!p)
		return;
	is_str(p->name, "Xen PV", "its name");
	is_int((intmax_t)p->guest.n, 3, "paths add up");
	ok(platform_path(&p->guest, "drivers/xen/grant-table.c"), "a path");
	ok(!platform_path(&p->guest, "drivers/xenon.c"), "no path");
	is_int((intmax_t)p->nentries, 2, "two ways in");
	is_str(p->entries[0].name, "boot CPU", "the first");
	is_int((intmax_t)p->entries[0].native.n, 2, "its native names");
	is_str(p->entries[0].native.v[1], "x86_64_start_kernel", "the second");
	is_str(p->entries[0].guest.v[0], "startup_xen", "the guest's");
	is_str(p->entries[0].join.v[0], "start_kernel", "where they join");
	is_int((intmax_t)(p->entries[1].guest.n + p->entries[1].join.n), 0,
	       "sides may be empty");
	is_int(platform_match(&p->yields, scratch, SPAN("xen_initial_domain")),
	       0, "a regex over two lines");
	is_int(platform_match(&p->yields, scratch, SPAN("XENPV")), 1,
	       "the second regex");
	is_int(platform_match(&p->yields, scratch, SPAN("xen")), -1, "none");
	is_int((intmax_t)p->privileged.n, 1, "Privileged:");
	is_str(p->defined.v[1], "SMP", "Defined:");
	is_str(p->undefined.v[0], "X86_32", "Undefined:");
	is_str(p->skipped.v[0], "arch/x86/kvm/", "Dropped: path");
	is_str(p->strangers.text[0], "^kvm_", "Dropped: function");
	is_str(p->modes.text[0], "_hvm_", "Dropped: mode");
	is_str(p->drivers.v[0], "apic", "Dropped: driver");
	is_str(p->tables.v[1], "early_idts", "Dropped: table");
	is_str(p->operations.v[0], "pv_ops", "Dropped: order");
	is_int(p->limits[PLATFORM_CALLEE_SITES], 7, "a limit");
	is_int(p->limits[PLATFORM_STATE_USERS], 25, "one that is not given");
}

static void
test_hash(void)
{
	AUTOFREE(pack) *a = NULL, *b = NULL, *c = NULL;

	succeeds(parse(&a, PACK "Platform: x\nGuest: a/\n"), "one platform");
	succeeds(parse(&b, PACK "Platform: x\nGuest: a/\n\nRule: r\nWhy: w\n"
				"F: a/\n"),
		 "the same with a rule");
	succeeds(parse(&c, PACK "Platform: x\nGuest: b/\n"), "another");
	if (!a || !b || !c)
		return;
	is_str(a->platform->hash, b->platform->hash, "rules do not count");
	ok(strcmp(a->platform->hash, c->platform->hash) != 0, "values do");
}

#define PLATFORM PACK "Platform: x\n"

static const struct {
	const char *text, *want, *what;
} faults[] = {
	{ PACK "Platform:\n", "t.rules:3: Platform: no value", "no name" },
	{ PLATFORM "Guest:\n", "t.rules:4: Guest: no value", "no paths" },
	{ PLATFORM "Entry: a b c\n",
	  "t.rules:4: Entry: want \"name = ", "an entry without sides" },
	{ PLATFORM "Entry: x = a | b\n", "t.rules:4: Entry: want", "two" },
	{ PLATFORM "Entry: x = a | b | c | d\n", "t.rules:4: Entry: want",
	  "four" },
	{ PLATFORM "Entry: x = | b | c\n",
	  "t.rules:4: Entry: names no native function", "no native side" },
	{ PLATFORM "Entry: = a | b | c\n", "t.rules:4: Entry: names no path",
	  "no name" },
	{ PLATFORM "Yield: a(b\n", "t.rules:4: Yield: missing", "a bad regex" },
	{ PLATFORM "Dropped: functon x\n",
	  "t.rules:4: Dropped: unknown kind functon; did you mean function?",
	  "a kind of Dropped:" },
	{ PLATFORM "Dropped: table\n", "t.rules:4: Dropped: table: which?",
	  "nothing dropped" },
	{ PLATFORM "Limit: callee-sites\n", "t.rules:4: Limit: want",
	  "a limit without a number" },
	{ PLATFORM "Limit: callee-sites 1x\n", "t.rules:4: Limit: want",
	  "no number" },
	{ PLATFORM "Limit: callee-site 1\n",
	  "t.rules:4: Limit: unknown limit callee-site; did you mean "
	  "callee-sites?",
	  "an unknown limit" },
};

int
main(void)
{
	test_whole();
	test_hash();
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		AUTOFREE(pack) *pack = NULL;

		fails(parse(&pack, faults[i].text), ERROR_CONFIG,
		      faults[i].want, faults[i].what);
	}
	return done_testing();
}
