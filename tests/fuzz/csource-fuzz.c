/*
 * csource-fuzz.c - the lexer of C, assembly and Kconfig
 *
 * The first byte chooses the language and whether references are wanted. The
 * rest is exactly as long as said, so that reading past it is seen.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bot/alloc.h"
#include "bot/arena.h"
#include "bot/csource.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const struct csource *source)
{
	for (size_t i = 0; i < source->ndefs; i++) {
		const struct csource_def *def = &source->defs[i];

		if (!def->first || def->last < def->first || !def->name.len ||
		    def->refs + def->nrefs > source->nrefs ||
		    (i && def[-1].first > def->first))
			abort();
	}
	for (size_t i = 0; i < source->nrefs; i++)
		if (!source->refs[i].line)
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = { "a.c", "a.h", "a.S", "Kconfig" };
	static const char *const on[] = { "A" }, *const off[] = { "B" };
	static const struct csource_symbols symbols = { on, off, 1, 1 };
	AUTOFREE(arena) *arena = arena_new();
	struct csource source;
	char *text;

	if (!size)
		return 0;
	text = xmalloc(size);
	memcpy(text, data + 1, size - 1);
	csource_read(&source, arena, paths[data[0] & 3],
		     (struct span){ text, size - 1 },
		     data[0] & 8 ? &symbols : NULL, !(data[0] & 4));
	check(&source);
	for (uint32_t line = 0; line < 40; line++)
		csource_at(&source, line);
	free(text);
	return 0;
}
