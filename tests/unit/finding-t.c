/* From a rule that held to a sentence. */
#include "tap.h"

#include "bot/arena.h"
#include "bot/finding.h"
#include "bot/place.h"
#include "rules/match.h"

static struct patch_line lines[] = {
	{ { "int a;", sizeof("int a;") - 1 }, LINE_CONTEXT, false },
	{ { "\tbad\x1b[2J\xff();", sizeof("\tbad\x1b[2J\xff();") - 1 },
	  LINE_ADDED,
	  false },
	{ { "gone();", sizeof("gone();") - 1 }, LINE_REMOVED, false },
};
static struct patch_file file = { .new_path = "a\tb.c", .old_path = "a\tb.c" };
static const struct rule rule = {
	.id = "r",
	.points = 15,
	.title = "t",
	.area = "boot",
	.why = "{function} at {line}, {function} and {unknown}.",
};
static const struct pack pack = { .name = "p" };

static struct finding
at(struct arena *arena, long line, const char *before, const char *function)
{
	struct place place = { .file = &file,
			       .lines = lines,
			       .nlines = 3,
			       .old_line = 10,
			       .new_line = 20,
			       .function_before = before,
			       .function_after = function };
	struct match_hit hit = { .rule = &rule, .place = &place, .line = line };
	struct finding finding;

	finding_of_hit(&finding, arena, &pack, &hit);
	return finding;
}

static const char *const chain[] = { "a", "b", "c", "d", "e",
				     "f", "g", "h", "i", "j" };
static const struct map_fact fact = {
	.name = "native_die",
	.kind = MAP_REPLACED,
	.member = "smp_ops.die",
	.counterpart = "guest/smp.c:guest_die",
	.chain = chain,
	.nchain = 10,
};
static const struct rule mapped = {
	.id = "m",
	.why = "{member}, {counterpart}; {chain}.",
};

static struct finding
by_map(struct arena *arena, enum map_kind kind, const struct map_fact *by,
       bool changes)
{
	struct span named = kind == MAP_MEMBER ? SPAN("smp") : SPAN("\tlcr3 ");
	struct place place = { .file = &file, .function_after = "f" };
	struct match_hit hit = { .rule = &mapped,
				 .place = &place,
				 .line = -1,
				 .has_map = true,
				 .kind = kind,
				 .fact = by,
				 .named = named,
				 .changes_counterpart = changes };
	struct finding finding;

	finding_of_hit(&finding, arena, &pack, &hit);
	return finding;
}

static void
test_map(struct arena *arena)
{
	struct map_fact bare = { .name = "tss",
				 .kind = MAP_GUEST_STATE,
				 .member = "",
				 .counterpart = "",
				 .chain = chain,
				 .nchain = 2 };
	struct map_fact at_entry = fact, member = fact;
	struct finding f = by_map(arena, MAP_REPLACED, &fact, false);

	is_str(f.why,
	       "smp_ops.die, guest_die() in guest/smp.c, untouched by this "
	       "patch; a -> b -> c -> d -> ... -> g -> h -> i -> j.",
	       "what the guest has, and a chain without its middle");
	is_str(f.map->kind, "replaced", "the kind");
	is_int((intmax_t)f.map->nchain, 10, "the whole chain is kept");
	at_entry.nchain = 1;
	f = by_map(arena, MAP_REPLACED, &at_entry, false);
	is_str(f.why,
	       "smp_ops.die, guest_die() in guest/smp.c, untouched by this "
	       "patch; entering there.",
	       "the chain of an entry");
	is_str(f.map->counterpart, "guest/smp.c:guest_die",
	       "as the map has it");
	ok(strstr(by_map(arena, MAP_REPLACED, &fact, true).why,
		  "guest_die() in guest/smp.c, which this patch changes, too;"),
	   "a patch that changes both");
	ok(strstr(by_map(arena, MAP_HOOK, &fact, false).why,
		  "guest_die() in guest/smp.c; a"),
	   "of a hook nothing has to follow");
	is_str(by_map(arena, MAP_GUEST_STATE, &bare, false).why,
	       "tss, code of its own; a -> b.", "a variable, nobody known");
	member.type = "smp";
	f = by_map(arena, MAP_MEMBER, &member, false);
	is_str(f.why,
	       "members of struct smp, such as smp_ops.die,, code of its "
	       "own; a -> b -> c -> d -> ... -> g -> h -> i -> j.",
	       "a structure: no one member's counterpart is meant");
	is_str(f.map->counterpart, "", "nor as data");
	f = by_map(arena, MAP_PRIVILEGED, NULL, false);
	is_str(f.why, "lcr3, code of its own; f().",
	       "a line that no map knows: what it says");
	is_str(f.map->member, "lcr3", "and so as data");
	ok(!at(arena, 1, NULL, "f").map, "a rule that does not ask has none");
}

int
main(void)
{
	AUTOFREE(arena) *arena = arena_new();
	struct finding a = at(arena, 1, NULL, "f"),
		       b = at(arena, 2, NULL, NULL);
	struct finding none = at(arena, -1, NULL, "f"),
		       c = at(arena, 1, NULL, "longer");

	is_str(a.path, "a b.c", "a path is fit for a terminal");
	is_str(a.text, "+\tbad[2J\xc3\xbf();", "so is the line");
	is_int(a.line, 21, "an added line counts in the post-image");
	is_str(a.why, "f() at 21, f() and {unknown}.", "placeholders");
	is_str(b.text, "-gone();", "a removed line");
	ok(b.old_side && b.line == 11, "counts in the pre-image");
	is_str(b.why, "this code at 11, this code and {unknown}.",
	       "a function that is not known");
	is_int(none.line, 0, "a change without lines");
	is_str(none.text, "", "has no excerpt");
	is_str(at(arena, 2, "was", "is").function, "was",
	       "a removed line is in the function that was");
	is_str(at(arena, 1, "was", "is").function, "is",
	       "an added one in the function that is");
	ok(finding_same_reason(&a, &c), "another function, the same reason");
	ok(!finding_same_reason(&a, &b), "another line, another reason");
	test_map(arena);
	return done_testing();
}
