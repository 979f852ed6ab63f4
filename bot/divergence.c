#include "divergence.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"

/* A member's path from some component on, but not the last alone. */
struct map_tail {
	const char *text;
	uint32_t fact;
};

const char *const map_kind_names[NMAP_KINDS] = {
	[MAP_ENTRY] = "entry",
	[MAP_SKIPPED] = "skipped",
	[MAP_REPLACED] = "replaced",
	[MAP_MEMBER] = "member",
	[MAP_HOOK] = "hook",
	[MAP_CALLEE] = "callee",
	[MAP_MACRO] = "macro",
	[MAP_YIELD] = "yield",
	[MAP_GUEST_STATE] = "guest-state",
	[MAP_NATIVE_STATE] = "native-state",
	[MAP_PRIVILEGED] = "privileged",
};

const char *
map_kind_name(enum map_kind kind)
{
	return map_kind_names[kind];
}

int
map_kind_by_name(const char *name)
{
	for (int i = 0; i < NMAP_KINDS; i++)
		if (!strcmp(map_kind_names[i], name))
			return i;
	return -1;
}

struct divergence *
divergence_new(void)
{
	struct arena *arena = arena_new();
	struct divergence *map = ARENA_NEW(arena, struct divergence);

	map->arena = arena;
	map->of = map->commit = map->platform = "";
	return map;
}

void
divergence_free(struct divergence *map)
{
	if (map)
		arena_free(map->arena);
}

static const char *
text(const char *s)
{
	return s ? s : "";
}

void
divergence_add(struct divergence *map, const struct map_fact *fact)
{
	struct map_fact *own;

	ARENA_GROW(map->arena, map->facts, map->facts_cap, map->nfacts);
	own = &map->facts[map->nfacts++];
	*own = *fact;
	own->file = text(fact->file);
	own->member = text(fact->member);
	own->type = text(fact->type);
	own->counterpart = text(fact->counterpart);
}

void
divergence_add_path(struct divergence *map, const struct map_path *path)
{
	ARENA_GROW(map->arena, map->paths, map->paths_cap, map->npaths);
	map->paths[map->npaths] = *path;
	map->paths[map->npaths++].join = text(path->join);
}

static int
compare_chains(const struct map_fact *a, const struct map_fact *b)
{
	for (size_t i = 0; i < a->nchain && i < b->nchain; i++) {
		int order = strcmp(a->chain[i], b->chain[i]);

		if (order)
			return order;
	}
	return (a->nchain > b->nchain) - (a->nchain < b->nchain);
}

static int
by_name(const void *left, const void *right)
{
	const struct map_fact *a = left, *b = right;
	int order = strcmp(a->name, b->name);

	if (!order && a->kind != b->kind)
		order = strcmp(map_kind_name(a->kind), map_kind_name(b->kind));
	if (!order)
		order = strcmp(a->file, b->file);
	if (!order)
		order = strcmp(a->member, b->member);
	if (!order)
		order = strcmp(a->counterpart, b->counterpart);
	if (!order)
		order = strcmp(a->type, b->type);
	if (!order)
		order = (a->depth > b->depth) - (a->depth < b->depth);
	if (!order)
		order = a->is_static - b->is_static;
	return order ? order : compare_chains(a, b);
}

/* A map that was written sealed comes back in order. */
static void
sort_facts(struct divergence *map)
{
	struct map_fact *facts = map->facts;
	bool sorted = true;
	size_t n = 0;

	for (size_t i = 1; i < map->nfacts && sorted; i++)
		sorted = by_name(&facts[i - 1], &facts[i]) < 0;
	if (sorted)
		return;
	qsort(facts, map->nfacts, sizeof(*facts), by_name);
	for (size_t i = 0; i < map->nfacts; i++)
		if (!n || by_name(&facts[n - 1], &facts[i]))
			facts[n++] = facts[i];
	map->nfacts = n;
}

static uint32_t
hash_of(struct span name)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < name.len; i++)
		hash = (hash ^ (unsigned char)name.ptr[i]) * 16777619u;
	return hash ^ hash >> 15;
}

static bool
is_named(const struct map_fact *fact, struct span name)
{
	return !strncmp(fact->name, name.ptr, name.len) &&
	       !fact->name[name.len];
}

