/*
 * What the map says of a place, through a pack that asks each kind. A toy
 * kernel: the guest's own code is in guest/, "arch/toy/" is what the map is of.
 */
#include "tap.h"

#include "bot/arena.h"
#include "bot/divergence-text.h"
#include "rules/map-place.h"
#include "rules/match.h"
#include "rules/pack-parse.h"
#include "rules/pack.h"
#include "rules/regex.h"

static const char map_text[] =
	"pvwatch-map 1\n"
	"of v1\n"
	"\n"
	"boot_cpu_up callee arch/toy/smp.c guest=guest/smp.c:guest_up\n"
	"boot_mask native-state arch/toy/smp.c chain=start>count_cpus\n"
	"clear_it entry arch/toy/head.c static depth=1 "
	"guest=guest/start.c:guest_start chain=start>clear_it\n"
	"count_cpus skipped arch/toy/smp.c depth=2 chain=start>count_cpus\n"
	"map_page macro arch/toy/page.h guest=guest/mmu.c:guest_map\n"
	"native_die replaced arch/toy/smp.c member=smp_ops.die "
	"guest=guest/smp.c:guest_die\n"
	"pci_probe yield arch/toy/pci.c member=on_guest\n"
	"pv_ops.mmu.set member arch/toy/pv.h type=pv_mmu_ops "
	"guest=guest/mmu.c:guest_set\n"
	"setup hook arch/toy/setup.c member=init_ops.a\n"
	"setup hook arch/toy/setup.c member=init_ops.b "
	"guest=guest/setup.c:guest_setup\n"
	"smp_ops member arch/toy/smp.c\n"
	"smp_ops.die member arch/toy/smp.h type=smp_ops "
	"guest=guest/smp.c:guest_die\n"
	"tss guest-state arch/toy/process.c guest=guest/cpu.c:guest_load\n";

static const char pack_text[] =
	"Pack: p\n\n"
	"Platform: Toy\nGuest: guest/\nNative: arch/toy/\n"
	"Dropped: path arch/toy/boot/\n"
	"Privileged: \\b(lcr3|wrmsr)\\b\n\n"
	"Rule: entry\nMap: entry\nWhy: w\n\n"
	"Rule: skipped\nMap: skipped\nWhy: w\n\n"
	"Rule: replaced\nMap: replaced\nWhy: w\n\n"
	"Rule: member\nMap: member\nWhy: w\n\n"
	"Rule: hook\nMap: hook\nWhy: w\n\n"
	"Rule: callee\nMap: callee\nWhy: w\n\n"
	"Rule: macro\nMap: macro\nWhy: w\n\n"
	"Rule: yield\nMap: yield\nWhy: w\n\n"
	"Rule: guest-state\nMap: guest-state\nWhy: w\n\n"
	"Rule: native-state\nMap: native-state\nWhy: w\n\n"
	"Rule: privileged\nMap: privileged\nWhy: w\n";

