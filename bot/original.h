/*
 * original.h - the raw bytes of a mail that is in the database
 *
 * Of most mails the database has them. A clear one from an epoch is not copied:
 * the epoch keeps it, and its blob is found there by its oid also when the
 * history around it was rewritten.
 */
#ifndef BOT_ORIGINAL_H
#define BOT_ORIGINAL_H

#include <stdint.h>

#include "attr.h"
#include "span.h"

struct arena;
struct error;
struct store;

/* Epochs that were read stay open; for one thread. */
struct originals;

struct originals *originals_new(struct store *store); /* borrowed */
void originals_free(struct originals *originals);
DEFINE_AUTOFREE(originals, originals_free);

/*
 * The raw bytes of mail @id; ptr NULL: they were not kept. ERROR_NOINPUT, with
 * the name of the epoch: it is gone, or has not got the mail any more.
 */
MUST_CHECK
const struct error *original_read(struct span *out, struct arena *arena,
				  struct originals *originals, int64_t id);

#endif
