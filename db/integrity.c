#include "integrity.h"

#include <inttypes.h>

#include "bot/arena.h"
#include "bot/error.h"
#include "bot/span.h"
#include "db.h"

enum { FAULTS_MAX = 100 }; /* of one kind, as in the statements */

static void
add(struct integrity *out, struct arena *arena, const char *fault)
{
	ARENA_GROW(arena, out->v, out->cap, out->n);
	out->v[out->n++] = fault;
}

/* A statement whose rows are faults. */
MUST_CHECK static const struct error *
ask(struct integrity *out, struct arena *arena, struct store *store,
    enum sql id)
{
	AUTOFREE(db_rows) *rows = NULL;
	const struct error *err;
	bool row = false;

	err = db_query(&rows, store, id, NULL, 0);
	while (!err && !(err = db_next(&row, rows)) && row)
		add(out, arena, db_text(rows, arena, 0));
	return err;
}

/* Something that is damaged is a fault; that it cannot be read is an error. */
MUST_CHECK static const struct error *
take_fault(struct integrity *out, struct arena *arena, const struct error *err)
{
	if (!err || err->class != ERROR_INPUT)
		return err;
	add(out, arena, arena_strdup(arena, err->message));
	error_free(err);
	return NULL;
}

MUST_CHECK static const struct error *
check_raw(struct integrity *out, struct arena *arena, struct store *store)
{
	AUTOFREE(arena) *mail = arena_new();
	AUTOFREE(db_rows) *rows = NULL;
	size_t before = out->n;
	const struct error *err;
	struct span raw;
	bool row = false;

	err = db_query(&rows, store, SQL_RAW_IDS, NULL, 0);
	while (!err && !(err = db_next(&row, rows)) && row &&
	       out->n - before < FAULTS_MAX) {
		err = take_fault(out, arena,
				 store_raw(&raw, mail, store, db_int(rows, 0)));
		arena_clear(mail);
	}
	return err;
}

MUST_CHECK static const struct error *
check_words(struct integrity *out, struct arena *arena, struct store *store)
{
	static const struct {
		const char *what, *sql;
	} indexes[] = {
		{ "the words of subjects",
		  "INSERT INTO subject_words (subject_words, rank)"
		  " VALUES ('integrity-check', 1)" },
		{ "the words of findings",
		  "INSERT INTO finding_words (finding_words, rank)"
		  " VALUES ('integrity-check', 1)" },
	};
	const struct error *err = NULL;

	for (size_t i = 0; i < sizeof(indexes) / sizeof(indexes[0]) && !err;
	     i++)
		err = take_fault(
			out, arena,
			db_script(store, indexes[i].what, indexes[i].sql));
	return err;
}

const struct error *
store_check(struct integrity *out, struct arena *arena, struct store *store)
{
	static const enum sql questions[] = {
		SQL_CHECK_FILE,	     SQL_CHECK_KEYS,  SQL_CHECK_CURRENT,
		SQL_CHECK_DECISIONS, SQL_CHECK_PACKS,
	};
	struct integrity faults = { 0 };
	const struct error *err = NULL;

	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]) && !err;
	     i++)
		err = take_fault(&faults, arena,
				 ask(&faults, arena, store, questions[i]));
	if (!err)
		err = take_fault(&faults, arena,
				 check_raw(&faults, arena, store));
	if (!err)
		err = check_words(&faults, arena, store);
	if (!err)
		*out = faults;
	return err;
}

const struct error *
store_vacuum(int64_t *before, int64_t *after, struct store *store)
{
	const struct error *err = db_get(before, store, SQL_SIZE, NULL, 0);

	if (!err)
		err = db_script(store, "put in order",
				"INSERT INTO subject_words (subject_words)"
				" VALUES ('optimize');"
				"INSERT INTO finding_words (finding_words)"
				" VALUES ('optimize');"
				"VACUUM;"
				"PRAGMA wal_checkpoint(TRUNCATE)");
	if (!err)
		err = db_get(after, store, SQL_SIZE, NULL, 0);
	return err;
}
