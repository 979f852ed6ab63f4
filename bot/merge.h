/*
 * merge.h - three texts made one, and which line became which
 *
 * As git merges files, by libgit2, on texts in memory.
 */
#ifndef BOT_MERGE_H
#define BOT_MERGE_H

#include <stdbool.h>
#include <stddef.h> /* size_t */
#include <stdint.h>

#include "span.h"

struct arena;

/*
 * Merge what @ours and @theirs made of @base. False: they conflict, one looks
 * binary, or is larger than LIMIT_MERGE_BYTES.
 */
bool merge_texts(struct span *out, struct arena *arena, struct span base,
		 struct span ours, struct span theirs);

/* A run of lines that differs; starts are 1-based, of an empty run where it
   would be. */
struct line_change {
	uint32_t old_start, old_count;
	uint32_t new_start, new_count;
};

struct line_changes {
	struct line_change *v; /* in order */
	size_t n, cap;
};

/* What differs between two texts that were merged, or came of it. */
void line_changes_find(struct line_changes *out, struct arena *arena,
		       struct span old, struct span new);
/* The line of the new text that @line of the old became; of one that is gone,
   the first that took its place. */
uint32_t line_changes_map(const struct line_changes *changes, uint32_t line);
/* A change touches the lines from @first to @last of the new text. */
bool line_changes_touch(const struct line_changes *changes, uint32_t first,
			uint32_t last);

#endif
