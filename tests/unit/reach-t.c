#include "rules/reach.h"

#include <glob.h>

#include "bot/apply.h"
#include "bot/arena.h"
#include "bot/buf.h"
#include "bot/divergence-text.h"
#include "bot/limits.h"
#include "bot/place.h"
#include "bot/strlist.h"
#include "rules/map-place.h"
#include "rules/match.h"
#include "rules/pack-parse.h"
#include "rules/pack.h"
#include "rules/reach-map.h"
#include "rules/regex.h"
#include "tests/unit/tap.h"

#define RULE(fields) "\nRule: r\nWhy: so\n" fields "\n"

static const char change[] = "diff --git a/arch/x86/mm/a.c b/arch/x86/mm/b.c\n"
			     "similarity index 90%\n"
			     "rename from arch/x86/mm/a.c\n"
			     "rename to arch/x86/mm/b.c\n"
			     "--- a/arch/x86/mm/a.c\n"
			     "+++ b/arch/x86/mm/b.c\n"
			     "@@ -1,3 +1,3 @@ int f(void)\n"
			     " \tnear();\n"
			     "-\tgone(1);\n"
			     "+\tcame(2);\r\n"
			     " \tend();\n";

static const struct {
	const char *rule;
	bool reached;
} table[] = {
	{ RULE("F: arch/x86/mm/\nK: came"), true },
	{ RULE("F: arch/x86/mm/a.c\nK: came"), true },
	{ RULE("F: arch/x86/kernel/\nK: came"), false },
	{ RULE("F: arch/x86/kernel/\nN: /b\\.c$\nK: came"), true },
	{ RULE("F: arch/x86/\nX: arch/x86/mm/\nK: came"), true },
	{ RULE("K: ^\\s*came\\(2\\);$"), true },
	{ RULE("K: ^came"), false },
	{ RULE("K: near"), false },
	{ RULE("Added: gone"), true },
	{ RULE("Context: near"), true },
	{ RULE("Context: came"), false },
	{ RULE("K: nothing\nK: gone"), true },
	{ RULE("K: gone\nK|Function: none\nContext: nowhere"), false },
	{ RULE("K|Function: ^g$"), true },
	{ RULE("Function: ^g$"), true },
	{ RULE("K: gone\nNot-K: gone"), true },
	{ RULE("K: gone\nUnless-Context: near"), true },
	{ RULE("K: gone\nSubject: none"), true },
	{ RULE("K: gone") "\nMute: m\nN: ^arch/.*/b\\.c$\n", false },
	{ RULE("K: gone") "\nMute: m\nF: arch/x86/mm/\nExcept: r\n", true },
	{ RULE("K: gone") "\nMute: m\nF: arch/x86/mm/\nK: gone\n", true },
	{ RULE("K: gone") "\nMute: m\nF: arch/x86/kernel/\n", true },
};

static void
test_rules(struct arena *arena)
{
	AUTOFREE(regex_scratch) *scratch = regex_scratch_new();
	struct patch patch;

	patch_parse(&patch, arena, span_of(change));
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const char *text =
			arena_printf(arena, "Pack: p\n%s", table[i].rule);
		struct rules_text file = { "test", span_of(text) };
		struct pack *pack = NULL;
		const bool *rules;

		succeeds(pack_parse(&pack, &file, 1), "it parses");
		if (!pack)
			continue;
		rules = reach_patch(arena, pack, NULL, &patch, scratch);
		is_int(rules && rules[0], table[i].reached,
		       arena_printf(arena, "rule %zu", i));
		pack_free(pack);
	}
}

static const struct {
	const char *path, *hunk;
	unsigned kinds;
} shown[] = {
	{ "arch/toy/a.c",
	  "@@ -1,1 +1,2 @@ int called(int a)\n \tx();\n+\ty();\n",
	  1u << MAP_CALLEE },
	{ "arch/toy/a.c", "@@ -1,1 +1,2 @@\n static int\n+\tcalled(int a)\n",
	  1u << MAP_CALLEE },
	{ "arch/toy/a.c",
	  "@@ -1,1 +1,2 @@ int f(void)\n \tx();\n+\tcalled();\n", 0 },
	{ "arch/toy/a.txt", "@@ -1,1 +1,2 @@ called\n x\n+y\n", 0 },
	{ "arch/other/a.c",
	  "@@ -1,1 +1,2 @@ int called(int a)\n \tx();\n+\ty();\n", 0 },
	{ "arch/toy/a.c", "@@ -1,1 +1,2 @@\n \tx();\n+\tops.mmu.set();\n",
	  1u << MAP_MEMBER },
	{ "arch/toy/a.c",
	  "@@ -1,1 +1,2 @@ struct ops o = {\n \tx,\n+\t.z = y,\n",
	  1u << MAP_MEMBER },
	{ "arch/toy/a.c", "@@ -1,1 +1,2 @@\n \tx();\n+\tset();\n", 0 },
	{ "arch/toy/a.c", "@@ -1,1 +1,2 @@\n \tx();\n+\tif (on_guest())\n",
	  1u << MAP_YIELD },
	{ "arch/toy/a.c", "@@ -1,1 +1,2 @@\n \tx();\n+\tdon't */ on_guest();\n",
	  1u << MAP_YIELD },
	{ "arch/toy/a.c", "@@ -1,2 +1,1 @@\n \tx();\n-\tlcr3 /* so */\n",
	  1u << MAP_PRIVILEGED },
	{ "arch/toy/a.c", "@@ -1,2 +1,1 @@\n \tx();\n-\ty(); /* lcr3 */\n", 0 },
	{ "guest/a.c", "@@ -1,2 +1,1 @@\n \tx();\n-\tlcr3\n", 0 },
};

