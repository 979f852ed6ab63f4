#include <string.h>

#include "bot/arena.h"
#include "bot/error.h"
#include "bot/limits.h"
#include "db.h"
#include "filter.h"
#include "pattern.h"
#include "query.h"
#include "states.h"
#include "store.h"

/*
 * Every filter is a test of one mail. Some can also name the mails that may
 * pass, by an index: the one that names the fewest leads, so that a query
 * costs what it finds and not what is stored.
 */
enum {
	VALUE_MAX_BYTES = 1000,
	/* How far leaders are counted: one that names so few is taken. A walk
	   in order that can stop at the limit goes as far, too, and is done
	   if it has found that many. */
	FEW = 20000,
	/* Else one that names so many is taken still, as a walk may have to go
	   through everything to find what several filters leave. */
	MANY = 500000,
};

/* Who may lead: each writes a SELECT of mail ids, of at least all that pass. */
struct leader {
	bool (*can)(const struct filter_sql *b);
	void (*put)(struct filter_sql *b);
	/* As many rows, quicker; NULL: it is quick. */
	void (*put_count)(struct filter_sql *b);
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

static bool
can_words(const struct filter_sql *b)
{
	return filter_has(b, FILTER_WORD);
}

/* Those whose subject has the word that leads, which is returned. */
static const char *
put_subjects(struct filter_sql *b)
{
	const char *word = b->query->values[b->word].value;

	filter_put_word(b,
			"SELECT rowid AS id FROM subject_words"
			" WHERE subject_words MATCH ?",
			word);
	return word;
}

static void
lead_words(struct filter_sql *b)
{
	const char *word = put_subjects(b);

	filter_put_word(b,
			" UNION ALL SELECT v.mail FROM finding_words"
			" CROSS JOIN finding f ON f.id = finding_words.rowid"
			" CROSS JOIN verdict v ON v.id = f.verdict"
			" WHERE finding_words MATCH ?",
			word);
	if (!filter_is_msgid(word))
		return;
	filter_sql_add(b, " UNION ALL ");
	filter_put_msgid(b, word);
}

static void
count_words(struct filter_sql *b)
{
	const char *word = put_subjects(b);

	filter_put_word(b,
			" UNION ALL SELECT rowid FROM finding_words"
			" WHERE finding_words MATCH ?",
			word);
}

/* The likely narrower first: they win where none is narrow. */
enum { WORDS, FUNCTION, RULES, REQUESTS, AUTHOR, PATHS, WALK, NLEADERS };
static const struct leader leaders[NLEADERS] = {
	[WORDS] = { can_words, lead_words, count_words },
	[FUNCTION] = { can_function, lead_function, NULL },
	[RULES] = { can_rules, lead_rules, NULL },
	[REQUESTS] = { can_requests, lead_requests, NULL },
	[AUTHOR] = { can_author, lead_author, NULL },
	[PATHS] = { can_path, lead_path, NULL },
	[WALK] = { can_walk, lead_walk, NULL },
};

MUST_CHECK static const struct error *
probe(int64_t *count, struct filter_sql *b, struct store *store,
      const struct leader *leader, int64_t max)
{
	AUTOFREE(db_rows) *rows = NULL;
	const struct error *err;
	bool row;

	filter_sql_start(b, "SELECT count(*) FROM (");
	(leader->put_count ? leader->put_count : leader->put)(b);
	filter_sql_value(b, " LIMIT ?)", V(max + 1));
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
	switch (b->query->sort) {
	case SORT_DATE_DESC:
	case SORT_DATE:
		return true;
	case SORT_SCORE:
		return walk_of(b) == WALK_SCORE;
	case SORT_SCORE_LOW:
	case SORT_AUTHOR:
	case SORT_AUTHOR_DESC:
	case SORT_SUBJECT:
	case SORT_SUBJECT_DESC:
		break;
	}
	return false;
}

struct choice {
	size_t leader, word;
	int64_t count, max; /* counted no further */
};

MUST_CHECK static const struct error *
try_leader(struct choice *best, struct filter_sql *b, struct store *store,
	   size_t leader)
{
	int64_t count = 0, max = best->max;
	const struct error *err =
		probe(&count, b, store, &leaders[leader], max);

	if (!err && count < best->count)
		*best = (struct choice){ leader, b->word, count, max };
	return err;
}

/* The rarest of them, in which the others are then looked for. */
MUST_CHECK static const struct error *
try_words(struct choice *best, struct filter_sql *b, struct store *store)
{
	const struct query *query = b->query;
	const struct error *err = NULL;

	for (b->word = 0; b->word < query->n && !err; b->word++)
		if (query->values[b->word].field == FILTER_WORD &&
		    !query->values[b->word].denied)
			err = try_leader(best, b, store, WORDS);
	return err;
}

MUST_CHECK static const struct error *
try_all(struct choice *best, struct filter_sql *b, struct store *store)
{
	const struct error *err = NULL;

	for (size_t i = 0; i < NLEADERS && !err; i++) {
		if (!leaders[i].can(b) || (i == WALK && best->leader == WALK))
			continue;
		if (i == WORDS)
			err = try_words(best, b, store);
		else
			err = try_leader(best, b, store, i);
	}
	return err;
}

/* Counted up to @max; count past it: all name more. */
MUST_CHECK static const struct error *
choose_leader(struct choice *out, struct filter_sql *b, struct store *store,
	      int64_t max)
{
	const struct error *err;

	*out = (struct choice){ WALK, 0, INT64_MAX, max };
	err = try_all(out, b, store);
	b->word = out->word;
	return err;
}

static void
put_order(struct filter_sql *b)
{
	/* What stands in front tells versions and parts, not the subject. */
#define BARE_SUBJECT \
	" ORDER BY iif(m.subject LIKE '[%]%' OR m.subject LIKE 're: [%]%'," \
	" ltrim(substr(m.subject, instr(m.subject, ']') + 1))," \
	" m.subject) COLLATE NOCASE"
#define AUTHOR_NAME \
	" ORDER BY (SELECT iif(name <> '', name, addr) FROM address" \
	" WHERE id = m.author) COLLATE NOCASE"
#define NEWEST ", m.date DESC, m.id DESC"
	static const char *const orders[] = {
		[SORT_DATE_DESC] = " ORDER BY m.date DESC, m.id DESC",
		[SORT_DATE] = " ORDER BY m.date, m.id",
		[SORT_SCORE] = " ORDER BY m.score DESC" NEWEST,
		[SORT_SCORE_LOW] = " ORDER BY m.score" NEWEST,
		[SORT_AUTHOR] = AUTHOR_NAME NEWEST,
		[SORT_AUTHOR_DESC] = AUTHOR_NAME " DESC" NEWEST,
		[SORT_SUBJECT] = BARE_SUBJECT NEWEST,
		[SORT_SUBJECT_DESC] = BARE_SUBJECT " DESC" NEWEST,
	};

	filter_sql_add(b, orders[b->query->sort]);
}

/* @most: how far it goes; -1: to the end. */
static void
put_walk(struct filter_sql *b, int64_t most)
{
	static const char *const walks[] = {
		[WALK_ALL] = "SELECT m.id FROM mail m INDEXED BY mail_date"
			     " WHERE 1",
		[WALK_SHOWN] = "SELECT m.id FROM mail m INDEXED BY mail_shown"
			       " WHERE m.decision > 1",
		[WALK_SCORE] = "SELECT m.id FROM mail m INDEXED BY mail_score"
			       " WHERE m.decision > 1",
	};

	if (most < 0) {
		filter_sql_add(b, walks[walk_of(b)]);
		return;
	}
	filter_sql_add(b, "SELECT m.id FROM (");
	filter_sql_add(b, walks[walk_of(b)]);
	filter_put_dates(b);
	put_order(b);
	filter_sql_value(b, " LIMIT ?", V(most));
	filter_sql_add(b, ") w CROSS JOIN mail m ON m.id = w.id WHERE 1");
}

static void
put_query(struct filter_sql *b, size_t leader, int64_t most)
{
	if (leader != WALK) {
		filter_sql_add(b, "SELECT m.id FROM mail m NOT INDEXED"
				  " WHERE m.id IN (");
		leaders[leader].put(b);
		filter_sql_add(b, ")");
	} else {
		put_walk(b, most);
	}
	filter_put_tests(b);
	put_order(b);
	filter_sql_value(b, " LIMIT ?", V(b->query->limit));
}

MUST_CHECK static const struct error *
check(const struct query *query)
{
	if (query->n > LIMIT_FILTERS)
		return error_new(ERROR_USAGE, "more than %d filters",
				 LIMIT_FILTERS);
	for (size_t i = 0; i < query->n; i++) {
		const struct filter_value *value = &query->values[i];

		if (strlen(value->value) > VALUE_MAX_BYTES)
			return error_new(ERROR_USAGE,
					 "a filter of more than %d bytes",
					 VALUE_MAX_BYTES);
		if (value->field == FILTER_WORD &&
		    !pattern_has_words(value->value))
			return error_new(ERROR_USAGE,
					 "\"%s\": no letter and no digit",
					 value->value);
	}
	return NULL;
}

static bool
can_stop(const struct filter_sql *b)
{
	return b->query->limit >= 0 && is_ordered_walk(b);
}

/* The statement that answers the query whatever it costs, behind @before. */
MUST_CHECK static const struct error *
make(struct filter_sql *b, struct store *store, const char *before)
{
	struct choice best;
	const struct error *err = choose_leader(&best, b, store, FEW);

	/* Of a single filter, a walk finds as many as it leaves. */
	if (!err && best.count > FEW && b->query->n > 1)
		err = choose_leader(&best, b, store, MANY);
	if (err)
		return err;
	if (best.count > best.max && can_stop(b))
		best.leader = WALK;
	filter_sql_start(b, before);
	put_query(b, best.leader, -1);
	return NULL;
}

MUST_CHECK static const struct error *
run(struct ids *out, struct filter_sql *b, struct store *store)
{
	AUTOFREE(db_rows) *rows = NULL;
	const struct error *err;
	bool row = false;

	out->n = 0;
	err = db_query_text(&rows, store, buf_str(&b->sql), b->values, b->n);
	while (!err && !(err = db_next(&row, rows)) && row) {
		ARENA_GROW(b->arena, out->v, out->cap, out->n);
		out->v[out->n++] = db_int(rows, 0);
	}
	return err;
}

/* Where nothing is rare, what is asked for is likely among the first. */
MUST_CHECK static const struct error *
try_walk(bool *done, struct ids *out, struct filter_sql *b, struct store *store)
{
	struct choice best;
	const struct error *err = choose_leader(&best, b, store, FEW);

	*done = false;
	if (err || best.count <= FEW || !can_stop(b))
		return err;
	filter_sql_start(b, "");
	put_query(b, WALK, FEW);
	err = run(out, b, store);
	*done = !err && out->n == (size_t)b->query->limit;
	return err;
}

MUST_CHECK static const struct error *
answer(struct ids *out, struct filter_sql *b, struct store *store)
{
	const struct error *err;
	bool done;

	err = check(b->query);
	if (!err)
		err = states_of_query(&b->states, b->query);
	if (!err)
		err = try_walk(&done, out, b, store);
	if (err || done)
		return err;
	err = make(b, store, "");
	return err ? err : run(out, b, store);
}

const struct error *
store_query(struct ids *out, struct arena *arena, struct store *store,
	    const struct query *query)
{
	struct filter_sql b = { .sql = BUF(1 << 20),
				.arena = arena,
				.query = query };
	struct ids ids = { 0 };
	const struct error *err = answer(&ids, &b, store);

	buf_free(&b.sql);
	if (!err)
		*out = ids;
	return err;
}

const struct error *
query_plan(const char **out, struct arena *arena, struct store *store,
	   const struct query *query)
{
	struct filter_sql b = { .sql = BUF(1 << 20),
				.arena = arena,
				.query = query };
	AUTOFREE(db_rows) *rows = NULL;
	const struct error *err;
	const char *plan = "";
	bool row = false;

	err = states_of_query(&b.states, query);
	if (!err)
		err = make(&b, store, "EXPLAIN QUERY PLAN ");
	if (!err)
		err = db_query_text(&rows, store, buf_str(&b.sql), b.values,
				    b.n);
	while (!err && !(err = db_next(&row, rows)) && row)
		plan = arena_printf(arena, "%s%s\n", plan,
				    db_text(rows, arena, 3));
	buf_free(&b.sql);
	if (!err)
		*out = plan;
	return err;
}
