#include "outbox.h"

#include "arena.h"
#include "buf.h"
#include "error.h"
#include "limits.h"
#include "request.h"
#include "review.h"
#include "threads.h"
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
	struct series_key key = { about->series_root, about->verdict->version,
				  about->pack->pack };
	struct ids ids = { .n = 0 };
	struct verdict *others;
	const struct error *err;

	err = store_series_flagged(&ids, arena, store, &key);
	if (err)
		return err;
	others = ARENA_ARRAY(arena, ids.n, struct verdict);
	for (size_t i = 0; !err && i < ids.n; i++)
		if (ids.v[i] != about->verdict->id)
			err = store_verdict(&others[about->nothers++], arena,
					    store, ids.v[i]);
	about->others = others;
	return err;
}

/* The verdict stands; whoever looks sees why nobody was asked. */
static const struct error *
keep_failure(struct store *store, const struct verdict *verdict,
	     const struct error *failure)
{
	const struct error *err = store_event(
		store, verdict->id, "request not composed", failure->message);

	error_free(failure);
	return err;
}

static const struct error *
queue(bool *added, struct store *store, struct arena *arena,
      const struct request_sender *sender, struct request_about *about)
{
	struct request_mail mail;
	const struct error *err;

	err = find_others(about, store, arena);
	if (err)
		return err;
	err = request_compose(&mail, arena, sender, about);
	if (err)
		return keep_failure(store, about->verdict, err);
	return store_request(added, store,
			     &(struct request){
				     .mail_id = about->verdict->id,
				     .msgid = mail.msgid,
				     .pack = about->pack->pack,
				     .series = about->series_root,
				     .version = about->verdict->version,
				     .state = REQUEST_QUEUED,
				     .created = sender->now,
				     .to = recipients(arena, &mail.to),
				     .subject = mail.subject,
				     .text = mail.text,
			     });
}

const struct error *
outbox_request(bool *requested, struct store *store, struct arena *arena,
	       const struct request_sender *sender, const struct packs *packs,
	       const struct review *review)
{
	const struct verdict *verdict = &review->verdict;
	const struct error *err = NULL;

	/* Automatic mail is never answered (RFC 3834 2). */
	if (verdict->kind != KIND_PATCH || !verdict->msgid ||
	    review->mail.automatic)
		return NULL;
	for (size_t i = 0; !err && i < verdict->npacks; i++) {
		struct request_sender from = *sender;
		struct request_about about = {
			.mail = &review->mail,
			.verdict = verdict,
			.pack = &verdict->packs[i],
			.series_root = thread_root(&review->mail),
		};
		bool added = false;

		if (verdict->packs[i].decision != DECISION_FLAGGED)
			continue;
		from.contact = packs->v[i]->contact;
		from.audience = audience_name(arena, packs->v[i]);
		err = queue(&added, store, arena, &from, &about);
		*requested |= added;
	}
	return err;
}
