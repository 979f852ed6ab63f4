/*
 * tagger.h - tags back into the user's notmuch database
 *
 * A mail that is noted, covered or flagged gets "pvwatch", "pvwatch/flagged"
 * (or what it is) and "pvwatch/AREA" for the areas of its findings; one that no
 * longer is loses them. What begins with "pvwatch" is the tagger's; no other
 * tag is touched. notmuch.tagPrefix is another word for it.
 *
 * Nothing is written into a mail database unless its owner asks: notmuch.tags
 * is for all notmuch sources, source.NAME.tags for one of them.
 */
#ifndef BOT_TAGGER_H
#define BOT_TAGGER_H

#include <stdbool.h>
#include <stddef.h> /* size_t */

#include "attr.h"

struct config;
struct error;
struct store;
struct tagger;

/* NULL in *out: nobody wants tags. ERROR_CONFIG for a prefix that is no tag. */
MUST_CHECK
const struct error *tagger_new(struct tagger **out, const struct config *config,
			       struct store *store);
void tagger_free(struct tagger *tagger);
DEFINE_AUTOFREE(tagger, tagger_free);

/* Are the mails of the source to be tagged? @name: "@NAME", or as it is
   spelt on a command line. */
bool tagger_wants(const struct tagger *tagger, const char *name);

/*
 * Write the tags that are due, *written of them, until *stop (NULL: never) is
 * set. What fails stays due; after a failure a minute passes, in which nothing
 * is tried, so that a lock that somebody holds delays us once.
 */
MUST_CHECK
const struct error *tagger_run(size_t *written, struct tagger *tagger,
			       volatile const int *stop);

#endif