/* The bucket of @name: one that is free when nobody has the name. */
static size_t
bucket_of(const struct divergence *map, struct span name)
{
	size_t at = hash_of(name) & (map->nbuckets - 1);

	while (map->buckets[at] &&
	       !is_named(&map->facts[map->buckets[at] - 1], name))
		at = (at + 1) & (map->nbuckets - 1);
	return at;
}

static void
index_names(struct divergence *map)
{
	map->nbuckets = 16;
	while (map->nbuckets < 2 * map->nfacts)
		map->nbuckets *= 2;
	map->buckets = ARENA_ARRAY(map->arena, map->nbuckets, uint32_t);
	for (size_t i = 0; i < map->nfacts; i++) {
		const char *name = map->facts[i].name;

		if (i && !strcmp(map->facts[i - 1].name, name))
			continue;
		map->buckets[bucket_of(map, span_of(name))] = (uint32_t)i + 1;
	}
}

static int
by_text(const void *left, const void *right)
{
	const struct map_tail *a = left, *b = right;
	int order = strcmp(a->text, b->text);

	return order ? order : (a->fact > b->fact) - (a->fact < b->fact);
}

static void
index_tails(struct divergence *map)
{
	size_t cap = 0;

	map->ntails = 0;
	for (size_t i = 0; i < map->nfacts; i++) {
		const char *tail = map->facts[i].name;

		if (map->facts[i].kind != MAP_MEMBER)
			continue;
		for (const char *dot; (dot = strchr(tail, '.'));
		     tail = dot + 1) {
			ARENA_GROW(map->arena, map->tails, cap, map->ntails);
			map->tails[map->ntails++] =
				(struct map_tail){ tail, (uint32_t)i };
		}
	}
	if (map->ntails)
		qsort(map->tails, map->ntails, sizeof(*map->tails), by_text);
}

static const char *
last_component(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot ? dot + 1 : path;
}

static int
by_type(const void *left, const void *right, void *facts)
{
	const struct map_fact *a =
		(struct map_fact *)facts + *(const uint32_t *)left;
	const struct map_fact *b =
		(struct map_fact *)facts + *(const uint32_t *)right;
	int order = strcmp(a->type, b->type);

	if (!order)
		order = strcmp(last_component(a->name),
			       last_component(b->name));
	return order ? order : (a > b) - (a < b);
}

static void
index_types(struct divergence *map)
{
	size_t cap = 0;

	map->nby_type = 0;
	for (size_t i = 0; i < map->nfacts; i++) {
		if (map->facts[i].kind != MAP_MEMBER || !*map->facts[i].type)
			continue;
		ARENA_GROW(map->arena, map->by_type, cap, map->nby_type);
		map->by_type[map->nby_type++] = (uint32_t)i;
	}
	if (map->nby_type)
		qsort_r(map->by_type, map->nby_type, sizeof(*map->by_type),
			by_type, map->facts);
}

static int
by_test(const void *left, const void *right)
{
	const struct map_fact *a = left, *b = right;

	return strcmp(a->name, b->name);
}

static void
index_tests(struct divergence *map)
{
	size_t cap = 0, n = 0;

	map->ntests = 0;
	for (size_t i = 0; i < map->nfacts; i++) {
		const struct map_fact *fact = &map->facts[i];

		if (fact->kind != MAP_YIELD || !*fact->member)
			continue;
		ARENA_GROW(map->arena, map->tests, cap, map->ntests);
		map->tests[map->ntests++] =
			(struct map_fact){ .name = fact->member,
					   .kind = MAP_YIELD,
					   .file = "",
					   .member = fact->member,
					   .type = "",
					   .counterpart = "" };
	}
	if (map->ntests)
		qsort(map->tests, map->ntests, sizeof(*map->tests), by_test);
	for (size_t i = 0; i < map->ntests; i++)
		if (!n || by_test(&map->tests[n - 1], &map->tests[i]))
			map->tests[n++] = map->tests[i];
	map->ntests = n;
}

enum { WORD_BITS = 1 << 17 }; /* some thousand words, and few collisions */

static uint32_t
word_bit(struct span word)
{
	return hash_of(word) & (WORD_BITS - 1);
}

static void
add_word(struct divergence *map, const char *text)
{
	uint32_t bit = word_bit((struct span){ text, strcspn(text, ".") });

	map->words[bit / 64] |= UINT64_C(1) << bit % 64;
}

