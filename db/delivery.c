#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "bot/alloc.h"
#include "bot/arena.h"
#include "bot/error.h"
#include "db.h"
#include "store.h"

_Static_assert(RECIPIENT_WAITING == 0 && RECIPIENT_UNKNOWN == 4 &&
		       NRECIPIENT_STATES == 5,
	       "recipient.state");

int64_t
store_now(const struct store *store)
{
	return db_now(store);
}

/* The statements here yield the request's mail, or nothing when it is not in
   the state that they want. */
MUST_CHECK static const struct error *
tell(struct store *store, int64_t mail, int64_t id, const char *note)
{
	if (!mail)
		return error_new(ERROR_TEMPORARY,
				 "request %" PRId64
				 " was changed meanwhile, or is not there",
				 id);
	return store_event(store, mail, "request", note);
}

MUST_CHECK static const struct error *
move(struct store *store, int64_t id, enum request_state from,
     enum request_state to, const char *why)
{
	AUTOFREE(arena) *arena = arena_new();
	const char *note = request_state_name(to);
	const struct error *err;
	int64_t mail = 0;

	if (why)
		note = arena_printf(arena, "%s: %s", note, why);
	err = db_get(&mail, store, SQL_REQUEST_MOVE,
		     VALUES(V(id), V(from), V(to)));
	if (!err)
		err = tell(store, mail, id, note);
	if (!err && to == REQUEST_APPROVED)
		err = db_run(store, SQL_RECIPIENTS_RESET,
			     VALUES(V(id), V(RECIPIENT_WAITING),
				    V(RECIPIENT_ACCEPTED)));
	return err;
}

const struct error *
store_request_move(struct store *store, int64_t id, enum request_state from,
		   enum request_state to, const char *why)
{
	const struct error *err = db_enter(store);

	if (err)
		return err;
	return db_leave(store, move(store, id, from, to, why));
}

MUST_CHECK static const struct error *
edit(struct store *store, const struct request *was, const char *subject,
     struct span text)
{
	const struct error *err;
	int64_t mail = 0;

	err = db_get(&mail, store, SQL_REQUEST_EDIT,
		     VALUES(V(was->id), V(was->text), V(subject), V(text),
			    V(REQUEST_QUEUED), V(REQUEST_HELD),
			    V(REQUEST_APPROVED)));
	return err ? err : tell(store, mail, was->id, "edited");
}

const struct error *
store_request_edit(struct store *store, const struct request *was,
		   const char *subject, struct span text)
{
	const struct error *err = db_enter(store);

	if (err)
		return err;
	return db_leave(store, edit(store, was, subject, text));
}

const struct error *
store_requests_ready(struct ids *out, struct arena *arena, struct store *store,
		     enum request_state state, int64_t now)
{
	AUTOFREE(db_rows) *rows = NULL;
	struct ids list = { 0 };
	const struct error *err;
	bool row = false;

	err = db_query(&rows, store, SQL_REQUEST_READY,
		       VALUES(V(state), V(now)));
	while (!err && !(err = db_next(&row, rows)) && row) {
		ARENA_GROW(arena, list.v, list.cap, list.n);
		list.v[list.n++] = db_int(rows, 0);
	}
	if (!err)
		*out = list;
	return err;
}

const struct error *
store_requests_tried(int64_t *out, struct store *store, int64_t since)
{
	return db_get(out, store, SQL_REQUESTS_TRIED, VALUES(V(since)));
}

const struct error *
store_recipients(struct recipients *out, struct arena *arena,
		 struct store *store, int64_t id)
{
	AUTOFREE(db_rows) *rows = NULL;
	struct recipients list = { 0 };
	const struct error *err;
	bool row = false;

	err = db_query(&rows, store, SQL_RECIPIENTS, VALUES(V(id)));
	while (!err && !(err = db_next(&row, rows)) && row) {
		ARENA_GROW(arena, list.v, list.cap, list.n);
		list.v[list.n++] = (struct recipient){
			.addr = db_text(rows, arena, 0),
			.state = (enum recipient_state)db_int(rows, 1),
			.code = (int)db_int(rows, 2),
			.reply = db_text(rows, arena, 3),
		};
	}
	if (!err)
		*out = list;
	return err;
}

MUST_CHECK static const struct error *
write_recipients(struct store *store, int64_t id, const struct recipients *to)
{
	const struct error *err = NULL;

	for (size_t i = 0; i < to->n && !err; i++)
		err = db_run(store, SQL_RECIPIENT_SET,
			     VALUES(V(id), V((int64_t)i), V(to->v[i].addr),
				    V(to->v[i].state), V(to->v[i].code),
				    V(to->v[i].reply)));
	return err;
}

MUST_CHECK static const struct error *
begin(struct store *store, int64_t id, enum request_state from,
      const struct recipients *to)
{
	const struct error *err;
	int64_t mail = 0;

	err = db_get(
		&mail, store, SQL_DELIVERY_BEGIN,
		VALUES(V(id), V(from), V(REQUEST_UNCERTAIN), V(db_now(store))));
	if (!err)
		err = tell(store, mail, id, "sending");
	return err ? err : write_recipients(store, id, to);
}

MUST_CHECK static const struct error *
end(struct store *store, int64_t id, const struct delivery *delivery)
{
	const struct error *err;
	int64_t mail = 0;

	err = db_get(&mail, store, SQL_DELIVERY_END,
		     VALUES(V(id), V(delivery->state), V(delivery->due)));
	if (!err)
		err = tell(store, mail, id, delivery->note);
	return err ? err : write_recipients(store, id, delivery->to);
}

/* What else is written may be lost with the power, and is taken in anew; that
   a mail is on its way may not. */
MUST_CHECK static const struct error *
enter_durable(struct store *store)
{
	const struct error *err =
		db_script(store, "begin", "PRAGMA synchronous = FULL");

	return err ? err : db_enter(store);
}

MUST_CHECK static const struct error *
leave_durable(struct store *store, const struct error *err)
{
	const struct error *after;

	err = db_leave(store, err);
	after = db_script(store, "end", "PRAGMA synchronous = NORMAL");
	if (!err)
		return after;
	error_free(after);
	return err;
}

const struct error *
store_delivery_begin(struct store *store, int64_t id, enum request_state from,
		     const struct recipients *to)
{
	const struct error *err = enter_durable(store);

	if (err)
		return err;
	return leave_durable(store, begin(store, id, from, to));
}

const struct error *
store_delivery_end(struct store *store, int64_t id,
		   const struct delivery *delivery)
{
	const struct error *err = enter_durable(store);

	if (err)
		return err;
	return leave_durable(store, end(store, id, delivery));
}

const struct error *
store_delivery_lock(int *fd, struct store *store)
{
	/* Two names of one database have one lock. */
	CLEANUP(xfree) char *real = realpath(db_path(store), NULL);
	CLEANUP(xfree)
	char *path = xasprintf("%s.sending", real ? real : db_path(store));
	int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	const struct error *err = NULL;

	if (file < 0)
		return error_errno("%s", path);
	/* Not the database itself: closing any descriptor of that drops the
	   locks that SQLite has on it. */
	if (flock(file, LOCK_EX | LOCK_NB) < 0) {
		err = errno == EWOULDBLOCK
			      ? error_new(ERROR_TEMPORARY,
					  "%s: another pvwatch is sending",
					  path)
			      : error_errno("%s", path);
		close(file);
		return err;
	}
	*fd = file;
	return NULL;
}
