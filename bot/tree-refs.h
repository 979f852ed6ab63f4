/*
 * tree-refs.h - what tree.c and base.c share: the refs that were configured
 */
#ifndef BOT_TREE_REFS_H
#define BOT_TREE_REFS_H

#include <stddef.h> /* size_t */
#include <stdint.h>

#include "repo.h" /* OID_HEX_SIZE */

struct prerequisites;

struct tree_ref {
	struct repo *repo; /* borrowed from trees->repos */
	char *rev;
	char commit[OID_HEX_SIZE];
	int64_t date; /* of the commit */
	struct prerequisites *recent;
};

struct trees {
	struct repo **repos; /* each once, however often it is named */
	size_t nrepos, repos_cap;
	struct tree_ref *refs; /* in the order of the configuration */
	size_t nrefs, refs_cap;
};

#endif
