/*
 * arena.h - memory that dies together
 *
 * Everything parsed from one mail lives in one arena; nothing is freed on its
 * own. Memory comes zeroed and aligned for any type.
 */
#ifndef BOT_ARENA_H
#define BOT_ARENA_H

#include <stddef.h> /* size_t */

#include "attr.h"
#include "span.h"

struct arena;

struct arena *arena_new(void);
/* Runs the cleanups, last added first, then frees all. NULL is fine. */
void arena_free(struct arena *arena);
/* As arena_free(), but the arena can be used again and keeps some memory. */
void arena_clear(struct arena *arena);
DEFINE_AUTOFREE(arena, arena_free);

void *arena_alloc(struct arena *arena, size_t size);
/* @n objects of @size bytes; aborts on overflow. */
void *arena_array(struct arena *arena, size_t n, size_t size);
#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, n, type) \
	((type *)arena_array((arena), (n), sizeof(type)))

/*
 * Room for element number @n of an array in the arena that grows: when it is
 * full it moves to one of twice the size (the old one stays until the arena
 * dies). ARENA_GROW() assigns the array that comes back.
 */
void *arena_grow(struct arena *arena, void *array, size_t *cap, size_t n,
		 size_t size);
#define ARENA_GROW(arena, array, cap, n) \
	((array) = arena_grow((arena), (array), &(cap), (n), sizeof(*(array))))

char *arena_strdup(struct arena *arena, const char *s);
char *arena_strndup(struct arena *arena, const char *s, size_t n);
/* A C string of @s; ends at the first NUL that @s holds. */
char *arena_span(struct arena *arena, struct span s);
char *arena_printf(struct arena *arena, const char *fmt, ...) PRINTF(2, 3);

/* Call fn(arg) when the arena is cleared or freed: foreign handles hang here.
 */
void arena_cleanup(struct arena *arena, void (*fn)(void *), void *arg);

#endif