/* What one place says: hunk lines with their markers, the place is all. */
static const struct {
	const char *path, *function, *heading, *lines;
	const char *want; /* "kind:line:name" each; -: the function's */
} places[] = {
	{ "arch/toy/head.c", "clear_it", "", "+\tx();\n", "entry:0:clear_it" },
	{ "arch/toy/other.c", "clear_it", "", "+\tx();\n", "" },
	{ "arch/toy/smp.c", "count_cpus", "", " a\n+\tx();\n",
	  "skipped:1:count_cpus" },
	{ "arch/toy/moved.c", "count_cpus", "", "+\tx();\n",
	  "skipped:0:count_cpus" },
	{ "arch/other/smp.c", "count_cpus", "", "+\tx();\n", "" },
	{ "arch/toy/boot/smp.c", "count_cpus", "", "+\tx();\n", "" },
	{ "kernel/smp.c", "boot_cpu_up", "", "-\tx();\n",
	  "callee:0:boot_cpu_up" },
	{ "arch/toy/smp.c", "native_die", "", "+\tx();\n",
	  "replaced:0:native_die" },
	{ "arch/toy/setup.c", "setup", "", "+\tx();\n", "hook:0:setup" },
	{ "arch/toy/setup.c", "setup", "", " \tinit_ops.a();\n+\tx();\n",
	  "hook:1:setup" },
	{ "arch/toy/pci.c", "pci_probe", "", "+\tx();\n", "yield:0:pci_probe" },
	{ "drivers/a.c", "f", "", "+\tif (on_guest())\n", "yield:0:on_guest" },
	{ "drivers/a.c", "f", "", "+\t/* on_guest() */\n+\ts(\"on_guest\");\n",
	  "" },
	{ "arch/toy/page.h", NULL, "", "+#define map_page(x) (x)\n",
	  "macro:0:map_page" },
	{ "arch/toy/page.h", "map_page", "", "+\tdo_it(x) \\\n",
	  "macro:0:map_page" },
	{ "arch/toy/a.c", "f", "", "+\tmap_page(x);\n", "" },
	{ "arch/toy/a.c", "f", "", " \tx();\n+\ttss.sp = 1;\n",
	  "guest-state:1:tss" },
	{ "arch/toy/a.c", "f", "", "-\tread(&per_cpu(tss, cpu));\n",
	  "guest-state:0:tss" },
	{ "arch/toy/a.c", "f", "", "+\ta->tss = 1;\n", "" },
	{ "arch/toy/a.c", "f", "", "+\tuse(boot_mask);\n",
	  "native-state:0:boot_mask" },
	{ "arch/toy/a.c", "f", "", "-\tuse(boot_mask);\n", "" },
	{ "arch/toy/a.c", NULL, "", "+extern int boot_mask;\n", "" },
	{ "arch/toy/smp.c", "count_cpus", "", "+\tuse(boot_mask);\n",
	  "skipped:0:count_cpus" },
	{ "arch/toy/a.c", "f", "", "+\tsmp_ops.die(cpu);\n",
	  "member:0:smp_ops.die" },
	{ "arch/toy/a.c", "f", "", "+\tPVOP_VCALL2(mmu.set, a, b);\n",
	  "member:0:pv_ops.mmu.set" },
	{ "arch/toy/a.c", "f", "", "+\tsmp_ops = other;\n",
	  "member:0:smp_ops" },
	{ "arch/toy/a.c", "f", "", "+\tdie();\n", "" },
	{ "arch/toy/smp.c", NULL, "struct smp_ops smp_ops = {",
	  "-\t.die = native_die,\n", "member:0:smp_ops.die" },
	{ "arch/toy/smp.c", NULL, "",
	  " struct smp_ops others = {\n+\t.die = other_die,\n",
	  "member:1:smp_ops.die" },
	{ "arch/toy/smp.c", NULL, "struct smp_ops smp_ops = {",
	  "+\t.live = native_live,\n", "" },
	{ "arch/toy/pv.c", NULL, "struct pv_ops pv_ops = {",
	  "+\t\t.set = native_set,\n", "member:0:pv_ops.mmu.set" },
	{ "arch/toy/smp.h", NULL, "struct smp_ops {",
	  "+\tint (*die)(int cpu, int how);\n", "member:0:smp_ops.die" },
	{ "arch/toy/smp.h", NULL, "struct smp_ops {",
	  " \tint a;\n+\tint (*live)(void);\n", "member:1:smp_ops.die" },
	{ "arch/toy/smp.h", NULL, "struct smp_ops {",
	  " };\n struct other {\n+\tint (*live)(void);\n", "" },
	{ "arch/toy/a.c", "f", "", "+\tasm(\"lcr3 %0\");\n", "privileged:0:" },
	{ "arch/toy/a.c", "f", "", "+\tx(); /* no lcr3\n+\tlcr3 */\n", "" },
	{ "arch/toy/a.c", "f", "", " \ta */\n+\ty();\n+\t * lcr3\n", "" },
	{ "arch/toy/a.c", "f", "", "+\twrote lcr3 here */\n+\ty();\n", "" },
	{ "arch/toy/smp.c", "native_die", "", "+\tlcr3();\n",
	  "replaced:0:native_die" },
	{ "guest/a.c", "f", "", "+\tlcr3(tss, smp_ops.die);\n", "" },
	{ "Documentation/a.rst", NULL, "", "+lcr3 tss smp_ops.die\n", "" },
	{ "arch/toy/a.S", "f", "", "+\tmov tss, %rax # lcr3\n",
	  "guest-state:0:tss" },
	{ "arch/toy/a.S", "f", "", "+#define X lcr3\n", "privileged:0:" },
};

struct toy {
	struct hunk hunk;
	struct patch_line lines[8];
	struct patch_file file;
	struct patch patch;
	struct applied applied;
	struct place place;
	struct places places;
	struct map_scope scope;
	struct subject_patch subject;
};

