#include "arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"

enum { CHUNK_BYTES = 64 << 10 };

struct chunk {
	struct chunk *next;
	size_t size, used;
	max_align_t data[];
};

struct cleanup {
	struct cleanup *next;
	void (*fn)(void *);
	void *arg;
};

struct arena {
	struct chunk *chunks; /* the one being filled first */
	struct cleanup *cleanups;
};

static struct chunk *
chunk_new(size_t size)
{
	struct chunk *chunk = xmalloc(sizeof(*chunk) + size);

	chunk->next = NULL;
	chunk->size = size;
	chunk->used = 0;
	return chunk;
}

struct arena *
arena_new(void)
{
	struct arena *arena = xcalloc(1, sizeof(*arena));

	arena->chunks = chunk_new(CHUNK_BYTES);
	return arena;
}

void
arena_clear(struct arena *arena)
{
	struct chunk *chunk, *next;

	while (arena->cleanups) {
		struct cleanup *c = arena->cleanups;

		/* Unlinked first: a cleanup may not see itself again. */
		arena->cleanups = c->next;
		c->fn(c->arg);
	}
	/* The oldest chunk, always of CHUNK_BYTES, stays for the next mail. */
	for (chunk = arena->chunks; chunk->next; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
	chunk->used = 0;
	arena->chunks = chunk;
}

void
arena_free(struct arena *arena)
{
	if (!arena)
		return;
	arena_clear(arena);
	free(arena->chunks);
	free(arena);
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	struct chunk *chunk = arena->chunks;
	size_t align = _Alignof(max_align_t);
	void *p;

	if (size > SIZE_MAX / 2)
		abort();
	size = (size + align - 1) & ~(align - 1);
	if (chunk->size - chunk->used < size) {
		chunk = chunk_new(size > CHUNK_BYTES ? size : CHUNK_BYTES);
		chunk->next = arena->chunks;
		arena->chunks = chunk;
	}
	p = (char *)chunk->data + chunk->used;
	chunk->used += size;
	return memset(p, 0, size);
}

void *
arena_array(struct arena *arena, size_t n, size_t size)
{
	if (size && n > SIZE_MAX / 2 / size)
		abort();
	return arena_alloc(arena, n * size);
}

void *
arena_grow(struct arena *arena, void *array, size_t *cap, size_t n, size_t size)
{
	void *old = array;
	size_t want = *cap ? *cap * 2 : 8;

	if (n < *cap)
		return array;
	while (want <= n)
		want *= 2;
	array = arena_array(arena, want, size);
	if (*cap)
		memcpy(array, old, *cap * size);
	*cap = want;
	return array;
}

char *
arena_strndup(struct arena *arena, const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *copy = arena_alloc(arena, len + 1);

	memcpy(copy, s, len);
	return copy;
}

char *
arena_strdup(struct arena *arena, const char *s)
{
	return arena_strndup(arena, s, strlen(s));
}

char *
arena_span(struct arena *arena, struct span s)
{
	return arena_strndup(arena, s.ptr ? s.ptr : "", s.len);
}

char *
arena_printf(struct arena *arena, const char *fmt, ...)
{
	va_list ap, again;
	char *s;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		abort();
	s = arena_alloc(arena, (size_t)n + 1);
	vsnprintf(s, (size_t)n + 1, fmt, again);
	va_end(again);
	return s;
}

void
arena_cleanup(struct arena *arena, void (*fn)(void *), void *arg)
{
	struct cleanup *c = arena_alloc(arena, sizeof(*c));

	c->fn = fn;
	c->arg = arg;
	c->next = arena->cleanups;
	arena->cleanups = c;
}
