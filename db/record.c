#include "record.h"

#include <inttypes.h>
#include <string.h>

#include "bot/arena.h"
#include "bot/error.h"
#include "bot/limits.h"
#include "db.h"
#include "intern.h"
#include "oid.h"
#include "words.h"

/* Numbers that stand in databases: they must never mean something else. */
_Static_assert(KIND_PATCH == 0 && KIND_COMMIT == 1 && KIND_COVER == 2 &&
		       KIND_REPLY == 3 && KIND_PULL == 4 && KIND_STABLE == 5 &&
		       KIND_BOT == 6 && KIND_OTHER == 7 && NKINDS == 8,
	       "mail.kind");
_Static_assert(DECISION_SKIPPED == 0 && DECISION_CLEAR == 1 &&
		       DECISION_NOTED == 2 && DECISION_COVERED == 3 &&
		       DECISION_FLAGGED == 4,
	       "decision");
_Static_assert(BASE_NONE == 0 && BASE_COMMIT == 1 && BASE_PREREQUISITE == 2 &&
		       BASE_INDEX == 3 && BASE_REF == 4 && BASE_RANGE == 5,
	       "base_how");
_Static_assert(MAP_NONE == 0 && MAP_TREE == 1 && MAP_SHIPPED == 2 &&
		       MAP_FILE == 3,
	       "verdict.map_how");
_Static_assert(NPLACINGS == 7, "a column of verdict for each placing");

static const char *
text_of(const char *s)
{
	return s ? s : "";
}

/* No more of a text than is kept, and no half of an UTF-8 character. */
static struct db_value
excerpt(const char *s)
{
	struct db_value value = V(s);

	if (value.bytes.len <= LIMIT_EXCERPT_BYTES)
		return value;
	value.bytes.len = LIMIT_EXCERPT_BYTES;
	while (value.bytes.len && (s[value.bytes.len] & 0xc0) == 0x80)
		value.bytes.len--;
	return value;
}

MUST_CHECK static const struct error *
add_row(int64_t *id, struct store *store, int64_t mail_id,
	const struct verdict *verdict)
{
	int64_t program = 0, skipped = 0, map = 0;
	const size_t *hunks = verdict->hunks;
	const struct error *err;
	struct oid oid;

	err = intern_term(&program, store, verdict->program);
	if (!err)
		err = intern_term(&skipped, store, verdict->skipped);
	if (!err)
		err = intern_term(&map, store, verdict->map_of);
	if (!err)
		err = db_run(store, SQL_VERDICT_ADD,
			     VALUES(V(mail_id), V(db_now(store)), V_ID(program),
				    V(verdict->decision), V(verdict->score),
				    V_ID(skipped), V(verdict->base.how),
				    oid_value(&oid, verdict->base.commit),
				    V((int64_t)hunks[PLACING_EXACT]),
				    V((int64_t)hunks[PLACING_OFFSET]),
				    V((int64_t)hunks[PLACING_MERGED]),
				    V((int64_t)hunks[PLACING_FUZZY]),
				    V((int64_t)hunks[PLACING_PRESENT]),
				    V((int64_t)hunks[PLACING_MISSING]),
				    V((int64_t)hunks[PLACING_UNTRIED]),
				    V_ID(map), V(verdict->map_how)));
	if (!err)
		*id = db_last_id(store);
	return err;
}

/* Which row of audience comes next, and of what. */
struct audience_row {
	int64_t verdict, pack, n;
	bool present;
};

MUST_CHECK static const struct error *
add_people(struct store *store, struct audience_row *row,
	   const struct addresses *people)
{
	const struct error *err = NULL;

	for (size_t i = 0; i < people->n && !err; i++) {
		int64_t address = 0;

		err = intern_address(&address, store, people->v[i]);
		if (!err && address)
			err = db_run(store, SQL_AUDIENCE_ADD,
				     VALUES(V(row->verdict), V(row->pack),
					    V(row->n++), V(address),
					    V(row->present)));
	}
	return err;
}

MUST_CHECK static const struct error *
add_pack(struct store *store, int64_t id, const struct pack_verdict *pack)
{
	struct audience_row row = { .verdict = id };
	const struct error *err;

	err = intern_pack(&row.pack, store, pack);
	if (!err)
		err = db_run(store, SQL_PACK_VERDICT_ADD,
			     VALUES(V(id), V(row.pack), V(pack->score),
				    V(pack->decision)));
	if (!err)
		err = add_people(store, &row, &pack->needed);
	row.present = true;
	if (!err)
		err = add_people(store, &row, &pack->present);
	return err;
}

