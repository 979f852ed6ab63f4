#include "db.h"

#include <assert.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "bot/alloc.h"
#include "bot/arena.h"
#include "bot/error.h"
#include "names.h"
#include "words.h"

enum { BUSY_TIMEOUT_MS = 5000 };

struct db_rows {
	struct store *store;
	sqlite3_stmt *stmt;
	const char *what;
	bool busy;
	bool fixed; /* one of sql.h: kept for the next time */
};

struct store {
	sqlite3 *db;
	char *path;
	int64_t now; /* 0: the clock */
	bool begun;  /* by store_begin() */
	bool failed; /* what is begun can only be undone */
	unsigned depth;
	struct names *names;
	struct words *words;
	struct db_rows *fixed[NSQL]; /* NULL: not needed yet */
};

static enum error_class
error_class(int code)
{
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ERROR_TEMPORARY;
	case SQLITE_CORRUPT:
		return ERROR_INPUT;
	case SQLITE_NOTADB: /* met when it is opened: the wrong file */
		return ERROR_CONFIG;
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
	case SQLITE_PROTOCOL:
	case SQLITE_TOOBIG:
		return ERROR_IO;
	case SQLITE_NOMEM:
		abort();
	default:
		return ERROR_BUG;
	}
}

MUST_CHECK static const struct error *
failure(struct store *store, const char *what)
{
	int code = sqlite3_extended_errcode(store->db);

	if (code == SQLITE_NOTADB)
		what = "not a database of pvwatch";
	return error_new(error_class(code), "%s: %s: %s", db_path(store), what,
			 sqlite3_errmsg(store->db));
}

static const char settings[] =
	/* Each insert would look up again what its
	   transaction has just looked up or made: a
	   fifth of its time. */
	"PRAGMA foreign_keys = OFF;"
	/* Of a new database. A compressed mail is about
	   3 KiB: most pages of 4 KiB would hold one,
	   and air. */
	"PRAGMA page_size = 16384;"
	/* With WAL: a power cut may cost the last
	   transactions, which are then taken in anew,
	   never the database. */
	"PRAGMA synchronous = NORMAL;"
	/* Sorting needs no file. */
	"PRAGMA temp_store = MEMORY;"
	"PRAGMA cache_size = -16384;"
	"PRAGMA wal_autocheckpoint = 2000;"
	"PRAGMA journal_size_limit = 0;"
	"PRAGMA trusted_schema = OFF;";

MUST_CHECK static const struct error *
check_there(const char *path, enum store_open how)
{
	struct stat st;

	if (how == STORE_WRITE && !*path)
		return NULL; /* SQLite's own name for a private one */
	if (stat(path, &st))
		return how == STORE_WRITE && errno == ENOENT
			       ? NULL
			       : error_errno("%s", path);
	if (!S_ISREG(st.st_mode))
		return error_new(ERROR_CONFIG,
				 "%s: not a database of pvwatch: not a file",
				 path);
	return NULL;
}

/*
 * The files beside the database stay when the last writer leaves, emptied: who
 * may only read could not make them, and would be refused.
 */
static void
keep_wal(struct store *store)
{
	int on = 1;

	sqlite3_file_control(store->db, NULL, SQLITE_FCNTL_PERSIST_WAL, &on);
}

const struct error *
db_open(struct store **out, const char *path, enum store_open how)
{
	int flags = how == STORE_READ
			    ? SQLITE_OPEN_READONLY
			    : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
	AUTOFREE(store) *store = NULL;
	const struct error *err;

	err = check_there(path, how);
	if (err)
		return err;
	store = xcalloc(1, sizeof(*store));
	store->path = xstrdup(path);
	store->names = names_new();
	store->words = words_new();
	if (sqlite3_open_v2(path, &store->db, flags | SQLITE_OPEN_NOMUTEX,
			    NULL) != SQLITE_OK) {
		if (!store->db)
			abort(); /* no memory, says its contract */
		return failure(store, "open");
	}
	sqlite3_extended_result_codes(store->db, 1);
	db_set_timeout(store, BUSY_TIMEOUT_MS);
	err = db_script(store, "open", settings);
	if (err)
		return err;
	if (how == STORE_WRITE)
		keep_wal(store);
	*out = TAKE(store);
	return NULL;
}

static void
rows_free(struct db_rows *rows)
{
	if (!rows)
		return;
	sqlite3_finalize(rows->stmt);
	free(rows);
}

void
store_close(struct store *store)
{
	if (!store)
		return;
	for (int i = 0; i < NSQL; i++)
		rows_free(store->fixed[i]);
	sqlite3_close(store->db);
	names_free(store->names);
	words_free(store->words);
	free(store->path);
	free(store);
}

void
store_set_now(struct store *store, int64_t now)
{
	store->now = now;
}

