/*
 * reach-map.h - which kinds of the map a file of a patch can show
 *
 * Nearly no patch names what a map knows: its words say so, before it is known
 * which function each line belongs to.
 */
#ifndef RULES_REACH_MAP_H
#define RULES_REACH_MAP_H

#include <stdbool.h>

#include "bot/divergence.h"
#include "rules/map-file.h"

struct arena;
struct platform;
struct regex_scratch;

/* The map that a patch is to be judged by. */
struct reach_map {
	const struct divergence *map; /* sealed */
	const struct platform *platform;
	/* Functions are found in a tree: the patch does not name them all. */
	bool in_tree;
};

/*
 * A set, 1u << MAP_ENTRY | ... A kind that is not in it holds at no place of
 * @file, as map_place_holds() says.
 */
unsigned reach_map_kinds(const struct reach_map *scope, struct arena *arena,
			 const struct patch_file *file,
			 struct regex_scratch *scratch);

#endif
