#include "bot/arena.h"
#include "bot/error.h"
#include "bot/limits.h"
#include "db.h"
#include "intern.h"
#include "store.h"

enum {
	LIKE_MAX = 50,		     /* of each sort */
	BEFORE_SECONDS = 180 * 86400 /* that a version comes behind another */
};

/* Columns of SERIES, sql.c. */
static void
read_series(struct series *out, struct arena *arena, struct db_rows *rows)
{
	*out = (struct series){
		.id = db_int(rows, 0),
		.lineage = db_int(rows, 1),
		.submitter = db_text(rows, arena, 2),
		.version = (unsigned)db_int(rows, 3),
		.total = (unsigned)db_int(rows, 4),
		.numbered = db_int(rows, 5),
		.versioned = db_int(rows, 6),
		.resend = db_int(rows, 7),
		.first = db_int(rows, 8),
		.last = db_int(rows, 9),
		.title = db_text(rows, arena, 10),
		.change_id = db_text(rows, arena, 11),
		.root = db_text(rows, arena, 12),
		.cover = SERIES_NONE,
	};
}

/* A first version alone in its thread is looked up by what names it; parts
   and later versions may be named otherwise. */
static int64_t
oldest_like(const struct series *series)
{
	if (!series->numbered && series->version < 2)
		return -1;
	return series->first > BEFORE_SECONDS ? series->first - BEFORE_SECONDS
					      : 0;
}

const struct error *
store_series_like(struct series_rows *out, struct arena *arena,
		  struct store *store, const struct series *series)
{
	AUTOFREE(db_rows) *rows = NULL;
	struct series_rows list = { 0 };
	const struct error *err;
	bool row = false;

	err = db_query(&rows, store, SQL_SERIES_LIKE,
		       VALUES(V(series->submitter), V(series->title),
			      V(series->change_id), V(series->root),
			      V(oldest_like(series)), V(LIKE_MAX)));
	while (!err && !(err = db_next(&row, rows)) && row) {
		ARENA_GROW(arena, list.v, list.cap, list.n);
		read_series(&list.v[list.n].series, arena, rows);
		list.v[list.n++].same_thread = db_int(rows, 13);
	}
	if (!err)
		*out = list;
	return err;
}

/* That of the mail at its root, when it is in. */
MUST_CHECK static const struct error *
find_thread(int64_t *out, struct store *store, const char *root)
{
	const struct error *err =
		db_get(out, store, SQL_THREAD_OF, VALUES(V(root)));

	if (!err && !*out && root)
		err = intern_ident(out, store, root);
	return err;
}

const struct error *
store_series_add(struct store *store, struct series *series)
{
	int64_t thread = 0, lineage = 0;
	const struct error *err = find_thread(&thread, store, series->root);

	if (!err)
		err = db_get(&lineage, store, SQL_SERIES_ADD,
			     VALUES(V_ID(series->lineage), V(series->submitter),
				    V(series->version), V(series->total),
				    V(series->numbered), V(series->versioned),
				    V(series->resend), V(series->first),
				    V(series->last), V_ID(thread),
				    V(series->title), V(series->change_id)));
	if (err)
		return err;
	series->id = db_last_id(store);
	series->lineage = lineage;
	return NULL;
}

const struct error *
store_series_grew(struct store *store, const struct series *series)
{
	return db_run(store, SQL_SERIES_GREW,
		      VALUES(V(series->id), V(series->version),
			     V(series->versioned), V(series->first),
			     V(series->last), V(series->title),
			     V(series->change_id)));
}

const struct error *
store_series_join(struct store *store, int64_t from, int64_t to)
{
	return db_run(store, SQL_SERIES_JOIN, VALUES(V(from), V(to)));
}

const struct error *
store_series_of(struct series *out, struct arena *arena, struct store *store,
		int64_t id)
{
	AUTOFREE(db_rows) *rows = NULL;
	const struct error *err;
	bool row = false;

	err = db_query(&rows, store, SQL_SERIES_OF, VALUES(V(id)));
	if (!err)
		err = db_next(&row, rows);
	if (err)
		return err;
	if (row)
		read_series(out, arena, rows);
	else
		*out = (struct series){ .id = 0 };
	return NULL;
}

const struct error *
store_series_mails(struct members *out, struct arena *arena,
		   struct store *store, int64_t series)
{
	AUTOFREE(db_rows) *rows = NULL;
	struct members list = { 0 };
	const struct error *err;
	bool row = false;

