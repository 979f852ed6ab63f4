#include "dump.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bot/alloc.h"
#include "bot/arena.h"
#include "bot/buf.h"
#include "bot/error.h"
#include "schema.h"

enum { STATEMENT_MAX = 64 << 10, COLUMNS_MAX = 100 };

/* An identifier of SQL; names of our schema hold no quotation mark. */
static void
add_name(struct buf *sql, const char *name)
{
	buf_addf(sql, "\"%s\"", name);
}

MUST_CHECK static const struct error *
read_columns(struct dump_table *table, struct arena *arena, struct store *store)
{
	AUTOFREE(db_rows) *rows = NULL;
	const char **columns = NULL;
	const struct error *err;
	bool row = false;
	size_t cap = 0;

	err = db_query(&rows, store, SQL_COLUMNS, VALUES(V(table->name)));
	while (!err && !(err = db_next(&row, rows)) && row) {
		ARENA_GROW(arena, columns, cap, table->ncolumns);
		columns[table->ncolumns++] = db_text(rows, arena, 0);
	}
	table->columns = columns;
	return err;
}

const struct error *
dump_tables(struct dump_tables *out, struct arena *arena, struct store *store)
{
	AUTOFREE(db_rows) *rows = NULL;
	struct dump_tables tables = { 0 };
	const struct error *err;
	bool row = false;

	err = db_query(&rows, store, SQL_TABLES, NULL, 0);
	while (!err && !(err = db_next(&row, rows)) && row) {
		struct dump_table *table;

		ARENA_GROW(arena, tables.v, tables.cap, tables.n);
		table = &tables.v[tables.n++];
		table->name = db_text(rows, arena, 0);
		err = read_columns(table, arena, store);
	}
	if (!err)
		*out = tables;
	return err;
}

const struct dump_table *
dump_table_find(const struct dump_tables *tables, const char *name)
{
	for (size_t i = 0; i < tables->n; i++)
		if (!strcmp(tables->v[i].name, name))
			return &tables->v[i];
	return NULL;
}

const struct error *
dump_schema(int64_t *out, struct store *store)
{
	return db_get(out, store, SQL_SCHEMA_VERSION, NULL, 0);
}

const struct error *
dump_begin(struct store *store)
{
	return db_run(store, SQL_BEGIN_READ, NULL, 0);
}

void
dump_end(struct store *store)
{
	error_free(db_run(store, SQL_ROLLBACK, NULL, 0));
}

/* "SELECT columns FROM table ORDER BY its key". */
MUST_CHECK static const struct error *
select_rows(struct buf *sql, struct store *store,
	    const struct dump_table *table)
{
	AUTOFREE(arena) *arena = arena_new();
	AUTOFREE(db_rows) *keys = NULL;
	const char *glue = " ORDER BY ";
	const struct error *err;
	bool row = false;

	for (size_t i = 0; i < table->ncolumns; i++) {
		buf_addstr(sql, i ? ", " : "SELECT ");
		add_name(sql, table->columns[i]);
	}
	buf_addstr(sql, " FROM ");
	add_name(sql, table->name);
	err = db_query(&keys, store, SQL_KEY_COLUMNS, VALUES(V(table->name)));
	while (!err && !(err = db_next(&row, keys)) && row) {
		buf_addstr(sql, glue);
		add_name(sql, db_text(keys, arena, 0));
		glue = ", ";
	}
	return err ? err : buf_check(sql, table->name);
}

const struct error *
dump_rows(struct store *store, const struct dump_table *table, dump_row_fn *fn,
	  void *arg)
{
	struct db_value values[COLUMNS_MAX];
	struct buf sql = BUF(STATEMENT_MAX);
	AUTOFREE(db_rows) *rows = NULL;
	const struct error *err;
	bool row = false;

	if (table->ncolumns > COLUMNS_MAX)
		return error_new(ERROR_BUG, "%s: more than %d columns",
				 table->name, COLUMNS_MAX);
	err = select_rows(&sql, store, table);
	if (!err)
		err = db_query_text(&rows, store, buf_str(&sql), NULL, 0);
	while (!err && !(err = db_next(&row, rows)) && row) {
		for (size_t i = 0; i < table->ncolumns; i++)
			values[i] = db_column(rows, (int)i);
		err = fn(arg, table, values);
	}
	buf_free(&sql);
	return err;
}

