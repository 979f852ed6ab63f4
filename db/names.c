#include "names.h"

#include <stdlib.h>
#include <string.h>

#include "bot/alloc.h"
#include "bot/arena.h"
#include "db.h"

enum { NSLOTS = 4096 };

struct name {
	int table;
	const struct span *texts; /* as many as the table has columns */
	int64_t id;		  /* 0: the slot is empty */
};

struct names {
	struct arena *arena;
	struct name slots[NSLOTS];
};

struct names *
names_new(void)
{
	struct names *names = xcalloc(1, sizeof(*names));

	names->arena = arena_new();
	return names;
}

void
names_free(struct names *names)
{
	if (!names)
		return;
	arena_free(names->arena);
	free(names);
}

void
names_forget(struct names *names)
{
	arena_clear(names->arena);
	memset(names->slots, 0, sizeof(names->slots));
}

/* FNV-1a. Whoever makes names collide makes us look them up, no more. */
static size_t
slot_of(int table, const struct db_value *values, size_t n)
{
	uint32_t hash = 2166136261u + (uint32_t)table;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < values[i].bytes.len; k++)
			hash = (hash ^ (unsigned char)values[i].bytes.ptr[k]) *
			       16777619u;
	return (hash ^ hash >> 16) % NSLOTS;
}

int64_t
names_find(const struct names *names, int table, const struct db_value *values,
	   size_t n)
{
	const struct name *name = &names->slots[slot_of(table, values, n)];

	if (!name->id || name->table != table)
		return 0;
	for (size_t i = 0; i < n; i++)
		if (!span_equal(name->texts[i], values[i].bytes))
			return 0;
	return name->id;
}

void
names_keep(struct names *names, int table, const struct db_value *values,
	   size_t n, int64_t id)
{
	struct span *texts = ARENA_ARRAY(names->arena, n, struct span);

	for (size_t i = 0; i < n; i++) {
		texts[i].len = values[i].bytes.len;
		texts[i].ptr = arena_strndup(names->arena, values[i].bytes.ptr,
					     texts[i].len);
	}
	names->slots[slot_of(table, values, n)] =
		(struct name){ table, texts, id };
}
