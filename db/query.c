#include <string.h>

#include "bot/arena.h"
#include "bot/error.h"
#include "bot/limits.h"
#include "db.h"
#include "filter.h"
#include "states.h"
#include "store.h"

/*
 * Every filter is a test of one mail. Some can also name the mails that may
 * pass, by an index: the one that names the fewest leads, so that a query
 * costs what it finds and not what is stored.
 */
enum {
	VALUE_MAX_BYTES = 1000,
	/* A leader is not counted further: beyond it all are alike, and a walk
	   in order that can stop at the limit is better. */
	PROBE_MAX = 20000,
};

/* Who may lead: each writes a SELECT of mail ids, of at least all that pass. */
struct leader {
	bool (*can)(const struct filter_sql *b);
	void (*put)(struct filter_sql *b);
};

static bool
can_rules(const struct filter_sql *b)
{
	return filter_has(b, FILTER_RULE) || filter_has(b, FILTER_AREA);
}

static void
lead_rules(struct filter_sql *b)
{
	filter_sql_add(
		b,
		"SELECT v.mail FROM rule r"
		" CROSS JOIN finding f INDEXED BY finding_rule ON f.rule = r.id"
		" CROSS JOIN verdict v ON v.id = f.verdict WHERE 1");
	filter_put_finding(b);
}

static bool
can_function(const struct filter_sql *b)
{
	return filter_has(b, FILTER_FUNCTION);
}

static void
lead_function(struct filter_sql *b)
{
	filter_sql_add(
		b, "SELECT v.mail FROM finding f INDEXED BY finding_function"
		   " CROSS JOIN verdict v ON v.id = f.verdict"
		   " WHERE f.function IS NOT NULL");
	filter_put(b, FILTER_FUNCTION);
}

static bool
can_requests(const struct filter_sql *b)
{
	return b->states.requests && !b->states.decisions && !b->states.all;
}

static void
lead_requests(struct filter_sql *b)
{
	filter_put_set(b, "SELECT mail FROM request WHERE state IN",
		       b->states.requests);
}

static bool
can_author(const struct filter_sql *b)
{
	return filter_has(b, FILTER_AUTHOR);
}

static void
lead_author(struct filter_sql *b)
{
	filter_sql_add(b, "SELECT id FROM mail WHERE author IN"
			  " (SELECT id FROM address WHERE 1");
	filter_put(b, FILTER_AUTHOR);
	filter_sql_add(b, ")");
}

static bool
can_path(const struct filter_sql *b)
{
	return filter_has(b, FILTER_PATH);
}

static void
lead_path(struct filter_sql *b)
{
	filter_sql_add(
		b, "SELECT patch_path.mail FROM path p"
		   " CROSS JOIN patch_path ON patch_path.path = p.id WHERE 1");
	filter_put(b, FILTER_PATH);
}

static bool
can_walk(const struct filter_sql *b)
{
	(void)b;
	return true;
}

static void
lead_walk(struct filter_sql *b)
{
	filter_sql_add(
		b,
		states_are_shown(&b->states)
			? "SELECT id FROM mail INDEXED BY mail_shown"
			  " WHERE decision > 1"
			: "SELECT id FROM mail INDEXED BY mail_date WHERE 1");
	filter_put_dates(b);
}

/* The likely narrower first: they win where none is narrow. */
static const struct leader leaders[] = {
	{ can_function, lead_function }, { can_rules, lead_rules },
	{ can_requests, lead_requests }, { can_author, lead_author },
	{ can_path, lead_path },	 { can_walk, lead_walk },
};
enum { NLEADERS = sizeof(leaders) / sizeof(leaders[0]), WALK = NLEADERS - 1 };

MUST_CHECK static const struct error *
probe(int64_t *count, struct filter_sql *b, struct store *store,
      const struct leader *leader)
{
	AUTOFREE(db_rows) *rows = NULL;
	const struct error *err;
	bool row;

	filter_sql_start(b, "SELECT count(*) FROM (");
	leader->put(b);
	filter_sql_value(b, " LIMIT ?)", V(PROBE_MAX + 1));
	err = db_query_text(&rows, store, buf_str(&b->sql), b->values, b->n);
	if (!err)
		err = db_next(&row, rows);
	if (!err)
		*count = db_int(rows, 0);
	return err;
}

