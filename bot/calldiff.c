#include "calldiff.h"

#include "arena.h"

/* A number for each name, the same on both sides. */
struct names {
	const struct call **slots; /* the first call of that name */
	uint32_t *ids;
	size_t nslots; /* a power of two */
	uint32_t n;
};

struct side {
	const struct call *v;
	size_t n;
	const bool *changed;
	uint32_t *ids;	  /* of each call */
	uint32_t *counts; /* calls of each name */
};

struct comparison {
	struct calldiff *out;
	struct arena *arena;
	struct side before, after;
	size_t nnames;
};

static void
add(struct comparison *c, enum calldiff_kind kind, size_t call)
{
	struct calldiff *out = c->out;

	ARENA_GROW(c->arena, out->v, out->cap, out->n);
	out->v[out->n++] = (struct calldiff_item){ kind, call };
}

static uint32_t
id_of(struct names *names, const struct call *call)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < call->name.len; i++)
		hash = (hash ^ (unsigned char)call->name.ptr[i]) * 16777619u;
	for (size_t at = hash;; at++) {
		size_t slot = at & (names->nslots - 1);

		if (!names->slots[slot]) {
			names->slots[slot] = call;
			names->ids[slot] = names->n;
			return names->n++;
		}
		if (span_equal(names->slots[slot]->name, call->name))
			return names->ids[slot];
	}
}

static void
number_side(struct side *side, struct names *names, struct arena *arena)
{
	side->ids = ARENA_ARRAY(arena, side->n, uint32_t);
	for (size_t i = 0; i < side->n; i++)
		side->ids[i] = id_of(names, &side->v[i]);
}

static void
count_side(struct side *side, struct arena *arena, size_t nnames)
{
	side->counts = ARENA_ARRAY(arena, nnames, uint32_t);
	for (size_t i = 0; i < side->n; i++)
		side->counts[side->ids[i]]++;
}

static void
number_names(struct comparison *c)
{
	struct names names = { .nslots = 16 };

	while (names.nslots < 2 * (c->before.n + c->after.n))
		names.nslots *= 2;
	names.slots = ARENA_ARRAY(c->arena, names.nslots, const struct call *);
	names.ids = ARENA_ARRAY(c->arena, names.nslots, uint32_t);
	number_side(&c->before, &names, c->arena);
	number_side(&c->after, &names, c->arena);
	c->nnames = names.n;
	count_side(&c->before, c->arena, names.n);
	count_side(&c->after, c->arena, names.n);
}

/* The changed calls of @side whose names @other calls less often. */
static void
find_surplus(struct comparison *c, enum calldiff_kind kind,
	     const struct side *side, const struct side *other)
{
	for (size_t i = 0; i < side->n; i++)
		if (side->changed[i] &&
		    side->counts[side->ids[i]] > other->counts[side->ids[i]])
			add(c, kind, i);
}

static bool
same_depth(const struct call *a, const struct call *b)
{
	return a->branches == b->branches && a->ifdefs == b->ifdefs;
}

/* The next call from *@at on that nobody touched. */
static bool
next_untouched(size_t *at, const struct side *side)
{
	while (*at < side->n && side->changed[*at])
		++*at;
	return *at < side->n;
}

/* Untouched calls are the same on both sides, one by one; if not, a comment
   or a directive hides some, and nothing can be said of order. */
static bool
is_comparable(const struct comparison *c)
{
	size_t b = 0, a = 0;

	for (;; b++, a++) {
		bool left = next_untouched(&b, &c->before);

		if (next_untouched(&a, &c->after) != left)
			return false;
		if (!left)
			return true;
		if (c->before.ids[b] != c->after.ids[a])
			return false;
	}
}

/* Nobody touched them, but put them into a branch or took them out. */
static void
find_wrapped(struct comparison *c)
{
	size_t b = 0, a = 0;

	for (; next_untouched(&b, &c->before) && next_untouched(&a, &c->after);
	     b++, a++)
		if (!same_depth(&c->before.v[b], &c->after.v[a]))
			add(c, CALLDIFF_MOVED, a);
}

/* A call on a changed line of one side, and the same one on the other. */
struct pair {
	size_t before, after;
	size_t rank_before, rank_after; /* untouched calls in front of it */
};

