#include "outbox.h"

#include "arena.h"
#include "buf.h"
#include "error.h"
#include "limits.h"
#include "request.h"
#include "review.h"
#include "stored.h"
#include "db/store.h"
#include "rules/pack.h"

/* Envelope recipients, for the row. */
static const char *
recipients(struct arena *arena, const struct addresses *to)
{
	struct buf list = BUF(LIMIT_OUTPUT_BYTES);
	const char *text;

	for (size_t i = 0; i < to->n; i++)
		buf_addf(&list, "%s%s", i ? ", " : "", to->v[i].addr);
	text = arena_strdup(arena, buf_str(&list));
	buf_free(&list);
	return text;
}

/* The sections that a pack notifies, as their people know them. */
static const char *
audience_name(struct arena *arena, const struct pack *pack)
{
	const char *name = NULL;

	for (size_t i = 0; i < pack->nnotify; i++)
		name = name ? arena_printf(arena, "%s, %s", name,
					   pack->notify[i])
			    : pack->notify[i];
	return name;
}

/*
 * What else of the series the pack flagged: read back from the database, where
 * the patches of earlier batches and runs are too.
 */
static const struct error *
find_others(struct request_about *about, struct store *store,
	    struct arena *arena)
{
	struct ids ids = { .n = 0 };
	struct verdict *others;
	const struct error *err;

	err = store_series_flagged(&ids, arena, store, about->verdict->id,
				   about->pack->pack, false);
	if (err)
		return err;
	others = ARENA_ARRAY(arena, ids.n, struct verdict);
	for (size_t i = 0; !err && i < ids.n; i++)
		err = store_verdict(&others[about->nothers++], arena, store,
				    ids.v[i]);
	about->others = others;
	return err;
}

/*
 * What stands for the posting: of several numbered patches the thread and who
 * posted it, since somebody else may post a series of his own into it; of any
 * other patch, the first copy of it. Several are answered at their cover
 * letter, else at the first of them.
 */
static const struct error *
name_series(struct request_about *about, struct store *store,
	    struct arena *arena)
{
	struct members members = { .n = 0 };
	struct series series;
	const struct error *err =
		store_series_of(&series, arena, store, about->verdict->id);

	about->series = about->series_root = about->mail->msgid;
	if (!err && series.id)
		err = store_series_mails(&members, arena, store, series.id);
	if (err || !members.n)
		return err;
	about->series = about->series_root = members.v[0].msgid;
	if (series.numbered)
		about->series = arena_printf(arena, "%s %s",
					     series.root ? series.root : "",
					     series.submitter);
	return NULL;
}

/* The verdict stands; whoever looks sees why nobody was asked. */
static const struct error *
explain(struct store *store, const struct verdict *verdict, const char *why)
{
	return store_event(store, verdict->id, "no request", why);
}

static const struct error *
compose(bool *added, struct store *store, struct arena *arena,
	const struct request_sender *sender, struct request_about *about)
{
	struct request_mail mail;
	const struct error *err, *kept;

	err = find_others(about, store, arena);
	if (err)
		return err;
	err = request_compose(&mail, arena, sender, about);
	if (err) {
		kept = explain(store, about->verdict, err->message);
		error_free(err);
		return kept;
	}
	if (sender->instead) {
		sender->instead(sender->instead_arg, &mail);
		return NULL;
	}
	return store_request(added, store,
			     &(struct request){
				     .mail_id = about->verdict->id,
				     .msgid = mail.msgid,
				     .pack = about->pack->pack,
				     .series = about->series,
				     .version = about->verdict->version,
				     .state = REQUEST_QUEUED,
				     .created = sender->now,
				     .to = recipients(arena, &mail.to),
				     .subject = mail.subject,
				     .text = mail.text,
			     });
}

