#include "funcrange.h"

#include <stdint.h>

#include "arena.h"
#include "csource.h"

/* A macro of one line is no place to be in. */
static bool
is_range(const struct csource_def *def)
{
	return def->kind == CSOURCE_FUNCTION ||
	       (def->kind == CSOURCE_MACRO && def->last > def->first);
}

/* The outermost ones; where heads under #if share a body, the last has it. */
static void
take(struct funcranges *out, struct arena *arena, const struct csource *source)
{
	*out = (struct funcranges){ 0 };
	for (size_t i = 0; i < source->ndefs; i++) {
		const struct csource_def *def = &source->defs[i];
		struct funcrange *before = out->n ? &out->v[out->n - 1] : NULL;

		if (!is_range(def) || (before && before->last >= def->last))
			continue;
		if (before && before->last >= def->first)
			before->last = def->first - 1;
		ARENA_GROW(arena, out->v, out->cap, out->n);
		out->v[out->n++] =
			(struct funcrange){ def->first, def->last,
					    arena_strndup(arena, def->name.ptr,
							  def->name.len) };
	}
}

void
funcranges_find(struct funcranges *out, struct arena *arena, const char *path,
		struct span text)
{
	struct csource source;

	csource_read(&source, arena, path, text, NULL, false);
	take(out, arena, &source);
}

void
funcranges_find_in_piece(struct funcranges *out, struct arena *arena,
			 const char *path, struct span heading,
			 struct span text)
{
	struct csource source;

	csource_read_piece(&source, arena, path, heading, text);
	take(out, arena, &source);
}

const char *
funcranges_at(const struct funcranges *ranges, size_t lineno)
{
	size_t low = 0, high = ranges->n;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (lineno < ranges->v[mid].first)
			high = mid;
		else if (lineno > ranges->v[mid].last)
			low = mid + 1;
		else
			return ranges->v[mid].name;
	}
	return NULL;
}