MUST_CHECK static const struct error *
add_finding(struct store *store, int64_t id, const struct finding *finding)
{
	int64_t rule = 0, path = 0, fact = 0;
	const struct error *err;

	err = intern_rule(&rule, store, finding);
	if (!err)
		err = intern_path(&path, store, text_of(finding->path));
	if (!err)
		err = intern_fact(&fact, store, finding->map);
	if (!err)
		err = db_run(store, SQL_FINDING_ADD,
			     VALUES(V(id), V(rule), V(finding->points), V(path),
				    V(finding->line), V(finding->old_side),
				    excerpt(finding->function),
				    excerpt(text_of(finding->text)),
				    excerpt(text_of(finding->why)),
				    V_ID(fact)));
	return err;
}

MUST_CHECK static const struct error *
add_attempts(struct store *store, int64_t id, const struct base *base)
{
	const struct error *err = NULL;

	for (size_t i = 0; i < base->nattempts && !err; i++) {
		const struct base_attempt *attempt = &base->attempts[i];
		int64_t outcome = 0;
		struct oid oid;

		err = intern_term(&outcome, store, text_of(attempt->outcome));
		if (!err)
			err = db_run(store, SQL_ATTEMPT_ADD,
				     VALUES(V(id), V((int64_t)i),
					    V(attempt->how),
					    oid_value(&oid, attempt->rev),
					    V(outcome)));
	}
	return err;
}

MUST_CHECK static const struct error *
add_parts(struct store *store, int64_t id, const struct verdict *verdict)
{
	const struct error *err = add_attempts(store, id, &verdict->base);

	for (size_t i = 0; i < verdict->npacks && !err; i++)
		err = add_pack(store, id, &verdict->packs[i]);
	for (size_t i = 0; i < verdict->nfindings && !err; i++)
		err = add_finding(store, id, &verdict->findings[i]);
	for (size_t i = 0; i < verdict->nerrors && !err; i++)
		err = db_run(store, SQL_FAULT_ADD,
			     VALUES(V(id), V((int64_t)i),
				    V(text_of(verdict->errors[i]))));
	return err;
}

const struct error *
record_add(int64_t *id, struct store *store, int64_t mail_id,
	   const struct verdict *verdict)
{
	const struct error *err;
	int64_t added = 0;

	err = add_row(&added, store, mail_id, verdict);
	if (!err)
		err = add_parts(store, added, verdict);
	if (err)
		return err;
	if (verdict->nfindings)
		words_of_verdict(db_words(store), added);
	*id = added;
	return NULL;
}

const struct error *
record_choose(struct store *store, int64_t mail_id, int64_t id,
	      const struct verdict *verdict)
{
	return db_run(store, SQL_MAIL_JUDGED,
		      VALUES(V(mail_id), V(id), V(verdict->decision),
			     V(verdict->score), V(verdict->kind),
			     V(verdict->version), V(verdict->part),
			     V(verdict->total), V(verdict->series_complete)));
}

/* "source" and "spot" of mail, put together again: see split_source(). */
static const char *
read_source(struct db_rows *rows, struct arena *arena, int column)
{
	const char *source = db_text(rows, arena, column);

	if (!source)
		return db_text(rows, arena, column + 1);
	if (db_is_int(rows, column + 1))
		return arena_printf(arena, "%s:%" PRId64, source,
				    db_int(rows, column + 1));
	return arena_printf(arena, "%s@%s", source,
			    oid_column(rows, arena, column + 1));
}

static void
read_mail(struct verdict *out, struct arena *arena, struct db_rows *rows)
{
	const char *name, *addr;

	out->key = db_text(rows, arena, 1);
	out->kind = (enum mail_kind)db_int(rows, 2);
	out->msgid = db_text(rows, arena, 3);
	if (out->msgid && !*out->msgid)
		out->msgid = out->key;
	out->commit = oid_column(rows, arena, 4);
	out->subject = db_text(rows, arena, 5);
	name = db_text(rows, arena, 6);
	addr = db_text(rows, arena, 7);
	out->author = (struct address){ text_of(name), text_of(addr) };
	out->date = db_int(rows, 8);
	out->source = read_source(rows, arena, 9);
	out->version = (unsigned)db_int(rows, 11);
	out->part = (unsigned)db_int(rows, 12);
	out->total = (unsigned)db_int(rows, 13);
	out->series_complete = db_int(rows, 14);
}

