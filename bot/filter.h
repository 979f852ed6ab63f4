/*
 * filter.h - the words of query and rejudge: "pack:xen state:flagged msi"
 */
#ifndef BOT_FILTER_H
#define BOT_FILTER_H

#include "attr.h"
#include "db/store.h"

struct arena;
struct error;
struct options;
struct query;

/*
 * Fill @out from the arguments, --since, --until, --sort and --limit. The
 * values live in @arena or in argv. ERROR_USAGE, with the nearest known name
 * for a filter that is none.
 */
MUST_CHECK
const struct error *filter_parse(struct query *out, struct arena *arena,
				 const struct options *options);

/* One more filter; @value must live as long as the query. */
void filter_add(struct query *query, struct arena *arena,
		enum filter_field field, const char *value);

#endif
