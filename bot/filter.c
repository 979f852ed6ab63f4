#include "filter.h"

#include <string.h>
#include <time.h>

#include "approxidate.h"
#include "arena.h"
#include "error.h"
#include "options.h"
#include "strlist.h"
#include "db/store.h"

/* In the order of enum filter_field; then the two that are no list. */
static const char *const names[] = {
	"pack", "rule", "area",	 "path",  "function", "author",
	"list", "kind", "state", "since", "until",
};
enum {
	NAME_SINCE = FILTER_STATE + 1,
	NAME_UNTIL,
	NNAMES,
};

MUST_CHECK static const struct error *
set_time(int64_t *out, const char *what, const char *text)
{
	struct approxidate when;

	if (!approxidate(&when, text, time(NULL)))
		return error_new(ERROR_USAGE, "%s %s: not a time", what, text);
	*out = when.begin;
	return NULL;
}

/* "until:2022" is all of 2022; the query's bound is inclusive. */
MUST_CHECK static const struct error *
set_end(int64_t *out, const char *what, const char *text)
{
	struct approxidate when;

	if (!approxidate(&when, text, time(NULL)))
		return error_new(ERROR_USAGE, "%s %s: not a time", what, text);
	*out = when.end - 1;
	return NULL;
}

void
filter_add(struct query *query, struct arena *arena, enum filter_field field,
	   const char *value)
{
	ARENA_GROW(arena, query->values, query->cap, query->n);
	query->values[query->n++] =
		(struct filter_value){ .field = field, .value = value };
}

static int
name_of(const char *arg, size_t n)
{
	for (int i = 0; i < NNAMES; i++)
		if (strlen(names[i]) == n && !strncmp(names[i], arg, n))
			return i;
	return -1;
}

static const struct error *
parse_one(struct query *out, struct arena *arena, const char *arg)
{
	const char *colon = strchr(arg, ':');
	int name = colon ? name_of(arg, (size_t)(colon - arg)) : -1;
	const char *nearest, *word;

	if (name == NAME_SINCE)
		return set_time(&out->since, "since:", colon + 1);
	if (name == NAME_UNTIL)
		return set_end(&out->until, "until:", colon + 1);
	if (name >= 0 && !colon[1])
		return error_new(ERROR_USAGE, "%s has no value", arg);
	if (name >= 0) {
		filter_add(out, arena, (enum filter_field)name, colon + 1);
		return NULL;
	}
	/* "x86/mm: fix" is a word of a subject; "rul:x" is a slip. */
	word = colon ? arena_strndup(arena, arg, (size_t)(colon - arg)) : arg;
	nearest = colon && colon[1] && colon[1] != ' '
			  ? strlist_nearest(names, NNAMES, word)
			  : NULL;
	if (nearest)
		return error_new(ERROR_USAGE,
				 "%s: no such filter; did you mean %s:?", arg,
				 nearest);
	filter_add(out, arena, FILTER_WORD, arg);
	return NULL;
}

static const struct error *
parse_sort(struct query *out, const char *sort)
{
	if (!strcmp(sort, "date"))
		out->sort = SORT_DATE;
	else if (!strcmp(sort, "-date"))
		out->sort = SORT_DATE_DESC;
	else if (!strcmp(sort, "score"))
		out->sort = SORT_SCORE;
	else
		return error_new(ERROR_USAGE,
				 "--sort: %s: not date, -date or score", sort);
	return NULL;
}

const struct error *
filter_parse(struct query *out, struct arena *arena,
	     const struct options *options)
{
	const struct error *err = NULL;

	for (int i = 0; !err && i < options->nargs; i++)
		err = parse_one(out, arena, options->args[i]);
	if (!err && options->since)
		err = set_time(&out->since, "--since", options->since);
	if (!err && options->until)
		err = set_end(&out->until, "--until", options->until);
	if (!err && options->sort)
		err = parse_sort(out, options->sort);
	if (options->limit >= 0)
		out->limit = options->limit;
	return err;
}
