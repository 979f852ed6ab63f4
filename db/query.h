/*
 * query.h - how a query is answered
 */
#ifndef DB_QUERY_H
#define DB_QUERY_H

#include "bot/attr.h"

struct arena;
struct error;
struct query;
struct store;

/* SQLite's plan for the statement of store_query(), a line for each step. */
MUST_CHECK
const struct error *query_plan(const char **out, struct arena *arena,
			       struct store *store, const struct query *query);

#endif
