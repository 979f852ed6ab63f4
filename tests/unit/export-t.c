/* A database as JSON Lines, and back. */
#include "bot/export.h"

#include <stdlib.h>

#include "bot/limits.h"
#include "db/integrity.h"
#include "db/schema.h"
#include "tests/unit/store-fixture.h"

static const char hostile[] = "\xff\xfe\x80 no UTF-8 \" \\ \x01\x1b[31m";

static void
fill(struct store *store)
{
	struct request request = { .msgid = "r@example.org",
				   .pack = "xen",
				   .series = "a@example.org",
				   .to = "x@example.org",
				   .subject = hostile,
				   .text = SPAN("NUL \0 here\n\n") };
	static const char raw[] = "From: a\0b\n\n\xff\xfe\0\n";
	struct fixture f;
	bool added;

	fixture_init(&f, "a@example.org");
	f.mail.raw = (struct span){ raw, sizeof(raw) - 1 };
	f.verdict.subject = f.verdict.author.name = hostile;
	f.finding.text = f.finding.path = hostile;
	f.finding.line = UINT32_MAX;
	request.mail_id = fixture_added(store, &f);
	succeeds(store_request(&added, store, &request), "a request");
	fixture_init(&f, "");
	fixture_clear(&f);
	f.verdict.date = INT64_MIN;
	fixture_added(store, &f);
	succeeds(store_set_cursor(store, hostile, ""), "a cursor");
	f.verdict.id = request.mail_id;
	succeeds(store_rejudge(store, &f.verdict), "judged again");
}

static char *
exported(struct arena *arena, struct store *store)
{
	char *text = NULL, *copy;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	succeeds(export_write(out, store), "export");
	fclose(out);
	copy = arena_strdup(arena, text);
	free(text);
	return copy;
}

static const struct error *
import(const char *path, const char *text)
{
	/* Of nothing fmemopen() makes no file. */
	FILE *in = *text ? fmemopen((void *)(uintptr_t)text, strlen(text), "r")
			 : fopen("/dev/null", "r");
	int64_t rows = 0;
	const struct error *err = export_read(&rows, path, in, "file");

	fclose(in);
	ok(err || rows, "some rows, if it is well");
	return err;
}

static void
test_round_trip(struct arena *arena)
{
	AUTOFREE(store) *store = fixture_store(arena, "from.db");
	const char *path = fixture_path(arena, "to.db"), *text;
	AUTOFREE(store) *other = NULL;
	struct integrity faults = { 0 };
	struct query query = { .limit = -1, .all_states = true };
	struct filter_value word = { FILTER_WORD, "UTF", false };
	struct span raw = { 0 };
	struct ids ids = { 0 };

	fill(store);
	text = exported(arena, store);
	succeeds(import(path, text), "import");
	fails(import(path, text), ERROR_USAGE, "is there already",
	      "not into one that is there");
	succeeds(store_open(&other, path, STORE_WRITE), "what was imported");
	is_str(exported(arena, other), text, "is the same, row for row");
	succeeds(store_raw(&raw, arena, other, 1), "raw mail");
	ok(raw.len == 15 && !memcmp(raw.ptr, "From: a\0b\n\n\xff\xfe\0\n", 15),
	   "NUL and 8 bits come back");
	query.values = &word;
	query.n = 1;
	succeeds(store_query(&ids, arena, other, &query), "its words");
	is_int((int)ids.n, 1, "are found");
	succeeds(store_check(&faults, arena, other), "check");
	is_int((int)faults.n, 0, "it is in order");
}

