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

/* Add @verdict to those of mail @mail_id and make it the current one. *id is
   the verdict's own. */
MUST_CHECK
const struct error *record_add(int64_t *id, struct store *store,
			       int64_t mail_id, const struct verdict *verdict);

#endif
