#include "db/store.h"

#include <sys/wait.h>
#include <time.h>

#include "bot/limits.h"
#include "db/compress.h"
#include "db/db.h"
#include "tests/unit/store-fixture.h"

static struct store *
new_store(struct arena *arena, const char *name)
{
	struct store *store = NULL;

	succeeds(store_open(&store, fixture_path(arena, name), STORE_WRITE),
		 name);
	if (!store)
		abort();
	store_set_now(store, 1500000000);
	return store;
}

static int64_t
count(struct store *store, const char *sql)
{
	AUTOFREE(db_rows) *rows = NULL;
	bool row = false;

	if (db_query_text(&rows, store, sql, NULL, 0) || db_next(&row, rows))
		abort();
	return row ? db_int(rows, 0) : -1;
}

static int64_t
added(struct store *store, const struct fixture *f)
{
	int64_t id = 0;

	succeeds(fixture_add(&id, store, f), f->verdict.key);
	return id;
}

static struct verdict
verdict_of(struct arena *arena, struct store *store, int64_t id)
{
	struct verdict verdict = { 0 };

	succeeds(store_verdict(&verdict, arena, store, id), "read a verdict");
	return verdict;
}

static void
test_round_trip(struct arena *arena)
{
	AUTOFREE(store) *store = new_store(arena, "round.db");
	struct address needed[] = { { "First", "first@example.org" },
				    { "", "second@example.org" } };
	struct address present[] = { { "Third", "third@example.org" } };
	struct base_attempt attempts[] = {
		{ BASE_COMMIT, FIXTURE_OID, "not in the repository" },
		{ BASE_REF, "refs/tags/v6.1", "chosen" },
	};
	const char *errors[] = { "one thing.", "another: \"thing\"." };
	struct fixture f;
	struct verdict v;

	fixture_init(&f, "trip@example.org");
	f.pack.needed = (struct addresses){ needed, 2, 2 };
	f.pack.present = (struct addresses){ present, 1, 1 };
	f.verdict.base = (struct base){ BASE_REF, FIXTURE_OID, attempts, 2 };
	for (int i = 0; i < NPLACINGS; i++)
		f.verdict.hunks[i] = (size_t)i + 1;
	f.verdict.errors = errors;
	f.verdict.nerrors = 2;
	f.verdict.version = 9;
	f.verdict.part = 2;
	f.verdict.total = 17;
	f.verdict.series_complete = true;
	f.finding.old_side = true;
	v = verdict_of(arena, store, added(store, &f));

	is_str(v.key, "trip@example.org", "key");
	is_str(v.msgid, "trip@example.org", "msgid");
	is_str(v.commit, NULL, "no commit");
	is_int(v.kind, KIND_PATCH, "kind");
	is_str(v.subject, "[PATCH] a", "subject");
	is_str(v.author.name, "A. Author", "author's name");
	is_str(v.author.addr, "author@example.org", "author's address");
	is_int(v.date, 1400000000, "date");
	is_str(v.source, "/archive/0.git@" FIXTURE_OID, "source");
	ok(v.version == 9 && v.part == 2 && v.total == 17 && v.series_complete,
	   "series");
	is_int(v.decision, DECISION_FLAGGED, "decision");
	is_str(v.skipped, NULL, "not skipped");
	is_int(v.score, 20, "score");
	is_str(v.program, "0.1", "program");

	is_int((int)v.npacks, 1, "one pack");
	is_str(v.packs[0].pack, "xen", "its name");
	is_str(v.packs[0].version, "1.0", "its version");
	is_str(v.packs[0].hash, "0011223344556677", "its hash");
	is_int(v.packs[0].decision, DECISION_FLAGGED, "its decision");
	is_int(v.packs[0].score, 20, "its score");
	is_int((int)v.packs[0].needed.n, 2, "needed");
	is_str(v.packs[0].needed.v[1].addr, "second@example.org", "in order");
	is_str(v.packs[0].needed.v[1].name, "", "without a name");
	is_int((int)v.packs[0].present.n, 1, "present");
	is_str(v.packs[0].present.v[0].name, "Third", "who is present");

	is_int(v.base.how, BASE_REF, "base");
	is_str(v.base.commit, FIXTURE_OID, "base commit");
	is_int((int)v.base.nattempts, 2, "base attempts");
	is_str(v.base.attempts[0].rev, FIXTURE_OID, "an oid was tried");
	is_str(v.base.attempts[1].rev, "refs/tags/v6.1", "a ref was tried");
	is_str(v.base.attempts[1].outcome, "chosen", "and chosen");
	ok(!memcmp(v.hunks, f.verdict.hunks, sizeof(v.hunks)), "hunks");
	is_int((int)v.nerrors, 2, "errors");
	is_str(v.errors[1], errors[1], "an error");

	is_int((int)v.nfindings, 1, "one finding");
	is_str(v.findings[0].pack, "xen", "its pack");
	is_str(v.findings[0].rule, "early-boot", "its rule");
	is_str(v.findings[0].title, "Early boot", "its title");
	is_str(v.findings[0].area, "boot", "its area");
	is_int(v.findings[0].points, 20, "its points");
	is_str(v.findings[0].path, "arch/x86/kernel/head64.c", "its path");
	is_int(v.findings[0].line, 187, "its line");
	ok(v.findings[0].old_side, "its side");
	is_str(v.findings[0].function, "x86_64_start_kernel", "its function");
	is_str(v.findings[0].text, f.finding.text, "its text");
	is_str(v.findings[0].why, f.finding.why, "its reason");
}

