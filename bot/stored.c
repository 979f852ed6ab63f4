#include "stored.h"

#include "arena.h"
#include "error.h"
#include "original.h"
#include "review.h"
#include "source.h"
#include "db/store.h"

/* Of what is only looked at: a series without end must not fill the memory. */
enum { MATES_BYTES = 64 << 20 };

const struct error *
stored_add(struct review **out, const struct stored *from, struct batch *batch,
	   int64_t id)
{
	struct source_item item = { .kind = SOURCE_MAIL };
	struct verdict before;
	const struct error *err =
		store_verdict(&before, batch->arena, from->store, id);

	*out = NULL;
	if (!err)
		err = original_read(&item.raw, batch->arena, from->originals,
				    id);
	if (err || !item.raw.ptr)
		return err;
	item.where = before.source;
	*out = review_add(batch, from->reviewer, NULL, &item);
	(*out)->verdict.id = id;
	return NULL;
}

static bool
has(const struct batch *batch, int64_t id)
{
	for (size_t i = 0; i < batch->n; i++)
		if (batch->reviews[i].verdict.id == id)
			return true;
	return false;
}

static const struct error *
add_mate(const struct stored *from, struct batch *batch, int64_t id)
{
	struct review *review;
	const struct error *err = stored_add(&review, from, batch, id);

	if (err && err->class == ERROR_NOINPUT) {
		error_free(err);
		return NULL;
	}
	if (!err && review)
		review->left_alone = true;
	return err;
}

static const struct error *
add_mates_of(const struct stored *from, struct batch *batch, int64_t id)
{
	struct series series;
	struct members members = { .n = 0 };
	const struct error *err =
		store_series_of(&series, batch->arena, from->store, id);

	if (!err && series.id && series.numbered)
		err = store_series_mails(&members, batch->arena, from->store,
					 series.id);
	for (size_t i = 0; !err && i < members.n; i++)
		if (members.v[i].kind == KIND_PATCH &&
		    batch->bytes < MATES_BYTES && !has(batch, members.v[i].id))
			err = add_mate(from, batch, members.v[i].id);
	return err;
}

const struct error *
stored_add_mates(const struct stored *from, struct batch *batch)
{
	const struct error *err = NULL;
	size_t n = batch->n;

	for (size_t i = 0; !err && i < n && batch->bytes < MATES_BYTES; i++)
		if (batch->reviews[i].mail.prefix.total > 1)
			err = add_mates_of(from, batch,
					   batch->reviews[i].verdict.id);
	return err;
}
