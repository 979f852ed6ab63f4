#include "posting.h"

#include <string.h>

#include "arena.h"
#include "batch.h"
#include "error.h"
#include "review.h"
#include "series.h"
#include "db/store.h"

/* Nothing threads the series: the first mail of its thread is its own. */
static bool
begins(const struct batch *batch, const struct series *series)
{
	const struct mail *first;

	if (!series->root)
		return false;
	first = &batch->reviews[series->cover != SERIES_NONE
					? series->cover
					: series->patches[0]]
			 .mail;
	return first->msgid && !strcmp(first->msgid, series->root);
}

/* How the mails of a series and those of a known one agree. */
enum overlap {
	APART,	/* they are other parts */
	COPIED, /* some are the same mail, as it came under another id */
	TAKEN,	/* some are the same part, but another mail */
};

static enum overlap
compare_parts(const struct batch *batch, const struct series *series,
	      const struct members *members)
{
	enum overlap overlap = APART;

	for (size_t i = 0; i < members->n; i++) {
		const struct member *member = &members->v[i];
		unsigned part = member->total ? member->part : 1;
		size_t same =
			member->kind == KIND_COVER
				? series->cover
				: series_part(&batch->series, series, part);
		const struct mail *mail;

		if (same == SERIES_NONE)
			continue;
		mail = &batch->reviews[same].mail;
		if (!mail->date || mail->date != member->date ||
		    strcmp(mail->subject, member->subject) != 0)
			return TAKEN;
		overlap = COPIED;
	}
	return overlap;
}

/* May mails of one be copies of the other's? Those have the same dates. */
static bool
may_be_copied(const struct series *known, const struct series *series)
{
	return known->version == series->version &&
	       known->total == series->total &&
	       known->numbered == series->numbered &&
	       known->first <= series->last && series->first <= known->last &&
	       !strcmp(known->submitter, series->submitter);
}

/* The posting that this one is the rest of, or a copy; NULL: none. One of the
   same thread is better than one that only is close. */
static const struct error *
find_known(const struct series_row **out, struct store *store,
	   const struct batch *batch, struct series *series,
	   const struct series_rows *rows)
{
	bool alone = begins(batch, series);
	const struct error *err = NULL;

	*out = NULL;
	for (size_t i = 0; !err && i < rows->n; i++) {
		const struct series_row *row = &rows->v[i];
		bool goes_on = series_continues(&row->series, series,
						row->same_thread, alone);
		struct members members = { .n = 0 };
		enum overlap overlap;

		if (!goes_on && !may_be_copied(&row->series, series))
			continue;
		err = store_series_mails(&members, batch->arena, store,
					 row->series.id);
		overlap = compare_parts(batch, series, &members);
		if (err || overlap == COPIED) {
			series->copied = true;
			*out = row;
			return err;
		}
		if (goes_on && overlap == APART &&
		    (!*out || row->same_thread || !(*out)->same_thread))
			*out = row;
	}
	return err;
}

/* What is known of the posting grows by what this batch has of it. */
static const struct error *
grow_known(struct store *store, struct series *series,
	   const struct series *known)
{
	struct series whole = *known;

	series->id = known->id;
	series->lineage = known->lineage;
	if (series->versioned && !known->versioned)
		whole.version = series->version;
	whole.versioned |= series->versioned;
	series->version = whole.version;
	if (series->cover != SERIES_NONE)
		whole.title = series->title;
	if (!whole.change_id)
		whole.change_id = series->change_id;
	if (series->first && (!whole.first || series->first < whole.first))
		whole.first = series->first;
	if (series->last > whole.last)
		whole.last = series->last;
	return store_series_grew(store, &whole);
}

/* Versions come in any order: a new one may belong to two lines that did not
   know of each other. */
static const struct error *
link_versions(struct store *store, struct series *series,
	      const struct series_rows *rows)
{
	const struct error *err = NULL;

	for (size_t i = 0; !err && i < rows->n; i++) {
		const struct series *known = &rows->v[i].series;
		bool near = rows->v[i].same_thread;

		if (!series_follows(series, known, near) &&
		    !series_follows(known, series, near))
			continue;
		if (!series->lineage)
			series->lineage = known->lineage;
		else if (series->lineage != known->lineage)
			err = store_series_join(store, known->lineage,
						series->lineage);
	}
	return err;
}

static const struct error *
store_series(struct store *store, const struct batch *batch,
	     struct series *series)
{
	const struct series_row *known = NULL;
	struct series_rows rows = { .n = 0 };
	const struct error *err =
		store_series_like(&rows, batch->arena, store, series);

	if (!err)
		err = find_known(&known, store, batch, series, &rows);
	if (!err && known) {
		series->grown = true;
		return grow_known(store, series, &known->series);
	}
	if (!err)
		err = link_versions(store, series, &rows);
	return err ? err : store_series_add(store, series);
}

/* The parts that were in before, and those of this batch. */
static const struct error *
tell_parts(struct store *store, const struct batch *batch,
	   const struct series *series, struct review *review)
{
	struct members members = { .n = 0 };
	unsigned *parts;
	size_t n = 0;
	const struct error *err =
		store_series_mails(&members, batch->arena, store, series->id);

	if (err)
		return err;
	parts = ARENA_ARRAY(batch->arena, members.n + series->npatches,
			    unsigned);
	for (size_t i = 0; i < members.n; i++)
		if (members.v[i].kind == KIND_PATCH)
			parts[n++] = members.v[i].part;
	for (size_t i = 0; i < series->npatches; i++)
		parts[n++] = batch->reviews[series->patches[i]].verdict.part;
	verdict_parts(&review->verdict, batch->arena, parts, n);
	return NULL;
}

const struct error *
posting_store(int64_t *id, struct store *store, const struct batch *batch,
	      struct review *review)
{
	struct series *series = batch->series.of[review - batch->reviews];
	const struct error *err = NULL;

	*id = 0;
	if (!series || (series->cover == SERIES_NONE && !series->npatches))
		return NULL;
	if (!series->id)
		err = store_series(store, batch, series);
	if (!err && series->grown)
		err = tell_parts(store, batch, series, review);
	if (err)
		return err;
	review->verdict.version = series->version;
	*id = series->id;
	return NULL;
}