/* A commit of a repository, and a mail of which nothing is known. */
static void
test_sparse(struct arena *arena)
{
	AUTOFREE(store) *store = new_store(arena, "sparse.db");
	static const char *const sources[] = {
		NULL,
		"",
		"a@" FIXTURE_OID,
		"@" FIXTURE_OID,
		"/m/box:0",
		"/m/box:12345",
		"/m/box:012",
		"/m/cur/1.host:2,S",
		"person@host",
		"a@0123456789ABCDEF0123456789ABCDEF01234567",
		"/m/box:99999999999999999999",
	};
	struct fixture f;
	struct verdict v;

	fixture_init(&f, NULL);
	f.mail = (struct mail){ .raw = { NULL, 0 } };
	f.verdict = (struct verdict){ .key = "git:" FIXTURE_OID,
				      .kind = KIND_OTHER,
				      .commit = FIXTURE_OID,
				      .skipped = "an empty commit" };
	f.patch.nfiles = 0;
	v = verdict_of(arena, store, added(store, &f));
	is_str(v.msgid, NULL, "no Message-ID");
	is_str(v.commit, FIXTURE_OID, "commit");
	is_str(v.subject, "", "no subject");
	is_str(v.author.addr, "", "no author");
	is_str(v.source, NULL, "no source");
	is_str(v.skipped, "an empty commit", "why it was skipped");
	is_str(v.program, NULL, "nobody judged it");
	is_str(v.base.commit, NULL, "no base");

	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		f.verdict.key = arena_printf(arena, "sha1:%zu", i);
		f.verdict.commit = "v6.1-rc1"; /* no oid: kept as it is */
		f.verdict.source = sources[i];
		v = verdict_of(arena, store, added(store, &f));
		is_str(v.source, sources[i], "a source comes back");
		is_str(v.commit, "v6.1-rc1", "an odd commit comes back");
	}
	f.verdict.key = "sha1:x";
	f.verdict.msgid = "not-the-key@example.org";
	v = verdict_of(arena, store, added(store, &f));
	is_str(v.key, "sha1:x", "a key of its own");
	is_str(v.msgid, "not-the-key@example.org", "beside the Message-ID");
}

