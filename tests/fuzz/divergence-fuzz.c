/*
 * divergence-fuzz.c - any bytes as a divergence map: refused, or one that says
 * the same when it was written and read again
 */
#include <assert.h>

#include "bot/arena.h"
#include "bot/buf.h"
#include "bot/divergence.h"
#include "bot/divergence-text.h"
#include "bot/error.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
look_up(const struct divergence *map, struct span text)
{
	for (size_t i = 0; i < map->nfacts; i++) {
		size_t n;
		const struct map_fact *fact =
			divergence_find(&n, map, span_of(map->facts[i].name));

		assert(fact && n && !strcmp(fact->name, map->facts[i].name));
		if (map->facts[i].kind == MAP_MEMBER &&
		    strchr(map->facts[i].name, '.'))
			assert(divergence_member(map,
						 span_of(map->facts[i].name)));
		assert(map->facts[i].kind != MAP_MEMBER ||
		       !*map->facts[i].type ||
		       divergence_member_of(map, span_of(map->facts[i].type),
					    SPAN("")));
	}
	divergence_member(map, text);
	divergence_member_of(map, text, text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { (const char *)data, size };
	AUTOFREE(divergence) *map = NULL;
	AUTOFREE(divergence) *again = NULL;
	struct buf first = BUF(64 << 20), second = BUF(64 << 20);
	const struct error *err = divergence_parse(&map, "fuzz.map", text);

	assert(!err == !!map);
	assert(!err || err->class == ERROR_INPUT);
	error_free(err);
	if (!map)
		return 0;
	look_up(map, text);
	divergence_print(&first, map);
	err = divergence_parse(&again, "again.map", buf_span(&first));
	assert(!err && again->nfacts == map->nfacts);
	divergence_print(&second, again);
	assert(span_equal(buf_span(&first), buf_span(&second)));
	buf_free(&first);
	buf_free(&second);
	return 0;
}
