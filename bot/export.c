#include "export.h"

#include "base64.h"
#include "error.h"
#include "output-json.h"
#include "db/dump.h"

struct export
{
	FILE *out;
	struct arena *arena; /* of one row */
	int64_t rows;
};

static json_t *
encoded(struct arena *arena, const char *what, struct span bytes)
{
	return json_pack("{s:s}", what, base64_encode(arena, bytes));
}

static json_t *
json_of(struct arena *arena, const struct db_value *value)
{
	json_t *string;

	switch (value->type) {
	case DB_NULL:
		return json_null();
	case DB_INT:
		return json_integer(value->number);
	case DB_BLOB:
		return encoded(arena, "blob", value->bytes);
	case DB_TEXT:
		break;
	}
	/* jansson takes UTF-8 only. */
	string = json_stringn(value->bytes.ptr, value->bytes.len);
	return string ? string : encoded(arena, "text", value->bytes);
}

static const struct error *
write_row(void *arg, const struct dump_table *table,
	  const struct db_value *values)
{
	struct export *export = arg;
	json_t *row = json_array();

	for (size_t i = 0; i < table->ncolumns; i++)
		json_array_append_new(row, json_of(export->arena, &values[i]));
	print_object(export->out, row);
	arena_clear(export->arena);
	export->rows++;
	if (ferror(export->out))
		return error_errno("export");
	return NULL;
}

static void
write_table(FILE *out, const struct dump_table *table)
{
	json_t *columns = json_array();

	for (size_t i = 0; i < table->ncolumns; i++)
		json_array_append_new(columns, json_string(table->columns[i]));
	print_object(out, json_pack("{s:s, s:o}", "table", table->name,
				    "columns", columns));
}

static const struct error *
write_all(struct export *export, struct arena *arena, struct store *store)
{
	struct dump_tables tables = { 0 };
	const struct error *err;
	int64_t schema = 0;

	err = dump_schema(&schema, store);
	if (!err)
		err = dump_tables(&tables, arena, store);
	if (err)
		return err;
	print_object(export->out, json_pack("{s:s, s:i, s:I}", "pvwatch",
					    "export", "version", EXPORT_VERSION,
					    "schema", (json_int_t)schema));
	for (size_t i = 0; i < tables.n && !err; i++) {
		write_table(export->out, &tables.v[i]);
		err = dump_rows(store, &tables.v[i], write_row, export);
	}
	if (err)
		return err;
	print_object(export->out, json_pack("{s:s, s:I}", "end", "export",
					    "rows", (json_int_t) export->rows));
	return fflush(export->out) ? error_errno("export") : NULL;
}

const struct error *
export_write(FILE *out, struct store *store)
{
	AUTOFREE(arena) *tables = arena_new();
	AUTOFREE(arena) *rows = arena_new();
	struct export export = { .out = out, .arena = rows };
	const struct error *err = dump_begin(store);

	if (err)
		return err;
	err = write_all(&export, tables, store);
	dump_end(store);
	return err;
}
