#include "schema.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "bot/error.h"
#include "db.h"

/* "pvwa": where file(1) and we look for whose database it is */
enum { APPLICATION_ID = 0x70767761 };

/*
 * The names of mails, of threads and of people, and paths, come again and
 * again: each stands once, in a table of its own, and rows hold its number.
 * What is numbered here and in C (kinds, decisions, placings ...) is pinned by
 * assertions in record.c. The comments inside of the statements stay in the
 * database: sqlite3's .schema shows them.
 */
static const char *const version_1[] = {
	"CREATE TABLE ident (\n"
	" -- what identifies a mail: a Message-ID, git:OID or raw:DIGEST; also\n"
	" -- of thread roots that never came in\n"
	" id INTEGER PRIMARY KEY,\n"
	" name TEXT NOT NULL UNIQUE\n"
	") STRICT",

	"CREATE TABLE term (\n"
	" -- short texts that repeat: sources, reasons, versions, List-Ids\n"
	" id INTEGER PRIMARY KEY,\n"
	" text TEXT NOT NULL UNIQUE\n"
	") STRICT",

	"CREATE TABLE address (\n"
	" id INTEGER PRIMARY KEY,\n"
	" addr TEXT NOT NULL, -- as it was spelt\n"
	" name TEXT NOT NULL,\n"
	" UNIQUE (addr, name)\n"
	") STRICT",

	"CREATE TABLE path (\n"
	" id INTEGER PRIMARY KEY,\n"
	" path TEXT NOT NULL UNIQUE\n"
	") STRICT",

	"CREATE TABLE pack (\n"
	" id INTEGER PRIMARY KEY,\n"
	" name TEXT NOT NULL,\n"
	" version TEXT NOT NULL,\n"
	" hash TEXT NOT NULL, -- of the rule files\n"
	" UNIQUE (name, version, hash)\n"
	") STRICT",

	"CREATE TABLE rule (\n"
	" id INTEGER PRIMARY KEY,\n"
	" pack TEXT NOT NULL, -- its name\n"
	" name TEXT NOT NULL,\n"
	" title TEXT NOT NULL,\n"
	" area TEXT NOT NULL,\n"
	" UNIQUE (pack, name, title, area)\n"
	") STRICT",

	"CREATE TABLE mail (\n"
	" id INTEGER PRIMARY KEY REFERENCES ident,\n"
	" kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 7),\n"
	"   -- patch, commit, cover, reply, pull, stable, bot, other\n"
	" date INTEGER NOT NULL, -- seconds since 1970 UTC\n"
	" author INTEGER REFERENCES address,\n"
	" sender INTEGER REFERENCES address, -- From:, if not the author\n"
	" subject TEXT NOT NULL,\n"
	" list INTEGER REFERENCES term, -- List-Id\n"
	" thread INTEGER REFERENCES ident, -- the id at its root\n"
	" msgid TEXT, -- '' is that of ident\n"
	" oid ANY, -- a commit: blob; as text when it is not hex\n"
	" source INTEGER REFERENCES term, -- where it was found ...\n"
	" spot ANY, -- ... in it: blob after @, number after :, or text\n"
	" version INTEGER NOT NULL DEFAULT 1,\n"
	" part INTEGER NOT NULL DEFAULT 0,\n"
	" total INTEGER NOT NULL DEFAULT 0,\n"
	" complete INTEGER NOT NULL DEFAULT 0 CHECK (complete IN (0, 1)),\n"
	" verdict INTEGER REFERENCES verdict, -- the current one, and ...\n"
	" decision INTEGER NOT NULL DEFAULT 0, -- ... what it says\n"
	" score INTEGER NOT NULL DEFAULT 0,\n"
	" removed INTEGER -- when the list's owner removed it\n"
	") STRICT",
	"CREATE INDEX mail_date ON mail (date)",
	"CREATE INDEX mail_shown ON mail (date) WHERE decision > 1",
	"CREATE INDEX mail_score ON mail (score, date) WHERE decision > 1",
	"CREATE INDEX mail_author ON mail (author)",
	"CREATE INDEX mail_thread ON mail (thread) WHERE thread IS NOT NULL",
	"CREATE INDEX mail_oid ON mail (oid) WHERE oid IS NOT NULL",

	"CREATE TABLE mail_raw (\n"
	" -- apart, so that rows of mail stay small\n"
	" id INTEGER PRIMARY KEY REFERENCES mail,\n"
	" zstd BLOB NOT NULL\n"
	") STRICT",

	"CREATE TABLE addressee (\n"
	" -- To and Cc\n"
	" mail INTEGER NOT NULL REFERENCES mail,\n"
	" address INTEGER NOT NULL REFERENCES address,\n"
	" PRIMARY KEY (mail, address)\n"
	") STRICT, WITHOUT ROWID",

	"CREATE TABLE patch (\n"
	" mail INTEGER PRIMARY KEY REFERENCES mail,\n"
	" patch_id BLOB, -- git patch-id --stable\n"
	" files INTEGER NOT NULL,\n"
	" added INTEGER NOT NULL, -- lines\n"
	" removed INTEGER NOT NULL\n"
	") STRICT",

	"CREATE TABLE patch_path (\n"
	" -- old and new\n"
	" mail INTEGER NOT NULL REFERENCES mail,\n"
	" path INTEGER NOT NULL REFERENCES path,\n"
	" PRIMARY KEY (mail, path)\n"
	") STRICT, WITHOUT ROWID",
	"CREATE INDEX patch_path_path ON patch_path (path)",

	"CREATE TABLE verdict (\n"
	" -- one for each time that the mail was judged; never changed\n"
	" id INTEGER PRIMARY KEY,\n"
	" mail INTEGER NOT NULL REFERENCES mail,\n"
	" at INTEGER NOT NULL,\n"
	" program INTEGER REFERENCES term, -- NULL: not judged\n"
	" decision INTEGER NOT NULL CHECK (decision BETWEEN 0 AND 4),\n"
	"   -- skipped, clear, noted, covered, flagged\n"
	" score INTEGER NOT NULL, -- tenths\n"
	" skipped INTEGER REFERENCES term, -- why\n"
	" base_how INTEGER NOT NULL CHECK (base_how BETWEEN 0 AND 5),\n"
	"   -- none, base-commit, prerequisite, index, ref, range\n"
	" base ANY, -- commit: blob\n"
	" exact INTEGER NOT NULL, -- hunks\n"
	" offset INTEGER NOT NULL,\n"
	" merged INTEGER NOT NULL,\n"
	" fuzzy INTEGER NOT NULL,\n"
	" present INTEGER NOT NULL,\n"
	" missing INTEGER NOT NULL,\n"
	" untried INTEGER NOT NULL\n"
	") STRICT",
	"CREATE INDEX verdict_mail ON verdict (mail)",

	"CREATE TABLE pack_verdict (\n"
	" verdict INTEGER NOT NULL REFERENCES verdict,\n"
	" pack INTEGER NOT NULL REFERENCES pack,\n"
	" score INTEGER NOT NULL,\n"
	" decision INTEGER NOT NULL CHECK (decision BETWEEN 0 AND 4),\n"
	" PRIMARY KEY (verdict, pack)\n"
	") STRICT, WITHOUT ROWID",

	"CREATE TABLE audience (\n"
	" -- whom a pack notifies, and who of them was asked already\n"
	" verdict INTEGER NOT NULL,\n"
	" pack INTEGER NOT NULL,\n"
	" n INTEGER NOT NULL, -- their order\n"
	" address INTEGER NOT NULL REFERENCES address,\n"
	" present INTEGER NOT NULL CHECK (present IN (0, 1)),\n"
	" PRIMARY KEY (verdict, pack, n),\n"
	" FOREIGN KEY (verdict, pack) REFERENCES pack_verdict\n"
	") STRICT, WITHOUT ROWID",

	"CREATE TABLE finding (\n"
	" id INTEGER PRIMARY KEY,\n"
	" verdict INTEGER NOT NULL REFERENCES verdict,\n"
	" rule INTEGER NOT NULL REFERENCES rule,\n"
	" points INTEGER NOT NULL, -- tenths\n"
	" path INTEGER NOT NULL REFERENCES path,\n"
	" line INTEGER NOT NULL,\n"
	" old_side INTEGER NOT NULL CHECK (old_side IN (0, 1)),\n"
	" function TEXT,\n"
	" text TEXT NOT NULL,\n"
	" why TEXT NOT NULL\n"
	") STRICT",
	"CREATE INDEX finding_verdict ON finding (verdict)",
	"CREATE INDEX finding_rule ON finding (rule)",
	"CREATE INDEX finding_function ON finding (function)"
	" WHERE function IS NOT NULL",

	"CREATE TABLE base_attempt (\n"
	" verdict INTEGER NOT NULL REFERENCES verdict,\n"
	" n INTEGER NOT NULL,\n"
	" how INTEGER NOT NULL CHECK (how BETWEEN 0 AND 5),\n"
	" rev ANY, -- blob, or a ref as text\n"
	" outcome INTEGER NOT NULL REFERENCES term,\n"
	" PRIMARY KEY (verdict, n)\n"
	") STRICT, WITHOUT ROWID",

	"CREATE TABLE fault (\n"
	" -- what went wrong on the way\n"
	" verdict INTEGER NOT NULL REFERENCES verdict,\n"
	" n INTEGER NOT NULL,\n"
	" message TEXT NOT NULL,\n"
	" PRIMARY KEY (verdict, n)\n"
	") STRICT, WITHOUT ROWID",

	"CREATE TABLE source (\n"
	" name TEXT PRIMARY KEY,\n"
	" cursor TEXT NOT NULL, -- how far it was read\n"
	" at INTEGER NOT NULL\n"
	") STRICT, WITHOUT ROWID",

	"CREATE TABLE event (\n"
	" id INTEGER PRIMARY KEY,\n"
	" mail INTEGER REFERENCES mail, -- NULL: of the service\n"
	" at INTEGER NOT NULL,\n"
	" what TEXT NOT NULL,\n"
	" detail TEXT NOT NULL\n"
	") STRICT",
	"CREATE INDEX event_mail ON event (mail) WHERE mail IS NOT NULL",

	"CREATE TABLE request (\n"
	" id INTEGER PRIMARY KEY,\n"
	" mail INTEGER NOT NULL REFERENCES mail,\n"
	" msgid TEXT NOT NULL UNIQUE, -- of the mail that pvwatch sends\n"
	" pack TEXT NOT NULL,\n"
	" series TEXT NOT NULL,\n"
	" version INTEGER NOT NULL,\n"
	" state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 8),\n"
	"   -- queued, held, approved, sent, partly, refused, deferred,\n"
	"   -- uncertain, dropped\n"
	" created INTEGER NOT NULL,\n"
	" recipients TEXT NOT NULL,\n"
	" subject TEXT NOT NULL,\n"
	" text BLOB NOT NULL\n"
	") STRICT",
	"CREATE INDEX request_mail ON request (mail)",
	"CREATE INDEX request_state ON request (state)",
	NULL,
};

