#include "store.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bot/arena.h"
#include "bot/error.h"
#include "bot/limits.h"
#include "bot/patch.h"
#include "compress.h"
#include "db.h"
#include "intern.h"
#include "oid.h"
#include "record.h"
#include "schema.h"
#include "words.h"

const struct error *
store_open(struct store **out, const char *path, enum store_open how)
{
	AUTOFREE(store) *store = NULL;
	const struct error *err;

	err = db_open(&store, path, how);
	if (!err && how == STORE_READ)
		err = schema_check(store, schema_migrations,
				   schema_nmigrations);
	else if (!err)
		err = schema_migrate(store, schema_migrations,
				     schema_nmigrations);
	if (!err)
		*out = TAKE(store);
	return err;
}

const struct error *
store_has(bool *out, struct store *store, const char *key)
{
	const struct error *err;
	int64_t id = 0;

	err = db_get(&id, store, SQL_MAIL_BY_KEY, VALUES(V(key)));
	if (!err)
		*out = id != 0;
	return err;
}

/* Where a mail was found, as two columns. */
struct place_found {
	int64_t source;
	struct db_value spot;
	struct oid oid;
};

/* A number as printf writes it: it must come back as it was. */
static bool
is_plain_number(const char *s)
{
	size_t n = strspn(s, "0123456789");

	return n && n <= 18 && !s[n] && (*s != '0' || n == 1);
}

/*
 * "epoch@oid" and "mbox:offset" differ in their ends only: the beginnings
 * stand once, the ends are bytes and numbers. All else stays one text.
 */
MUST_CHECK static const struct error *
split_source(struct place_found *out, struct arena *arena, struct store *store,
	     const char *source)
{
	const char *at = source ? strrchr(source, '@') : NULL;
	const char *colon = source ? strrchr(source, ':') : NULL;
	const char *end = NULL;

	out->source = 0;
	out->spot = V(source);
	if (at && oid_value(&out->oid, at + 1).type == DB_BLOB) {
		end = at;
		out->spot = oid_value(&out->oid, at + 1);
	} else if (colon && is_plain_number(colon + 1)) {
		end = colon;
		out->spot = V(strtoll(colon + 1, NULL, 10));
	}
	if (!end)
		return NULL;
	return intern_term(
		&out->source, store,
		arena_strndup(arena, source, (size_t)(end - source)));
}