static void
test_kinds(struct arena *arena)
{
	static const char facts[] =
		"pvwatch-map 1\nof v1\n\n"
		"called callee arch/toy/a.c guest=guest/a.c:g\n"
		"ops.mmu.set member arch/toy/b.h type=ops guest=guest/a.c:g\n"
		"probe yield arch/toy/a.c member=on_guest\n";
	static const char rules[] =
		"Pack: p\n\nPlatform: Toy\nGuest: guest/\n"
		"Native: arch/toy/\nPrivileged: \\blcr3\\s*$\n";
	struct rules_text file = { "test", span_of(rules) };
	AUTOFREE(regex_scratch) *scratch = regex_scratch_new();
	AUTOFREE(divergence) *map = NULL;
	struct pack *pack = NULL;

	succeeds(divergence_parse(&map, "m", span_of(facts)), "a map");
	succeeds(pack_parse(&pack, &file, 1), "a platform");
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		const char *text = arena_printf(arena, "--- a/%s\n+++ b/%s\n%s",
						shown[i].path, shown[i].path,
						shown[i].hunk);
		struct reach_map scope = { map, pack->platform, false };
		struct patch patch;

		patch_parse(&patch, arena, span_of(text));
		is_int(patch.nfiles && patch.files[0].nhunks, 1, "a hunk");
		is_int(reach_map_kinds(&scope, arena, &patch.files[0], scratch),
		       shown[i].kinds, arena_printf(arena, "kinds %zu", i));
	}
	pack_free(pack);
}

static int64_t
hits(struct arena *arena, const struct pack *pack, struct match_input *input,
     struct regex_scratch *scratch)
{
	struct match_result result;
	int64_t sum = 0;

	/* What the places were found to be, at the last time. */
	if (input->patch->map)
		input->patch->map->places = NULL;
	match_pack(&result, arena, pack, input, scratch);
	for (size_t i = 0; i < result.nhits; i++)
		sum = sum * 31 + (result.hits[i].rule - pack->rules) * 1000 +
		      result.hits[i].line;
	return sum * 100 + result.score;
}

/* What is not reached holds nowhere: in each example of the pack. */
static void
test_example(struct arena *arena, const struct pack *pack,
	     const struct divergence *map, const char *path)
{
	AUTOFREE(regex_scratch) *scratch = regex_scratch_new();
	struct buf buf = BUF(LIMIT_MAIL_BYTES);
	struct patch patch;
	struct applied applied = { 0 };
	struct places places, none = { 0 };
	struct reach_map reach = { .map = map, .platform = pack->platform };
	struct map_scope scope = { .map = map,
				   .platform = pack->platform,
				   .arena = arena };
	struct subject_patch subject = { .subject = "",
					 .applied = &applied,
					 .places = &places,
					 .map = map ? &scope : NULL };
	struct match_input input = { .patch = &subject };
	int64_t want;

	succeeds(buf_read_file(&buf, path), path);
	patch_parse(&patch, arena, buf_span(&buf));
	succeeds(apply_patch(&applied, arena, &patch, NULL), "apply");
	places_find(&places, arena, &applied);
	scope.nplaces = places.n;
	want = hits(arena, pack, &input, scratch);
	input.reached =
		reach_patch(arena, pack, map ? &reach : NULL, &patch, scratch);
	if (!input.reached)
		subject.places = &none;
	is_int(hits(arena, pack, &input, scratch), want, path);
	buf_free(&buf);
}

static void
test_pack(struct arena *arena, const char *map_path)
{
	AUTOFREE(divergence) *map = NULL;
	struct strlist paths = STRLIST, disable = STRLIST;
	struct packs packs = { 0 };
	glob_t found = { 0 };

	strlist_add(&paths, "rules/xen");
	succeeds(packs_load(&packs, &paths, &disable), "the pack");
	if (map_path)
		succeeds(divergence_read(&map, map_path), map_path);
	glob("rules/xen/examples/*.patch", 0, NULL, &found);
	ok(found.gl_pathc > 40, "it has examples");
	for (size_t i = 0; packs.n && i < found.gl_pathc; i++)
		test_example(arena, packs.v[0], map, found.gl_pathv[i]);
	globfree(&found);
	packs_free(&packs);
	strlist_free(&paths);
	strlist_free(&disable);
}

int
main(void)
{
	AUTOFREE(arena) *arena = arena_new();

	test_rules(arena);
	test_kinds(arena);
	test_pack(arena, NULL);
	test_pack(arena, "rules/xen/examples/examples.map");
	test_pack(arena, "rules/xen/maps/v6.12.map");
	return done_testing();
}
