/*
 * apply-merge.h - one file of a patch, laid three-way on the tree's
 */
#ifndef BOT_APPLY_MERGE_H
#define BOT_APPLY_MERGE_H

#include <stdbool.h>
#include <stddef.h> /* size_t */

#include "span.h"

struct arena;
struct laid;
struct patch_file;

/*
 * @laid is what came of @file's hunks on @ours, where some are missing; @blob
 * is what the patch was made on. When all come to stand in a merge, @laid says
 * so, and hunks of it are merged or present; else it is left alone: false.
 */
bool apply_merged(struct laid *laid, struct arena *arena,
		  const struct patch_file *file, struct span blob,
		  struct span ours, size_t *steps);

#endif
