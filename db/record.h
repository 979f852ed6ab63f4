/*
 * record.h - verdicts as rows
 */
#ifndef DB_RECORD_H
#define DB_RECORD_H

#include <stdint.h>

#include "bot/attr.h"
#include "bot/verdict.h"
#include "store.h"

struct error;

/* Add @verdict to those of mail @mail_id. *id is the verdict's own. */
MUST_CHECK
const struct error *record_add(int64_t *id, struct store *store,
			       int64_t mail_id, const struct verdict *verdict);
/* Make it the current one of a mail that is in. */
MUST_CHECK
const struct error *record_choose(struct store *store, int64_t mail_id,
				  int64_t id, const struct verdict *verdict);

#endif
