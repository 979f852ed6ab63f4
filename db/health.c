/*
 * health.c - how the sources do, how much there is, and whose it is
 */
#include "bot/arena.h"
#include "bot/error.h"
#include "db.h"
#include "store.h"

MUST_CHECK static const struct error *
read_health(struct source_health *out, struct arena *arena,
	    struct db_rows *rows)
{
	bool row = false;
	const struct error *err = db_next(&row, rows);

	if (err || !row)
		return err;
	*out = (struct source_health){
		.succeeded = db_int(rows, 0),
		.failed = db_int(rows, 1),
		.message = db_text(rows, arena, 2),
		.failures = db_int(rows, 3),
		.since = db_int(rows, 4),
		.mails = db_int(rows, 5),
	};
	return NULL;
}

const struct error *
store_health(struct source_health *out, struct arena *arena,
	     struct store *store, const char *source)
{
	AUTOFREE(db_rows) *rows = NULL;
	const struct error *err;

	*out = (struct source_health){ .message = "" };
	err = db_query(&rows, store, SQL_HEALTH_GET, VALUES(V(source)));
	if (!err)
		err = read_health(out, arena, rows);
	return err;
}

const struct error *
store_brought(struct store *store, const char *source, size_t n)
{
	return db_run(store, SQL_HEALTH_MAILS,
		      VALUES(V(source), V((int64_t)n)));
}

const struct error *
store_succeeded(struct store *store, const char *source)
{
	return db_run(store, SQL_HEALTH_SUCCEEDED,
		      VALUES(V(source), V(db_now(store))));
}

const struct error *
store_failed(struct store *store, const char *source, const char *message)
{
	return db_run(store, SQL_HEALTH_FAILED,
		      VALUES(V(source), V(db_now(store)), V(message)));
}

const struct error *
store_installation(const char **out, struct arena *arena, struct store *store)
{
	AUTOFREE(db_rows) *rows = NULL;
	const struct error *err;
	bool row = false;

	*out = NULL;
	err = db_query(&rows, store, SQL_INSTALLATION_GET, NULL, 0);
	if (!err)
		err = db_next(&row, rows);
	if (!err && row)
		*out = db_text(rows, arena, 0);
	return err;
}

const struct error *
store_make_installation(struct store *store)
{
	return db_run(store, SQL_INSTALLATION_MAKE, NULL, 0);
}

/* Rows of a number below @n and how many there are of it. */
MUST_CHECK static const struct error *
read_counts(int64_t *counts, size_t n, struct store *store, enum sql id)
{
	AUTOFREE(db_rows) *rows = NULL;
	const struct error *err;
	bool row = false;

	err = db_query(&rows, store, id, NULL, 0);
	while (!err && !(err = db_next(&row, rows)) && row) {
		if ((uint64_t)db_int(rows, 0) < n)
			counts[db_int(rows, 0)] = db_int(rows, 1);
	}
	return err;
}

const struct error *
store_counts(struct store_counts *out, struct store *store)
{
	struct store_counts counts = { .size_bytes = 0 };
	const struct error *err;

	err = read_counts(counts.decisions, DECISION_FLAGGED + 1, store,
			  SQL_COUNT_DECISIONS);
	if (!err)
		err = read_counts(counts.requests, NREQUEST_STATES, store,
				  SQL_COUNT_REQUESTS);
	if (!err)
		err = db_get(&counts.size_bytes, store, SQL_SIZE, NULL, 0);
	if (!err)
		*out = counts;
	return err;
}
