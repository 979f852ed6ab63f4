#include "db/store.h"

#include <time.h>

#include "tests/unit/store-fixture.h"

static void
test_removed(struct arena *arena)
{
	AUTOFREE(store) *store = fixture_store(arena, "removed.db");
	struct store_events events = { 0 };
	struct fixture f;
	struct span raw;
	int64_t id;
	bool has;

	fixture_init(&f, "secret@example.org");
	id = fixture_added(store, &f);
	succeeds(store_removed(store, "secret@example.org"), "removed");
	succeeds(store_raw(&raw, arena, store, id), "raw");
	ok(!raw.ptr, "its raw text is gone");
	succeeds(store_has(&has, store, "secret@example.org"), "has");
	ok(has, "its row is not: it is not taken in again");
	is_int(fixture_count(store, "SELECT removed FROM mail"), 1500000000,
	       "when");
	succeeds(store_history(&events, arena, store, id), "history");
	is_str(events.v[events.n - 1].what, "removed", "is told");
	succeeds(store_removed(store, "never@example.org"),
		 "what never came in");
}

static void
test_thread(struct arena *arena)
{
	AUTOFREE(store) *store = fixture_store(arena, "thread.db");
	const char *refs[] = { "root@example.org", "mid@example.org" };
	struct addresses people = { 0 };
	struct mail bare = { 0 };
	struct fixture f;

	fixture_init(&f, "root@example.org");
	is_str(mail_thread_root(&f.mail), "root@example.org", "its own id");
	fixture_added(store, &f);
	fixture_init(&f, "reply@example.org");
	f.mail.in_reply_to = "mid@example.org";
	is_str(mail_thread_root(&f.mail), "mid@example.org", "In-Reply-To");
	f.mail.references = (struct msgids){ refs, 2 };
	is_str(mail_thread_root(&f.mail), "root@example.org", "References");
	f.verdict.author = (struct address){ "Rewritten", "real@example.org" };
	f.mail.from = (struct address){ "via list", "list@example.net" };
	f.cc = (struct address){ "Jane", "jane@example.org" };
	fixture_added(store, &f);
	fixture_init(&f, "elsewhere@example.org");
	f.cc = (struct address){ "Other", "other@example.org" };
	fixture_added(store, &f);
	is_str(mail_thread_root(&bare), NULL, "no id at all");

	succeeds(store_thread(&people, arena, store, "root@example.org"),
		 "people of a thread");
	is_int((int)people.n, 6, "each of them once");
	is_str(people.v[0].addr, "author@example.org", "author of the root");
	is_str(people.v[1].addr, "list@example.org", "To");
	is_str(people.v[2].addr, "person@example.org", "Cc");
	is_str(people.v[3].addr, "real@example.org", "author of the reply");
	is_str(people.v[4].addr, "list@example.net", "its sender");
	is_str(people.v[5].name, "Jane", "Cc of the reply");
	succeeds(store_thread(&people, arena, store, "none@example.org"),
		 "a thread of which nothing is here");
	is_int((int)people.n, 0, "nobody");
}