/* How each source does: for "status", and for whoever watches the service. */
static const char *const source_health[] = {
	"CREATE TABLE source_health (\n"
	" name TEXT PRIMARY KEY, -- as that of its cursor\n"
	" succeeded INTEGER, -- the last time; NULL: never\n"
	" failed INTEGER, -- the last time; NULL: never\n"
	" message TEXT NOT NULL DEFAULT '', -- of the last failure\n"
	" failures INTEGER NOT NULL DEFAULT 0, -- in a row\n"
	" since INTEGER, -- the first of these\n"
	" mails INTEGER NOT NULL DEFAULT 0 -- that it brought\n"
	") STRICT, WITHOUT ROWID",
	NULL,
};

/* Tags in the user's mail program. */
static const char *const tagged[] = {
	"CREATE TABLE tagged (\n"
	" -- mails whose owner wants tags, and whether they may lack them\n"
	" mail INTEGER PRIMARY KEY REFERENCES mail,\n"
	" id TEXT, -- what the mail program calls it, if not by its ident\n"
	" due INTEGER NOT NULL CHECK (due IN (0, 1))\n"
	") STRICT",
	"CREATE INDEX tagged_due ON tagged (mail) WHERE due",
	NULL,
};

/* What sending leaves behind. */
static const char *const sending[] = {
	/* Of a request, since it was approved: when a deferred one is to be
	   tried again, how often it was, and when first; edited by a person. */
	"ALTER TABLE request ADD COLUMN due INTEGER NOT NULL DEFAULT 0",
	"ALTER TABLE request ADD COLUMN tries INTEGER NOT NULL DEFAULT 0",
	"ALTER TABLE request ADD COLUMN first_try INTEGER NOT NULL DEFAULT 0",
	"ALTER TABLE request ADD COLUMN edited INTEGER NOT NULL DEFAULT 0",
	"CREATE INDEX request_first_try ON request (first_try)",

	"CREATE TABLE recipient (\n"
	" -- from the first attempt on; before, request.recipients\n"
	" request INTEGER NOT NULL REFERENCES request,\n"
	" n INTEGER NOT NULL, -- their order\n"
	" addr TEXT NOT NULL,\n"
	" state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 4),\n"
	"   -- waiting, accepted, deferred, refused, unknown\n"
	" code INTEGER NOT NULL, -- of the reply, 0: none\n"
	" reply TEXT NOT NULL,\n"
	" PRIMARY KEY (request, n)\n"
	") STRICT, WITHOUT ROWID",
	NULL,
};

