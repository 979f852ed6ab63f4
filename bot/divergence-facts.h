/*
 * divergence-facts.h - what the map says of code that was searched
 */
#ifndef BOT_DIVERGENCE_FACTS_H
#define BOT_DIVERGENCE_FACTS_H

#include <stdint.h>

#include "divergence.h"

struct codegraph;
struct divergence_code;
struct overrides;
struct reach;

/* What facts are made from. */
struct divergence_view {
	const struct divergence_code *code;
	const struct overrides *overrides;
	const struct reach *reach;
};

/* Add guest-state and native-state, and macro. */
void divergence_add_states(struct divergence *map,
			   const struct divergence_view *view);
void divergence_add_macros(struct divergence *map,
			   const struct divergence_view *view);

/* A fact of node @node of this kind: its name, file and scope. */
struct map_fact divergence_fact_of(struct divergence *map,
				   const struct codegraph *graph, uint32_t node,
				   enum map_kind kind);
/* "file:function"; "" of 0. */
const char *divergence_place_of(struct divergence *map,
				const struct codegraph *graph, uint32_t node);
/* The chain from where a search began to @node. */
void divergence_set_chain(struct map_fact *fact, struct divergence *map,
			  const struct divergence_view *view, uint32_t node);

/* Add every fact, and the ways into the kernel; strings are copied. */
void divergence_add_facts(struct divergence *map,
			  const struct divergence_view *view);

#endif
