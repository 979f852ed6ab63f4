/*
 * explain.h - stored mail judged once more, to be asked why
 */
#ifndef BOT_EXPLAIN_H
#define BOT_EXPLAIN_H

#include <stdint.h>

#include "attr.h"

struct batch;
struct error;
struct reviewer;
struct store;

/*
 * Judge mail @id of the store from its raw text, as batch->reviews[0]; the
 * batch is empty when that was not kept. Other patches of its series are not
 * looked at.
 */
MUST_CHECK
const struct error *explain_stored(struct batch *batch,
				   struct reviewer *reviewer,
				   struct store *store, int64_t id);

#endif