static void
test_raw(struct arena *arena)
{
	AUTOFREE(store) *store = new_store(arena, "raw.db");
	static const char bytes[] = "From: a\0b\n\n\xff\xfe\0\n";
	char *large = arena_alloc(arena, 1 << 20);
	struct store_mail in;
	struct fixture f;
	struct span raw;
	int64_t id = 0;

	fixture_init(&f, "raw@example.org");
	f.mail.raw = (struct span){ bytes, sizeof(bytes) - 1 };
	id = added(store, &f);
	succeeds(store_raw(&raw, arena, store, id), "read raw");
	ok(span_equal(raw, f.mail.raw), "NUL and 8 bits come back");

	for (unsigned i = 0; i < 1 << 20; i++)
		large[i] = (char)((i * 2654435761u) >> 13);
	f.verdict.key = f.verdict.msgid = "large@example.org";
	f.mail.raw = (struct span){ large, 1 << 20 };
	id = added(store, &f);
	succeeds(store_raw(&raw, arena, store, id), "read a large one");
	ok(span_equal(raw, f.mail.raw), "a large one comes back");

	f.verdict.key = f.verdict.msgid = "bare@example.org";
	in = (struct store_mail){ .mail = &f.mail, .verdict = &f.verdict };
	succeeds(store_add(&id, store, &in), "not kept, no patch");
	succeeds(store_raw(&raw, arena, store, id), "no raw is no error");
	ok(!raw.ptr, "and nothing");
}

static void
test_decompress(struct arena *arena)
{
	AUTOFREE(compressor) *compressor = compressor_new();
	struct span packed, out;
	char *bad;

	compress(&packed, arena, compressor,
		 SPAN("some bytes, some bytes, some bytes"));
	succeeds(decompress(&out, arena, packed, 34), "up to the ceiling");
	ok(span_equal(out, SPAN("some bytes, some bytes, some bytes")),
	   "as it was");
	fails(decompress(&out, arena, packed, 33), ERROR_INPUT, "larger than",
	      "past the ceiling");
	fails(decompress(&out, arena, SPAN("no frame"), 100), ERROR_INPUT,
	      "zstd", "no frame");
	fails(decompress(&out, arena, SPAN(""), 100), ERROR_INPUT, "zstd",
	      "nothing");
	fails(decompress(&out, arena,
			 (struct span){ packed.ptr, packed.len - 1 }, 100),
	      ERROR_INPUT, "damaged", "cut short");
	/* A frame whose header claims four thousand million bytes. */
	bad = arena_alloc(arena, 16);
	memcpy(bad, "\x28\xb5\x2f\xfd\xa0\xff\xff\xff\xff\x01\x00\x00", 12);
	fails(decompress(&out, arena, (struct span){ bad, 12 },
			 LIMIT_MAIL_BYTES),
	      ERROR_INPUT, "larger than", "a bomb");
	compress(&packed, arena, compressor, SPAN(""));
	succeeds(decompress(&out, arena, packed, 0), "an empty mail");
	ok(out.ptr && !out.len, "is empty");
}

/* Texts as hostile mail has them; what the columns hold is bytes. */
static void
test_hostile(struct arena *arena)
{
	AUTOFREE(store) *store = new_store(arena, "hostile.db");
	static const char *const texts[] = {
		"\xff\xfe\x80 not UTF-8",
		"'; DROP TABLE mail; --",
		"?1 %s %n \\ \" ` \x01\x1b[31m",
		"\xed\xa0\x80\xf4\x90\x80\x80",
	};
	struct fixture f;
	struct verdict v;
	char *large;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		fixture_init(&f, texts[i]);
		f.verdict.subject = f.verdict.author.name = texts[i];
		f.verdict.author.addr = f.verdict.source = texts[i];
		f.finding.path = f.finding.text = f.finding.why = texts[i];
		f.finding.function = f.file.new_path = texts[i];
		v = verdict_of(arena, store, added(store, &f));
		is_str(v.key, texts[i], "a hostile key");
		is_str(v.subject, texts[i], "subject");
		is_str(v.author.name, texts[i], "author");
		is_str(v.source, texts[i], "source");
		is_str(v.findings[0].path, texts[i], "path");
		is_str(v.findings[0].text, texts[i], "text");
		is_str(v.findings[0].function, texts[i], "function");
	}
	large = arena_alloc(arena, LIMIT_LINE_BYTES + 1);
	memset(large, 'x', LIMIT_LINE_BYTES);
	memcpy(large + LIMIT_EXCERPT_BYTES - 1, "\xc3\xa4", 2);
	fixture_init(&f, "large@example.org");
	f.finding.text = large;
	v = verdict_of(arena, store, added(store, &f));
	is_int((int)strlen(v.findings[0].text), LIMIT_EXCERPT_BYTES - 1,
	       "an endless line is cut, not inside of a character");
	is_int(count(store, "SELECT count(*) FROM mail"), 5, "all are in");
}

