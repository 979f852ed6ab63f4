/*
 * MAINTAINERS and .mailmap: any bytes in; no address comes out that could
 * harm a header, and being the same never fails of an address with itself.
 */
#include <assert.h>
#include <stdint.h>

#include "bot/addrspec.h"
#include "bot/arena.h"
#include "bot/identity.h"
#include "bot/maintainers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(struct identity *identity, const struct addresses *list)
{
	for (size_t i = 0; i < list->n; i++) {
		const char *addr = list->v[i].addr;

		assert(addrspec_valid(span_of(addr)));
		assert(!list->v[i]
				.name[strcspn(list->v[i].name, "\r\n\t\x7f")]);
		assert(identity_same(identity, addr, addr));
		assert(identity_same(identity, addr,
				     identity_canonical(identity, addr)));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { (const char *)data, size };
	AUTOFREE(arena) *arena = arena_new();
	AUTOFREE(identity) *identity = identity_new();
	struct maintainers m;

	identity_mailmap(identity, text);
	maintainers_parse(&m, arena, text);
	for (size_t i = 0; i < m.n; i++) {
		check(identity, &m.sections[i].people);
		check(identity, &m.sections[i].lists);
	}
	return 0;
}
