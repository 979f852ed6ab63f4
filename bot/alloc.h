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
 * Make room for element number @n of the growing array *@p, whose capacity is
 * *@cap elements of @size bytes: the array doubles, contents are kept.
 */
void grow(void *p, size_t *cap, size_t n, size_t size);
#define GROW(array, cap, n) grow(&(array), &(cap), (n), sizeof(*(array)))

/* "CLEANUP(xfree) char *s": free(3) at the end of the scope. */
void xfree(void *p);

#endif
