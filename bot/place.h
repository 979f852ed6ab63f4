/*
 * place.h - the unit that rules look at
 *
 * A run of changed lines inside one function, or outside all, of one file,
 * with the context lines of its hunk around it. A hunk that reaches over the
 * end of a function makes several places. Blank lines that were added or
 * removed between functions make one only when nothing else in their hunk
 * does.
 */
#ifndef BOT_PLACE_H
#define BOT_PLACE_H

#include <stddef.h> /* size_t */
#include <stdint.h>

#include "funcrange.h"
#include "patch.h"

struct applied;
struct arena;

/* A file before and after a patch that applies to it. */
struct place_images {
	struct span pre, post; /* ptr NULL: there is none */
	struct funcranges pre_functions, post_functions;
};

struct place {
	const struct patch_file *file; /* borrowed */
	const struct hunk *hunk;       /* borrowed; NULL: a change without
					  text (mode, rename, binary) */
	size_t file_index, hunk_index;
	const struct patch_line *lines; /* of the hunk, context included */
	size_t nlines;
	/* The text of its added and removed lines, each ended by a newline and
	   without a CR: what no line of matches is found out in one go. ptr
	   NULL: it has none, or who made the place did without. */
	struct span changed;
	uint32_t old_line, new_line; /* of lines[0] in the images, 1-based */
	/* Enclosing function in the pre- and the post-image; NULL: none, or
	   not known. On a side where the place has no lines: the function that
	   it stands in the middle of there. Of a hunk that applies, read from
	   the image; else from the hunk's heading and lines. */
	const char *function_before, *function_after;
	/* Of its file, when the hunk applies; NULL: what is known of the place
	   is known from the diff alone. Borrowed. */
	const struct place_images *images;
};

struct places {
	struct place *v; /* in the order of the patch */
	size_t n, cap;
};

/* All places of an applied patch; strings live in @arena. */
void places_find(struct places *out, struct arena *arena,
		 const struct applied *applied);

/* The line number of lines[@i] on the side where it stands: of the post-image
   for added and context lines, of the pre-image for removed ones. */
uint32_t place_line(const struct place *place, size_t i);

#endif