/* Who asks, where servers want to tell one installation from another. */
static const char *const installation[] = {
	"CREATE TABLE installation (\n"
	" one INTEGER PRIMARY KEY CHECK (one = 1),\n"
	" id TEXT NOT NULL -- random, made once\n"
	") STRICT",
	NULL,
};

/*
 * Words of subjects and of findings. Their text stands in the rows that they
 * are of, which never change: to keep in step is to add. Nothing is ranked, so
 * that the number of words of each text is of no use.
 */
const char schema_index_words[] =
	"INSERT INTO subject_words (subject_words) VALUES ('rebuild');"
	"INSERT INTO finding_words (finding_words) VALUES ('rebuild');";

static const char *const words[] = {
	"CREATE VIRTUAL TABLE subject_words USING fts5(subject,"
	" content = 'mail', content_rowid = 'id', columnsize = 0,"
	" tokenize = 'porter unicode61')",
	"CREATE VIRTUAL TABLE finding_words USING fts5(function, text, why,"
	" content = 'finding', content_rowid = 'id', columnsize = 0,"
	" tokenize = 'porter unicode61')",
	schema_index_words,
	NULL,
};

/*
 * Postings. Of an older database they are made of what its rows tell: thread,
 * submitter, version and number; versions are not linked there.
 */