/* A new version is told only for what is new in it (design.md 2). */
static const struct error *
queue(bool *added, struct store *store, struct arena *arena,
      const struct request_sender *sender, struct request_about *about)
{
	bool told = false;
	const struct error *err = store_told_before(
		&told, store, about->verdict->id, about->pack->pack);

	if (err)
		return err;
	if (told)
		return explain(store, about->verdict,
			       "its findings are on lines that an earlier "
			       "request told");
	return compose(added, store, arena, sender, about);
}

/* Why a flagged patch is not asked about at all; NULL: it is. */
static const char *
hindrance(const struct review *review)
{
	if (!review->verdict.msgid)
		return "the mail has no Message-ID to answer";
	/* RFC 3834 2 */
	if (review->mail.automatic)
		return "automatic mail is never answered";
	return NULL;
}

const struct error *
outbox_request(bool *requested, struct store *store, struct arena *arena,
	       const struct request_sender *sender, const struct packs *packs,
	       const struct review *review)
{
	const struct verdict *verdict = &review->verdict;
	const char *hindered = hindrance(review);
	const struct error *err = NULL;

	if (verdict->kind != KIND_PATCH ||
	    verdict->decision != DECISION_FLAGGED)
		return NULL;
	if (hindered)
		return explain(store, verdict, hindered);
	for (size_t i = 0; !err && i < verdict->npacks; i++) {
		struct request_sender from = *sender;
		struct request_about about = {
			.mail = &review->mail,
			.verdict = verdict,
			.pack = &verdict->packs[i],
		};
		bool added = false;

		if (verdict->packs[i].decision != DECISION_FLAGGED)
			continue;
		from.contact = packs->v[i]->contact;
		from.audience = audience_name(arena, packs->v[i]);
		err = name_series(&about, store, arena);
		if (!err)
			err = queue(&added, store, arena, &from, &about);
		*requested |= added;
	}
	return err;
}

/* Compose it anew about mail @id, which is flagged still. */
static const struct error *
compose_anew(const struct stored *from, const struct request_sender *sender,
	     int64_t id)
{
	struct batch batch = { .arena = arena_new() };
	struct review *review;
	bool requested = false;
	const struct error *err = stored_add(&review, from, &batch, id);

	if (!err && review)
		err = store_verdict(&review->verdict, batch.arena, from->store,
				    id);
	if (!err && review)
		err = outbox_request(&requested, from->store, batch.arena,
				     sender, reviewer_packs(from->reviewer),
				     review);
	reviewer_forget(from->reviewer);
	batch_free(&batch);
	return err;
}

const struct error *
outbox_revise(const struct stored *from, const struct request_sender *sender,
	      int64_t id, const char *why)
{
	AUTOFREE(arena) *arena = arena_new();
	const struct packs *packs = reviewer_packs(from->reviewer);
	const struct error *err = NULL;

	for (size_t i = 0; !err && i < packs->n; i++) {
		const char *pack = packs->v[i]->name;
		struct ids flagged = { .n = 0 };
		enum request_state state = REQUEST_QUEUED;
		int64_t request = 0;

		err = store_series_request(&request, &state, from->store, id,
					   pack);
		if (err || !request)
			continue;
		err = store_series_flagged(&flagged, arena, from->store, id,
					   pack, true);
		if (!err && !flagged.n)
			err = store_request_move(from->store, request, state,
						 REQUEST_DROPPED, why);
		else if (!err && sender)
			err = compose_anew(from, sender, flagged.v[0]);
	}
	return err;
}

const struct error *
outbox_withdraw(struct store *store, int64_t id, const char *pack,
		const char *why)
{
	AUTOFREE(arena) *arena = arena_new();
	struct ids flagged = { .n = 0 };
	enum request_state state = REQUEST_QUEUED;
	int64_t request = 0;
	const struct error *err =
		store_series_request(&request, &state, store, id, pack);

	if (err || !request || state != REQUEST_QUEUED)
		return err;
	err = store_series_flagged(&flagged, arena, store, id, pack, true);
	if (err || flagged.n)
		return err;
	return store_request_move(store, request, state, REQUEST_DROPPED, why);
}
