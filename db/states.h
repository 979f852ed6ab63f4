/*
 * states.h - what "state:" and "kind:" of a query name
 */
#ifndef DB_STATES_H
#define DB_STATES_H

#include <stdbool.h>

#include "bot/attr.h"
#include "store.h"

struct error;

/* Sets of enum values: bit 1 << value. */
struct states {
	unsigned decisions;    /* enum decision */
	unsigned requests;     /* enum request_state */
	unsigned kinds;	       /* enum mail_kind; 0: any */
	bool all;	       /* no restriction by state */
	unsigned not_requests; /* enum request_state: no request in these */
};

/* What @query asks, or its default. ERROR_USAGE for a name that is none. */
MUST_CHECK
const struct error *states_of_query(struct states *out,
				    const struct query *query);
/* Can only what is noted or worse be meant? */
bool states_are_shown(const struct states *states);

#endif