static void
test_transaction(struct arena *arena)
{
	AUTOFREE(store) *store = new_store(arena, "transaction.db");
	struct fixture f;
	const char *cursor;
	int64_t again = 0;
	bool has;

	succeeds(store_begin(store), "begin");
	fixture_init(&f, "gone@example.org");
	added(store, &f);
	succeeds(store_set_cursor(store, "s", "1"), "cursor");
	store_rollback(store);
	succeeds(store_has(&has, store, "gone@example.org"), "look");
	ok(!has, "rolled back: not in");
	succeeds(store_cursor(&cursor, arena, store, "s"), "cursor");
	is_str(cursor, NULL, "nor is its cursor");
	is_int(count(store, "SELECT count(*) FROM finding"), 0,
	       "nor any finding");
	store_rollback(store);
	ok(true, "rolling back nothing is fine");

	succeeds(store_begin(store), "begin again");
	fixture_init(&f, "one@example.org");
	added(store, &f);
	fails(fixture_add(&again, store, &f), ERROR_BUG, "one@example.org",
	      "the same key again");
	is_int(again, 0, "has no id");
	fails(store_commit(store), ERROR_IO, "undone", "a commit is too late");
	fixture_init(&f, "half@example.org");
	f.verdict.base.how = (enum base_how)99; /* refused by a CHECK */
	fails(fixture_add(&again, store, &f), ERROR_BUG, "transaction.db",
	      "a mail that fails in the middle, on its own");
	is_int(count(store, "SELECT count(*) FROM ident"), 0,
	       "nothing of either is in");
	succeeds(store_begin(store), "begin once more");
	fails(fixture_add(&again, store, &f), ERROR_BUG, "transaction.db",
	      "the same in a transaction");
	fixture_init(&f, "two@example.org");
	fails(fixture_add(&again, store, &f), ERROR_IO, "undone",
	      "no other mail goes in beside half of one");
	store_rollback(store);
	succeeds(store_begin(store), "and again");
	added(store, &f);
	succeeds(store_set_cursor(store, "s", "2"), "cursor");
	succeeds(store_set_cursor(store, "s", "3"), "cursor, moved");
	succeeds(store_commit(store), "commit");
	is_int(count(store, "SELECT count(*) FROM mail"), 1, "it is in");
	is_int(count(store, "SELECT count(*) FROM mail_raw"), 1,
	       "with its raw text");
	succeeds(store_cursor(&cursor, arena, store, "s"), "cursor");
	is_str(cursor, "3", "its value");
	is_int(count(store, "SELECT count(*) FROM pragma_foreign_key_check"), 0,
	       "foreign keys hold");
}

static void
test_locked(struct arena *arena)
{
	AUTOFREE(store) *store = new_store(arena, "locked.db");
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
	added(store, &f);
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
	AUTOFREE(store) *store = new_store(arena, "full.db");
	const struct error *err = NULL;
	struct fixture f;
	int64_t id;
	bool has;

	fixture_init(&f, "first@example.org");
	added(store, &f);
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
	AUTOFREE(store) *store = new_store(arena, "undone.db");
	struct fixture f;
	int64_t id;

	succeeds(store_begin(store), "begin");
	fixture_init(&f, "first@example.org");
	added(store, &f);
	succeeds(db_script(store, "test", "ROLLBACK"), "undone");
	fixture_init(&f, "second@example.org");
	fails(fixture_add(&id, store, &f), ERROR_IO, "undone",
	      "no mail goes in without those before it");
	fails(store_set_cursor(store, "s", "2"), ERROR_IO, "undone",
	      "nor the cursor");
	fails(store_commit(store), ERROR_IO, "undone", "no commit");
	is_int(count(store, "SELECT count(*) FROM mail"), 0, "nothing is in");
	succeeds(fixture_add(&id, store, &f), "then it goes on");
}

