/*
 * stored.h - mail of the database on its way again
 */
#ifndef BOT_STORED_H
#define BOT_STORED_H

#include <stdint.h>

#include "attr.h"

struct batch;
struct error;
struct originals;
struct review;
struct reviewer;
struct store;

/* All is borrowed. */
struct stored {
	struct store *store;
	struct originals *originals;
	struct reviewer *reviewer;
};

/*
 * Add mail @id to the batch, from its raw text. *out NULL, and nothing is
 * added: that was not kept. The review is good until the next one is added.
 */
MUST_CHECK
const struct error *stored_add(struct review **out, const struct stored *from,
			       struct batch *batch, int64_t id);
/*
 * Add what else belongs to the series of the mails that are in the batch by
 * now, for Unless-Series-; it is left alone. What cannot be read is not there.
 */
MUST_CHECK
const struct error *stored_add_mates(const struct stored *from,
				     struct batch *batch);

#endif