static const char *const series[] = {
	"CREATE TABLE series (\n"
	" -- what was posted together: the parts of one version, or one patch\n"
	" id INTEGER PRIMARY KEY,\n"
	" lineage INTEGER NOT NULL, -- the same for all versions: one's id\n"
	" submitter TEXT NOT NULL, -- address, in its one spelling\n"
	" version INTEGER NOT NULL,\n"
	" total INTEGER NOT NULL, -- parts; 1 when they are not numbered\n"
	" numbered INTEGER NOT NULL CHECK (numbered IN (0, 1)),\n"
	" versioned INTEGER NOT NULL, -- a mail states the version\n"
	" resend INTEGER NOT NULL,\n"
	" first INTEGER NOT NULL, -- dates of its mails\n"
	" last INTEGER NOT NULL,\n"
	" thread INTEGER REFERENCES ident, -- as that of its first mail\n"
	" title TEXT NOT NULL, -- of the cover letter, else of a patch\n"
	" change_id TEXT\n"
	") STRICT",
	"ALTER TABLE mail ADD COLUMN series INTEGER REFERENCES series",
	/* What it answers. */
	"ALTER TABLE mail ADD COLUMN parent INTEGER REFERENCES ident",
	"CREATE TEMP TABLE posting AS SELECT id, min(id) OVER (PARTITION BY"
	" thread, coalesce(sender, author), version, total,"
	" iif(total > 1, 0, id)) AS series FROM mail WHERE kind IN (0, 2)"
	" AND coalesce(sender, author) IS NOT NULL",
	"INSERT INTO series SELECT posting.series, posting.series, lower(addr),"
	" version, max(total, 1), total > 0, version > 1, 0, min(date),"
	" max(date), thread, subject, NULL FROM posting JOIN mail USING (id)"
	" JOIN address ON address.id = coalesce(sender, author)"
	" GROUP BY posting.series",
	"UPDATE mail SET series = posting.series FROM posting"
	" WHERE posting.id = mail.id",
	"DROP TABLE posting",
	"CREATE INDEX series_lineage ON series (lineage)",
	"CREATE INDEX series_title ON series (title, submitter)",
	"CREATE INDEX series_submitter ON series (submitter, first)",
	"CREATE INDEX series_thread ON series (thread)",
	"CREATE INDEX series_change_id ON series (change_id)"
	" WHERE change_id IS NOT NULL",
	"CREATE INDEX mail_series ON mail (series) WHERE series IS NOT NULL",
	"CREATE INDEX mail_flagged ON mail (thread) WHERE decision = 4",
	NULL,
};

/* What the divergence map had to do with a verdict. */
static const char *const mapped[] = {
	"CREATE TABLE fact (\n"
	" -- of the map, as a finding quotes it; '' is nothing\n"
	" id INTEGER PRIMARY KEY,\n"
	" kind TEXT NOT NULL,\n"
	" member TEXT NOT NULL,\n"
	" counterpart TEXT NOT NULL, -- file:function\n"
	" chain TEXT NOT NULL, -- caller>callee\n"
	" UNIQUE (kind, member, counterpart, chain)\n"
	") STRICT",
	"ALTER TABLE finding ADD COLUMN fact INTEGER REFERENCES fact",
	"ALTER TABLE verdict ADD COLUMN map INTEGER REFERENCES term",
	"ALTER TABLE verdict ADD COLUMN map_how INTEGER NOT NULL DEFAULT 0"
	" CHECK (map_how BETWEEN 0 AND 3)", /* none, tree, shipped, file */
	NULL,
};

