/* What changed between two maps. */
#include "tap.h"

#include "bot/arena.h"
#include "bot/divergence-diff.h"
#include "bot/divergence-text.h"

#define HEAD "pvwatch-map 1\n\n"

static const char before_text[] =
	HEAD "boot entry a.c chain=start>boot\n"
	     "gone_native skipped a.c\n"
	     "hook1 hook a.c member=ops.a\n"
	     "native_a replaced a.c member=ops.a guest=g.c:guest_a\n"
	     "native_b replaced a.c member=ops.b guest=g.c:guest_b\n"
	     "native_c replaced a.c member=ops.c guest=g.c:guest_c\n"
	     "native_f replaced a.c member=ops.f\n"
	     "ops.a member a.h guest=g.c:guest_a\n"
	     "ops.b member a.h guest=g.c:guest_b\n"
	     "ops.c member a.h guest=g.c:guest_c\n"
	     "ops.d member a.h guest=g.c:guest_d\n";

static const char after_text[] =
	HEAD "boot skipped moved.c depth=2 chain=start>x>boot\n"
	     "hook1 hook a.c member=ops.a\n"
	     "hook1 hook a.c member=ops.b\n"
	     "native_a replaced a.c member=ops.a\n"
	     "native_c replaced a.c member=ops.c guest=g.c:guest_c2\n"
	     "new_native skipped a.c\n"
	     "ops.b member a.h guest=g.c:guest_b\n"
	     "ops.c member a.h guest=g.c:guest_c2\n"
	     "ops.e member a.h guest=g.c:guest_e\n";

static const char want[] =
	"native-only new_native; shared gone_native; lost-guest native_a; "
	"lost-native ops.b; counterpart ops.c; came member ops.e; "
	"came hook hook1; went replaced native_f; went member ops.d; ";

static struct divergence *
load(const char *text)
{
	struct divergence *map = NULL;

	succeeds(divergence_parse(&map, "m", span_of(text)), "a map");
	if (!map)
		abort();
	return map;
}

static const char *
describe(struct arena *arena, const struct map_changes *changes)
{
	const char *text = "";

	for (size_t i = 0; i < changes->n; i++) {
		const struct map_change *c = &changes->v[i];
		const struct map_fact *fact = c->is ? c->is : c->was;
		bool plain = c->what == CHANGE_CAME || c->what == CHANGE_WENT;

		text = arena_printf(arena, "%s%s %s%s%s; ", text,
				    map_change_name(c->what),
				    plain ? map_kind_name(fact->kind) : "",
				    plain ? " " : "", fact->name);
	}
	return text;
}

int
main(void)
{
	AUTOFREE(arena) *arena = arena_new();
	AUTOFREE(divergence) *before = load(before_text);
	AUTOFREE(divergence) *after = load(after_text);
	struct map_changes changes;

	divergence_diff(&changes, arena, before, after);
	is_str(describe(arena, &changes), want, "what changed");
	divergence_diff(&changes, arena, before, before);
	is_int((intmax_t)changes.n, 0, "nothing against itself");
	return done_testing();
}
