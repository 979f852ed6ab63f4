#include <sys/wait.h>

#include "db/db.h"
#include "tests/unit/store-fixture.h"

static void
test_transaction(struct arena *arena)
{
	AUTOFREE(store) *store = fixture_store(arena, "transaction.db");
	struct fixture f;
	const char *cursor;
	int64_t again = 0;
	bool has;

	succeeds(store_begin(store), "begin");
	fixture_init(&f, "gone@example.org");
	fixture_added(store, &f);
	succeeds(store_set_cursor(store, "s", "1"), "cursor");
	store_rollback(store);
	succeeds(store_has(&has, store, "gone@example.org"), "look");
	ok(!has, "rolled back: not in");
	succeeds(store_cursor(&cursor, arena, store, "s"), "cursor");
	is_str(cursor, NULL, "nor is its cursor");
	is_int(fixture_count(store, "SELECT count(*) FROM finding"), 0,
	       "nor any finding");
	store_rollback(store);
	ok(true, "rolling back nothing is fine");

	succeeds(store_begin(store), "begin again");
	fixture_init(&f, "one@example.org");
	fixture_added(store, &f);
	again = 1;
	succeeds(fixture_add(&again, store, &f), "the same key again");
	is_int(again, 0, "has no id");
	is_int(fixture_count(store, "SELECT count(*) FROM verdict"), 1,
	       "and adds nothing");
	fixture_init(&f, "half@example.org");
	f.verdict.base.how = (enum base_how)99; /* refused by a CHECK */
	fails(fixture_add(&again, store, &f), ERROR_BUG, "half@example.org",
	      "a mail that fails in the middle");
	fails(store_commit(store), ERROR_IO, "undone", "a commit is too late");
	fails(fixture_add(&again, store, &f), ERROR_BUG, "transaction.db",
	      "the same on its own");
	is_int(fixture_count(store, "SELECT count(*) FROM ident"), 0,
	       "nothing of either is in");
	succeeds(store_begin(store), "begin once more");
	fails(fixture_add(&again, store, &f), ERROR_BUG, "transaction.db",
	      "the same in a transaction");
	fixture_init(&f, "two@example.org");
	fails(fixture_add(&again, store, &f), ERROR_IO, "undone",
	      "no other mail goes in beside half of one");
	store_rollback(store);
	succeeds(store_begin(store), "and again");
	fixture_added(store, &f);
	succeeds(store_set_cursor(store, "s", "2"), "cursor");
	succeeds(store_set_cursor(store, "s", "3"), "cursor, moved");
	succeeds(store_commit(store), "commit");
	is_int(fixture_count(store, "SELECT count(*) FROM mail"), 1,
	       "it is in");
	is_int(fixture_count(store, "SELECT count(*) FROM mail_raw"), 1,
	       "with its raw text");
	succeeds(store_cursor(&cursor, arena, store, "s"), "cursor");
	is_str(cursor, "3", "its value");
	is_int(fixture_count(store,
			     "SELECT count(*) FROM pragma_foreign_key_check"),
	       0, "foreign keys hold");
}

static void
test_locked(struct arena *arena)
{
	AUTOFREE(store) *store = fixture_store(arena, "locked.db");
	AUTOFREE(store) *other = NULL;
	AUTOFREE(store) *reader = NULL;
	struct fixture f;
	int64_t id;
	bool has;

	succeeds(store_open(&other, fixture_path(arena, "locked.db"),
			    STORE_WRITE),
		 "a second writer opens");
	succeeds(store_open(&reader, fixture_path(arena, "locked.db"),
			    STORE_READ),
		 "a reader opens");
	db_set_timeout(other, 20);
	succeeds(store_begin(store), "the first begins");
	fixture_init(&f, "a@example.org");
	fixture_added(store, &f);
	fails(store_begin(other), ERROR_TEMPORARY, "locked.db: begin",
	      "the second cannot begin");
	fixture_init(&f, "b@example.org");
	fails(fixture_add(&id, other, &f), ERROR_TEMPORARY, "locked",
	      "nor add");
	succeeds(store_has(&has, reader, "a@example.org"), "reading goes on");
	ok(!has, "without what is not committed");
	succeeds(store_commit(store), "the first commits");
	succeeds(store_has(&has, reader, "a@example.org"), "reading goes on");
	ok(has, "with what is");
	succeeds(store_begin(other), "the second can begin now");
	succeeds(fixture_add(&id, other, &f), "and add");
	succeeds(store_commit(other), "and commit");
	fails(fixture_add(&id, reader, &f), ERROR_IO, "readonly",
	      "a reader cannot write");
}