/* Of the first schema that there was. */
static void
test_older(struct arena *arena)
{
	const char *path = fixture_path(arena, "old.db"), *text;
	AUTOFREE(store) *store = NULL;
	AUTOFREE(store) *other = NULL;

	succeeds(db_open(&store, path, STORE_WRITE), "an old one");
	succeeds(schema_migrate(store, schema_migrations, 1), "version 1");
	succeeds(db_script(store, "test",
			   "INSERT INTO ident VALUES (1, 'a@example.org');"
			   "INSERT INTO mail (id, kind, date, subject)"
			   " VALUES (1, 0, 0, 'kept');"
			   "INSERT INTO verdict VALUES (1, 1, 0, NULL, 0, 0,"
			   " NULL, 0, NULL, 0, 0, 0, 0, 0, 0, 0);"
			   "UPDATE mail SET verdict = 1"),
		 "a mail in it");
	text = exported(arena, store);
	ok(!strncmp(text, "{\"pvwatch\":\"export\",\"version\":1,\"schema\":1}",
		    43),
	   "the export says which schema");
	path = fixture_path(arena, "new.db");
	succeeds(import(path, text), "import");
	succeeds(store_open(&other, path, STORE_READ), "is of our schema");
	is_int(fixture_count(other, "SELECT rowid FROM subject_words"
				    " WHERE subject_words MATCH 'kept'"),
	       1, "with its words");
}

/* Files that nobody exported; "S" is our schema. */
static const struct {
	const char *text, *message;
} wrong[] = {
	{ "", "file:0: it ends before its end" },
	{ "\n", "file:1:" },
	{ "From a@b\n", "file:1:" },
	{ "[]\n", "file:1: not an export" },
	{ "{\"pvwatch\":\"import\"}", "file:1: not an export" },
	{ "{\"pvwatch\":\"export\",\"version\":2,\"schema\":S}",
	  "file:1: another version" },
	{ "{\"pvwatch\":\"export\",\"version\":1,\"version\":1}", "file:1:" },
#define HEAD "{\"pvwatch\":\"export\",\"version\":1,\"schema\":S}\n"
	{ HEAD, "file:1: it ends" },
	{ HEAD "[1]\n", "file:2: a row before any table" },
	{ HEAD "1\n", "file:2:" },
	{ HEAD "{}\n", "file:2: neither" },
	{ HEAD "{\"table\":\"sqlite_schema\",\"columns\":[]}\n",
	  "file:2: no such table" },
	{ HEAD "{\"table\":\"subject_words_data\","
	       "\"columns\":[\"id\",\"block\"]}\n",
	  "file:2: no such table" },
	{ HEAD "{\"table\":\"ident\\\" (id) VALUES (1); DROP TABLE ident\"}\n",
	  "file:2: no such table" },
	{ HEAD "{\"table\":\"ident\",\"columns\":[\"id\"]}\n",
	  "file:2: other columns" },
	{ HEAD "{\"table\":\"ident\",\"columns\":[\"name\",\"id\"]}\n",
	  "file:2: other columns" },
	{ HEAD "{\"table\":\"ident\"}\n", "file:2: other columns" },
#define IDENT HEAD "{\"table\":\"ident\",\"columns\":[\"id\",\"name\"]}\n"
	{ IDENT "[1]\n", "file:3: a row of another" },
	{ IDENT "[1,\"a\",2]\n", "file:3: a row of another" },
	{ IDENT "[1,true]\n", "file:3: a value" },
	{ IDENT "[1.5,\"a\"]\n", "file:3: a value" },
	{ IDENT "[1,[\"a\"]]\n", "file:3: a value" },
	{ IDENT "[1,{\"blob\":\"Zg=\"}]\n", "file:3: a value" },
	{ IDENT "[1,{\"blob\":\"Zg==\",\"text\":\"Zg==\"}]\n",
	  "file:3: a value" },
	{ IDENT "[1,{\"bolb\":\"Zg==\"}]\n", "file:3: a value" },
	{ IDENT "[1,{\"blob\":\"Zg==\"}]\n", "file:3: file" },
	{ IDENT "[\"x\",\"a\"]\n", "file:3:" },
	{ IDENT "[1,null]\n", "file:3:" },
	{ IDENT "[99999999999999999999,\"a\"]\n", "file:3:" },
	{ IDENT "[1,\"a\"]\n[1,\"b\"]\n", "file:4:" },
	{ IDENT "[1,\"a\"]\n[2,\"a\"]\n", "file:4:" },
	{ IDENT "[1,\"a\"]\n", "file:3: it ends" },
	{ IDENT "[1,\"a\"\n", "file:3:" },
	{ IDENT "[1,\"\xff\"]\n", "file:3:" },
	{ IDENT "[1,\"a\"]\n{\"end\":\"export\",\"rows\":2}\n",
	  "file:4: another number" },
	{ IDENT "{\"end\":\"export\",\"rows\":0}\n[1,\"a\"]\n",
	  "file:4: something behind" },
	{ HEAD "{\"table\":\"addressee\",\"columns\":[\"mail\",\"address\"]}\n"
	       "[1,1]\n{\"end\":\"export\",\"rows\":1}\n",
	  "file: addressee: row" },
};

