#include "db/store.h"

#include "db/db.h"
#include "db/schema.h"
#include "tests/unit/store-fixture.h"

static struct source_health
health_of(struct arena *arena, struct store *store, const char *name)
{
	struct source_health health;

	succeeds(store_health(&health, arena, store, name), name);
	return health;
}

static void
test_health(struct arena *arena, struct store *store)
{
	struct source_health h = health_of(arena, store, "@never");

	is_int(h.succeeded + h.failed + h.failures + h.since + h.mails, 0,
	       "never taken: nothing is known");
	is_str(h.message, "", "nor a message");

	store_set_now(store, 100);
	succeeds(store_failed(store, "@a", "no way"), "a failure");
	store_set_now(store, 200);
	succeeds(store_failed(store, "@a", "still none"), "one more");
	h = health_of(arena, store, "@a");
	is_int(h.succeeded, 0, "no success yet");
	is_int(h.failed, 200, "the last failure");
	is_int(h.since, 100, "the first of them");
	is_int(h.failures, 2, "how many");
	is_str(h.message, "still none", "the last message");

	store_set_now(store, 300);
	succeeds(store_brought(store, "@a", 5), "five mails");
	succeeds(store_succeeded(store, "@a"), "a success");
	succeeds(store_brought(store, "@a", 2), "two more");
	h = health_of(arena, store, "@a");
	is_int(h.succeeded, 300, "the success");
	is_int(h.failed, 200, "the last failure is remembered");
	is_str(h.message, "still none", "with its message");
	is_int(h.failures, 0, "but it is well");
	is_int(h.since, 0, "since when: not");
	is_int(h.mails, 7, "mails add up");
	store_set_now(store, 400);
	succeeds(store_failed(store, "@a", "again"), "a failure");
	is_int(health_of(arena, store, "@a").since, 400, "it counts anew");
}

static void
test_installation(struct arena *arena, struct store *store)
{
	const char *id, *again;

	succeeds(store_installation(&id, arena, store), "its id");
	ok(!id, "none was made");
	succeeds(store_make_installation(store), "make one");
	succeeds(store_installation(&id, arena, store), "its id");
	ok(id && strlen(id) == 16, "16 digits");
	succeeds(store_make_installation(store), "make one more");
	succeeds(store_installation(&again, arena, store), "its id");
	is_str(again, id, "it stays");
}

static void
test_counts(struct store *store)
{
	struct store_counts counts;
	struct fixture f;
	int64_t id;

	succeeds(store_counts(&counts, store), "of nothing");
	is_int(counts.decisions[DECISION_FLAGGED], 0, "no mail");
	ok(counts.size_bytes > 0, "but a file");
	fixture_init(&f, "a@example.org");
	succeeds(fixture_add(&id, store, &f), "flagged");
	fixture_init(&f, "b@example.org");
	fixture_clear(&f);
	succeeds(fixture_add(&id, store, &f), "clear");
	succeeds(store_counts(&counts, store), "of two");
	is_int(counts.decisions[DECISION_FLAGGED], 1, "one flagged");
	is_int(counts.decisions[DECISION_CLEAR], 1, "one clear");
	is_int(counts.requests[REQUEST_QUEUED], 0, "no request");
}

/* A database from before the sources' health was kept. */
static void
test_upgrade(struct arena *arena)
{
	const char *path = fixture_path(arena, "old.db");
	struct store *store = NULL;
	const char *cursor = NULL;

	succeeds(db_open(&store, path, STORE_WRITE), "an old database");
	succeeds(schema_migrate(store, schema_migrations, 1), "of version 1");
	succeeds(store_set_cursor(store, "@a", "7"), "with a cursor");
	store_close(TAKE(store));
	succeeds(store_open(&store, path, STORE_WRITE), "is brought up");
	succeeds(store_cursor(&cursor, arena, store, "@a"), "what it had");
	is_str(cursor, "7", "it has");
	succeeds(store_succeeded(store, "@a"), "and what is new");
	ok(health_of(arena, store, "@a").succeeded > 0, "it keeps");
	store_close(store);
}

/* One that goes when it is closed. */
static void
test_private(void)
{
	struct store *store = NULL;
	bool has = true;
	struct fixture f;
	int64_t id;

	fixture_init(&f, "a@example.org");
	succeeds(store_open(&store, "", STORE_WRITE), "a private database");
	is_str(store_path(store), "", "has no name");
	succeeds(fixture_add(&id, store, &f), "and takes mail");
	f.verdict.key = "b@example.org";
	f.verdict.base.how = (enum base_how)99; /* refused by a CHECK */
	fails(fixture_add(&id, store, &f), ERROR_BUG, "temporary database",
	      "its failures name it");
	store_close(TAKE(store));
	succeeds(store_open(&store, "", STORE_WRITE), "another");
	succeeds(store_has(&has, store, "a@example.org"), "look");
	ok(!has, "is empty");
	store_close(TAKE(store));
	fails(store_open(&store, "", STORE_READ), ERROR_NOINPUT, "",
	      "there is none to read");
}

int
main(void)
{
	AUTOFREE(arena) *arena = arena_new();
	AUTOFREE(store) *store = NULL;

	succeeds(store_open(&store, fixture_path(arena, "health.db"),
			    STORE_WRITE),
		 "open");
	test_health(arena, store);
	test_installation(arena, store);
	test_counts(store);
	test_upgrade(arena);
	test_private();
	return done_testing();
}