static void
test_rejudge(struct arena *arena)
{
	AUTOFREE(store) *store = new_store(arena, "rejudge.db");
	struct store_events events = { 0 };
	struct fixture f;
	struct verdict v;
	int64_t id;

	fixture_init(&f, "again@example.org");
	fixture_clear(&f);
	id = added(store, &f);
	fixture_init(&f, "again@example.org");
	f.verdict.id = id;
	f.verdict.program = "0.2";
	f.verdict.kind = KIND_COMMIT;
	store_set_now(store, 1500000010);
	succeeds(store_rejudge(store, &f.verdict), "clear -> flagged");
	v = verdict_of(arena, store, id);
	is_int(v.decision, DECISION_FLAGGED, "the new one is current");
	is_int(v.kind, KIND_COMMIT, "its kind too");
	is_str(v.program, "0.2", "and its program");
	is_int((int)v.nfindings, 1, "with its findings");
	store_set_now(store, 1500000020);
	succeeds(store_rejudge(store, &f.verdict), "the same again");
	f.finding.line = 188;
	store_set_now(store, 1500000030);
	succeeds(store_rejudge(store, &f.verdict), "another line");

	succeeds(store_history(&events, arena, store, id), "history");
	is_int((int)events.n, 6, "four verdicts, two changes");
	is_str(events.v[0].what, "judged", "first it was judged");
	is_str(events.v[0].detail, "clear, 0.0 points, by 0.1 (xen 1.0)",
	       "by whom");
	is_int(events.v[0].at, 1500000000, "when");
	is_str(events.v[2].what, "rejudged", "then again");
	is_str(events.v[2].detail, "clear -> flagged", "what changed");
	is_str(events.v[5].detail, "flagged, for other findings",
	       "what changed last");
	is_int(events.v[5].at, 1500000030, "when that was");
	f.verdict.id = 999;
	fails(store_rejudge(store, &f.verdict), ERROR_NOINPUT, "999",
	      "no such mail");
	fails(store_verdict(&v, arena, store, 999), ERROR_NOINPUT, "999",
	      "no such verdict");
}

static void
test_removed(struct arena *arena)
{
	AUTOFREE(store) *store = new_store(arena, "removed.db");
	struct store_events events = { 0 };
	struct fixture f;
	struct span raw;
	int64_t id;
	bool has;

	fixture_init(&f, "secret@example.org");
	id = added(store, &f);
	succeeds(store_removed(store, "secret@example.org"), "removed");
	succeeds(store_raw(&raw, arena, store, id), "raw");
	ok(!raw.ptr, "its raw text is gone");
	succeeds(store_has(&has, store, "secret@example.org"), "has");
	ok(has, "its row is not: it is not taken in again");
	is_int(count(store, "SELECT removed FROM mail"), 1500000000, "when");
	succeeds(store_history(&events, arena, store, id), "history");
	is_str(events.v[events.n - 1].what, "removed", "is told");
	succeeds(store_removed(store, "never@example.org"),
		 "what never came in");
}