void
db_set_timeout(struct store *store, int timeout_ms)
{
	sqlite3_busy_timeout(store->db, timeout_ms);
}

const char *
store_path(const struct store *store)
{
	return store->path;
}

/* For messages. */
const char *
db_path(const struct store *store)
{
	return *store->path ? store->path : "temporary database";
}

int64_t
db_now(const struct store *store)
{
	return store->now ? store->now : (int64_t)time(NULL);
}

struct names *
db_names(struct store *store)
{
	return store->begun ? store->names : NULL;
}

struct words *
db_words(struct store *store)
{
	return store->words;
}

MUST_CHECK static const struct error *
compile(struct db_rows **out, struct store *store, const char *what,
	const char *sql, unsigned flags)
{
	struct db_rows *rows;
	sqlite3_stmt *stmt;

	/* Length with the NUL: SQLite then makes no copy of its own. */
	if (sqlite3_prepare_v3(store->db, sql, (int)strlen(sql) + 1, flags,
			       &stmt, NULL) != SQLITE_OK)
		return failure(store, what);
	rows = xcalloc(1, sizeof(*rows));
	rows->store = store;
	rows->stmt = stmt;
	rows->what = what;
	rows->fixed = flags & SQLITE_PREPARE_PERSISTENT;
	*out = rows;
	return NULL;
}

MUST_CHECK static const struct error *
fixed(struct db_rows **out, struct store *store, enum sql id)
{
	const struct error *err = NULL;

	if (!store->fixed[id])
		err = compile(&store->fixed[id], store, sql_texts[id].what,
			      sql_texts[id].text, SQLITE_PREPARE_PERSISTENT);
	if (err)
		return err;
	assert(!store->fixed[id]->busy);
	*out = store->fixed[id];
	return NULL;
}

static int
bind_one(sqlite3_stmt *stmt, int i, const struct db_value *value)
{
	struct span s = value->bytes;

	switch (value->type) {
	case DB_NULL:
		return sqlite3_bind_null(stmt, i);
	case DB_INT:
		return sqlite3_bind_int64(stmt, i, value->number);
	case DB_TEXT:
		return sqlite3_bind_text64(stmt, i, s.ptr, s.len, SQLITE_STATIC,
					   SQLITE_UTF8);
	case DB_BLOB:
		return sqlite3_bind_blob64(stmt, i, s.ptr, s.len,
					   SQLITE_STATIC);
	}
	return SQLITE_MISUSE;
}

MUST_CHECK static const struct error *
bind(struct db_rows *rows, const struct db_value *values, size_t n)
{
	assert((size_t)sqlite3_bind_parameter_count(rows->stmt) == n);
	for (size_t i = 0; i < n; i++)
		if (bind_one(rows->stmt, (int)i + 1, &values[i]) != SQLITE_OK)
			return failure(rows->store, rows->what);
	rows->busy = true;
	return NULL;
}

/*
 * A full disk or a failing one makes SQLite undo the whole transaction, not
 * only the statement. Who goes on with the next mail must not write it alone,
 * nor keep what went in of one that failed.
 */
MUST_CHECK static const struct error *
check_transaction(struct store *store)
{
	if (store->failed ||
	    (store->begun && sqlite3_get_autocommit(store->db)))
		return error_new(ERROR_IO,
				 "%s: the transaction was undone by an error",
				 db_path(store));
	return NULL;
}

const struct error *
db_query(struct db_rows **out, struct store *store, enum sql id,
	 const struct db_value *values, size_t n)
{
	const struct error *err;
	AUTOFREE(db_rows) *rows = NULL;

	err = check_transaction(store);
	if (!err)
		err = fixed(&rows, store, id);
	if (!err)
		err = bind(rows, values, n);
	if (err)
		return err;
	*out = TAKE(rows);
	return NULL;
}

const struct error *
db_query_text(struct db_rows **out, struct store *store, const char *sql,
	      const struct db_value *values, size_t n)
{
	const struct error *err;
	AUTOFREE(db_rows) *rows = NULL;

	err = compile(&rows, store, "query", sql, 0);
	if (!err)
		err = bind(rows, values, n);
	if (err)
		return err;
	*out = TAKE(rows);
	return NULL;
}

const struct error *
db_next(bool *row, struct db_rows *rows)
{
	int code = sqlite3_step(rows->stmt);

	if (code != SQLITE_ROW && code != SQLITE_DONE)
		return failure(rows->store, rows->what);
	*row = code == SQLITE_ROW;
	return NULL;
}

const struct error *
db_again(struct db_rows *rows, const struct db_value *values, size_t n)
{
	sqlite3_reset(rows->stmt);
	return bind(rows, values, n);
}

void
db_rows_end(struct db_rows *rows)
{
	if (!rows)
		return;
	if (!rows->fixed) {
		rows_free(rows);
		return;
	}
	sqlite3_reset(rows->stmt);
	/* The values were borrowed. */
	sqlite3_clear_bindings(rows->stmt);
	rows->busy = false;
}

