#include "batch.h"

#include <stdlib.h>

#include "arena.h"
#include "review.h"

/* Is it worth to look for earlier versions, which takes longer? */
static bool
may_be_partial(const struct series_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i]->version > 1 &&
		    list->v[i]->npatches < list->v[i]->total)
			return true;
	return false;
}

void
batch_find_series(struct batch *batch)
{
	struct series_mail *mails =
		ARENA_ARRAY(batch->arena, batch->n, struct series_mail);

	for (size_t i = 0; i < batch->n; i++) {
		const struct review *review = &batch->reviews[i];

		mails[i].mail = &review->mail;
		mails[i].kind =
			review->removed ? KIND_OTHER : review->verdict.kind;
	}
	series_find(&batch->series, batch->arena, mails, batch->n);
	for (size_t i = 0; i < batch->n; i++)
		if (batch->series.of[i])
			batch->reviews[i].verdict.version =
				batch->series.of[i]->version;
	if (may_be_partial(&batch->series))
		series_link(&batch->series);
}

const struct series *
batch_series(const struct batch *batch, const struct review *review)
{
	return batch->series.of[review - batch->reviews];
}

void
batch_tell_parts(struct review *review, const struct batch *batch)
{
	const struct series *series = batch_series(batch, review);
	const size_t *patches;
	unsigned *parts;
	size_t n;

	review->verdict.series_complete = true;
	if (!series || !series->numbered)
		return;
	patches = series_patches(&n, batch->arena, &batch->series, series);
	parts = ARENA_ARRAY(batch->arena, n, unsigned);
	for (size_t i = 0; i < n; i++)
		parts[i] = batch->reviews[patches[i]].mail.prefix.part;
	verdict_parts(&review->verdict, batch->arena, parts, n);
}

static void
add_to_series(struct match_input *input, const struct subject_patch **series,
	      const struct review *other)
{
	if (other->subject.applied && &other->subject != input->patch)
		series[input->nseries++] = &other->subject;
}

void
batch_find_mates(struct review *review, const struct batch *batch)
{
	struct match_input *input = &review->input;
	const struct series *series = batch_series(batch, review);
	const struct subject_patch **others;
	const size_t *patches;
	size_t n = 0;

	if (!review->repo && (!series || !series->numbered))
		return;
	others = ARENA_ARRAY(batch->arena, batch->n,
			     const struct subject_patch *);
	input->series = others;
	if (review->repo) {
		for (size_t i = 0; i < batch->n; i++)
			if (batch->reviews[i].repo == review->repo)
				add_to_series(input, others,
					      &batch->reviews[i]);
		return;
	}
	patches = series_patches(&n, batch->arena, &batch->series, series);
	for (size_t i = 0; i < n; i++)
		add_to_series(input, others, &batch->reviews[patches[i]]);
}

void
batch_clear(struct batch *batch)
{
	arena_clear(batch->arena);
	batch->n = 0;
	batch->bytes = 0;
}

void
batch_free(struct batch *batch)
{
	arena_free(batch->arena);
	free(batch->reviews);
}
