/* export.h: the half that reads. */
#include <inttypes.h>

#include "base64.h"
#include "buf.h"
#include "error.h"
#include "export.h"
#include "limits.h"
#include "output-json.h"
#include "db/dump.h"
#include "db/integrity.h"

struct import {
	FILE *in;
	const char *name, *path;
	size_t line;
	struct buf text;     /* of the line */
	struct arena *arena; /* of the tables */
	struct arena *row;   /* of one line */
	struct restore *restore;
	struct dump_tables tables;
	const struct dump_table *table; /* at hand; NULL: none yet */
	int64_t rows;
	bool ended;
};

DEFINE_AUTOFREE(json_t, json_decref);

MUST_CHECK static const struct error *
wrong(const struct import *import, const char *what)
{
	return error_new(ERROR_INPUT, "%s:%zu: %s", import->name, import->line,
			 what);
}

/* False at the end of the file. */
MUST_CHECK static const struct error *
read_line(bool *more, struct import *import)
{
	int c;

	buf_clear(&import->text);
	while ((c = getc_unlocked(import->in)) != EOF && c != '\n' &&
	       !import->text.toobig)
		buf_addch(&import->text, (char)c);
	if (ferror(import->in))
		return error_errno("%s", import->name);
	*more = c != EOF || import->text.len;
	import->line += *more;
	if (import->text.toobig)
		return wrong(import, "the line is too long");
	return NULL;
}

/* The bytes of {"blob": ...} or {"text": ...}. */
static bool
take_bytes(struct db_value *out, struct arena *arena, const json_t *object)
{
	const json_t *blob = json_object_get(object, "blob");
	const json_t *string = blob ? blob : json_object_get(object, "text");
	struct span digits;

	if (!json_is_string(string) || json_object_size(object) != 1)
		return false;
	digits.ptr = json_string_value(string);
	digits.len = json_string_length(string);
	out->type = blob ? DB_BLOB : DB_TEXT;
	return base64_decode(&out->bytes, arena, digits);
}

static bool
take_value(struct db_value *out, struct arena *arena, const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_NULL:
		*out = (struct db_value){ .type = DB_NULL };
		return true;
	case JSON_INTEGER:
		*out = db_number(json_integer_value(value));
		return true;
	case JSON_STRING:
		out->type = DB_TEXT;
		out->bytes.ptr = json_string_value(value);
		out->bytes.len = json_string_length(value);
		return true;
	case JSON_OBJECT:
		return take_bytes(out, arena, value);
	case JSON_ARRAY:
	case JSON_REAL:
	case JSON_TRUE:
	case JSON_FALSE:
		break;
	}
	return false;
}

/* What does not fit the table is the file's fault, not ours. */
MUST_CHECK static const struct error *
blame(const struct import *import, const struct error *err)
{
	const struct error *blamed;

	if (!err || (err->class != ERROR_BUG && err->class != ERROR_INPUT))
		return err;
	blamed = wrong(import, err->message);
	error_free(err);
	return blamed;
}

MUST_CHECK static const struct error *
take_row(struct import *import, const json_t *row)
{
	const struct dump_table *table = import->table;
	struct db_value *values;

	if (!table)
		return wrong(import, "a row before any table");
	if (json_array_size(row) != table->ncolumns)
		return wrong(import, "a row of another number of columns");
	values = ARENA_ARRAY(import->row, table->ncolumns, struct db_value);
	for (size_t i = 0; i < table->ncolumns; i++)
		if (!take_value(&values[i], import->row,
				json_array_get(row, i)))
			return wrong(import, "a value that no column holds");
	import->rows++;
	return blame(import, restore_row(import->restore, table, values));
}

static bool
same_columns(const struct dump_table *table, const json_t *columns)
{
	if (json_array_size(columns) != table->ncolumns)
		return false;
	for (size_t i = 0; i < table->ncolumns; i++) {
		const char *name =
			json_string_value(json_array_get(columns, i));

		if (!name || strcmp(name, table->columns[i]) != 0)
			return false;
	}
	return true;
}

MUST_CHECK static const struct error *
take_table(struct import *import, const char *name, const json_t *columns)
{
	import->table = dump_table_find(&import->tables, name);
	if (!import->table)
		return wrong(import, "no such table in this schema");
	if (!same_columns(import->table, columns))
		return wrong(import, "other columns than this schema's");
	return NULL;
}

MUST_CHECK static const struct error *
take_object(struct import *import, const json_t *object)
{
	const char *table = json_string_value(json_object_get(object, "table"));
	const char *end = json_string_value(json_object_get(object, "end"));

	if (table)
		return take_table(import, table,
				  json_object_get(object, "columns"));
	if (!end || strcmp(end, "export") != 0)
		return wrong(import, "neither a table nor the end");
	if (json_integer_value(json_object_get(object, "rows")) != import->rows)
		return wrong(import, "another number of rows than came");
	import->ended = true;
	return NULL;
}

MUST_CHECK static const struct error *
take_head(struct import *import, const json_t *head)
{
	const char *what = json_string_value(json_object_get(head, "pvwatch"));
	const struct error *err;

	if (!what || strcmp(what, "export") != 0)
		return wrong(import, "not an export of pvwatch");
	if (json_integer_value(json_object_get(head, "version")) !=
	    EXPORT_VERSION)
		return wrong(import, "another version of the format");
	err = restore_open(&import->restore, import->path,
			   json_integer_value(json_object_get(head, "schema")));
	if (!err)
		err = dump_tables(&import->tables, import->arena,
				  restore_store(import->restore));
	return err;
}

MUST_CHECK static const struct error *
take_line(struct import *import)
{
	json_error_t fault;
	AUTOFREE(json_t) *line = json_loadb(
		import->text.data ? import->text.data : "", import->text.len,
		JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &fault);

	if (!line)
		return wrong(import, fault.text);
	if (import->ended)
		return wrong(import, "something behind the end");
	if (!import->restore)
		return take_head(import, line);
	if (json_is_array(line))
		return take_row(import, line);
	return take_object(import, line);
}

MUST_CHECK static const struct error *
take_lines(struct import *import)
{
	const struct error *err;
	bool more = true;

	while (!(err = read_line(&more, import)) && more &&
	       !(err = take_line(import)))
		arena_clear(import->row);
	if (!err && !import->ended)
		err = wrong(import, "it ends before its end");
	return err;
}

/* Each row may be well and the whole not. */
MUST_CHECK static const struct error *
check(struct import *import)
{
	struct integrity faults = { 0 };
	const struct error *err;

	err = store_check(&faults, import->arena,
			  restore_store(import->restore));
	if (!err && faults.n)
		err = error_new(ERROR_INPUT, "%s: %s", import->name,
				faults.v[0]);
	return err;
}

const struct error *
export_read(int64_t *rows, const char *path, FILE *in, const char *name)
{
	AUTOFREE(arena) *arena = arena_new();
	AUTOFREE(arena) *row = arena_new();
	struct import import = {
		.in = in,
		.name = name,
		.path = path,
		.text = BUF(LIMIT_IMPORT_LINE),
		.arena = arena,
		.row = row,
	};
	const struct error *err;

	err = take_lines(&import);
	if (!err)
		err = restore_end(import.restore);
	if (!err)
		err = check(&import);
	if (!err) {
		restore_keep(import.restore);
		*rows = import.rows;
	}
	restore_free(import.restore);
	buf_free(&import.text);
	return err;
}
