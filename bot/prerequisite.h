/*
 * prerequisite.h - the last commits of a ref, by their patch-id
 *
 * A patch may say by prerequisite-patch-id (git-format-patch(1)) which patches
 * its base has on top. Once they were applied somewhere, commits have these
 * ids. Ids are computed from the newest commit on, as far as a search needs,
 * and kept: no more than LIMIT_RECENT_COMMITS of a ref, merges left out.
 */
#ifndef BOT_PREREQUISITE_H
#define BOT_PREREQUISITE_H

#include "attr.h"
#include "repo.h" /* OID_HEX_SIZE */

struct error;
struct prerequisites;

/* Nothing is read yet. @repo must stay. */
struct prerequisites *prerequisites_new(struct repo *repo, const char *commit);
void prerequisites_free(struct prerequisites *prerequisites);
DEFINE_AUTOFREE(prerequisites, prerequisites_free);

/* The commit whose stable patch-id is @id; "": none of those looked at. */
MUST_CHECK
const struct error *prerequisites_find(char out[OID_HEX_SIZE],
				       struct prerequisites *prerequisites,
				       const char *id);

#endif
