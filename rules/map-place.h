/*
 * map-place.h - what the divergence map says of one place
 *
 * Some kinds are true of the function that the place is in; the others of
 * names on its changed lines, comments and strings left out. All are found by
 * name, the function's in pre- and post-image, for a patch may rename it.
 */
#ifndef RULES_MAP_PLACE_H
#define RULES_MAP_PLACE_H

#include <stdbool.h>
#include <stddef.h> /* size_t */

#include "bot/divergence.h"
#include "rules/map-file.h"

struct arena;
struct hunk;
struct patch_line;
struct place;
struct platform;
struct regex_scratch;

/* Why a kind holds. */
struct map_evidence {
	/* NULL: of MAP_PRIVILEGED, which no map knows. */
	const struct map_fact *fact;
	long line;	  /* index into place->lines that shows it; -1: the
			     function does */
	struct span text; /* what of the place is meant */
	bool holds;
};

/* What was found at a place so far; all of it zero: nothing yet. */
struct map_place {
	bool looked_at_functions, looked_at_lines, looked_at_privileged;
	struct map_evidence at[NMAP_KINDS];
};

/* How far the comments of a hunk were followed: places come in order, and
   each begins where the one before did, or later. */
struct map_comments {
	const struct hunk *hunk; /* NULL: none yet */
	const struct patch_line *at;
	bool before, after; /* open in front of @at, on either side */
};

/* The map that a patch is judged by, for one pack. */
struct map_scope {
	const struct divergence *map;	 /* sealed */
	const struct platform *platform; /* NULL: the pack has none */
	struct arena *arena;		 /* of the patch */
	struct map_place *places;	 /* found so far; NULL: none, ever */
	size_t nplaces;
	struct map_file file; /* of the last place: those of one file stand
				 together */
	struct map_comments comments;
};

/* Does @kind hold at @place, the @nth of its patch? *out is for the asking
   when it does. */
bool map_place_holds(struct map_evidence *out, struct map_scope *scope,
		     const struct place *place, size_t nth, enum map_kind kind,
		     struct regex_scratch *scratch);

#endif
