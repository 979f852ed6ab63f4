/*
 * alloc.h - memory that is always there: running out of it aborts
 */
#ifndef BOT_ALLOC_H
#define BOT_ALLOC_H

#include <stddef.h> /* size_t */

#include "attr.h"

/* As malloc(3) and kin, but they abort rather than return NULL. */
void *xmalloc(size_t size);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t size);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
char *xasprintf(const char *fmt, ...) PRINTF(1, 2);

/*
 * Room for element number @n of a growing array of elements of @size bytes,
 * whose capacity is *@cap elements: it doubles, contents are kept. GROW()
 * assigns the array that comes back.
 */
void *grow(void *array, size_t *cap, size_t n, size_t size);
#define GROW(array, cap, n) \
	((array) = grow((array), &(cap), (n), sizeof(*(array))))

/* "CLEANUP(xfree) char *s": free(3) at the end of the scope. */
void xfree(void *p);

#endif
