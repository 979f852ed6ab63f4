/*
 * csource-fuzz.c - the lexer of C, assembly and Kconfig: whole files, pieces of
 * them, and the calls in them
 *
 * The first byte chooses the language and what is wanted. The rest is exactly
 * as long as said, so that reading past it is seen.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bot/alloc.h"
#include "bot/arena.h"
#include "bot/callseq.h"
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

enum {
	LANGUAGE = 3,
	NO_REFS = 4,
	SYMBOLS = 8,
	PIECE = 16, /* the first line is the hunk's heading */
};

static void
read_all(struct arena *arena, unsigned flags, struct span text)
{
	static const char *const paths[] = { "a.c", "a.h", "a.S", "Kconfig" };
	static const char *const on[] = { "A" }, *const off[] = { "B" };
	static const struct csource_symbols symbols = { on, off, 1, 1 };
	const char *path = paths[flags & LANGUAGE];
	struct span heading = { "", 0 };
	struct callseq calls = { 0 };
	struct csource source;

	if (flags & PIECE) {
		span_line(&heading, &text);
		csource_read_piece(&source, arena, path, heading, text);
	} else {
		csource_read(&source, arena, path, text,
			     flags & SYMBOLS ? &symbols : NULL,
			     !(flags & NO_REFS));
	}
	check(&source);
	for (uint32_t line = 0; line < 40; line++)
		csource_at(&source, line);
	callseq_add(&calls, arena, path, text, 1,
		    flags & PIECE ? CALLSEQ_BODY : CALLSEQ_FUNCTION);
	for (size_t i = 0; i < calls.n; i++)
		if (!calls.v[i].line || !calls.v[i].name.len)
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTOFREE(arena) *arena = arena_new();
	char *text;

	if (!size)
		return 0;
	text = xmalloc(size);
	memcpy(text, data + 1, size - 1);
	read_all(arena, data[0], (struct span){ text, size - 1 });
	free(text);
	return 0;
}