const struct error *
db_run(struct store *store, enum sql id, const struct db_value *values,
       size_t n)
{
	AUTOFREE(db_rows) *rows = NULL;
	const struct error *err;
	bool row = true;

	err = db_query(&rows, store, id, values, n);
	while (!err && row)
		err = db_next(&row, rows);
	return err;
}

const struct error *
db_get(int64_t *out, struct store *store, enum sql id,
       const struct db_value *values, size_t n)
{
	AUTOFREE(db_rows) *rows = NULL;
	const struct error *err;
	bool row = false;

	err = db_query(&rows, store, id, values, n);
	if (!err)
		err = db_next(&row, rows);
	if (err)
		return err;
	*out = row ? db_int(rows, 0) : 0;
	return NULL;
}

bool
db_changed(const struct store *store)
{
	return sqlite3_changes(store->db) > 0;
}

int64_t
db_last_id(const struct store *store)
{
	return sqlite3_last_insert_rowid(store->db);
}

int64_t
db_int(struct db_rows *rows, int column)
{
	return sqlite3_column_int64(rows->stmt, column);
}

struct span
db_span(struct db_rows *rows, int column)
{
	struct span s = { NULL, 0 };

	if (sqlite3_column_type(rows->stmt, column) == SQLITE_NULL)
		return s;
	/* Of an empty blob SQLite returns NULL. */
	s.ptr = sqlite3_column_blob(rows->stmt, column);
	s.len = (size_t)sqlite3_column_bytes(rows->stmt, column);
	if (!s.ptr)
		s.ptr = "";
	return s;
}

struct db_value
db_column(struct db_rows *rows, int column)
{
	struct db_value value = V(db_span(rows, column));

	switch (sqlite3_column_type(rows->stmt, column)) {
	case SQLITE_INTEGER:
		return V(db_int(rows, column));
	case SQLITE_TEXT:
		value.type = DB_TEXT;
		break;
	default: /* no column of ours holds a fraction */
		break;
	}
	return value;
}

struct span
db_copy(struct db_rows *rows, struct arena *arena, int column)
{
	struct span s = db_span(rows, column);
	char *copy;

	if (!s.ptr)
		return s;
	copy = arena_alloc(arena, s.len + 1);
	memcpy(copy, s.ptr, s.len);
	return (struct span){ copy, s.len };
}

const char *
db_text(struct db_rows *rows, struct arena *arena, int column)
{
	struct span s = db_span(rows, column);

	return s.ptr ? arena_span(arena, s) : NULL;
}

bool
db_is_int(struct db_rows *rows, int column)
{
	return sqlite3_column_type(rows->stmt, column) == SQLITE_INTEGER;
}

bool
db_is_blob(struct db_rows *rows, int column)
{
	return sqlite3_column_type(rows->stmt, column) == SQLITE_BLOB;
}

const struct error *
db_script(struct store *store, const char *what, const char *sql)
{
	if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return failure(store, what);
	return NULL;
}

const struct error *
db_prepare_all(struct store *store)
{
	const struct error *err = NULL;
	struct db_rows *rows;

	for (int i = 0; i < NSQL && !err; i++)
		err = fixed(&rows, store, (enum sql)i);
	return err;
}

const struct error *
store_begin(struct store *store)
{
	const struct error *err;

	assert(!store->begun && !store->depth);
	err = db_run(store, SQL_BEGIN, NULL, 0);
	store->begun = !err;
	names_forget(store->names);
	return err;
}

MUST_CHECK static const struct error *
commit(struct store *store)
{
	const struct error *err = words_write(store->words, store);

	return err ? err : db_run(store, SQL_COMMIT, NULL, 0);
}

const struct error *
store_commit(struct store *store)
{
	const struct error *err;

	assert(store->begun && !store->depth);
	err = commit(store);
	if (err) {
		store_rollback(store);
		return err;
	}
	store->begun = false;
	return NULL;
}

void
store_rollback(struct store *store)
{
	store->begun = store->failed = false;
	words_forget(store->words);
	/* Undone already: nothing is left that could fail. */
	if (!sqlite3_get_autocommit(store->db))
		error_free(db_run(store, SQL_ROLLBACK, NULL, 0));
}

const struct error *
db_enter(struct store *store)
{
	const struct error *err = NULL;

	if (!store->begun && !store->depth)
		err = db_run(store, SQL_BEGIN, NULL, 0);
	store->depth += !err;
	return err;
}

const struct error *
db_leave(struct store *store, const struct error *err)
{
	bool inner = store->begun || store->depth > 1;

	store->depth--;
	if (inner) {
		store->failed |= err != NULL;
		return err;
	}
	if (!err)
		err = commit(store);
	if (err)
		store_rollback(store);
	return err;
}
