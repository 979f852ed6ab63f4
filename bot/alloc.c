#include "alloc.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *
there(void *p)
{
	if (!p) {
		fputs("pvwatch: out of memory\n", stderr);
		abort();
	}
	return p;
}

void *
xmalloc(size_t size)
{
	return there(malloc(size ? size : 1));
}

void *
xcalloc(size_t n, size_t size)
{
	return there(calloc(n ? n : 1, size ? size : 1));
}

void *
xrealloc(void *p, size_t size)
{
	return there(realloc(p, size ? size : 1));
}

char *
xstrdup(const char *s)
{
	return there(strdup(s));
}

char *
xstrndup(const char *s, size_t n)
{
	return there(strndup(s, n));
}

char *
xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	if (vasprintf(&s, fmt, ap) < 0)
		s = NULL;
	va_end(ap);
	return there(s);
}

void *
grow(void *array, size_t *cap, size_t n, size_t size)
{
	size_t want = *cap;

	if (n < *cap)
		return array;
	while (want <= n) {
		if (want > SIZE_MAX / 2 / size)
			there(NULL);
		want = want ? want * 2 : 8;
	}
	*cap = want;
	return xrealloc(array, want * size);
}

void
xfree(void *p)
{
	/* @p is the address of a pointer of some type: copied, not cast. */
	void *mem;

	memcpy(&mem, p, sizeof(mem));
	free(mem);
}
