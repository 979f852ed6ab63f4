#include "bot/arena.h"
#include "bot/error.h"
#include "db.h"
#include "store.h"

const struct error *
store_event(struct store *store, int64_t mail_id, const char *what,
	    const char *detail)
{
	return db_run(store, SQL_EVENT_ADD,
		      VALUES(V_ID(mail_id), V(db_now(store)), V(what),
			     V(detail ? detail : "")));
}

/* A verdict in a few words: "flagged, 4.5 points, by 0.1 (xen 3)". */
static const char *
tell_verdict(struct arena *arena, struct db_rows *rows)
{
	const char *decision = decision_name((enum decision)db_int(rows, 3));
	const char *program = db_text(rows, arena, 5);
	const char *packs = db_text(rows, arena, 6);
	int score = (int)db_int(rows, 4);

	if (!program)
		return decision;
	return arena_printf(arena, "%s, %d.%d points, by %s (%s)", decision,
			    score / 10, score % 10, program,
			    packs ? packs : "no packs");
}

static struct store_event
read_event(struct arena *arena, struct db_rows *rows)
{
	if (!db_int(rows, 1))
		return (struct store_event){ db_int(rows, 0), "judged",
					     tell_verdict(arena, rows) };
	return (struct store_event){ db_int(rows, 0), db_text(rows, arena, 5),
				     db_text(rows, arena, 6) };
}

const struct error *
store_history(struct store_events *out, struct arena *arena,
	      struct store *store, int64_t mail_id)
{
	AUTOFREE(db_rows) *rows = NULL;
	struct store_events list = { 0 };
	const struct error *err;
	bool row = false;

	err = db_query(&rows, store, SQL_HISTORY, VALUES(V(mail_id)));
	while (!err && !(err = db_next(&row, rows)) && row) {
		ARENA_GROW(arena, list.v, list.cap, list.n);
		list.v[list.n++] = read_event(arena, rows);
	}
	if (!err)
		*out = list;
	return err;
}
