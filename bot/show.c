#include "show.h"

#include "arena.h"
#include "error.h"

MUST_CHECK static const struct error *
read_requests(struct show *out, struct arena *arena, struct store *store,
	      int64_t id)
{
	const struct error *err;

	err = store_requests_about(&out->requests, arena, store, id);
	if (err)
		return err;
	out->recipients =
		ARENA_ARRAY(arena, out->requests.n, struct recipients);
	for (size_t i = 0; i < out->requests.n && !err; i++)
		err = store_recipients(&out->recipients[i], arena, store,
				       out->requests.v[i].id);
	return err;
}

const struct error *
show_read(struct show *out, struct arena *arena, struct store *store,
	  int64_t id)
{
	struct show show = { .transcript = NULL };
	const struct error *err;

	err = store_verdict(&show.verdict, arena, store, id);
	if (!err)
		err = store_history(&show.history, arena, store, id);
	if (!err)
		err = read_requests(&show, arena, store, id);
	if (!err)
		*out = show;
	return err;
}
