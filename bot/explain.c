#include "explain.h"

#include "error.h"
#include "review.h"
#include "source.h"
#include "db/store.h"

const struct error *
explain_stored(struct batch *batch, struct reviewer *reviewer,
	       struct store *store, int64_t id)
{
	struct source_item item = { .kind = SOURCE_MAIL };
	struct verdict stored;
	const struct error *err =
		store_verdict(&stored, batch->arena, store, id);

	if (!err)
		err = store_raw(&item.raw, batch->arena, store, id);
	if (err || !item.raw.ptr)
		return err;
	item.where = stored.source;
	review_add(batch, reviewer, NULL, &item)->verdict.id = id;
	return review_judge(reviewer, batch);
}