static bool
same(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

/* The rows that the row of a mail points at. */
struct mail_refs {
	int64_t author, sender, list, thread, parent;
	struct place_found found;
};

/* What the mail answers, as its header says. */
static const char *
parent_of(const struct mail *mail)
{
	if (mail->in_reply_to)
		return mail->in_reply_to;
	return mail->references.n ? mail->references.v[mail->references.n - 1]
				  : NULL;
}

/* Of the mail that is answered, when it is in: its number and its thread. */
MUST_CHECK static const struct error *
read_parent(struct mail_refs *out, struct store *store, const char *msgid)
{
	AUTOFREE(db_rows) *rows = NULL;
	const struct error *err;
	bool row = false;

	err = db_query(&rows, store, SQL_THREAD_OF, VALUES(V(msgid)));
	if (!err)
		err = db_next(&row, rows);
	if (err || !row)
		return err;
	out->thread = db_int(rows, 0);
	out->parent = db_int(rows, 1);
	return NULL;
}

/*
 * The thread of what it answers, when that is in; else the root that its
 * References name. 0: it begins one, as most do, under an id that is known.
 */
MUST_CHECK static const struct error *
find_thread(struct mail_refs *out, struct store *store,
	    const struct store_mail *in)
{
	const char *root = mail_thread_root(in->mail);
	const char *parent = parent_of(in->mail);
	int64_t begun = out->thread;
	const struct error *err = NULL;

	out->thread = 0;
	if (parent)
		err = read_parent(out, store, parent);
	if (!err && !out->thread && !same(root, in->verdict->key))
		err = intern_ident(&out->thread, store, root);
	if (!err && parent && !out->parent)
		err = same(parent, root)
			      ? (out->parent = out->thread, NULL)
			      : intern_ident(&out->parent, store, parent);
	if (!out->thread)
		out->thread = begun;
	return err;
}

MUST_CHECK static const struct error *
add_refs(struct mail_refs *out, struct arena *arena, struct store *store,
	 const struct store_mail *in)
{
	const struct mail *mail = in->mail;
	const struct error *err;

	err = intern_address(&out->author, store, in->verdict->author);
	if (!err)
		err = intern_address(&out->sender, store, mail->from);
	if (!err && out->sender == out->author)
		out->sender = 0;
	if (!err)
		err = intern_term(&out->list, store, mail->list_id);
	if (!err)
		err = find_thread(out, store, in);
	if (!err)
		err = split_source(&out->found, arena, store,
				   in->verdict->source);
	return err;
}

/* NULL: none; "": the one that is the key. */
static const char *
msgid_column(const struct verdict *verdict)
{
	if (!verdict->msgid || !*verdict->msgid)
		return NULL;
	return strcmp(verdict->msgid, verdict->key) ? verdict->msgid : "";
}

/* The number of a new mail; 0: one of this key is in. Most keys are new; one
   that was @awaited is what mail before it answers. */
MUST_CHECK static const struct error *
add_key(int64_t *id, bool *awaited, struct store *store, const char *key)
{
	const struct error *err = db_run(store, SQL_IDENT_ADD, VALUES(V(key)));

	if (err)
		return err;
	*awaited = !db_changed(store);
	if (*awaited)
		return db_get(id, store, SQL_IDENT_UNUSED, VALUES(V(key)));
	*id = db_last_id(store);
	return NULL;
}

MUST_CHECK static const struct error *
add_row(struct arena *arena, struct store *store, int64_t id, int64_t record,
	const struct store_mail *in)
{
	const struct verdict *verdict = in->verdict;
	struct mail_refs refs = { .thread = id };
	const struct error *err;
	struct oid oid;

	err = add_refs(&refs, arena, store, in);
	if (!err)
		err = db_run(store, SQL_MAIL_ADD,
			     VALUES(V(id), V(verdict->kind), V(verdict->date),
				    V_ID(refs.author), V_ID(refs.sender),
				    V(verdict->subject ? verdict->subject : ""),
				    V_ID(refs.list), V_ID(refs.thread),
				    V(msgid_column(verdict)),
				    oid_value(&oid, verdict->commit),
				    V_ID(refs.found.source), refs.found.spot,
				    V_ID(in->series), V_ID(refs.parent),
				    V(verdict->version), V(verdict->part),
				    V(verdict->total),
				    V(verdict->series_complete), V(record),
				    V(verdict->decision), V(verdict->score)));
	if (!err)
		words_of_mail(db_words(store), id);
	return err;
}

/* So many go in at a time: rows are small, statements are not. */
enum { ADDRESSEES = 8 };

MUST_CHECK static const struct error *
add_addressees(struct store *store, int64_t id, const struct addresses *list)
{
	const struct error *err = NULL;

	for (size_t i = 0; i < list->n && !err;) {
		struct db_value values[1 + ADDRESSEES] = { V(id) };

		for (size_t n = 1; n <= ADDRESSEES && i < list->n && !err;) {
			int64_t address = 0;

			err = intern_address(&address, store, list->v[i++]);
			if (address)
				values[n++] = V(address);
		}
		if (!err)
			err = db_run(store, SQL_ADDRESSEE_ADD, values,
				     1 + ADDRESSEES);
	}
	return err;
}

MUST_CHECK static const struct error *
add_path(struct store *store, int64_t id, const char *name)
{
	const struct error *err;
	int64_t path = 0;

	err = intern_path(&path, store, name);
	if (!err && path)
		err = db_run(store, SQL_PATCH_PATH_ADD, VALUES(V(id), V(path)));
	return err;
}

MUST_CHECK static const struct error *
add_patch(struct store *store, int64_t id, const struct store_mail *in)
{
	const struct patch *patch = in->patch;
	const struct error *err = NULL;
	int64_t added = 0, removed = 0;
	struct oid oid;

	for (size_t i = 0; i < patch->nfiles && !err; i++) {
		const struct patch_file *file = &patch->files[i];

		added += file->added;
		removed += file->removed;
		err = add_path(store, id, file->new_path);
		if (!err && !same(file->old_path, file->new_path))
			err = add_path(store, id, file->old_path);
	}
	if (err)
		return err;
	return db_run(store, SQL_PATCH_ADD,
		      VALUES(V(id), oid_value(&oid, in->patch_id),
			     V((int64_t)patch->nfiles), V(added), V(removed)));
}

MUST_CHECK static const struct error *
add_parts(struct arena *arena, struct store *store, int64_t id,
	  const struct store_mail *in)
{
	const struct error *err;
	int64_t record = 0;

	err = record_add(&record, store, id, in->verdict);
	if (!err)
		err = add_row(arena, store, id, record, in);
	if (!err)
		err = add_addressees(store, id, &in->mail->to);
	if (!err)
		err = add_addressees(store, id, &in->mail->cc);
	if (!err && in->patch && in->patch->nfiles)
		err = add_patch(store, id, in);
	if (!err && in->packed.ptr)
		err = store_keep_raw(store, id, in->packed);
	return err;
}

const struct error *
store_add(int64_t *id, struct store *store, const struct store_mail *in)
{
	AUTOFREE(arena) *arena = arena_new();
	const struct error *err;
	int64_t added = 0;
	bool awaited = false;

	err = db_enter(store);
	if (err)
		return err;
	err = add_key(&added, &awaited, store, in->verdict->key);
	if (!err && added)
		err = add_parts(arena, store, added, in);
	if (!err && added && awaited)
		err = db_run(store, SQL_THREAD_JOIN, VALUES(V(added)));
	err = db_leave(store, err);
	if (err)
		return error_wrap(err, "<%s>", in->verdict->key);
	*id = added;
	return NULL;
}

/* The verdict that is the current one of a mail. */
struct current {
	int64_t verdict;
	enum decision decision;
};

MUST_CHECK static const struct error *
read_current(struct current *out, struct store *store, int64_t id)
{
	AUTOFREE(db_rows) *rows = NULL;
	const struct error *err;
	bool row = false;

	err = db_query(&rows, store, SQL_MAIL_VERDICT, VALUES(V(id)));
	if (!err)
		err = db_next(&row, rows);
	if (err)
		return err;
	if (!row)
		return error_new(ERROR_NOINPUT, "%s: no mail %" PRId64,
				 db_path(store), id);
	out->verdict = db_int(rows, 0);
	out->decision = (enum decision)db_int(rows, 1);
	return NULL;
}

/* Tell the mail's history when the two verdicts do not say the same. */
MUST_CHECK static const struct error *
tell_change(struct store *store, int64_t id, const struct current *was,
	    const struct current *is)
{
	const struct error *err;
	char detail[64];
	int64_t differ;

	if (was->decision != is->decision) {
		snprintf(detail, sizeof(detail), "%s -> %s",
			 decision_name(was->decision),
			 decision_name(is->decision));
		return store_event(store, id, "rejudged", detail);
	}
	err = db_get(&differ, store, SQL_FINDINGS_DIFFER,
		     VALUES(V(was->verdict), V(is->verdict)));
	if (err || !differ)
		return err;
	snprintf(detail, sizeof(detail), "%s, for other findings",
		 decision_name(is->decision));
	return store_event(store, id, "rejudged", detail);
}

const struct error *
store_rejudge(struct store *store, const struct verdict *verdict)
{
	struct current was = { 0 }, is = { .decision = verdict->decision };
	const struct error *err;

	err = db_enter(store);
	if (err)
		return err;
	err = read_current(&was, store, verdict->id);
	if (!err)
		err = record_add(&is.verdict, store, verdict->id, verdict);
	if (!err)
		err = record_choose(store, verdict->id, is.verdict, verdict);
	if (!err)
		err = tell_change(store, verdict->id, &was, &is);
	if (!err)
		err = db_run(store, SQL_TAG_JUDGED, VALUES(V(verdict->id)));
	return db_leave(store, err);
}

MUST_CHECK static const struct error *
remove_mail(struct store *store, int64_t id)
{
	const struct error *err;

	err = db_run(store, SQL_RAW_DROP, VALUES(V(id)));
	if (!err)
		err = db_run(store, SQL_MAIL_REMOVED,
			     VALUES(V(id), V(db_now(store))));
	if (!err)
		err = store_event(store, id, "removed",
				  "by the owner of the list");
	if (!err)
		err = store_request_withdraw(
			store, id, NULL, "the mail was removed from its list");
	return err;
}

const struct error *
store_removed(struct store *store, const char *key)
{
	const struct error *err;
	int64_t id = 0;

	err = db_get(&id, store, SQL_MAIL_BY_KEY, VALUES(V(key)));
	if (err || !id)
		return err;
	err = db_enter(store);
	if (err)
		return err;
	return db_leave(store, remove_mail(store, id));
}

const struct error *
store_thread(struct addresses *out, struct arena *arena, struct store *store,
	     const char *msgid)
{
	AUTOFREE(db_rows) *rows = NULL;
	struct addresses list = { 0 };
	const struct error *err;
	bool row = false;

	err = db_query(&rows, store, SQL_THREAD,
		       VALUES(V(msgid), V(LIMIT_THREAD_MAILS)));
	while (!err && !(err = db_next(&row, rows)) && row)
		addresses_add(&list, arena,
			      (struct address){ db_text(rows, arena, 0),
						db_text(rows, arena, 1) });
	if (!err)
		*out = list;
	return err;
}

const struct error *
store_told_before(bool *out, struct store *store, int64_t id, const char *pack)
{
	int64_t news = 0;
	const struct error *err =
		db_get(&news, store, SQL_ASKED_BEFORE, VALUES(V(id), V(pack)));

	if (!err)
		*out = !news;
	return err;
}

const struct error *
store_raw(struct span *out, struct arena *arena, struct store *store,
	  int64_t id)
{
	AUTOFREE(db_rows) *rows = NULL;
	struct span raw = { NULL, 0 };
	const struct error *err;
	bool row = false;

	err = db_query(&rows, store, SQL_RAW_GET, VALUES(V(id)));
	if (!err)
		err = db_next(&row, rows);
	if (!err && row)
		err = decompress(&raw, arena, db_span(rows, 0),
				 LIMIT_MAIL_BYTES);
	if (err)
		return error_wrap(err, "%s: raw mail %" PRId64, db_path(store),
				  id);
	*out = raw;
	return NULL;
}

const struct error *
store_origin(struct store_origin *out, struct arena *arena, struct store *store,
	     int64_t id)
{
	struct store_origin origin = { .oid = NULL };
	AUTOFREE(db_rows) *rows = NULL;
	const struct error *err;
	bool row = false;

	err = db_query(&rows, store, SQL_ORIGIN, VALUES(V(id)));
	if (!err)
		err = db_next(&row, rows);
	if (!err && row && db_is_blob(rows, 1)) {
		origin.path = db_text(rows, arena, 0);
		origin.oid = oid_column(rows, arena, 1);
	}
	if (!err)
		*out = origin;
	return err;
}

const struct error *
store_keep_raw(struct store *store, int64_t id, struct span packed)
{
	return db_run(store, SQL_RAW_ADD, VALUES(V(id), V(packed)));
}

const struct error *
store_cursor(const char **out, struct arena *arena, struct store *store,
	     const char *source)
{
	AUTOFREE(db_rows) *rows = NULL;
	const struct error *err;
	bool row = false;

	err = db_query(&rows, store, SQL_CURSOR_GET, VALUES(V(source)));
	if (!err)
		err = db_next(&row, rows);
	if (!err)
		*out = row ? db_text(rows, arena, 0) : NULL;
	return err;
}

const struct error *
store_set_cursor(struct store *store, const char *source, const char *cursor)
{
	return db_run(store, SQL_CURSOR_SET,
		      VALUES(V(source), V(cursor), V(db_now(store))));
}
