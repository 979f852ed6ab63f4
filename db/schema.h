/*
 * schema.h - the tables, and how an older database comes to have them
 */
#ifndef DB_SCHEMA_H
#define DB_SCHEMA_H

#include <stddef.h> /* size_t */

#include "bot/attr.h"
#include "store.h"

struct error;

/* One step: what makes version @version of version - 1. */
struct migration {
	int version;
	const char *const *sql; /* statements; NULL ends them */
};
/* All steps, from 1 on without a gap. Never edited once released: a change of
   the tables is one more step. */
extern const struct migration schema_migrations[];
extern const size_t schema_nmigrations;

/*
 * Make the database as new as the last of @list, each step in a transaction of
 * its own. An empty file becomes a database of pvwatch. ERROR_CONFIG when it
 * is newer than the list, or somebody else's.
 */
MUST_CHECK
const struct error *schema_migrate(struct store *store,
				   const struct migration *list, size_t n);
/* For reading: is it a database of pvwatch, and of exactly this schema? */
MUST_CHECK
const struct error *schema_check(struct store *store,
				 const struct migration *list, size_t n);

/* Makes the indexes of words anew from the rows. */
extern const char schema_index_words[];

#endif