/* The list of migrations up to @schema. */
MUST_CHECK static const struct error *
count_steps(size_t *out, int64_t schema)
{
	for (size_t i = 0; i < schema_nmigrations; i++) {
		if (schema_migrations[i].version != schema)
			continue;
		*out = i + 1;
		return NULL;
	}
	return error_new(
		ERROR_CONFIG,
		"schema %" PRId64 ": this program knows those up to %d", schema,
		schema_migrations[schema_nmigrations - 1].version);
}

struct restore {
	struct store *store;
	char *path;
	bool keep;
	/* The statement of the table at hand. */
	const struct dump_table *table;
	struct db_rows *insert;
};

MUST_CHECK static const struct error *
open_at(struct restore *restore, size_t nsteps)
{
	const struct error *err;

	err = db_open(&restore->store, restore->path, STORE_WRITE);
	if (!err)
		err = schema_migrate(restore->store, schema_migrations, nsteps);
	if (!err)
		err = db_script(restore->store, "open",
				"PRAGMA foreign_keys = OFF");
	return err ? err : store_begin(restore->store);
}

const struct error *
restore_open(struct restore **out, const char *path, int64_t schema)
{
	AUTOFREE(restore) *restore = NULL;
	const struct error *err;
	size_t nsteps = 0;

	err = count_steps(&nsteps, schema);
	if (!err && !access(path, F_OK))
		err = error_new(ERROR_USAGE, "%s: is there already", path);
	if (err)
		return err;
	restore = xcalloc(1, sizeof(*restore));
	restore->path = xstrdup(path);
	err = open_at(restore, nsteps);
	if (!err)
		*out = TAKE(restore);
	return err;
}

struct store *
restore_store(struct restore *restore)
{
	return restore->store;
}

MUST_CHECK static const struct error *
prepare(struct restore *restore, const struct dump_table *table,
	const struct db_value *values)
{
	struct buf sql = BUF(STATEMENT_MAX);
	const struct error *err;

	db_rows_end(TAKE(restore->insert));
	restore->table = table;
	buf_addstr(&sql, "INSERT INTO ");
	add_name(&sql, table->name);
	for (size_t i = 0; i < table->ncolumns; i++) {
		buf_addstr(&sql, i ? ", " : " (");
		add_name(&sql, table->columns[i]);
	}
	for (size_t i = 0; i < table->ncolumns; i++)
		buf_addstr(&sql, i ? ", ?" : ") VALUES (?");
	buf_addstr(&sql, ")");
	err = db_query_text(&restore->insert, restore->store, buf_str(&sql),
			    values, table->ncolumns);
	buf_free(&sql);
	return err;
}

const struct error *
restore_row(struct restore *restore, const struct dump_table *table,
	    const struct db_value *values)
{
	const struct error *err;
	bool row;

	if (restore->table != table)
		err = prepare(restore, table, values);
	else
		err = db_again(restore->insert, values, table->ncolumns);
	return err ? err : db_next(&row, restore->insert);
}

const struct error *
restore_end(struct restore *restore)
{
	struct store *store = restore->store;
	const struct error *err;

	db_rows_end(TAKE(restore->insert));
	err = store_commit(store);
	if (!err)
		err = schema_migrate(store, schema_migrations,
				     schema_nmigrations);
	if (!err)
		err = db_script(store, "index words", schema_index_words);
	return err;
}

void
restore_keep(struct restore *restore)
{
	restore->keep = true;
}

static void
remove_files(const char *path)
{
	static const char *const suffixes[] = { "", "-wal", "-shm" };

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		CLEANUP(xfree)
		char *file = xasprintf("%s%s", path, suffixes[i]);

		unlink(file);
	}
}

void
restore_free(struct restore *restore)
{
	if (!restore)
		return;
	db_rows_end(restore->insert);
	store_close(restore->store);
	if (!restore->keep)
		remove_files(restore->path);
	free(restore->path);
	free(restore);
}