static void
read_row(struct verdict *out, struct arena *arena, struct db_rows *rows)
{
	out->decision = (enum decision)db_int(rows, 15);
	out->skipped = db_text(rows, arena, 16);
	out->score = (int)db_int(rows, 17);
	out->base.how = (enum base_how)db_int(rows, 18);
	out->base.commit = oid_column(rows, arena, 19);
	out->program = db_text(rows, arena, 20);
	out->hunks[PLACING_EXACT] = (size_t)db_int(rows, 21);
	out->hunks[PLACING_OFFSET] = (size_t)db_int(rows, 22);
	out->hunks[PLACING_MERGED] = (size_t)db_int(rows, 23);
	out->hunks[PLACING_FUZZY] = (size_t)db_int(rows, 24);
	out->hunks[PLACING_PRESENT] = (size_t)db_int(rows, 25);
	out->hunks[PLACING_MISSING] = (size_t)db_int(rows, 26);
	out->hunks[PLACING_UNTRIED] = (size_t)db_int(rows, 27);
	out->map_of = db_text(rows, arena, 28);
	out->map_how = (enum map_how)db_int(rows, 29);
}

MUST_CHECK static const struct error *
read_people(struct pack_verdict *out, struct arena *arena, struct store *store,
	    const struct db_value key[2])
{
	AUTOFREE(db_rows) *rows = NULL;
	const struct error *err;
	bool row = false;

	err = db_query(&rows, store, SQL_AUDIENCE, key, 2);
	while (!err && !(err = db_next(&row, rows)) && row) {
		struct address address = { db_text(rows, arena, 1),
					   db_text(rows, arena, 2) };

		addresses_add(db_int(rows, 0) ? &out->present : &out->needed,
			      arena, address);
	}
	return err;
}

MUST_CHECK static const struct error *
read_packs(struct verdict *out, struct arena *arena, struct store *store,
	   int64_t id)
{
	AUTOFREE(db_rows) *rows = NULL;
	const struct error *err;
	bool row = false;
	size_t cap = 0;

	err = db_query(&rows, store, SQL_PACK_VERDICTS, VALUES(V(id)));
	while (!err && !(err = db_next(&row, rows)) && row) {
		struct db_value key[2] = { V(id), V(db_int(rows, 0)) };
		struct pack_verdict *pack;

		ARENA_GROW(arena, out->packs, cap, out->npacks);
		pack = &out->packs[out->npacks++];
		pack->pack = db_text(rows, arena, 1);
		pack->version = db_text(rows, arena, 2);
		pack->hash = db_text(rows, arena, 3);
		pack->score = (int)db_int(rows, 4);
		pack->decision = (enum decision)db_int(rows, 5);
		err = read_people(pack, arena, store, key);
	}
	return err;
}

static void
read_chain(struct finding_map *out, struct arena *arena, const char *text)
{
	const char **names;
	size_t n = 0;

	for (const char *s = text; *s; s++)
		out->nchain += *s == '>';
	out->nchain += *text != '\0';
	out->chain = names = ARENA_ARRAY(arena, out->nchain, const char *);
	while (n < out->nchain) {
		size_t len = strcspn(text, ">");

		names[n++] = arena_strndup(arena, text, len);
		text += len + (text[len] == '>');
	}
}

/* Of the columns from @column on; NULL: the finding quotes no fact. */
static const struct finding_map *
read_fact(struct arena *arena, struct db_rows *rows, int column)
{
	const char *kind = db_text(rows, arena, column);
	struct finding_map *map;

	if (!kind)
		return NULL;
	map = ARENA_NEW(arena, struct finding_map);
	map->kind = kind;
	map->member = db_text(rows, arena, column + 1);
	map->counterpart = db_text(rows, arena, column + 2);
	read_chain(map, arena, db_text(rows, arena, column + 3));
	return map;
}

static void
read_finding(struct finding *out, struct arena *arena, struct db_rows *rows)
{
	out->pack = db_text(rows, arena, 0);
	out->rule = db_text(rows, arena, 1);
	out->title = db_text(rows, arena, 2);
	out->area = db_text(rows, arena, 3);
	out->points = (int)db_int(rows, 4);
	out->path = db_text(rows, arena, 5);
	out->line = (uint32_t)db_int(rows, 6);
	out->old_side = db_int(rows, 7);
	out->function = db_text(rows, arena, 8);
	out->text = db_text(rows, arena, 9);
	out->why = db_text(rows, arena, 10);
	out->map = read_fact(arena, rows, 11);
}

