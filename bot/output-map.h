/*
 * output-map.h - the divergence map for people, as JSON Lines, and as a graph
 */
#ifndef BOT_OUTPUT_MAP_H
#define BOT_OUTPUT_MAP_H

#include <stdbool.h>
#include <stddef.h> /* size_t */
#include <stdio.h>

#include "divergence.h"
#include "divergence-diff.h"
#include "verdict.h" /* enum map_how */

struct arena;

/* A map, and what is known around it. */
struct map_shown {
	const struct divergence *map;
	enum map_how how;
	const char *guest; /* what to call the guest: "Xen PV" */
};

/* Counts by kind, the ways into the kernel, what is few enough to print. */
void output_map_overview(FILE *out, struct arena *arena,
			 const struct map_shown *shown);
void output_map_overview_json(FILE *out, const struct map_shown *shown);

/* All that the map says of one name, in sentences. False: nothing. */
bool output_map_name(FILE *out, struct arena *arena,
		     const struct map_shown *shown, const char *name);
/* One line for each fact of @kinds, a set of 1u << enum map_kind. */
void output_map_kinds(FILE *out, const struct map_shown *shown, unsigned kinds);

/* One object for a fact. */
void output_map_fact_json(FILE *out, const struct map_fact *fact);

/* The chains of facts and their counterparts, for dot(1). */
void output_map_dot(FILE *out, const struct map_fact *const *facts, size_t n);

void output_map_changes(FILE *out, struct arena *arena,
			const struct divergence *before,
			const struct divergence *after,
			const struct map_changes *changes);
void output_map_changes_json(FILE *out, const struct map_changes *changes);

#endif