/* The index that a walk follows. */
enum walk { WALK_ALL, WALK_SHOWN, WALK_SCORE };

static enum walk
walk_of(const struct filter_sql *b)
{
	if (!states_are_shown(&b->states))
		return WALK_ALL;
	return b->query->sort == SORT_SCORE ? WALK_SCORE : WALK_SHOWN;
}

/* Does it come in the order that is asked for, and can end at the limit? */
static bool
is_ordered_walk(const struct filter_sql *b)
{
	return b->query->sort != SORT_SCORE || walk_of(b) == WALK_SCORE;
}

MUST_CHECK static const struct error *
choose_leader(size_t *out, struct filter_sql *b, struct store *store)
{
	bool can_stop = b->query->limit >= 0 && is_ordered_walk(b);
	const struct error *err = NULL;
	int64_t best = INT64_MAX, count = 0;

	*out = WALK;
	for (size_t i = 0; i < NLEADERS && !err; i++) {
		if (!leaders[i].can(b) || (i == WALK && *out == WALK))
			continue;
		err = probe(&count, b, store, &leaders[i]);
		if (!err && count < best) {
			best = count;
			*out = i;
		}
	}
	if (best > PROBE_MAX && can_stop)
		*out = WALK;
	return err;
}

static void
put_query(struct filter_sql *b, size_t leader)
{
	static const char *const walks[] = {
		[WALK_ALL] = "SELECT m.id FROM mail m INDEXED BY mail_date"
			     " WHERE 1",
		[WALK_SHOWN] = "SELECT m.id FROM mail m INDEXED BY mail_shown"
			       " WHERE m.decision > 1",
		[WALK_SCORE] = "SELECT m.id FROM mail m INDEXED BY mail_score"
			       " WHERE m.decision > 1",
	};
	static const char *const orders[] = {
		[SORT_DATE_DESC] = " ORDER BY m.date DESC, m.id DESC",
		[SORT_DATE] = " ORDER BY m.date, m.id",
		[SORT_SCORE] = " ORDER BY m.score DESC, m.date DESC,"
			       " m.id DESC",
	};

	if (leader != WALK) {
		filter_sql_start(b, "SELECT m.id FROM mail m NOT INDEXED"
				    " WHERE m.id IN (");
		leaders[leader].put(b);
		filter_sql_add(b, ")");
	} else {
		filter_sql_start(b, walks[walk_of(b)]);
	}
	filter_put_tests(b);
	filter_sql_add(b, orders[b->query->sort]);
	filter_sql_value(b, " LIMIT ?", V(b->query->limit));
}

MUST_CHECK static const struct error *
check(const struct query *query)
{
	if (query->n > LIMIT_FILTERS)
		return error_new(ERROR_USAGE, "more than %d filters",
				 LIMIT_FILTERS);
	for (size_t i = 0; i < query->n; i++)
		if (strlen(query->values[i].value) > VALUE_MAX_BYTES)
			return error_new(ERROR_USAGE,
					 "a filter of more than %d bytes",
					 VALUE_MAX_BYTES);
	return NULL;
}

MUST_CHECK static const struct error *
run(struct ids *out, struct filter_sql *b, struct store *store)
{
	AUTOFREE(db_rows) *rows = NULL;
	const struct error *err;
	size_t leader;
	bool row = false;

	err = choose_leader(&leader, b, store);
	if (err)
		return err;
	put_query(b, leader);
	err = db_query_text(&rows, store, buf_str(&b->sql), b->values, b->n);
	while (!err && !(err = db_next(&row, rows)) && row) {
		ARENA_GROW(b->arena, out->v, out->cap, out->n);
		out->v[out->n++] = db_int(rows, 0);
	}
	return err;
}

const struct error *
store_query(struct ids *out, struct arena *arena, struct store *store,
	    const struct query *query)
{
	struct filter_sql b = { .sql = BUF(1 << 20),
				.arena = arena,
				.query = query };
	struct ids ids = { 0 };
	const struct error *err;

	err = check(query);
	if (!err)
		err = states_of_query(&b.states, query);
	if (!err)
		err = run(&ids, &b, store);
	buf_free(&b.sql);
	if (!err)
		*out = ids;
	return err;
}
