/*
 * dump.h - all rows of all tables, out of a database and into another
 *
 * Tables are those that hold what is known; the indexes of words, which FTS5
 * keeps in tables of its own, are made anew. Names of tables and columns are
 * taken from the database's own schema, never from what is read.
 */
#ifndef DB_DUMP_H
#define DB_DUMP_H

#include <stddef.h> /* size_t */
#include <stdint.h>

#include "bot/attr.h"
#include "db.h"

struct arena;
struct error;
struct store;

struct dump_table {
	const char *name;
	const char *const *columns;
	size_t ncolumns;
};
struct dump_tables {
	struct dump_table *v; /* by name */
	size_t n, cap;
};
MUST_CHECK
const struct error *dump_tables(struct dump_tables *out, struct arena *arena,
				struct store *store);
/* NULL: there is none of that name. */
const struct dump_table *dump_table_find(const struct dump_tables *tables,
					 const char *name);

/* The version of the schema. */
MUST_CHECK
const struct error *dump_schema(int64_t *out, struct store *store);

/*
 * Each row of a table, in the order of its key; the values are those of the
 * columns, and live until the next row. Between begin and end all tables are
 * as they were at the first that is read, whoever writes meanwhile.
 */
typedef const struct error *dump_row_fn(void *arg,
					const struct dump_table *table,
					const struct db_value *values);
MUST_CHECK const struct error *dump_begin(struct store *store);
void dump_end(struct store *store);
MUST_CHECK
const struct error *dump_rows(struct store *store,
			      const struct dump_table *table, dump_row_fn *fn,
			      void *arg);

/*
 * A database to be filled from a dump of @schema: made at @path, which must
 * not be there, in one transaction. Foreign keys are not looked at on the way.
 * ERROR_USAGE: there is a file. ERROR_CONFIG: a newer schema than ours.
 */
struct restore;
MUST_CHECK
const struct error *restore_open(struct restore **out, const char *path,
				 int64_t schema);
/* To be asked for its tables and checked; it is not to be closed. */
struct store *restore_store(struct restore *restore);
/* As many values as the table has columns. ERROR_INPUT: they do not fit. */
MUST_CHECK
const struct error *restore_row(struct restore *restore,
				const struct dump_table *table,
				const struct db_value *values);
/* All are in: index the words, and bring the schema up to ours. */
MUST_CHECK const struct error *restore_end(struct restore *restore);
/* It stays there; without this restore_free() removes it. */
void restore_keep(struct restore *restore);
void restore_free(struct restore *restore);
DEFINE_AUTOFREE(restore, restore_free);

#endif