const struct migration schema_migrations[] = {
	{ 1, version_1 }, { 2, source_health }, { 3, tagged },
	{ 4, sending },	  { 5, installation },	{ 6, words },
	{ 7, series },	  { 8, mapped },
};
const size_t schema_nmigrations =
	sizeof(schema_migrations) / sizeof(schema_migrations[0]);

/* What the file says of itself. */
struct marks {
	int64_t application, version, ntables;
};

MUST_CHECK static const struct error *
read_marks(struct marks *out, struct store *store)
{
	AUTOFREE(db_rows) *rows = NULL;
	const struct error *err;
	bool row = false;

	err = db_query(&rows, store, SQL_MARKS, NULL, 0);
	if (!err)
		err = db_next(&row, rows);
	if (!err && row) {
		out->ntables = db_int(rows, 0);
		out->application = db_int(rows, 1);
		out->version = db_int(rows, 2);
	}
	return err;
}

static bool
is_empty(const struct marks *marks)
{
	return !marks->application && !marks->version && !marks->ntables;
}

MUST_CHECK static const struct error *
check_marks(const struct marks *marks, struct store *store, int newest)
{
	if (marks->application != APPLICATION_ID || marks->version < 1)
		return error_new(ERROR_CONFIG, "%s: not a database of pvwatch",
				 db_path(store));
	if (marks->version > newest)
		return error_new(ERROR_CONFIG,
				 "%s: schema %" PRId64
				 " is newer than this program's %d: a newer "
				 "pvwatch wrote it",
				 db_path(store), marks->version, newest);
	return NULL;
}

const struct error *
schema_check(struct store *store, const struct migration *list, size_t n)
{
	struct marks marks = { 0 };
	int newest = list[n - 1].version;
	const struct error *err;

	err = read_marks(&marks, store);
	if (!err)
		err = check_marks(&marks, store, newest);
	if (err)
		return err;
	if (marks.version < newest)
		return error_new(ERROR_CONFIG,
				 "%s: schema %" PRId64
				 " is older than this program's %d: any "
				 "command that writes brings it up",
				 db_path(store), marks.version, newest);
	return NULL;
}

MUST_CHECK static const struct error *
apply_step(struct store *store, const struct migration *step)
{
	const struct error *err = NULL;
	char marks[96];

	for (size_t i = 0; step->sql[i] && !err; i++)
		err = db_script(store, "migrate", step->sql[i]);
	if (err)
		return err;
	snprintf(marks, sizeof(marks),
		 "PRAGMA application_id = %d; PRAGMA user_version = %d;",
		 APPLICATION_ID, step->version);
	return db_script(store, "migrate", marks);
}

/* One step, when it is still to be done: another process may be at it. */
MUST_CHECK static const struct error *
migrate_step(struct store *store, const struct migration *step)
{
	struct marks marks = { 0 };
	const struct error *err;

	err = db_enter(store);
	if (err)
		return err;
	err = read_marks(&marks, store);
	if (!err && marks.version == step->version - 1)
		err = apply_step(store, step);
	err = db_leave(store, err);
	if (err)
		return error_wrap(err, "schema %d", step->version);
	return NULL;
}

/*
 * SQLite does not wait for the lock that this change needs, but answers busy
 * at once when another process is at the same.
 */
MUST_CHECK static const struct error *
write_ahead(struct store *store)
{
	static const struct timespec pause = { .tv_nsec = 20 * 1000 * 1000 };
	const struct error *err;

	for (int tries = 100;; tries--) {
		err = db_script(store, "open", "PRAGMA journal_mode = WAL");
		if (!err || err->class != ERROR_TEMPORARY || !tries)
			return err;
		error_free(err);
		nanosleep(&pause, NULL);
	}
}

const struct error *
schema_migrate(struct store *store, const struct migration *list, size_t n)
{
	struct marks marks = { 0 };
	const struct error *err;

	err = read_marks(&marks, store);
	/* An empty file is nobody's yet. */
	if (!err && !is_empty(&marks))
		err = check_marks(&marks, store, list[n - 1].version);
	if (!err)
		err = write_ahead(store);
	for (size_t i = 0; i < n && !err; i++)
		if (list[i].version > marks.version)
			err = migrate_step(store, &list[i]);
	return err;
}
