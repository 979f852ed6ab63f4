#include "rules/reach.h"

#include <glob.h>

#include "bot/apply.h"
#include "bot/arena.h"
#include "bot/buf.h"
#include "bot/limits.h"
#include "bot/place.h"
#include "bot/strlist.h"
#include "rules/match.h"
#include "rules/pack-parse.h"
#include "rules/pack.h"
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
		rules = reach_patch(arena, pack, &patch, scratch);
		is_int(rules && rules[0], table[i].reached,
		       arena_printf(arena, "rule %zu", i));
		pack_free(pack);
	}
}

static int64_t
hits(struct arena *arena, const struct pack *pack, struct match_input *input,
     struct regex_scratch *scratch)
{
	struct match_result result;
	int64_t sum = 0;

	match_pack(&result, arena, pack, input, scratch);
	for (size_t i = 0; i < result.nhits; i++)
		sum = sum * 31 + (result.hits[i].rule - pack->rules) * 1000 +
		      result.hits[i].line;
	return sum * 100 + result.score;
}

/* What is not reached holds nowhere: in each example of the pack. */
static void
test_example(struct arena *arena, const struct pack *pack, const char *path)
{
	AUTOFREE(regex_scratch) *scratch = regex_scratch_new();
	struct buf buf = BUF(LIMIT_MAIL_BYTES);
	struct patch patch;
	struct applied applied = { 0 };
	struct places places, none = { 0 };
	struct subject_patch subject = { .subject = "",
					 .applied = &applied,
					 .places = &places };
	struct match_input input = { .patch = &subject };
	int64_t want;

	succeeds(buf_read_file(&buf, path), path);
	patch_parse(&patch, arena, buf_span(&buf));
	succeeds(apply_patch(&applied, arena, &patch, NULL), "apply");
	places_find(&places, arena, &applied);
	want = hits(arena, pack, &input, scratch);
	input.reached = reach_patch(arena, pack, &patch, scratch);
	if (!input.reached)
		subject.places = &none;
	is_int(hits(arena, pack, &input, scratch), want, path);
	buf_free(&buf);
}

static void
test_pack(struct arena *arena)
{
	struct strlist paths = STRLIST, disable = STRLIST;
	struct packs packs = { 0 };
	glob_t found = { 0 };

	strlist_add(&paths, "rules/xen");
	succeeds(packs_load(&packs, &paths, &disable), "the pack");
	glob("rules/xen/examples/*.patch", 0, NULL, &found);
	ok(found.gl_pathc > 40, "it has examples");
	for (size_t i = 0; packs.n && i < found.gl_pathc; i++)
		test_example(arena, packs.v[0], found.gl_pathv[i]);
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
	test_pack(arena);
	return done_testing();
}
