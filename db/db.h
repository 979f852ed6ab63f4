/*
 * db.h - the connection: what db/ sees of a struct store
 *
 * The one home of SQLite's interface. Values go in as an array in the order
 * of the statement's parameters, rows come out one at a time. Texts are bytes:
 * SQLite keeps and returns those that are no UTF-8 as they are.
 */
#ifndef DB_DB_H
#define DB_DB_H

#include <stdbool.h>
#include <stddef.h> /* size_t */
#include <stdint.h>

#include "bot/attr.h"
#include "bot/span.h"
#include "sql.h"
#include "store.h"

struct arena;
struct error;
struct names;
struct words;

/* The file alone, without a look at its schema; see store_open(). */
MUST_CHECK
const struct error *db_open(struct store **out, const char *path,
			    enum store_open how);
/* How long to wait for another writer. */
void db_set_timeout(struct store *store, int timeout_ms);
const char *db_path(const struct store *store);
/* The time that goes into rows, in seconds since 1970 UTC. */
int64_t db_now(const struct store *store);

/* What the transaction under way knows; NULL: there is none. */
struct names *db_names(struct store *store);

/* What the transaction under way has still to index. */
struct words *db_words(struct store *store);

struct db_value {
	enum { DB_NULL, DB_INT, DB_TEXT, DB_BLOB } type;
	int64_t number;
	struct span bytes;
};

static inline struct db_value
db_number(int64_t number)
{
	return (struct db_value){ .type = DB_INT, .number = number };
}

/* NULL stays NULL. */
static inline struct db_value
db_string(const char *s)
{
	return (struct db_value){ .type = s ? DB_TEXT : DB_NULL,
				  .bytes = span_of(s) };
}

/* ptr NULL is NULL. */
static inline struct db_value
db_bytes(struct span s)
{
	return (struct db_value){ .type = s.ptr ? DB_BLOB : DB_NULL,
				  .bytes = s };
}

static inline struct db_value
db_as_is(struct db_value value)
{
	return value;
}

#define V(x) \
	_Generic((x), \
		char *: db_string, \
		const char *: db_string, \
		struct span: db_bytes, \
		struct db_value: db_as_is, \
		default: db_number)(x)
/* An id, of which 0 means none. */
#define V_ID(id) ((id) ? db_number(id) : (struct db_value){ .type = DB_NULL })
/* The two arguments that say which values: their array and number. */
#define VALUES(...) \
	(const struct db_value[]){ __VA_ARGS__ }, \
		sizeof((const struct db_value[]){ __VA_ARGS__ }) / \
			sizeof(struct db_value)

/* Run to the end; there are no rows, or nobody wants them. */
MUST_CHECK
const struct error *db_run(struct store *store, enum sql id,
			   const struct db_value *values, size_t n);
/* The rowid of the last insertion. */
/* Did the last statement that ran change a row? */
bool db_changed(const struct store *store);
int64_t db_last_id(const struct store *store);
/* The first column of the first row; 0 when there is no row or it is NULL. */
MUST_CHECK
const struct error *db_get(int64_t *out, struct store *store, enum sql id,
			   const struct db_value *values, size_t n);

/*
 * A statement that yields rows: AUTOFREE(db_rows) ends it on every way out.
 * The values must outlive it. One statement does not run twice at a time.
 */
struct db_rows;
MUST_CHECK
const struct error *db_query(struct db_rows **out, struct store *store,
			     enum sql id, const struct db_value *values,
			     size_t n);
/* The same for SQL put together from constant pieces (query.c). */
MUST_CHECK
const struct error *db_query_text(struct db_rows **out, struct store *store,
				  const char *sql,
				  const struct db_value *values, size_t n);
MUST_CHECK const struct error *db_next(bool *row, struct db_rows *rows);
/* The same statement from its beginning, with other values. */
MUST_CHECK
const struct error *db_again(struct db_rows *rows,
			     const struct db_value *values, size_t n);
void db_rows_end(struct db_rows *rows);
DEFINE_AUTOFREE(db_rows, db_rows_end);

/* Columns of the row at hand, from 0. NULL is 0, NULL, or ptr NULL. */
int64_t db_int(struct db_rows *rows, int column);
const char *db_text(struct db_rows *rows, struct arena *arena, int column);
struct span db_copy(struct db_rows *rows, struct arena *arena, int column);
/* Borrowed: until the next row. */
struct span db_span(struct db_rows *rows, int column);
struct db_value db_column(struct db_rows *rows, int column);
bool db_is_int(struct db_rows *rows, int column);
bool db_is_blob(struct db_rows *rows, int column);

/*
 * All or nothing: what is written between the two is in when db_leave() got
 * no error, and undone when it got one. Inside of a transaction it is in and
 * undone with all of that: after an error every call fails until it is rolled
 * back. (A savepoint for each mail costs a third of all writing, since SQLite
 * then copies every page that the mail touches.) db_leave() returns @err, or
 * its own failure.
 */
MUST_CHECK const struct error *db_enter(struct store *store);
MUST_CHECK const struct error *db_leave(struct store *store,
					const struct error *err);

/* Several statements at once, none of them with values or rows. */
MUST_CHECK
const struct error *db_script(struct store *store, const char *what,
			      const char *sql);
/* Compile every statement of sql.h: for the test that they fit the schema. */
MUST_CHECK const struct error *db_prepare_all(struct store *store);

#endif