	err = db_query(&rows, store, SQL_SERIES_MAILS,
		       VALUES(V(series), V(LIMIT_THREAD_MAILS)));
	while (!err && !(err = db_next(&row, rows)) && row) {
		ARENA_GROW(arena, list.v, list.cap, list.n);
		list.v[list.n++] = (struct member){
			.id = db_int(rows, 0),
			.msgid = db_text(rows, arena, 1),
			.kind = (enum mail_kind)db_int(rows, 2),
			.part = (unsigned)db_int(rows, 3),
			.total = (unsigned)db_int(rows, 4),
			.date = db_int(rows, 5),
			.subject = db_text(rows, arena, 6),
			.decision = (enum decision)db_int(rows, 7),
		};
	}
	if (!err)
		*out = list;
	return err;
}

const struct error *
store_series_versions(struct series_rows *out, struct arena *arena,
		      struct store *store, int64_t lineage)
{
	AUTOFREE(db_rows) *rows = NULL;
	struct series_rows list = { 0 };
	const struct error *err;
	bool row = false;

	err = db_query(&rows, store, SQL_SERIES_VERSIONS,
		       VALUES(V(lineage), V(LIMIT_THREAD_MAILS)));
	while (!err && !(err = db_next(&row, rows)) && row) {
		ARENA_GROW(arena, list.v, list.cap, list.n);
		read_series(&list.v[list.n++].series, arena, rows);
	}
	if (!err)
		*out = list;
	return err;
}

const struct error *
store_replies(struct members *out, struct arena *arena, struct store *store,
	      int64_t id)
{
	AUTOFREE(db_rows) *rows = NULL;
	struct members list = { 0 };
	const struct error *err;
	bool row = false;

	err = db_query(&rows, store, SQL_REPLIES,
		       VALUES(V(id), V(LIMIT_THREAD_MAILS)));
	while (!err && !(err = db_next(&row, rows)) && row) {
		const char *name = db_text(rows, arena, 5);
		const char *addr = db_text(rows, arena, 6);

		ARENA_GROW(arena, list.v, list.cap, list.n);
		list.v[list.n++] = (struct member){
			.id = db_int(rows, 0),
			.level = (unsigned)db_int(rows, 1),
			.kind = (enum mail_kind)db_int(rows, 2),
			.date = db_int(rows, 3),
			.subject = db_text(rows, arena, 4),
			.author = { name ? name : "", addr ? addr : "" },
			.decision = (enum decision)db_int(rows, 7),
		};
	}
	if (!err)
		*out = list;
	return err;
}

MUST_CHECK static const struct error *
read_ids(struct ids *out, struct arena *arena, struct db_rows *rows)
{
	struct ids ids = { 0 };
	const struct error *err;
	bool row = false;

	while (!(err = db_next(&row, rows)) && row) {
		ARENA_GROW(arena, ids.v, ids.cap, ids.n);
		ids.v[ids.n++] = db_int(rows, 0);
	}
	if (!err)
		*out = ids;
	return err;
}

const struct error *
store_flagged_beside(struct ids *out, struct arena *arena, struct store *store,
		     int64_t id)
{
	AUTOFREE(db_rows) *rows = NULL;
	const struct error *err =
		db_query(&rows, store, SQL_FLAGGED_BESIDE,
			 VALUES(V(id), V(LIMIT_THREAD_MAILS)));

	return err ? err : read_ids(out, arena, rows);
}

const struct error *
store_series_flagged(struct ids *out, struct arena *arena, struct store *store,
		     int64_t id, const char *pack, bool self)
{
	AUTOFREE(db_rows) *rows = NULL;
	const struct error *err =
		db_query(&rows, store, SQL_SERIES,
			 VALUES(V(id), V(pack), V(DECISION_FLAGGED),
				V(LIMIT_THREAD_MAILS), V(self)));

	return err ? err : read_ids(out, arena, rows);
}

const struct error *
store_series_request(int64_t *request, enum request_state *state,
		     struct store *store, int64_t id, const char *pack)
{
	AUTOFREE(db_rows) *rows = NULL;
	const struct error *err;
	bool row = false;

	err = db_query(&rows, store, SQL_SERIES_REQUEST,
		       VALUES(V(id), V(pack), V(REQUEST_QUEUED),
			      V(REQUEST_HELD), V(REQUEST_APPROVED),
			      V(REQUEST_DEFERRED)));
	if (!err)
		err = db_next(&row, rows);
	if (err)
		return err;
	*request = row ? db_int(rows, 0) : 0;
	if (row)
		*state = (enum request_state)db_int(rows, 1);
	return NULL;
}