static const char *
with_schema(struct arena *arena, const char *text)
{
	const char *at = strstr(text, ":S}");

	if (!at)
		return text;
	return arena_printf(arena, "%.*s:%zu%s", (int)(at - text), text,
			    schema_nmigrations, at + 2);
}

static void
test_wrong(struct arena *arena)
{
	const char *path = fixture_path(arena, "wrong.db");

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		const char *text = with_schema(arena, wrong[i].text);
		const char *want = wrong[i].message;

		/* SQLite's own words begin with the database's name. */
		if (strstr(want, ": file"))
			want = "file:3: ";
		fails(import(path, text), ERROR_INPUT, want, text);
		ok(access(path, F_OK), "nothing is left");
	}
	fails(import(path, "{\"pvwatch\":\"export\",\"version\":1,"
			   "\"schema\":999999}"),
	      ERROR_CONFIG, "999999", "of a newer program");
	fails(import(path, "{\"pvwatch\":\"export\",\"version\":1,"
			   "\"schema\":-1}"),
	      ERROR_CONFIG, "-1", "of none");
}

/* A line without end is not read to its end. */
static void
test_endless(struct arena *arena)
{
	const char *path = fixture_path(arena, "endless.db");
	FILE *in = fopen("/dev/zero", "r");
	int64_t rows = 0;

	fails(export_read(&rows, path, in, "file"), ERROR_INPUT,
	      "file:1: the line is too long", "zeros");
	fclose(in);
}

/* Each thing that a check looks for, broken. */
static void
test_check(struct arena *arena)
{
	static const struct {
		const char *sql, *fault;
	} table[] = {
		{ "UPDATE mail SET decision = 1 WHERE id = 1",
		  "mail 1: says other than its verdict" },
		{ "UPDATE mail SET verdict = NULL WHERE id = 1",
		  "mail 1: its" },
		{ "UPDATE mail SET verdict = 2 WHERE id = 1", "mail 1: its" },
		{ "DELETE FROM pack_verdict", "verdict 1: finds something" },
		{ "DELETE FROM path",
		  "finding: row 1: refers to a row of path" },
		{ "UPDATE mail SET subject = 'x'", "words of subjects" },
		{ "UPDATE finding SET why = 'x'", "words of findings" },
		{ "UPDATE mail_raw SET zstd = x'00'", "raw mail 1" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		AUTOFREE(store) *store = fixture_store(
			arena, arena_printf(arena, "check-%zu.db", i));
		struct integrity faults = { 0 };
		bool told = false;
		struct fixture f;

		for (int k = 0; k < 2; k++) {
			fixture_init(&f, k ? "b@x" : "a@x");
			fixture_added(store, &f);
		}
		succeeds(db_script(store, "test", "PRAGMA foreign_keys = OFF"),
			 "let it happen");
		succeeds(store_check(&faults, arena, store), "check");
		is_int((int)faults.n, 0, "it is in order");
		succeeds(db_script(store, "test", table[i].sql), "break");
		succeeds(store_check(&faults, arena, store), "check");
		for (size_t k = 0; k < faults.n; k++)
			told |= strstr(faults.v[k], table[i].fault) != NULL;
		ok(told, table[i].sql);
	}
}

int
main(void)
{
	AUTOFREE(arena) *arena = arena_new();

	test_round_trip(arena);
	test_older(arena);
	test_wrong(arena);
	test_endless(arena);
	test_check(arena);
	return done_testing();
}