static bool
is_paired(const struct comparison *c, const struct side *side, size_t i)
{
	return side->changed[i] &&
	       c->before.counts[side->ids[i]] == c->after.counts[side->ids[i]];
}

/* The n-th changed call of a name before is the n-th one after. */
static size_t
pair_up(struct pair *pairs, const struct comparison *c)
{
	const struct side *before = &c->before, *after = &c->after;
	/* By name, from 1: the first pair that waits for its other half, and
	   the last; by pair: the one after it. */
	size_t *first = ARENA_ARRAY(c->arena, c->nnames, size_t);
	size_t *last = ARENA_ARRAY(c->arena, c->nnames, size_t);
	size_t *next = ARENA_ARRAY(c->arena, before->n + 1, size_t);
	size_t n = 0, kept = 0;

	for (size_t i = 0, rank = 0; i < before->n; i++) {
		uint32_t id = before->ids[i];

		rank += !before->changed[i];
		if (!is_paired(c, before, i))
			continue;
		pairs[n++] = (struct pair){ i, SIZE_MAX, rank, 0 };
		*(first[id] ? &next[last[id]] : &first[id]) = n;
		last[id] = n;
	}
	for (size_t i = 0, rank = 0; i < after->n; i++) {
		size_t *waiting = &first[after->ids[i]];

		rank += !after->changed[i];
		if (!is_paired(c, after, i) || !*waiting)
			continue;
		pairs[*waiting - 1].after = i;
		pairs[*waiting - 1].rank_after = rank;
		*waiting = next[*waiting];
	}
	for (size_t i = 0; i < n; i++)
		if (pairs[i].after != SIZE_MAX)
			pairs[kept++] = pairs[i];
	return kept;
}

/* Of @n pairs in the order of before, the longest run that is in the order of
   after, too, stays where it was (patience sorting). */
static void
longest_run(bool *stays, struct arena *arena, const struct pair *pairs,
	    size_t n)
{
	size_t *tails = ARENA_ARRAY(arena, n + 1, size_t);
	size_t *previous = ARENA_ARRAY(arena, n + 1, size_t);
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		size_t low = 0, high = len;

		while (low < high) {
			size_t mid = (low + high) / 2;

			if (pairs[tails[mid]].after < pairs[i].after)
				low = mid + 1;
			else
				high = mid;
		}
		previous[i] = low ? tails[low - 1] : SIZE_MAX;
		tails[low] = i;
		len += low == len;
	}
	for (size_t i = len ? tails[len - 1] : SIZE_MAX; i != SIZE_MAX;
	     i = previous[i])
		stays[i] = true;
}

static void
find_moved(struct comparison *c)
{
	struct pair *pairs = ARENA_ARRAY(c->arena, c->before.n, struct pair);
	size_t n = pair_up(pairs, c), nthere = 0;
	bool *stays = ARENA_ARRAY(c->arena, n, bool);

	for (size_t i = 0; i < n; i++) {
		const struct pair *pair = &pairs[i];

		if (pair->rank_before != pair->rank_after ||
		    !same_depth(&c->before.v[pair->before],
				&c->after.v[pair->after]))
			add(c, CALLDIFF_MOVED, pair->after);
		else
			pairs[nthere++] = *pair;
	}
	longest_run(stays, c->arena, pairs, nthere);
	for (size_t i = 0; i < nthere; i++)
		if (!stays[i])
			add(c, CALLDIFF_MOVED, pairs[i].after);
}

void
calldiff_find(struct calldiff *out, struct arena *arena,
	      const struct calldiff_side *before,
	      const struct calldiff_side *after, bool moves)
{
	struct comparison c = { .out = out, .arena = arena };

	*out = (struct calldiff){ 0 };
	c.before = (struct side){ .v = before->calls->v,
				  .n = before->calls->n,
				  .changed = before->changed };
	c.after = (struct side){ .v = after->calls->v,
				 .n = after->calls->n,
				 .changed = after->changed };
	number_names(&c);
	find_surplus(&c, CALLDIFF_NEW, &c.after, &c.before);
	find_surplus(&c, CALLDIFF_GONE, &c.before, &c.after);
	if (!moves || !is_comparable(&c))
		return;
	find_wrapped(&c);
	find_moved(&c);
}
