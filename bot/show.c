#include "show.h"

#include <string.h>

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

MUST_CHECK static const struct error *
read_versions(struct show *out, struct arena *arena, struct store *store)
{
	struct series_rows rows = { 0 };
	const struct error *err;

	err = store_series_versions(&rows, arena, store, out->series.lineage);
	if (err)
		return err;
	out->versions = ARENA_ARRAY(arena, rows.n, struct show_version);
	for (size_t i = 0; i < rows.n && !err; i++) {
		struct show_version *version = &out->versions[out->nversions++];

		version->series = rows.v[i].series;
		err = store_series_mails(&version->mails, arena, store,
					 version->series.id);
		if (version->series.id == out->series.id)
			out->parts = version->mails;
	}
	return err;
}

MUST_CHECK static const struct error *
read_series(struct show *out, struct arena *arena, struct store *store,
	    int64_t id)
{
	const struct error *err;

	err = store_series_of(&out->series, arena, store, id);
	if (!err && out->series.id)
		err = read_versions(out, arena, store);
	if (!err)
		err = store_replies(&out->replies, arena, store, id);
	return err;
}

const char *
show_title(const char *subject)
{
	const char *end = *subject == '[' ? strchr(subject, ']') : NULL;

	return end ? end + 1 + strspn(end + 1, " ") : subject;
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
		err = read_series(&show, arena, store, id);
	if (!err)
		err = read_requests(&show, arena, store, id);
	if (!err)
		*out = show;
	return err;
}
