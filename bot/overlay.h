/*
 * overlay.h - files by path, above those of a tree
 */
#ifndef BOT_OVERLAY_H
#define BOT_OVERLAY_H

#include <stdbool.h>
#include <stddef.h> /* size_t */

#include "apply.h" /* struct tree_file */

struct overlay_file {
	const char *path; /* borrowed; NULL: a free slot */
	struct tree_file file;
	bool known;  /* the file is; else it is the tree's */
	bool leaves; /* some diff of the patch deletes or renames it */
};

/* { 0 } is an empty one. */
struct overlay {
	struct overlay_file *slots; /* a hash table, owned */
	size_t n, nslots;	    /* used; a power of two, or 0 */
};

void overlay_free(struct overlay *overlay);

/* The place of @path, made when there was none; it stays where it is until
   the next one is made. */
struct overlay_file *overlay_at(struct overlay *overlay, const char *path);
/* As above; NULL: nothing was said of this path. */
const struct overlay_file *overlay_find(const struct overlay *overlay,
					const char *path);
/* From now on @path holds @file. */
void overlay_put(struct overlay *overlay, const char *path,
		 const struct tree_file *file);

#endif
