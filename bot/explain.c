#include "explain.h"

#include "error.h"
#include "review.h"
#include "session.h"
#include "stored.h"

const struct error *
explain_stored(struct batch *batch, const struct session *session, int64_t id)
{
	const struct stored from = { session->store, session->originals,
				     session->reviewer };
	struct review *review;
	const struct error *err = stored_add(&review, &from, batch, id);

	if (err || !review)
		return err;
	err = stored_add_mates(&from, batch);
	return err ? err : review_judge(session->reviewer, batch);
}