static void
build(struct toy *toy, struct arena *arena, size_t i,
      const struct divergence *map, const struct pack *pack)
{
	struct span rest = span_of(places[i].lines), line;

	memset(toy, 0, sizeof(*toy));
	while (span_line(&line, &rest))
		toy->lines[toy->hunk.nlines++] = (struct patch_line){
			.kind = (enum line_kind)line.ptr[0],
			.text = { line.ptr + 1, line.len - 1 },
		};
	toy->hunk.lines = toy->lines;
	toy->hunk.heading = span_of(places[i].heading);
	toy->file.old_path = toy->file.new_path = places[i].path;
	toy->patch = (struct patch){ .files = &toy->file, .nfiles = 1 };
	toy->applied.patch = &toy->patch;
	toy->place = (struct place){ .file = &toy->file,
				     .hunk = &toy->hunk,
				     .lines = toy->lines,
				     .nlines = toy->hunk.nlines,
				     .function_before = places[i].function,
				     .function_after = places[i].function };
	toy->places = (struct places){ .v = &toy->place, .n = 1 };
	toy->scope = (struct map_scope){ .map = map,
					 .platform = pack->platform,
					 .arena = arena,
					 .nplaces = 1 };
	toy->subject = (struct subject_patch){ .subject = "s",
					       .applied = &toy->applied,
					       .places = &toy->places,
					       .map = &toy->scope };
}

static const char *
describe(struct arena *arena, const struct match_result *result)
{
	const char *text = "";

	for (size_t i = 0; i < result->nhits; i++) {
		const struct match_hit *hit = &result->hits[i];

		text = arena_printf(arena, "%s%s%s:%ld:%s", text,
				    *text ? " " : "", hit->rule->id, hit->line,
				    hit->fact ? hit->fact->name : "");
	}
	return text;
}

static void
test_place(size_t i, const struct divergence *map, const struct pack *pack)
{
	AUTOFREE(arena) *arena = arena_new();
	AUTOFREE(regex_scratch) *scratch = regex_scratch_new();
	struct match_result result;
	struct match_input input = { 0 };
	struct toy toy;

	build(&toy, arena, i, map, pack);
	input.patch = &toy.subject;
	match_pack(&result, arena, pack, &input, scratch);
	is_str(describe(arena, &result), places[i].want, places[i].lines);
	toy.subject.map = NULL;
	match_pack(&result, arena, pack, &input, scratch);
	is_int((intmax_t)result.nhits, 0, "without a map nothing holds");
}

/* A hook that the hunk shows is the one. */
static void
test_nearest(const struct divergence *map, const struct pack *pack)
{
	AUTOFREE(arena) *arena = arena_new();
	AUTOFREE(regex_scratch) *scratch = regex_scratch_new();
	struct map_evidence at;
	struct toy toy;
	size_t i = 0;

	while (!strstr(places[i].lines, "init_ops.a"))
		i++;
	build(&toy, arena, i, map, pack);
	ok(map_place_holds(&at, &toy.scope, &toy.place, 0, MAP_HOOK, scratch),
	   "a hook, called near by");
	is_str(at.fact->member, "init_ops.a", "that one is meant");
}

/* Of two hooks the one that says what the guest has there is shown. */
static void
test_best(const struct divergence *map, const struct pack *pack)
{
	AUTOFREE(arena) *arena = arena_new();
	AUTOFREE(regex_scratch) *scratch = regex_scratch_new();
	struct map_evidence at;
	struct toy toy;
	size_t i = 0;

	while (!places[i].function || strcmp(places[i].function, "setup"))
		i++;
	build(&toy, arena, i, map, pack);
	ok(map_place_holds(&at, &toy.scope, &toy.place, 0, MAP_HOOK, scratch),
	   "a hook");
	is_str(at.fact->member, "init_ops.b", "the one with a counterpart");
	ok(!map_place_holds(&at, &toy.scope, &toy.place, 0, MAP_ENTRY, scratch),
	   "and no entry");
}

int
main(void)
{
	struct rules_text file = { "p.rules", span_of(pack_text) };
	AUTOFREE(divergence) *map = NULL;
	AUTOFREE(pack) *pack = NULL;

	succeeds(pack_parse(&pack, &file, 1), "a pack");
	succeeds(divergence_parse(&map, "m", span_of(map_text)), "a map");
	if (!pack || !map)
		return done_testing();
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		test_place(i, map, pack);
	test_best(map, pack);
	test_nearest(map, pack);
	return done_testing();
}
