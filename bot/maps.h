/*
 * maps.h - the divergence maps at hand, and which of them a patch is judged by
 *
 * A pack ships maps as DIR/maps/NAME.map; one given by name serves all packs.
 * Only packs whose rules ask for a map have any. Threads share one of these:
 * what is found is never changed, and lives as long.
 */
#ifndef BOT_MAPS_H
#define BOT_MAPS_H

#include <stddef.h> /* size_t */
#include <stdint.h>

#include "attr.h"
#include "verdict.h" /* enum map_how */

struct divergence;
struct error;
struct maps;
struct packs;

enum maps_use {
	MAPS_JUDGE, /* those of DIR/maps/ */
	MAPS_TEST,  /* of DIR/examples/, if there are any: a small one, made
		       for the examples, which new kernels do not spoil */
};

/*
 * Read the maps of @packs; @file, if not NULL, is read instead of them all.
 * ERROR_INPUT when one is no map, ERROR_NOINPUT when @file is not there.
 */
MUST_CHECK
const struct error *maps_open(struct maps **out, const struct packs *packs,
			      const char *file, enum maps_use use);
void maps_free(struct maps *maps);
DEFINE_AUTOFREE(maps, maps_free);

struct map_choice {
	const struct divergence *map; /* NULL: there is none */
	enum map_how how;
};

/*
 * The map that the @nth pack judges a patch of @date by (design.md 5): the one
 * given by name, else the newest shipped one that is not newer, else the
 * oldest.
 */
void maps_choose(struct map_choice *out, const struct maps *maps, size_t nth,
		 int64_t date);

#endif
