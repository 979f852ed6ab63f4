#include "divergence-diff.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"

static const unsigned NATIVE_ONLY = 1u << MAP_ENTRY | 1u << MAP_SKIPPED;

/* The native halves of a map, by member. */
struct halves {
	const struct map_fact **v;
	size_t n, cap;
};

struct side {
	const struct divergence *map;
	struct halves native;
};

struct diff {
	struct map_changes *out;
	struct arena *arena;
	struct side before, after;
};

const char *
map_change_name(enum map_change_what what)
{
	static const char *const names[NCHANGES] = {
		[CHANGE_NATIVE_ONLY] = "native-only",
		[CHANGE_SHARED] = "shared",
		[CHANGE_LOST_GUEST] = "lost-guest",
		[CHANGE_LOST_NATIVE] = "lost-native",
		[CHANGE_COUNTERPART] = "counterpart",
		[CHANGE_CAME] = "came",
		[CHANGE_WENT] = "went",
	};

	return names[what];
}

static void
add(struct diff *diff, enum map_change_what what, const struct map_fact *was,
    const struct map_fact *is)
{
	struct map_changes *out = diff->out;

	ARENA_GROW(diff->arena, out->v, out->cap, out->n);
	out->v[out->n++] = (struct map_change){ what, was, is };
}

/* The first fact in @map of one of @kinds about @name; NULL. */
static const struct map_fact *
find(const struct divergence *map, const char *name, unsigned kinds)
{
	size_t n;
	const struct map_fact *facts = divergence_find(&n, map, span_of(name));

	for (size_t i = 0; i < n; i++)
		if (kinds & 1u << facts[i].kind)
			return &facts[i];
	return NULL;
}

/* The same fact in @map; NULL. */
static const struct map_fact *
find_same(const struct divergence *map, const struct map_fact *fact)
{
	size_t n;
	const struct map_fact *facts =
		divergence_find(&n, map, span_of(fact->name));

	for (size_t i = 0; i < n; i++)
		if (facts[i].kind == fact->kind &&
		    !strcmp(facts[i].member, fact->member))
			return &facts[i];
	return NULL;
}

/* One of several facts of one key stands for all. */
static bool
is_repeated(const struct divergence *map, size_t i)
{
	return i && map->facts[i - 1].kind == map->facts[i].kind &&
	       !strcmp(map->facts[i - 1].name, map->facts[i].name) &&
	       !strcmp(map->facts[i - 1].member, map->facts[i].member);
}

static int
by_member(const void *left, const void *right)
{
	const struct map_fact *a = *(const struct map_fact *const *)left;
	const struct map_fact *b = *(const struct map_fact *const *)right;
	int order = strcmp(a->member, b->member);

	return order ? order : (a > b) - (a < b);
}

static void
find_halves(struct halves *out, struct arena *arena,
	    const struct divergence *map)
{
	for (size_t i = 0; i < map->nfacts; i++) {
		if (map->facts[i].kind != MAP_REPLACED)
			continue;
		ARENA_GROW(arena, out->v, out->cap, out->n);
		out->v[out->n++] = &map->facts[i];
	}
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), by_member);
}

static int
compare_member(const void *key, const void *element)
{
	const struct map_fact *fact = *(const struct map_fact *const *)element;

	return strcmp(key, fact->member);
}

/* The native half that stands for @member; NULL. */
static const struct map_fact *
native_half(const struct side *side, const char *member)
{
	const struct map_fact *const *found = NULL;

	if (side->native.n)
		found = bsearch(member, side->native.v, side->native.n,
				sizeof(*side->native.v), compare_member);
	return found ? *found : NULL;
}

/* What the guest puts into @member; NULL: it does not. */
static const struct map_fact *
guest_half(const struct divergence *map, const char *member)
{
	const struct map_fact *fact = find(map, member, 1u << MAP_MEMBER);

	return fact && *fact->counterpart ? fact : NULL;
}

/* A pair that has only the guest's half now. */
static bool
has_lost_native(const struct diff *diff, const char *member)
{
	return native_half(&diff->before, member) &&
	       guest_half(diff->before.map, member) &&
	       !native_half(&diff->after, member) &&
	       guest_half(diff->after.map, member);
}

/* A member that was there, @fact, against what is there now. */
static void
diff_member(struct diff *diff, const struct map_fact *was)
{
	const struct divergence *before = diff->before.map;
	const struct divergence *after = diff->after.map;
	const struct map_fact *native = native_half(&diff->before, was->name);
	const struct map_fact *native_now =
		native_half(&diff->after, was->name);
	const struct map_fact *guest = guest_half(before, was->name);
	const struct map_fact *guest_now = guest_half(after, was->name);

	if (native && guest && native_now && !guest_now)
		add(diff, CHANGE_LOST_GUEST, was, native_now);
	else if (has_lost_native(diff, was->name))
		add(diff, CHANGE_LOST_NATIVE, native, guest_now);
	else if (guest && guest_now &&
		 strcmp(guest->counterpart, guest_now->counterpart))
		add(diff, CHANGE_COUNTERPART, guest, guest_now);
	else if (!find(after, was->name, 1u << MAP_MEMBER))
		add(diff, CHANGE_WENT, was, NULL);
}

static void
diff_gone(struct diff *diff, const struct divergence *before,
	  const struct divergence *after)
{
	for (size_t i = 0; i < before->nfacts; i++) {
		const struct map_fact *was = &before->facts[i];

		if (is_repeated(before, i))
			continue;
		if (was->kind == MAP_MEMBER)
			diff_member(diff, was);
		else if (NATIVE_ONLY & 1u << was->kind) {
			if (!find(after, was->name, NATIVE_ONLY))
				add(diff, CHANGE_SHARED, was, NULL);
		} else if (was->kind == MAP_REPLACED &&
			   has_lost_native(diff, was->member)) {
			continue; /* diff_member() tells of the pair */
		} else if (!find_same(after, was)) {
			add(diff, CHANGE_WENT, was, NULL);
		}
	}
}

static void
diff_new(struct diff *diff, const struct divergence *before,
	 const struct divergence *after)
{
	for (size_t i = 0; i < after->nfacts; i++) {
		const struct map_fact *is = &after->facts[i];

		if (is_repeated(after, i))
			continue;
		if (NATIVE_ONLY & 1u << is->kind) {
			if (!find(before, is->name, NATIVE_ONLY))
				add(diff, CHANGE_NATIVE_ONLY, NULL, is);
		} else if (!find_same(before, is)) {
			add(diff, CHANGE_CAME, NULL, is);
		}
	}
}

static int
by_what(const void *left, const void *right)
{
	const struct map_change *a = left, *b = right;
	const struct map_fact *x = a->is ? a->is : a->was;
	const struct map_fact *y = b->is ? b->is : b->was;

	if (a->what != b->what)
		return a->what < b->what ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return strcmp(x->name, y->name);
}

void
divergence_diff(struct map_changes *out, struct arena *arena,
		const struct divergence *before, const struct divergence *after)
{
	struct diff diff = { .out = out,
			     .arena = arena,
			     .before = { .map = before },
			     .after = { .map = after } };

	*out = (struct map_changes){ 0 };
	find_halves(&diff.before.native, arena, before);
	find_halves(&diff.after.native, arena, after);
	diff_gone(&diff, before, after);
	diff_new(&diff, before, after);
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), by_what);
}
