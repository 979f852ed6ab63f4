/*
 * reach.h - which rules can hold in a patch, by its text alone
 *
 * Most patches of a list are no concern of a pack: their paths or their changed
 * lines say so. What it takes to know more (the functions around a change, the
 * tree below it) is for the others.
 */
#ifndef RULES_REACH_H
#define RULES_REACH_H

#include <stdbool.h>

struct arena;
struct pack;
struct patch;
struct reach_map;
struct regex_scratch;

/*
 * One answer for each rule of @pack, in @arena; NULL: false for all. False is
 * certain: whatever the places of @patch are, and the tree, the rule holds at
 * none, or a mute hides the file. Fields that the text does not tell are taken
 * to hold. @map: by which the pack is to see the patch (rules/reach-map.h);
 * NULL: by none.
 */
const bool *reach_patch(struct arena *arena, const struct pack *pack,
			const struct reach_map *map, const struct patch *patch,
			struct regex_scratch *scratch);

#endif
