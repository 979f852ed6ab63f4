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

static void
add(struct query *query, struct arena *arena, struct filter_value value)
{
	ARENA_GROW(arena, query->values, query->cap, query->n);
	query->values[query->n++] = value;
}

void
filter_add(struct query *query, struct arena *arena, enum filter_field field,
	   const char *value)
{
	add(query, arena, (struct filter_value){ field, value, false });
}

static int
name_of(const char *arg, size_t n)
{
	for (int i = 0; i < NNAMES; i++)
		if (strlen(names[i]) == n && !strncmp(names[i], arg, n))
			return i;
	return -1;
}

/* "x86/mm: fix" is a word of a subject; "rul:x" is a slip. */
static const char *
nearest_name(struct arena *arena, const char *word)
{
	const char *colon = strchr(word, ':');

	if (!colon || !colon[1] || colon[1] == ' ')
		return NULL;
	return strlist_nearest(
		names, NNAMES,
		arena_strndup(arena, word, (size_t)(colon - word)));
}

/* "not-path:x" denies as Not-F: does in a rule; "not:x" is of words. */
static bool
take_denial(const char **arg)
{
	if (!strncmp(*arg, "not:", 4) && (*arg)[4]) {
		*arg += 4;
		return true;
	}
	if (strncmp(*arg, "not-", 4) != 0 || !strchr(*arg, ':'))
		return false;
	*arg += 4;
	return true;
}

MUST_CHECK static const struct error *
parse_time(struct query *out, int name, const char *value)
{
	return name == NAME_SINCE ? set_time(&out->since, "since:", value)
				  : set_end(&out->until, "until:", value);
}

MUST_CHECK static const struct error *
parse_one(struct query *out, struct arena *arena, const char *arg)
{
	struct filter_value value = { FILTER_WORD, arg, false };
	const char *rest = arg, *colon, *nearest;
	bool denied = take_denial(&rest), word = denied && rest[-1] == ':';
	int name;

	colon = word ? NULL : strchr(rest, ':');
	name = colon ? name_of(rest, (size_t)(colon - rest)) : -1;
	if (name >= NAME_SINCE && !denied)
		return parse_time(out, name, colon + 1);
	if (name >= NAME_SINCE)
		return error_new(ERROR_USAGE, "%s: a time cannot be denied",
				 arg);
	if (name >= 0 && !colon[1])
		return error_new(ERROR_USAGE, "%s has no value", arg);
	nearest = name < 0 && !word ? nearest_name(arena, rest) : NULL;
	if (nearest)
		return error_new(ERROR_USAGE,
				 "%s: no such filter; did you mean %s%s:?", arg,
				 denied ? "not-" : "", nearest);
	if (name >= 0)
		value = (struct filter_value){ (enum filter_field)name,
					       colon + 1, denied };
	else if (word)
		value = (struct filter_value){ FILTER_WORD, rest, true };
	add(out, arena, value);
	return NULL;
}

MUST_CHECK static const struct error *
parse_sort(struct query *out, const char *sort)
{
	static const struct {
		const char *name;
		enum query_sort sort;
	} sorts[] = {
		{ "date", SORT_DATE },	     { "-date", SORT_DATE_DESC },
		{ "score", SORT_SCORE },     { "-score", SORT_SCORE_LOW },
		{ "author", SORT_AUTHOR },   { "-author", SORT_AUTHOR_DESC },
		{ "subject", SORT_SUBJECT }, { "-subject", SORT_SUBJECT_DESC },
	};

	for (size_t i = 0; i < sizeof(sorts) / sizeof(sorts[0]); i++) {
		if (strcmp(sort, sorts[i].name) != 0)
			continue;
		out->sort = sorts[i].sort;
		return NULL;
	}
	return error_new(ERROR_USAGE,
			 "--sort: %s: not date, score, author or subject, or "
			 "one of them with a \"-\" in front",
			 sort);
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
