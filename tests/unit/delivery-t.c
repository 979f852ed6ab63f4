/* Requests on their way, as the database has them. */
#include "db/store.h"

#include <unistd.h>

#include "db/db.h"
#include "db/schema.h"
#include "tests/unit/store-fixture.h"

static void
queue(struct store *store, const char *msgid, const char *to)
{
	struct request request = { .msgid = msgid,
				   .pack = "xen",
				   .series = msgid,
				   .version = 1,
				   .to = to,
				   .subject = "Re: a",
				   .text = SPAN("Subject: Re: a\n\na\n") };
	struct fixture f;
	bool added = false;

	fixture_init(&f, msgid);
	succeeds(fixture_add(&request.mail_id, store, &f), "a mail");
	succeeds(store_request(&added, store, &request), "its request");
}

static struct request
get(struct arena *arena, struct store *store, int64_t id)
{
	struct request request = { .id = 0 };

	succeeds(store_request_get(&request, arena, store, id), "get");
	return request;
}

static int64_t
only(struct arena *arena, struct store *store)
{
	struct requests all = { .n = 0 };

	succeeds(store_requests(&all, arena, store), "list");
	return all.n == 1 ? all.v[0].id : 0;
}

static void
test_delivery(struct arena *arena)
{
	AUTOFREE(store) *store = NULL;
	struct recipients to, got = { .n = 0 };
	struct delivery end = { &to, REQUEST_DEFERRED, 1500000300, "later" };
	struct ids ids = { .n = 0 };
	struct request request;
	int64_t id, tried = 0;

	succeeds(store_open(&store, fixture_path(arena, "delivery.db"),
			    STORE_WRITE),
		 "open");
	store_set_now(store, 1500000000);
	queue(store, "a@example.org", "1@x, 2@x");
	id = only(arena, store);
	recipients_parse(&to, arena, "1@x, 2@x");
	succeeds(store_recipients(&got, arena, store, id), "recipients");
	is_int((int)got.n, 0, "none before an attempt");
	fails(store_delivery_begin(store, id, REQUEST_APPROVED, &to),
	      ERROR_TEMPORARY, "changed", "only from the state it is in");
	succeeds(store_request_move(store, id, REQUEST_QUEUED, REQUEST_APPROVED,
				    NULL),
		 "approve");
	succeeds(store_delivery_begin(store, id, REQUEST_APPROVED, &to),
		 "begin");
	fails(store_delivery_begin(store, id, REQUEST_APPROVED, &to),
	      ERROR_TEMPORARY, "changed", "once");
	request = get(arena, store, id);
	is_int(request.state, REQUEST_UNCERTAIN, "uncertain on its way");
	is_int(request.tries, 1, "one attempt");
	is_int(request.first_try, 1500000000, "the first");
	to.v[0].state = RECIPIENT_ACCEPTED;
	to.v[1] = (struct recipient){ "2@x", RECIPIENT_DEFERRED, 451, "l" };
	succeeds(store_delivery_end(store, id, &end), "end");
	succeeds(store_recipients(&got, arena, store, id), "recipients");
	is_int((int)got.n, 2, "two");
	is_int(got.v[0].state, RECIPIENT_ACCEPTED, "accepted");
	is_int(got.v[1].state, RECIPIENT_DEFERRED, "deferred");
	is_int(got.v[1].code, 451, "with its code");
	is_str(got.v[1].reply, "l", "and reply");
	succeeds(store_requests_ready(&ids, arena, store, REQUEST_DEFERRED,
				      1500000299),
		 "not due");
	is_int((int)ids.n, 0, "none");
	succeeds(store_requests_ready(&ids, arena, store, REQUEST_DEFERRED,
				      1500000300),
		 "due");
	is_int((int)ids.n, 1, "one");
	succeeds(store_requests_tried(&tried, store, 1499999999), "tried");
	is_int(tried, 1, "one");
	succeeds(store_requests_tried(&tried, store, 1500000000), "tried");
	is_int(tried, 0, "none since");
	succeeds(store_request_move(store, id, REQUEST_DEFERRED,
				    REQUEST_APPROVED, "again"),
		 "approve again");
	succeeds(store_recipients(&got, arena, store, id), "recipients");
	is_int(got.v[0].state, RECIPIENT_ACCEPTED, "who has it keeps it");
	is_int(got.v[1].state, RECIPIENT_WAITING, "the other waits");
	request = get(arena, store, id);
	ok(!request.tries && !request.first_try && !request.due,
	   "counted anew");
}

static void
test_edited(struct arena *arena)
{
	AUTOFREE(store) *store = NULL;
	struct request was, request;
	bool added = true;

	succeeds(store_open(&store, fixture_path(arena, "edited.db"),
			    STORE_WRITE),
		 "open");
	queue(store, "a@example.org", "1@x");
	was = get(arena, store, only(arena, store));
	succeeds(store_request_edit(store, &was, "Re: b", SPAN("new\n")),
		 "edit");
	fails(store_request_edit(store, &was, "Re: c", SPAN("newer\n")),
	      ERROR_TEMPORARY, "changed", "not over another's edit");
	request = was;
	request.text = SPAN("composed again\n");
	succeeds(store_request(&added, store, &request), "composed again");
	request = get(arena, store, was.id);
	ok(!added && span_equal(request.text, SPAN("new\n")),
	   "what a person wrote stays");
	is_str(request.subject, "Re: b", "its subject too");
}

static void
test_lock(struct arena *arena)
{
	const char *path = fixture_path(arena, "lock.db");
	AUTOFREE(store) *store = NULL;
	int fd = -1, other = -1;

	succeeds(store_open(&store, path, STORE_WRITE), "open");
	succeeds(store_delivery_lock(&fd, store), "lock");
	fails(store_delivery_lock(&other, store), ERROR_TEMPORARY,
	      "another pvwatch", "one at a time");
	close(fd);
	succeeds(store_delivery_lock(&other, store), "free again");
	close(other);
}

/* A database of version 1 with a request in it. */
static void
test_upgrade(struct arena *arena)
{
	const char *path = fixture_path(arena, "upgrade.db");
	AUTOFREE(store) *store = NULL;
	struct request request;

	succeeds(db_open(&store, path, STORE_WRITE), "open");
	succeeds(schema_migrate(store, schema_migrations, 1), "version 1");
	succeeds(db_script(store, "test",
			   "INSERT INTO ident VALUES (1, 'a');"
			   "INSERT INTO mail (id, kind, date, subject)"
			   " VALUES (1, 0, 0, '');"
			   "INSERT INTO request VALUES"
			   " (1, 1, 'm', 'xen', 's', 1, 2, 5, 'a@b', 's',"
			   " x'41')"),
		 "a request in it");
	store_close(TAKE(store));
	succeeds(store_open(&store, path, STORE_WRITE), "brought up");
	request = get(arena, store, 1);
	is_int(request.state, REQUEST_APPROVED, "its state is what it was");
	ok(!request.due && !request.tries && !request.first_try,
	   "nothing was tried");
}

int
main(void)
{
	AUTOFREE(arena) *arena = arena_new();

	test_delivery(arena);
	test_edited(arena);
	test_lock(arena);
	test_upgrade(arena);
	return done_testing();
}