static void
test_thread(struct arena *arena)
{
	AUTOFREE(store) *store = new_store(arena, "thread.db");
	const char *refs[] = { "root@example.org", "mid@example.org" };
	struct addresses people = { 0 };
	struct mail bare = { 0 };
	struct fixture f;

	fixture_init(&f, "root@example.org");
	is_str(mail_thread_root(&f.mail), "root@example.org", "its own id");
	added(store, &f);
	fixture_init(&f, "reply@example.org");
	f.mail.in_reply_to = "mid@example.org";
	is_str(mail_thread_root(&f.mail), "mid@example.org", "In-Reply-To");
	f.mail.references = (struct msgids){ refs, 2 };
	is_str(mail_thread_root(&f.mail), "root@example.org", "References");
	f.verdict.author = (struct address){ "Rewritten", "real@example.org" };
	f.mail.from = (struct address){ "via list", "list@example.net" };
	f.cc = (struct address){ "Jane", "jane@example.org" };
	added(store, &f);
	fixture_init(&f, "elsewhere@example.org");
	f.cc = (struct address){ "Other", "other@example.org" };
	added(store, &f);
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
	AUTOFREE(store) *store = new_store(arena, "requests.db");
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
	request.mail_id = added(store, &f);
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

/* Killed in the middle of a batch: whole batches are there, no half mail. */
static size_t
ndue(struct arena *arena, struct store *store, struct tags_due *due)
{
	succeeds(store_tags_due(due, arena, store, 0, 10), "what is due");
	return due->n;
}

static void
test_tags(struct arena *arena)
{
	AUTOFREE(store) *store = new_store(arena, "tags.db");
	struct tags_due due = { 0 };
	struct fixture f;
	int64_t id, clear;

	fixture_init(&f, "t@example.org");
	succeeds(fixture_add(&id, store, &f), "a flagged mail");
	fixture_init(&f, "c@example.org");
	f.verdict.decision = DECISION_CLEAR;
	succeeds(fixture_add(&clear, store, &f), "a clear one");
	is_int((int)ndue(arena, store, &due), 0, "nobody asked for tags");

	succeeds(store_tag_want(store, "none@example.org", "x", true),
		 "one that is not in");
	succeeds(store_tag_want(store, "t@example.org", "sha1-x", false),
		 "want");
	succeeds(store_tag_want(store, "c@example.org", "c@example.org", false),
		 "want");
	is_int((int)ndue(arena, store, &due), 1, "the flagged one is due");
	is_int(due.v[0].mail, id, "its number");
	is_str(due.v[0].id, "sha1-x", "its name there");
	succeeds(store_tags_due(&due, arena, store, id, 10), "behind it");
	is_int((int)due.n, 0, "there is none");
	ndue(arena, store, &due);
	succeeds(store_tag_done(store, &due.v[0]), "done");
	is_int((int)ndue(arena, store, &due), 0, "no longer due");
	succeeds(store_tag_want(store, "t@example.org", "sha1-x", false),
		 "seen again");
	is_int((int)ndue(arena, store, &due), 0, "not due for that");
	succeeds(store_tag_want(store, "t@example.org", "sha1-x", true),
		 "in a new database");
	is_int((int)ndue(arena, store, &due), 1, "due again");

	f.verdict.id = id;
	succeeds(store_rejudge(store, &f.verdict), "judged meanwhile");
	succeeds(store_tag_done(store, &due.v[0]), "tags of the old verdict");
	is_int((int)ndue(arena, store, &due), 1, "still due");
	succeeds(store_tag_done(store, &due.v[0]), "of the new one");
	f.verdict.id = clear;
	f.verdict.decision = DECISION_FLAGGED;
	succeeds(store_rejudge(store, &f.verdict), "the clear one is flagged");
	is_int((int)ndue(arena, store, &due), 1, "due");
	is_str(due.v[0].id, "c@example.org", "by its Message-ID");
}

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
	n = count(store, "SELECT count(*) FROM mail");
	is_int(n, 20, "two batches are in");
	is_int(count(store, "SELECT count(*) FROM finding"), n, "findings");
	is_int(count(store, "SELECT count(*) FROM mail_raw"), n, "raw mail");
	is_int(count(store, "SELECT count(*) FROM pragma_integrity_check"
			    " WHERE integrity_check = 'ok'"),
	       1, "integrity");
}

/* The time is told, not tested: machines differ. */
static void
test_many(struct arena *arena)
{
	AUTOFREE(store) *store = new_store(arena, "many.db");
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
	is_int(count(store, "SELECT count(*) FROM mail"), N, "all are in");
	is_int(count(store, "SELECT count(*) FROM address"), 3,
	       "each address once");
}

int
main(void)
{
	AUTOFREE(arena) *arena = arena_new();

	test_round_trip(arena);
	test_sparse(arena);
	test_raw(arena);
	test_decompress(arena);
	test_hostile(arena);
	test_transaction(arena);
	test_locked(arena);
	test_full(arena);
	test_undone(arena);
	test_rejudge(arena);
	test_removed(arena);
	test_thread(arena);
	test_requests(arena);
	test_tags(arena);
	test_killed(arena);
	test_many(arena);
	return done_testing();
}
