#include <inttypes.h>

#include "bot/arena.h"
#include "bot/error.h"
#include "db.h"
#include "store.h"

_Static_assert(REQUEST_QUEUED == 0 && REQUEST_DROPPED == 8 &&
		       NREQUEST_STATES == 9,
	       "request.state");

static const char *const names[NREQUEST_STATES] = {
	[REQUEST_QUEUED] = "queued",	 [REQUEST_HELD] = "held",
	[REQUEST_APPROVED] = "approved", [REQUEST_SENT] = "sent",
	[REQUEST_PARTLY] = "partly",	 [REQUEST_REFUSED] = "refused",
	[REQUEST_DEFERRED] = "deferred", [REQUEST_UNCERTAIN] = "uncertain",
	[REQUEST_DROPPED] = "dropped",
};

const char *
request_state_name(enum request_state state)
{
	return names[state];
}

/* What is in the outbox under a Message-ID. */
struct present {
	int64_t id; /* 0: nothing */
	enum request_state state;
	bool touched; /* a person edited it, or it was tried */
};

MUST_CHECK static const struct error *
find(struct present *out, struct store *store, const char *msgid)
{
	AUTOFREE(db_rows) *rows = NULL;
	const struct error *err;
	bool row = false;

	err = db_query(&rows, store, SQL_REQUEST_BY_MSGID, VALUES(V(msgid)));
	if (!err)
		err = db_next(&row, rows);
	if (!err && row) {
		out->id = db_int(rows, 0);
		out->state = (enum request_state)db_int(rows, 1);
		out->touched = db_int(rows, 2);
	}
	return err;
}

MUST_CHECK static const struct error *
add(struct store *store, const struct request *request)
{
	int64_t created = request->created ? request->created : db_now(store);
	const struct error *err;

	err = db_run(store, SQL_REQUEST_ADD,
		     VALUES(V(request->msgid), V(request->mail_id),
			    V(request->pack), V(request->series),
			    V(request->version), V(request->state), V(created),
			    V(request->to), V(request->subject),
			    V(request->text)));
	if (!err)
		err = store_event(store, request->mail_id, "request",
				  names[request->state]);
	return err;
}

/* An approved text is the one that a person read: it stays. */
static bool
is_replaceable(const struct present *present)
{
	return !present->touched && (present->state == REQUEST_QUEUED ||
				     present->state == REQUEST_HELD);
}

MUST_CHECK static const struct error *
put(bool *added, struct store *store, const struct request *request)
{
	struct present present = { 0 };
	const struct error *err;

	err = find(&present, store, request->msgid);
	if (err)
		return err;
	*added = !present.id;
	if (!present.id)
		return add(store, request);
	if (!is_replaceable(&present))
		return NULL;
	return db_run(store, SQL_REQUEST_REPLACE,
		      VALUES(V(present.id), V(request->mail_id), V(request->to),
			     V(request->subject), V(request->text)));
}

const struct error *
store_request(bool *added, struct store *store, const struct request *request)
{
	const struct error *err;
	bool is_new = false;

	err = db_enter(store);
	if (err)
		return err;
	err = db_leave(store, put(&is_new, store, request));
	if (!err)
		*added = is_new;
	return err;
}

static void
read_request(struct request *out, struct arena *arena, struct db_rows *rows)
{
	out->id = db_int(rows, 0);
	out->mail_id = db_int(rows, 1);
	out->msgid = db_text(rows, arena, 2);
	out->pack = db_text(rows, arena, 3);
	out->series = db_text(rows, arena, 4);
	out->version = (unsigned)db_int(rows, 5);
	out->state = (enum request_state)db_int(rows, 6);
	out->created = db_int(rows, 7);
	out->to = db_text(rows, arena, 8);
	out->subject = db_text(rows, arena, 9);
	out->due = db_int(rows, 10);
	out->tries = db_int(rows, 11);
	out->first_try = db_int(rows, 12);
}

MUST_CHECK static const struct error *
read_requests(struct requests *out, struct arena *arena, struct store *store,
	      enum sql id, const struct db_value *values, size_t n)
{
	AUTOFREE(db_rows) *rows = NULL;
	struct requests list = { 0 };
	const struct error *err;
	bool row = false;

	err = db_query(&rows, store, id, values, n);
	while (!err && !(err = db_next(&row, rows)) && row) {
		ARENA_GROW(arena, list.v, list.cap, list.n);
		read_request(&list.v[list.n++], arena, rows);
	}
	if (!err)
		*out = list;
	return err;
}

const struct error *
store_requests(struct requests *out, struct arena *arena, struct store *store)
{
	return read_requests(out, arena, store, SQL_REQUESTS, NULL, 0);
}

const struct error *
store_requests_about(struct requests *out, struct arena *arena,
		     struct store *store, int64_t id)
{
	return read_requests(out, arena, store, SQL_REQUESTS_ABOUT,
			     VALUES(V(id)));
}

MUST_CHECK static const struct error *
no_request(const struct store *store, int64_t id)
{
	return error_new(ERROR_NOINPUT, "%s: no request %" PRId64,
			 db_path(store), id);
}

const struct error *
store_request_get(struct request *out, struct arena *arena, struct store *store,
		  int64_t id)
{
	AUTOFREE(db_rows) *rows = NULL;
	struct request request = { 0 };
	const struct error *err;
	bool row = false;

	err = db_query(&rows, store, SQL_REQUEST_GET, VALUES(V(id)));
	if (!err)
		err = db_next(&row, rows);
	if (err)
		return err;
	if (!row)
		return no_request(store, id);
	read_request(&request, arena, rows);
	request.text = db_copy(rows, arena, 13);
	*out = request;
	return NULL;
}

const struct error *
store_request_withdraw(struct store *store, int64_t mail_id, const char *pack,
		       const char *why)
{
	const struct error *err;
	int64_t id = 0;

	do {
		err = db_get(&id, store, SQL_REQUEST_WAITING,
			     VALUES(V(mail_id), V(REQUEST_QUEUED), V(pack)));
		if (!err && id)
			err = store_request_move(store, id, REQUEST_QUEUED,
						 REQUEST_DROPPED, why);
	} while (!err && id);
	return err;
}
