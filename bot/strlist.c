#include "strlist.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "alloc.h"

void
strlist_add(struct strlist *list, const char *s)
{
	GROW(list->v, list->cap, list->n);
	list->v[list->n++] = xstrdup(s);
}

bool
strlist_has(const struct strlist *list, const char *s)
{
	for (size_t i = 0; i < list->n; i++)
		if (!strcmp(list->v[i], s))
			return true;
	return false;
}

bool
strlist_add_new(struct strlist *list, const char *s)
{
	if (strlist_has(list, s))
		return false;
	strlist_add(list, s);
	return true;
}

static int
compare(const void *a, const void *b)
{
	char *const *left = a, *const *right = b;

	return strcmp(*left, *right);
}

void
strlist_sort(struct strlist *list)
{
	if (list->n)
		qsort(list->v, list->n, sizeof(list->v[0]), compare);
}

void
strlist_free(struct strlist *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->v[i]);
	free(list->v);
	list->v = NULL;
	list->n = list->cap = 0;
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

/* Levenshtein's distance without regard to case; both under 64 letters. */
static size_t
distance(const char *a, const char *b)
{
	size_t row[64], la = strlen(a), lb = strlen(b);

	if (la >= 64 || lb >= 64)
		return 64;
	for (size_t j = 0; j <= lb; j++)
		row[j] = j;
	for (size_t i = 1; i <= la; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			size_t best =
				diagonal + (lower(a[i - 1]) != lower(b[j - 1]));

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[lb];
}

const char *
strlist_nearest(const char *const *known, size_t n, const char *word)
{
	const char *nearest = NULL;
	size_t best = strlen(word) / 3 + 1;

	for (size_t i = 0; i < n; i++) {
		size_t d = distance(known[i], word);

		if (d <= best) {
			best = d - (d > 0);
			nearest = known[i];
		}
	}
	return nearest;
}
