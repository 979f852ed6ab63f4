/*
 * people.h - who is to be told of a patch that packs care about
 *
 * The audiences of packs and the table of addresses that are one person's.
 * They come from the tree's MAINTAINERS and .mailmap, from the packs and from
 * the configuration. Reading those of a kernel takes longer than judging a
 * patch, and most patches concern nobody: they are read when one does.
 */
#ifndef BOT_PEOPLE_H
#define BOT_PEOPLE_H

#include <stdbool.h>
#include <stddef.h> /* size_t */

#include "address.h"
#include "attr.h"

struct arena;
struct config;
struct error;
struct packs;
struct people;
struct trees;

/*
 * All arguments are borrowed; @trees and @config may be NULL. ERROR_CONFIG
 * when a pack notifies a section that nobody knows.
 */
MUST_CHECK
const struct error *people_new(struct people **out, const struct packs *packs,
			       const struct trees *trees,
			       const struct config *config);
void people_free(struct people *people);
DEFINE_AUTOFREE(people, people_free);

/*
 * Part the audience of pack number @i by who is among @asked, as
 * audience_split() does; *known says whether the patch counts as asked. An
 * error is one of reading the tree.
 */
struct people_split {
	struct addresses needed, present;
	bool known;
};
MUST_CHECK
const struct error *people_split(struct people_split *out, struct arena *arena,
				 struct people *people, size_t i,
				 const struct addresses *asked);

#endif