MUST_CHECK static const struct error *
read_findings(struct verdict *out, struct arena *arena, struct store *store,
	      int64_t id)
{
	AUTOFREE(db_rows) *rows = NULL;
	const struct error *err;
	bool row = false;
	size_t cap = 0;

	err = db_query(&rows, store, SQL_FINDINGS, VALUES(V(id)));
	while (!err && !(err = db_next(&row, rows)) && row) {
		ARENA_GROW(arena, out->findings, cap, out->nfindings);
		out->findings[out->nfindings].basis = verdict_basis(out);
		read_finding(&out->findings[out->nfindings++], arena, rows);
	}
	return err;
}

MUST_CHECK static const struct error *
read_attempts(struct base *out, struct arena *arena, struct store *store,
	      int64_t id)
{
	AUTOFREE(db_rows) *rows = NULL;
	const struct error *err;
	bool row = false;
	size_t cap = 0;

	err = db_query(&rows, store, SQL_ATTEMPTS, VALUES(V(id)));
	while (!err && !(err = db_next(&row, rows)) && row) {
		struct base_attempt *attempt;

		ARENA_GROW(arena, out->attempts, cap, out->nattempts);
		attempt = &out->attempts[out->nattempts++];
		attempt->how = (enum base_how)db_int(rows, 0);
		attempt->rev = oid_column(rows, arena, 1);
		attempt->outcome = db_text(rows, arena, 2);
	}
	return err;
}

MUST_CHECK static const struct error *
read_faults(struct verdict *out, struct arena *arena, struct store *store,
	    int64_t id)
{
	AUTOFREE(db_rows) *rows = NULL;
	const struct error *err;
	bool row = false;

	err = db_query(&rows, store, SQL_FAULTS, VALUES(V(id)));
	while (!err && !(err = db_next(&row, rows)) && row)
		verdict_error(out, arena, db_text(rows, arena, 0));
	return err;
}

/* Which parts of its series are in by now. */
MUST_CHECK static const struct error *
read_parts(struct verdict *out, struct arena *arena, struct store *store)
{
	AUTOFREE(db_rows) *rows = NULL;
	const struct error *err;
	unsigned *parts = NULL;
	size_t n = 0, cap = 0;
	bool row = false;

	if (out->series_complete || out->total < 2)
		return NULL;
	err = db_query(&rows, store, SQL_SERIES_PARTS, VALUES(V(out->id)));
	while (!err && !(err = db_next(&row, rows)) && row) {
		ARENA_GROW(arena, parts, cap, n);
		parts[n++] = (unsigned)db_int(rows, 0);
	}
	if (!err)
		verdict_parts(out, arena, parts, n);
	return err;
}

MUST_CHECK static const struct error *
read_verdict(struct verdict *out, int64_t *id, struct arena *arena,
	     struct store *store)
{
	AUTOFREE(db_rows) *rows = NULL;
	const struct error *err;
	bool row = false;

	err = db_query(&rows, store, SQL_VERDICT_GET, VALUES(V(out->id)));
	if (!err)
		err = db_next(&row, rows);
	if (err)
		return err;
	if (!row)
		return error_new(ERROR_NOINPUT, "%s: no mail %" PRId64,
				 db_path(store), out->id);
	*id = db_int(rows, 0);
	read_mail(out, arena, rows);
	read_row(out, arena, rows);
	return NULL;
}

/* The rows of a verdict never change: what another process writes between
   these statements belongs to another verdict. */
const struct error *
store_verdict(struct verdict *out, struct arena *arena, struct store *store,
	      int64_t id)
{
	struct verdict verdict = { .id = id };
	const struct error *err;
	int64_t row = 0;

	err = read_verdict(&verdict, &row, arena, store);
	if (!err)
		err = read_parts(&verdict, arena, store);
	if (!err)
		err = read_packs(&verdict, arena, store, row);
	if (!err)
		err = read_findings(&verdict, arena, store, row);
	if (!err)
		err = read_attempts(&verdict.base, arena, store, row);
	if (!err)
		err = read_faults(&verdict, arena, store, row);
	if (!err)
		*out = verdict;
	return err;
}