static void
index_words(struct divergence *map)
{
	map->words = ARENA_ARRAY(map->arena, WORD_BITS / 64, uint64_t);
	for (size_t i = 0; i < map->nfacts; i++) {
		add_word(map, map->facts[i].name);
		add_word(map, map->facts[i].type);
	}
	for (size_t i = 0; i < map->ntails; i++)
		add_word(map, map->tails[i].text);
	for (size_t i = 0; i < map->ntests; i++)
		add_word(map, map->tests[i].name);
}

bool
divergence_may_know(const struct divergence *map, struct span word)
{
	uint32_t bit = word_bit(word);

	return map->words[bit / 64] >> bit % 64 & 1;
}

void
divergence_seal(struct divergence *map)
{
	sort_facts(map);
	index_names(map);
	index_tails(map);
	index_types(map);
	index_tests(map);
	index_words(map);
}

const struct map_fact *
divergence_find(size_t *n, const struct divergence *map, struct span name)
{
	uint32_t bucket = 0;
	size_t first;

	*n = 0;
	if (name.len && !memchr(name.ptr, '\0', name.len))
		bucket = map->buckets[bucket_of(map, name)];
	if (!bucket)
		return NULL;
	first = bucket - 1;
	while (first + *n < map->nfacts &&
	       is_named(&map->facts[first + *n], name))
		++*n;
	return &map->facts[first];
}

/* strcmp(3) of @s and a C string. */
static int
compare(struct span s, const char *with)
{
	int order = strncmp(s.ptr, with, s.len);

	return order ? order : -(with[s.len] != '\0');
}

static int
compare_tail(const void *key, const void *element)
{
	return compare(*(const struct span *)key,
		       ((const struct map_tail *)element)->text);
}

const struct map_fact *
divergence_member(const struct divergence *map, struct span path)
{
	const struct map_tail *tail;

	if (!map->ntails || !path.len || memchr(path.ptr, '\0', path.len))
		return NULL;
	tail = bsearch(&path, map->tails, map->ntails, sizeof(*tail),
		       compare_tail);
	while (tail && tail > map->tails && !strcmp(tail[-1].text, tail->text))
		tail--;
	return tail ? &map->facts[tail->fact] : NULL;
}

const struct map_fact *
divergence_member_under(const struct divergence *map, struct span root,
			struct span leaf)
{
	size_t low = 0, high = map->ntails;

	if (!root.len || memchr(root.ptr, '\0', root.len) ||
	    (leaf.len && memchr(leaf.ptr, '\0', leaf.len)))
		return NULL;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strncmp(map->tails[middle].text, root.ptr, root.len) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < map->ntails; low++) {
		const char *tail = map->tails[low].text;

		if (strncmp(tail, root.ptr, root.len))
			break;
		if (tail[root.len] == '.' &&
		    (!leaf.len || !compare(leaf, last_component(tail))))
			return &map->facts[map->tails[low].fact];
	}
	return NULL;
}

static int
compare_test(const void *key, const void *element)
{
	return compare(*(const struct span *)key,
		       ((const struct map_fact *)element)->name);
}

const struct map_fact *
divergence_test(const struct divergence *map, struct span word)
{
	if (!map->ntests || !word.len || memchr(word.ptr, '\0', word.len))
		return NULL;
	return bsearch(&word, map->tests, map->ntests, sizeof(*map->tests),
		       compare_test);
}

const struct map_fact *
divergence_member_of(const struct divergence *map, struct span tag,
		     struct span member)
{
	size_t low = 0, high = map->nby_type;

	if (!tag.len || memchr(tag.ptr, '\0', tag.len) ||
	    (member.len && memchr(member.ptr, '\0', member.len)))
		return NULL;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct map_fact *fact = &map->facts[map->by_type[middle]];
		int order = compare(tag, fact->type);

		if (!order && member.len)
			order = compare(member, last_component(fact->name));
		if (order > 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == map->nby_type)
		return NULL;
	if (compare(tag, map->facts[map->by_type[low]].type) ||
	    (member.len &&
	     compare(member,
		     last_component(map->facts[map->by_type[low]].name))))
		return NULL;
	return &map->facts[map->by_type[low]];
}
