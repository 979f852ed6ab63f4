#include "bot/arena.h"
#include "bot/error.h"
#include "db.h"
#include "store.h"

const struct error *
store_tag_want(struct store *store, const char *key, const char *id, bool again)
{
	return db_run(
		store, SQL_TAG_WANT,
		VALUES(V(key), V(id), V((int64_t)again), V(DECISION_NOTED)));
}

const struct error *
store_tags_due(struct tags_due *out, struct arena *arena, struct store *store,
	       int64_t after, size_t limit)
{
	AUTOFREE(db_rows) *rows = NULL;
	struct tags_due list = { 0 };
	const struct error *err;
	bool row = false;

	err = db_query(&rows, store, SQL_TAGS_DUE,
		       VALUES(V(after), V((int64_t)limit)));
	while (!err && !(err = db_next(&row, rows)) && row) {
		ARENA_GROW(arena, list.v, list.cap, list.n);
		list.v[list.n++] = (struct tag_due){
			.mail = db_int(rows, 0),
			.id = db_text(rows, arena, 1),
			.verdict = db_int(rows, 2),
		};
	}
	if (!err)
		*out = list;
	return err;
}

const struct error *
store_tag_done(struct store *store, const struct tag_due *due)
{
	return db_run(store, SQL_TAG_DONE,
		      VALUES(V(due->mail), V(due->verdict)));
}
