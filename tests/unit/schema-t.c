#include "db/schema.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "db/db.h"
#include "tests/unit/store-fixture.h"

static const char *const first[] = {
	"CREATE TABLE thing (id INTEGER PRIMARY KEY, a TEXT) STRICT",
	"INSERT INTO thing (a) VALUES ('kept')",
	NULL,
};
static const char *const second[] = {
	"ALTER TABLE thing ADD COLUMN b INTEGER NOT NULL DEFAULT 7",
	"CREATE INDEX thing_b ON thing (b)",
	NULL,
};
static const char *const broken[] = {
	"CREATE TABLE half (id INTEGER PRIMARY KEY) STRICT",
	"CREATE TABLE thing (oops",
	NULL,
};
static const struct migration steps[] = { { 1, first }, { 2, second } };
static const struct migration bad_steps[] = { { 1, first }, { 2, broken } };

static void
write_file(const char *path, const char *bytes, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, bytes, n) != (ssize_t)n || close(fd))
		abort();
}

static int64_t
number(struct store *store, const char *sql)
{
	AUTOFREE(db_rows) *rows = NULL;
	bool row = false;

	if (db_query_text(&rows, store, sql, NULL, 0) || db_next(&row, rows))
		abort();
	return row ? db_int(rows, 0) : -1;
}

static void
test_steps(struct arena *arena)
{
	const char *path = fixture_path(arena, "steps.db");
	AUTOFREE(store) *store = NULL;

	succeeds(db_open(&store, path, STORE_WRITE), "an empty file opens");
	succeeds(schema_migrate(store, steps, 1), "step 1");
	is_int(number(store, "PRAGMA user_version"), 1, "version 1");
	fails(schema_check(store, steps, 2), ERROR_CONFIG, "older",
	      "a reader refuses an older schema");
	succeeds(schema_migrate(store, steps, 2), "step 2");
	is_int(number(store, "PRAGMA user_version"), 2, "version 2");
	is_int(number(store, "SELECT b FROM thing WHERE a = 'kept'"), 7,
	       "rows of version 1 are there in version 2");
	succeeds(schema_migrate(store, steps, 2), "again: nothing to do");
	is_int(number(store, "SELECT count(*) FROM thing"), 1,
	       "no step ran twice");
	succeeds(schema_check(store, steps, 2), "a reader takes it");
	fails(schema_migrate(store, steps, 1), ERROR_CONFIG, "newer",
	      "a newer one is refused");
	fails(schema_check(store, steps, 1), ERROR_CONFIG, "newer",
	      "a newer one is refused to a reader");
}

/* A database that version 1 of pvwatch made and filled. */
static void
test_upgrade(struct arena *arena)
{
	const char *path = fixture_path(arena, "version-1.db");
	AUTOFREE(store) *store = NULL;
	struct tags_due due = { 0 };
	struct verdict verdict;

	succeeds(db_open(&store, path, STORE_WRITE), "open");
	succeeds(schema_migrate(store, schema_migrations, 1), "version 1");
	succeeds(db_script(store, "test",
			   "INSERT INTO ident VALUES (1, 'a@example.org');"
			   "INSERT INTO mail (id, kind, date, subject,"
			   " decision) VALUES (1, 0, 0, 'kept', 4);"
			   "INSERT INTO ident VALUES (2, 'p1'), (3, 'p2');"
			   "INSERT INTO address VALUES (1, 'A@x', 'A');"
			   "INSERT INTO mail (id, kind, date, subject, author,"
			   " thread, version, part, total) VALUES"
			   " (2, 0, 5, 'one', 1, 2, 3, 1, 2),"
			   " (3, 0, 6, 'two', 1, 2, 3, 2, 2);"
			   "INSERT INTO verdict VALUES (1, 1, 0, NULL, 4, 20,"
			   " NULL, 0, NULL, 0, 0, 0, 0, 0, 0, 1);"
			   "INSERT INTO rule VALUES (1, 'p', 'r', 't', 'a');"
			   "INSERT INTO path VALUES (1, 'a.c');"
			   "INSERT INTO finding VALUES (1, 1, 1, 20, 1, 5, 0,"
			   " 'f', '+x', 'why');"
			   "UPDATE mail SET verdict = 1 WHERE id = 1"),
		 "mails in it, one with a verdict");
	store_close(TAKE(store));
	succeeds(store_open(&store, path, STORE_WRITE), "brought up");
	is_int(number(store, "SELECT count(*) FROM mail"
			     " WHERE subject = 'kept'"),
	       1, "the mail is there");
	is_int(number(store, "SELECT rowid FROM subject_words"
			     " WHERE subject_words MATCH 'kept'"),
	       1, "its words are found");
	is_int(number(store, "SELECT count(*) FROM mail JOIN series"
			     " ON series.id = series WHERE submitter = 'a@x'"
			     " AND series.total = 2 AND first = 5"),
	       2, "two patches are of one series");
	is_int(number(store, "SELECT count(*) FROM series"), 1,
	       "and what has no author is in none");
	succeeds(store_verdict(&verdict, arena, store, 1), "its verdict");
	ok(verdict.nfindings == 1 && !strcmp(verdict.findings[0].why, "why"),
	   "with its finding");
	ok(verdict.nfindings && !verdict.findings[0].map && !verdict.map_of,
	   "and without a map");
	succeeds(store_tag_want(store, "a@example.org", "a@example.org", false),
		 "and can have tags");
	succeeds(store_tags_due(&due, arena, store, 0, 10), "which");
	is_int((int)due.n, 1, "are due");
}

