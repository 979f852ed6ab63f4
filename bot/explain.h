/*
 * explain.h - stored mail judged once more, to be asked why
 */
#ifndef BOT_EXPLAIN_H
#define BOT_EXPLAIN_H

#include <stdint.h>

#include "attr.h"

struct batch;
struct error;
struct session;

/*
 * Judge mail @id of the session's database from its raw text, as
 * batch->reviews[0]; the batch is empty when that was not kept. Behind it are
 * the other patches of its series, left alone.
 */
MUST_CHECK
const struct error *explain_stored(struct batch *batch,
				   const struct session *session, int64_t id);

#endif
