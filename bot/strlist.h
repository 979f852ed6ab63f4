/*
 * strlist.h - a list of strings of its own
 */
#ifndef BOT_STRLIST_H
#define BOT_STRLIST_H

#include <stdbool.h>
#include <stddef.h> /* size_t */

struct strlist {
	char **v; /* owned copies, NULL while empty */
	size_t n, cap;
};

#define STRLIST \
	{ \
		.v = NULL \
	}

void strlist_add(struct strlist *list, const char *s);
/* Add @s unless it is there already; true when it was added. */
bool strlist_add_new(struct strlist *list, const char *s);
bool strlist_has(const struct strlist *list, const char *s);
/* Byte order. */
void strlist_sort(struct strlist *list);
void strlist_free(struct strlist *list);

/*
 * The member of @known that is the fewest edits away from @word, for "did you
 * mean"; NULL when none is near (more than a third of its letters differ).
 */
const char *strlist_nearest(const char *const *known, size_t n,
			    const char *word);

#endif