static void
test_broken_step(struct arena *arena)
{
	const char *path = fixture_path(arena, "broken.db");
	AUTOFREE(store) *store = NULL;

	succeeds(db_open(&store, path, STORE_WRITE), "open");
	fails(schema_migrate(store, bad_steps, 2), ERROR_BUG, "schema 2",
	      "a step that fails says which");
	is_int(number(store, "PRAGMA user_version"), 1,
	       "the step before it stands");
	is_int(number(store, "SELECT count(*) FROM sqlite_schema"
			     " WHERE name = 'half'"),
	       0, "nothing of it is left");
}

static void
test_whose(struct arena *arena)
{
	const char *garbage = fixture_path(arena, "garbage");
	const char *theirs = fixture_path(arena, "theirs.db");
	const char *empty = fixture_path(arena, "empty.db");
	const char *dir = fixture_path(arena, "dir");
	char text[4096];
	struct store *store = NULL;

	memset(text, 'x', sizeof(text));
	write_file(garbage, text, sizeof(text));
	fails(store_open(&store, garbage, STORE_READ), ERROR_CONFIG,
	      "not a database of pvwatch", "garbage, to read");
	fails(store_open(&store, garbage, STORE_WRITE), ERROR_CONFIG,
	      "not a database of pvwatch", "garbage, to write");

	succeeds(db_open(&store, theirs, STORE_WRITE), "another program's");
	succeeds(db_script(store, "test", "CREATE TABLE t (a)"), "its table");
	store_close(TAKE(store));
	fails(store_open(&store, theirs, STORE_READ), ERROR_CONFIG,
	      "not a database of pvwatch", "another program's, to read");
	fails(store_open(&store, theirs, STORE_WRITE), ERROR_CONFIG,
	      "not a database of pvwatch", "another program's, to write");

	write_file(empty, "", 0);
	fails(store_open(&store, empty, STORE_READ), ERROR_CONFIG,
	      "not a database of pvwatch", "an empty file, to read");
	succeeds(store_open(&store, empty, STORE_WRITE),
		 "an empty file becomes one");
	store_close(TAKE(store));
	succeeds(store_open(&store, empty, STORE_READ), "and can be read");
	store_close(TAKE(store));

	mkdir(dir, 0700);
	fails(store_open(&store, dir, STORE_WRITE), ERROR_CONFIG,
	      "not a database of pvwatch", "a directory");
	fails(store_open(&store, fixture_path(arena, "none"), STORE_READ),
	      ERROR_NOINPUT, "none", "nothing there");
	fails(store_open(&store, fixture_path(arena, "no/dir"), STORE_WRITE),
	      ERROR_IO, "no/dir", "no directory for it");
	ok(!store, "no store came out of a failure");
}

static void
test_damaged(struct arena *arena)
{
	const char *path = fixture_path(arena, "damaged.db");
	AUTOFREE(store) *store = NULL;
	const struct error *err;
	struct fixture f;
	char zeros[4096];
	int64_t id;
	bool has;
	int fd;

	memset(zeros, 0x5a, sizeof(zeros));
	succeeds(store_open(&store, path, STORE_WRITE), "to be damaged");
	fixture_init(&f, "a@example.org");
	succeeds(fixture_add(&id, store, &f), "a mail in it");
	store_close(TAKE(store));
	/* All but the first page, where the schema is. */
	fd = open(path, O_RDWR);
	for (off_t at = 4096; pread(fd, &id, 1, at) == 1; at += 4096)
		if (pwrite(fd, zeros, sizeof(zeros), at) < 0)
			abort();
	close(fd);
	/* The schema itself reaches over those pages. */
	err = store_open(&store, path, STORE_READ);
	if (!err)
		err = store_has(&has, store, "a@example.org");
	ok(err && strstr(err->message, "damaged.db") &&
		   (err->class == ERROR_INPUT || err->class == ERROR_CONFIG),
	   "damaged pages are said to be");
	error_free(err);
}

/* Many processes make the same database at once. */
static void
test_race(struct arena *arena)
{
	const char *path = fixture_path(arena, "race.db");
	const struct error *err;
	int failed = 0, status;

	fflush(stdout);
	for (int i = 0; i < 6; i++) {
		struct store *store = NULL;

		if (fork())
			continue;
		err = store_open(&store, path, STORE_WRITE);
		if (err)
			fprintf(stderr, "# %s\n", err->message);
		store_close(store);
		_exit(err != NULL);
	}
	while (wait(&status) > 0)
		failed += status != 0;
	is_int(failed, 0, "six processes make one database");
}

static void
test_statements(struct arena *arena)
{
	AUTOFREE(store) *store = NULL;

	succeeds(store_open(&store, fixture_path(arena, "all.db"), STORE_WRITE),
		 "a new database");
	succeeds(db_prepare_all(store), "every statement fits the schema");
	for (int i = 0; i < NSQL; i++)
		if (!sql_texts[i].what)
			ok(false, "a statement without a text");
	is_int((int)schema_nmigrations,
	       schema_migrations[schema_nmigrations - 1].version,
	       "migrations are numbered without a gap");
	is_int(number(store, "SELECT count(*) FROM sqlite_schema"
			     " WHERE type = 'table' AND sql NOT LIKE"
			     " '%STRICT%' AND name NOT LIKE 'sqlite_%'"
			     " AND name NOT GLOB '*_words*'"),
	       0, "every table is strict, but those that FTS5 makes");
	is_int(number(store, "PRAGMA synchronous"), 1, "synchronous is NORMAL");
	is_int(number(store, "SELECT count(*) FROM pragma_journal_mode"
			     " WHERE journal_mode = 'wal'"),
	       1, "journal is WAL");
}

int
main(void)
{
	AUTOFREE(arena) *arena = arena_new();

	test_steps(arena);
	test_upgrade(arena);
	test_broken_step(arena);
	test_whose(arena);
	test_damaged(arena);
	test_race(arena);
	test_statements(arena);
	return done_testing();
}
