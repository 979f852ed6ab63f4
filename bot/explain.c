#include "explain.h"

#include "error.h"
#include "original.h"
#include "review.h"
#include "session.h"
#include "source.h"
#include "db/store.h"

const struct error *
explain_stored(struct batch *batch, const struct session *session, int64_t id)
{
	struct source_item item = { .kind = SOURCE_MAIL };
	struct verdict stored;
	const struct error *err =
		store_verdict(&stored, batch->arena, session->store, id);

	if (!err)
		err = original_read(&item.raw, batch->arena, session->originals,
				    id);
	if (err || !item.raw.ptr)
		return err;
	item.where = stored.source;
	review_add(batch, session->reviewer, NULL, &item)->verdict.id = id;
	return review_judge(session->reviewer, batch);
}
