/*
 * maps.h - the divergence maps at hand, and which of them a patch is judged by
 *
 * A pack ships maps as DIR/maps/NAME.map; one given by name serves all packs;
 * others are made from trees, by the pack's Platform:, when first asked for.
 * Only packs whose rules ask for a map have any. Threads share one of these:
 * a map that was handed out never changes, and lives as long.
 */
#ifndef BOT_MAPS_H
#define BOT_MAPS_H

#include <stdbool.h>
#include <stddef.h> /* size_t */
#include <stdint.h>

#include "attr.h"
#include "verdict.h" /* enum map_how */

struct divergence;
struct error;
struct maps;
struct packs;
struct repo;

enum maps_use {
	MAPS_JUDGE, /* those of DIR/maps/ */
	MAPS_TEST,  /* of DIR/examples/, if there are any: a small one, made
		       for the examples, which new kernels do not spoil */
	MAPS_SHOW,  /* as MAPS_JUDGE, of packs that never ask as well */
};

struct maps_options {
	const char *file;  /* read instead of them all; NULL */
	const char *cache; /* directory for maps of trees; NULL: none */
	enum maps_use use;
};

/* Read the maps of @packs. ERROR_INPUT when one is no map, ERROR_NOINPUT when
   options->file is not there. @packs is borrowed. */
MUST_CHECK
const struct error *maps_open(struct maps **out, const struct packs *packs,
			      const struct maps_options *options);
void maps_free(struct maps *maps);
DEFINE_AUTOFREE(maps, maps_free);

/* Rules of the @nth pack ask, and none is there to answer, nor (@tree: there
   are trees) can one be made. What a tree is of, nobody has looked at yet. */
bool maps_lacking(const struct maps *maps, size_t nth, bool tree);

struct map_choice {
	const struct divergence *map; /* NULL: there is none */
	enum map_how how;
};

/* What a patch stands on, as far as a map of it is asked for. */
struct map_wanted {
	struct repo *repo; /* NULL: no tree. For the asking thread only */
	const char *commit;
	int64_t date; /* of the patch */
};

/*
 * The map that the @nth pack judges a patch by (design.md 5): the one given by
 * name, else that of its tree, if the tree has any of the guest's code; else
 * the newest shipped one that is not newer, else the oldest. What fails is a
 * tree that cannot be read.
 */
MUST_CHECK
const struct error *maps_choose(struct map_choice *out, struct maps *maps,
				size_t nth, const struct map_wanted *wanted);

/* The map of wanted->commit by the Platform: of the @nth pack, be it an empty
   one; NULL: the pack has none. */
MUST_CHECK
const struct error *maps_of_tree(const struct divergence **out,
				 struct maps *maps, size_t nth,
				 const struct map_wanted *wanted);

#endif