static void
test_requests(struct arena *arena)
{
	AUTOFREE(store) *store = fixture_store(arena, "requests.db");
	struct request request = { .msgid = "pvwatch-1@example.org",
				   .pack = "xen",
				   .series = "root@example.org",
				   .version = 2,
				   .to = "a@example.org, b@example.org",
				   .subject = "Re: [PATCH] a",
				   .text = SPAN(
					   "Subject: x\n\nNUL \0 here\n") };
	struct request got = { 0 };
	struct requests list = { 0 };
	struct store_events events = { 0 };
	struct fixture f;
	bool new = false;

	fixture_init(&f, "root@example.org");
	request.mail_id = fixture_added(store, &f);
	succeeds(store_request(&new, store, &request), "queue");
	ok(new, "it is new");
	request.text = SPAN("better");
	succeeds(store_request(&new, store, &request), "queue it again");
	ok(!new, "it is not new");
	succeeds(store_requests(&list, arena, store), "list");
	is_int((int)list.n, 1, "one");
	succeeds(store_request_get(&got, arena, store, list.v[0].id), "get");
	is_str(got.msgid, request.msgid, "msgid");
	is_str(got.pack, "xen", "pack");
	is_str(got.series, "root@example.org", "series");
	is_int(got.version, 2, "version");
	is_int(got.state, REQUEST_QUEUED, "state");
	is_int(got.created, 1500000000, "created");
	is_int(got.mail_id, request.mail_id, "mail");
	is_str(got.to, request.to, "to");
	is_str(got.subject, request.subject, "subject");
	ok(span_equal(got.text, SPAN("better")), "the newer text");

	succeeds(store_requests_about(&list, arena, store, request.mail_id),
		 "about the mail");
	is_int((int)list.n, 1, "is that one");
	succeeds(store_requests_about(&list, arena, store, 99), "about none");
	is_int((int)list.n, 0, "is none");
	succeeds(store_request_move(store, got.id, REQUEST_QUEUED, REQUEST_SENT,
				    NULL),
		 "sent");
	request.text = SPAN("too late");
	succeeds(store_request(&new, store, &request), "queue what was sent");
	ok(!new, "not again");
	succeeds(store_request_get(&got, arena, store, got.id), "get");
	is_int(got.state, REQUEST_SENT, "it stays sent");
	ok(span_equal(got.text, SPAN("better")), "with what was sent");
	succeeds(store_history(&events, arena, store, request.mail_id),
		 "history");
	is_str(events.v[events.n - 1].what, "request", "tells of it");
	is_str(events.v[events.n - 1].detail, "sent", "and its state");

	request.msgid = "pvwatch-2@example.org";
	request.text = SPAN("NUL \0 here\n");
	succeeds(store_request(&new, store, &request), "another");
	ok(new, "is new");
	succeeds(store_requests(&list, arena, store), "list");
	is_int((int)list.n, 2, "two");
	succeeds(store_request_get(&got, arena, store, list.v[1].id), "get");
	ok(span_equal(got.text, request.text), "NUL comes back");
	fails(store_request_get(&got, arena, store, 99), ERROR_NOINPUT, "99",
	      "no such request");
	fails(store_request_move(store, 99, REQUEST_QUEUED, REQUEST_SENT, NULL),
	      ERROR_TEMPORARY, "99", "nor to move");
	for (int i = 0; i < NREQUEST_STATES; i++)
		ok(request_state_name((enum request_state)i), "has a name");
}

/* The time is told, not tested: machines differ. */
static void
test_many(struct arena *arena)
{
	AUTOFREE(store) *store = fixture_store(arena, "many.db");
	enum { N = 20000, BATCH = 500 };
	const struct error *err = NULL;
	struct timespec start, end;
	struct fixture f;
	char key[64];
	int64_t id;
	double us;

	clock_gettime(CLOCK_MONOTONIC, &start);
	for (int i = 0; i < N && !err; i++) {
		if (i % BATCH == 0)
			err = store_begin(store);
		snprintf(key, sizeof(key), "%08d-many@example.org", i);
		fixture_init(&f, key);
		if (i % 20)
			fixture_clear(&f);
		if (!err)
			err = fixture_add(&id, store, &f);
		if (!err && i % BATCH == BATCH - 1)
			err = store_commit(store);
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	succeeds(err, "many mails");
	us = (double)(end.tv_sec - start.tv_sec) * 1e6 +
	     (double)(end.tv_nsec - start.tv_nsec) / 1e3;
	printf("# %d mails: %.1f us each\n", N, us / N);
	is_int(fixture_count(store, "SELECT count(*) FROM mail"), N,
	       "all are in");
	is_int(fixture_count(store, "SELECT count(*) FROM address"), 3,
	       "each address once");
}

int
main(void)
{
	AUTOFREE(arena) *arena = arena_new();

	test_removed(arena);
	test_thread(arena);
	test_requests(arena);
	test_many(arena);
	return done_testing();
}
