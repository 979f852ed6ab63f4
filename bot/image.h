/*
 * image.h - a file as lines, while hunks are laid on it
 *
 * Follows git apply: a hunk's lines are looked for around the place where
 * they should be, nearest first and forwards before backwards; a hunk of the
 * start or the end of a file only fits there; and lines that one hunk has
 * put in are not matched by another. Lines are kept around a gap, so that
 * hunks in the order of the file cost no more than the file is long.
 */
#ifndef BOT_IMAGE_H
#define BOT_IMAGE_H

#include <stdbool.h>
#include <stddef.h> /* size_t */
#include <stdint.h>

#include "patch.h"
#include "span.h"

struct arena;

struct image_line {
	const char *text; /* without CR and newline; borrowed */
	uint32_t len;
	uint32_t hash;	  /* of the text */
	uint32_t origin;  /* its number in the file that came in, 1-based; 0:
			     added by a hunk */
	bool cr, newline; /* what its end is */
	bool patched;	  /* a hunk has put it there */
};

struct image {
	struct image_line *v; /* owned; the gap is in it */
	size_t n;	      /* lines */
	size_t gap, gap_len;
	uint32_t norigin; /* lines that came in */
	/* Which hashes its lines have: a bit each, some for several. */
	uint64_t *seen; /* owned */
	uint32_t seen_mask;
};

/* Index the lines of @text, which must stay. @room: lines to be added. */
void image_init(struct image *image, struct span text, size_t room);
void image_free(struct image *image);

/* One side of a hunk, as it is looked for. */
struct image_side {
	struct image_line *v; /* owned, used again for the next hunk */
	size_t n, cap;
	bool at_start, at_end; /* fits only there */
};

/* @kind: LINE_REMOVED for the pre-image, LINE_ADDED for the post-image. */
void image_side_of(struct image_side *side, const struct hunk *hunk,
		   enum line_kind kind);

enum image_match {
	IMAGE_NOWHERE,
	IMAGE_SAME,
	IMAGE_SAME_BUT_CR, /* some lines end with CR on one side only */
};

/* Quickly: false when a line of @side is nowhere in the image. */
bool image_may_fit(const struct image *image, const struct image_side *side);

/*
 * Look for @side, first at the line *@at (0-based), which then is where it
 * was found. *@steps is what the search may still cost, about in lines
 * compared: at 0 it gives up.
 */
enum image_match image_find(size_t *at, const struct image *image,
			    const struct image_side *side, size_t *steps);

/*
 * Put the post-image of @hunk in the place of its pre-image, which was found
 * at @at as @match says. Context keeps the bytes of the file; when CRs differ
 * added lines end as the file's lines do.
 */
void image_replace(struct image *image, size_t at, const struct hunk *hunk,
		   enum image_match match, size_t *steps);

/* Which line of the file that came in stands at @at, or is the next behind it;
   behind the last: one more than there are. */
uint32_t image_origin(const struct image *image, size_t at);

/* The whole text; lives in @arena. */
struct span image_text(const struct image *image, struct arena *arena);

#endif
