/*
 * rules-fuzz.c - any bytes as a rule file: parsed, linted, and run on a patch
 */
#include <assert.h>

#include "bot/arena.h"
#include "bot/divergence.h"
#include "bot/divergence-text.h"
#include "bot/limits.h"
#include "bot/error.h"
#include "rules/map-place.h"
#include "rules/match.h"
#include "rules/pack-parse.h"
#include "rules/pack.h"
#include "rules/regex.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
ignore(void *arg, enum lint_severity severity, const char *file, unsigned line,
       const char *message)
{
	(void)arg;
	(void)severity;
	(void)line;
	assert(*file && *message);
}

static struct divergence *
toy_map(void)
{
	static const char text[] = "pvwatch-map 1\n\n"
				   "setup_arch hook a.c member=x86_init.a\n"
				   "x entry arch/x86/kernel/setup.c static\n"
				   "xen_pv_domain guest-state a.c\n";
	struct divergence *map = NULL;
	const struct error *err = divergence_parse(&map, "toy", span_of(text));

	assert(!err);
	return map;
}

static void
run(const struct pack *pack)
{
	struct patch_line lines[] = {
		{ SPAN("static int x;"), LINE_CONTEXT, false },
		{ SPAN("\tif (xen_pv_domain())\r"), LINE_ADDED, false },
		{ SPAN("a\0b\xff"), LINE_REMOVED, false },
	};
	struct patch_file file = { .old_path = "arch/x86/kernel/setup.c",
				   .new_path = "arch/x86/kernel/setup.c" };
	struct patch patch = { .files = &file, .nfiles = 1 };
	struct applied applied = { .patch = &patch };
	struct place place = { .file = &file,
			       .lines = lines,
			       .nlines = 3,
			       .function_before = "setup_arch" };
	struct places places = { .v = &place, .n = 1 };
	struct subject_patch subject = { .subject = "x86: a patch",
					 .message = SPAN("One line\n"),
					 .applied = &applied,
					 .places = &places };
	struct match_input input = { .patch = &subject };
	AUTOFREE(regex_scratch) *scratch = regex_scratch_new();
	AUTOFREE(arena) *arena = arena_new();
	AUTOFREE(divergence) *map = toy_map();
	struct map_scope scope = { .map = map,
				   .platform = pack->platform,
				   .arena = arena,
				   .nplaces = 1 };
	struct match_result result;
	struct rule_explained explained;

	subject.map = &scope;
	match_pack(&result, arena, pack, &input, scratch);
	assert(result.ntraces == pack->nrules);
	regex_scratch_budget(scratch, LIMIT_CPU_MS);
	for (size_t i = 0; i < pack->nrules; i++)
		match_explain(&explained, arena, &pack->rules[i], &input,
			      scratch);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rules_text file = { "fuzz.rules", { (const char *)data, size } };
	AUTOFREE(pack) *pack = NULL;
	const struct error *err = pack_parse(&pack, &file, 1);

	assert(!err == !!pack);
	assert(!err || err->class == ERROR_CONFIG);
	if (pack) {
		pack_lint(pack, ignore, NULL);
		run(pack);
	}
	error_free(err);
	return 0;
}
