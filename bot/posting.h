/*
 * posting.h - the series of a batch as rows of the database
 *
 * The other parts of a series may have come in earlier batches, or from
 * another source; its other versions mostly have.
 */
#ifndef BOT_POSTING_H
#define BOT_POSTING_H

#include <stdint.h>

#include "attr.h"

struct batch;
struct error;
struct review;
struct store;

/*
 * The row of the series that @review is in, *id; 0: none. It is added, or
 * found to be there: then the review's verdict knows of the parts that came
 * before. For the inside of the transaction that adds the mails.
 */
MUST_CHECK
const struct error *posting_store(int64_t *id, struct store *store,
				  const struct batch *batch,
				  struct review *review);

#endif