/* A full disk undoes the transaction: no later mail may go in without it. */
static void
test_full(struct arena *arena)
{
	AUTOFREE(store) *store = fixture_store(arena, "full.db");
	const struct error *err = NULL;
	struct fixture f;
	int64_t id;
	bool has;

	fixture_init(&f, "first@example.org");
	fixture_added(store, &f);
	succeeds(db_script(store, "test", "PRAGMA max_page_count = 90"),
		 "a small disk");
	succeeds(store_begin(store), "begin");
	f.mail.raw.ptr = arena_alloc(arena, 4096);
	f.mail.raw.len = 4096;
	for (int i = 0; i < 4000 && !err; i++) {
		f.verdict.key = f.verdict.msgid =
			arena_printf(arena, "%d@example.org", i);
		err = fixture_add(&id, store, &f);
	}
	ok(err && err->class == ERROR_IO && strstr(err->message, "full"),
	   "the disk is full");
	error_free(err);
	err = store_set_cursor(store, "s", "past them all");
	if (!err)
		err = store_commit(store);
	else
		store_rollback(store);
	succeeds(store_has(&has, store, "0@example.org"), "look");
	ok(err ? !has : has, "all of the batch, or nothing of it");
	error_free(err);
}

/* As a failing disk makes SQLite do it, behind our back. */
static void
test_undone(struct arena *arena)
{
	AUTOFREE(store) *store = fixture_store(arena, "undone.db");
	struct fixture f;
	int64_t id;

	succeeds(store_begin(store), "begin");
	fixture_init(&f, "first@example.org");
	fixture_added(store, &f);
	succeeds(db_script(store, "test", "ROLLBACK"), "undone");
	fixture_init(&f, "second@example.org");
	fails(fixture_add(&id, store, &f), ERROR_IO, "undone",
	      "no mail goes in without those before it");
	fails(store_set_cursor(store, "s", "2"), ERROR_IO, "undone",
	      "nor the cursor");
	fails(store_commit(store), ERROR_IO, "undone", "no commit");
	is_int(fixture_count(store, "SELECT count(*) FROM mail"), 0,
	       "nothing is in");
	succeeds(fixture_add(&id, store, &f), "then it goes on");
}

/* Killed in the middle of a batch: whole batches are there, no half mail. */
static void
test_killed(struct arena *arena)
{
	const char *path = fixture_path(arena, "killed.db");
	AUTOFREE(store) *store = NULL;
	struct fixture f;
	int64_t id, n;
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		struct store *mine;
		char key[32];

		if (store_open(&mine, path, STORE_WRITE))
			_exit(1);
		for (int i = 0; i < 25; i++) {
			if (i % 10 == 0 && store_begin(mine))
				_exit(1);
			snprintf(key, sizeof(key), "%d@example.org", i);
			fixture_init(&f, key);
			if (fixture_add(&id, mine, &f))
				_exit(1);
			if (i % 10 == 9 && store_commit(mine))
				_exit(1);
		}
		_exit(0); /* five mails are not committed */
	}
	waitpid(pid, &status, 0);
	is_int(status, 0, "the writer came as far as it should");
	succeeds(store_open(&store, path, STORE_WRITE), "open what it left");
	n = fixture_count(store, "SELECT count(*) FROM mail");
	is_int(n, 20, "two batches are in");
	is_int(fixture_count(store, "SELECT count(*) FROM finding"), n,
	       "findings");
	is_int(fixture_count(store, "SELECT count(*) FROM mail_raw"), n,
	       "raw mail");
	is_int(fixture_count(store,
			     "SELECT count(*) FROM pragma_integrity_check"
			     " WHERE integrity_check = 'ok'"),
	       1, "integrity");
}

int
main(void)
{
	AUTOFREE(arena) *arena = arena_new();

	test_transaction(arena);
	test_locked(arena);
	test_full(arena);
	test_undone(arena);
	test_killed(arena);
	return done_testing();
}
