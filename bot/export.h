/*
 * export.h - a database as JSON Lines
 *
 * One line tells what it is, then come tables: a line that names one and its
 * columns, and a line for each of its rows, an array in that order. The last
 * line says how many rows there were, so that a file that was cut is seen.
 *
 *     {"pvwatch":"export","version":1,"schema":5}
 *     {"table":"ident","columns":["id","name"]}
 *     [1,"20190105@example.org"]
 *     {"end":"export","rows":1}
 *
 * A value is a number, null, or a string; bytes are {"blob": BASE64}, and a
 * text that JSON cannot hold, since it is no UTF-8, is {"text": BASE64}. Raw
 * mail is a blob as it is stored: a zstd frame. "version" is that of this
 * format, "schema" that of the tables.
 */
#ifndef BOT_EXPORT_H
#define BOT_EXPORT_H

#include <stdint.h>
#include <stdio.h>

#include "attr.h"

struct error;
struct store;

enum { EXPORT_VERSION = 1 };

/* All of it as it is at one moment, a row at a time. ERROR_IO when @out takes
   no more. */
MUST_CHECK
const struct error *export_write(FILE *out, struct store *store);

/*
 * Make the database @path, where none may be, from such a file, *rows of them.
 * An older schema is brought up. ERROR_INPUT "NAME:LINE: ...": it is none of
 * our files, or one that nobody exported; then nothing is at @path.
 */
MUST_CHECK
const struct error *export_read(int64_t *rows, const char *path, FILE *in,
				const char *name);

#endif
