#include <string.h>

#include "bot/arena.h"
#include "bot/buf.h"
#include "bot/error.h"
#include "bot/limits.h"
#include "db.h"
#include "pattern.h"
#include "states.h"
#include "store.h"

/*
 * SQL is put together from the constant pieces below; what a person wrote is
 * bound. Every filter is a test of one mail "m". Some can also name the mails
 * that may pass, by an index: the one that names the fewest leads, so that a
 * query costs what it finds and not what is stored.
 */
enum {
	VALUE_MAX_BYTES = 1000,
	/* A leader is not counted further: beyond it all are alike, and a walk
	   by date that can stop at the limit is better. */
	PROBE_MAX = 20000,
};

struct builder {
	struct buf sql;
	struct db_value *values;
	size_t n, cap;
	struct arena *arena;
	const struct query *query;
	struct states states;
};

static void
sql(struct builder *b, const char *piece)
{
	buf_addstr(&b->sql, piece);
}

/* A piece with one "?" in it, and its value. */
static void
sql_value(struct builder *b, const char *piece, struct db_value value)
{
	sql(b, piece);
	ARENA_GROW(b->arena, b->values, b->cap, b->n);
	b->values[b->n++] = value;
}

static void
sql_start(struct builder *b, const char *piece)
{
	buf_clear(&b->sql);
	b->n = 0;
	sql(b, piece);
}

static bool
has(const struct builder *b, enum filter_field field)
{
	for (size_t i = 0; i < b->query->n; i++)
		if (b->query->values[i].field == field)
			return true;
	return false;
}

/* One alternative: a condition on the columns that the field looks at. */
typedef void put_alternative(struct builder *b, const char *value);

static void
put_any(struct builder *b, enum filter_field field, put_alternative *put)
{
	const char *glue = " AND (";

	for (size_t i = 0; i < b->query->n; i++) {
		if (b->query->values[i].field != field)
			continue;
		sql(b, glue);
		put(b, b->query->values[i].value);
		glue = " OR ";
	}
	if (has(b, field))
		sql(b, ")");
}

static void
put_rule(struct builder *b, const char *value)
{
	if (pattern_is_glob(value))
		sql_value(b, "r.name GLOB ?", V(pattern_glob(b->arena, value)));
	else
		sql_value(b, "r.name = ?", V(value));
}

static void
put_area(struct builder *b, const char *value)
{
	sql_value(b, "r.area LIKE ? ESCAPE '\\'",
		  V(pattern_like(b->arena, "", value, "")));
}

static void
put_function(struct builder *b, const char *value)
{
	if (pattern_is_glob(value))
		sql_value(b, "f.function GLOB ?",
			  V(pattern_glob(b->arena, value)));
	else
		sql_value(b, "f.function = ?", V(value));
}

static void
put_rule_pack(struct builder *b, const char *value)
{
	sql_value(b, "r.pack = ?", V(value));
}

static void
put_pack(struct builder *b, const char *value)
{
	sql_value(b, "pack.name = ?", V(value));
}

static void
put_path(struct builder *b, const char *value)
{
	const char *first, *end;

	pattern_range(&first, &end, b->arena, value);
	sql_value(b, "(p.path >= ?", V(first));
	if (end)
		sql_value(b, " AND p.path < ?", V(end));
	if (pattern_is_glob(value))
		sql_value(b, " AND p.path GLOB ?",
			  V(pattern_glob(b->arena, value)));
	sql(b, ")");
}

static void
put_author(struct builder *b, const char *value)
{
	const char *part = pattern_like(b->arena, "%", value, "%");

	sql_value(b, "name LIKE ? ESCAPE '\\'", V(part));
	sql_value(b, " OR addr LIKE ? ESCAPE '\\'", V(part));
}

/* "xen-devel" is a list of that name at any host. */
static void
put_list_address(struct builder *b, const char *value)
{
	const char *after = strchr(value, '@') ? "" : "@%";

	sql_value(b, "addr LIKE ? ESCAPE '\\'",
		  V(pattern_like(b->arena, "", value, "")));
	sql_value(b, " OR addr LIKE ? ESCAPE '\\'",
		  V(pattern_like(b->arena, "", value, after)));
}

/* RFC 2919: a List-Id has dots only. */
static void
put_list_id(struct builder *b, const char *value)
{
	char *id = arena_strdup(b->arena, value), *at = strchr(id, '@');

	if (at)
		*at = '.';
	sql_value(b, "text LIKE ? ESCAPE '\\'",
		  V(pattern_like(b->arena, "", id, "")));
	sql_value(b, " OR text LIKE ? ESCAPE '\\'",
		  V(pattern_like(b->arena, "", id, at ? "" : ".%")));
}

/* "column IN (?, ?)" of the members of a set; a column that is never
   negative has no other values than those. */
static void
put_set(struct builder *b, const char *column_in, unsigned set)
{
	const char *glue = "";

	sql(b, column_in);
	sql(b, " (");
	for (unsigned i = 0; i < 32; i++) {
		if (!(set & 1u << i))
			continue;
		sql(b, glue);
		sql_value(b, "?", V(i));
		glue = ", ";
	}
	sql(b, ")");
}

static bool
asks_findings(const struct builder *b)
{
	return has(b, FILTER_RULE) || has(b, FILTER_AREA) ||
	       has(b, FILTER_FUNCTION);
}

/* All of them hold for one and the same finding. */
static void
put_finding(struct builder *b)
{
	put_any(b, FILTER_RULE, put_rule);
	put_any(b, FILTER_AREA, put_area);
	put_any(b, FILTER_FUNCTION, put_function);
	put_any(b, FILTER_PACK, put_rule_pack);
}

static void
test_findings(struct builder *b)
{
	if (!asks_findings(b))
		return;
	sql(b, " AND EXISTS (SELECT 1 FROM finding f INDEXED BY finding_verdict"
	       " CROSS JOIN rule r ON r.id = f.rule"
	       " WHERE f.verdict = m.verdict");
	put_finding(b);
	sql(b, ")");
}

static void
test_path(struct builder *b)
{
	if (!has(b, FILTER_PATH))
		return;
	sql(b, " AND EXISTS (SELECT 1 FROM patch_path"
	       " CROSS JOIN path p ON p.id = patch_path.path"
	       " WHERE patch_path.mail = m.id");
	put_any(b, FILTER_PATH, put_path);
	sql(b, ")");
}

static void
test_author(struct builder *b)
{
	if (!has(b, FILTER_AUTHOR))
		return;
	sql(b, " AND m.author IN (SELECT id FROM address WHERE 1");
	put_any(b, FILTER_AUTHOR, put_author);
	sql(b, ")");
}

static void
test_list(struct builder *b)
{
	if (!has(b, FILTER_LIST))
		return;
	sql(b, " AND (m.list IN (SELECT id FROM term WHERE 1");
	put_any(b, FILTER_LIST, put_list_id);
	sql(b, ") OR EXISTS (SELECT 1 FROM addressee WHERE mail = m.id"
	       " AND address IN (SELECT id FROM address WHERE 1");
	put_any(b, FILTER_LIST, put_list_address);
	sql(b, ")))");
}

/*
 * The state is that of the mail; with "pack:", that of the mail in one of
 * those packs, so that a mail that another pack flagged is not shown.
 */
static void
test_state(struct builder *b)
{
	const struct states *states = &b->states;
	bool by_pack = has(b, FILTER_PACK);

	if (by_pack) {
		sql(b, " AND EXISTS (SELECT 1 FROM pack_verdict v"
		       " JOIN pack ON pack.id = v.pack"
		       " WHERE v.verdict = m.verdict");
		put_any(b, FILTER_PACK, put_pack);
	}
	if (!states->all) {
		put_set(b,
			by_pack ? " AND (v.decision IN" : " AND (m.decision IN",
			states->decisions);
		put_set(b,
			" OR EXISTS (SELECT 1 FROM request q"
			" WHERE q.mail = m.id AND q.state IN",
			states->requests);
		sql(b, by_pack ? " AND q.pack = pack.name))" : "))");
	}
	if (by_pack)
		sql(b, ")");
}

/* Each word must be there: in the subject, a reason or the id. */
static void
test_words(struct builder *b)
{
	for (size_t i = 0; i < b->query->n; i++) {
		const char *word = b->query->values[i].value;
		struct db_value part;

		if (b->query->values[i].field != FILTER_WORD)
			continue;
		word = pattern_msgid(b->arena, word);
		part = V(pattern_like(b->arena, "%", word, "%"));
		sql_value(b, " AND (m.subject LIKE ? ESCAPE '\\'", part);
		sql_value(b,
			  " OR EXISTS (SELECT 1 FROM finding f"
			  " INDEXED BY finding_verdict"
			  " WHERE f.verdict = m.verdict"
			  " AND f.why LIKE ? ESCAPE '\\')",
			  part);
		sql_value(b,
			  " OR EXISTS (SELECT 1 FROM ident"
			  " WHERE ident.id = m.id"
			  " AND ident.name LIKE ? ESCAPE '\\'))",
			  part);
	}
}

static void
put_dates(struct builder *b)
{
	int64_t until = b->query->until;

	sql_value(b, " AND date >= ?",
		  V(b->query->since ? b->query->since : INT64_MIN));
	sql_value(b, " AND date <= ?", V(until ? until : INT64_MAX));
}

/* Who may lead: each writes a SELECT of mail ids, of at least all that pass. */
struct leader {
	bool (*can)(const struct builder *b);
	void (*put)(struct builder *b);
};

static void
lead_findings(struct builder *b)
{
	sql(b, "SELECT v.mail FROM finding f JOIN rule r ON r.id = f.rule"
	       " JOIN verdict v ON v.id = f.verdict WHERE 1");
	put_finding(b);
}

static bool
can_requests(const struct builder *b)
{
	return b->states.requests && !b->states.decisions && !b->states.all;
}

static void
lead_requests(struct builder *b)
{
	put_set(b, "SELECT mail FROM request WHERE state IN",
		b->states.requests);
}

static bool
can_author(const struct builder *b)
{
	return has(b, FILTER_AUTHOR);
}

static void
lead_author(struct builder *b)
{
	sql(b, "SELECT id FROM mail WHERE author IN"
	       " (SELECT id FROM address WHERE 1");
	put_any(b, FILTER_AUTHOR, put_author);
	sql(b, ")");
}

static bool
can_path(const struct builder *b)
{
	return has(b, FILTER_PATH);
}

static void
lead_path(struct builder *b)
{
	sql(b, "SELECT patch_path.mail FROM path p"
	       " CROSS JOIN patch_path ON patch_path.path = p.id WHERE 1");
	put_any(b, FILTER_PATH, put_path);
}

static bool
can_walk(const struct builder *b)
{
	(void)b;
	return true;
}

static void
lead_walk(struct builder *b)
{
	sql(b, states_are_shown(&b->states)
		       ? "SELECT id FROM mail INDEXED BY mail_shown"
			 " WHERE decision > 1"
		       : "SELECT id FROM mail INDEXED BY mail_date WHERE 1");
	put_dates(b);
}

/* The likely narrower first: they win where none is narrow. */
static const struct leader leaders[] = {
	{ asks_findings, lead_findings }, { can_requests, lead_requests },
	{ can_author, lead_author },	  { can_path, lead_path },
	{ can_walk, lead_walk },
};
enum { NLEADERS = sizeof(leaders) / sizeof(leaders[0]), WALK = NLEADERS - 1 };

MUST_CHECK static const struct error *
probe(int64_t *count, struct builder *b, struct store *store,
      const struct leader *leader)
{
	AUTOFREE(db_rows) *rows = NULL;
	const struct error *err;
	bool row;

	sql_start(b, "SELECT count(*) FROM (");
	leader->put(b);
	sql_value(b, " LIMIT ?)", V(PROBE_MAX + 1));
	err = db_query_text(&rows, store, buf_str(&b->sql), b->values, b->n);
	if (!err)
		err = db_next(&row, rows);
	if (!err)
		*count = db_int(rows, 0);
	return err;
}

MUST_CHECK static const struct error *
choose_leader(size_t *out, struct builder *b, struct store *store)
{
	bool can_stop = b->query->limit >= 0 && b->query->sort != SORT_SCORE;
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
put_tests(struct builder *b)
{
	put_dates(b);
	test_state(b);
	if (b->states.kinds)
		put_set(b, " AND m.kind IN", b->states.kinds);
	test_findings(b);
	test_author(b);
	test_path(b);
	test_list(b);
	test_words(b);
}

static void
put_query(struct builder *b, size_t leader)
{
	static const char *const orders[] = {
		[SORT_DATE_DESC] = " ORDER BY m.date DESC, m.id DESC",
		[SORT_DATE] = " ORDER BY m.date, m.id",
		[SORT_SCORE] = " ORDER BY m.score DESC, m.date DESC,"
			       " m.id DESC",
	};

	if (leader != WALK) {
		sql_start(b, "SELECT m.id FROM mail m NOT INDEXED"
			     " WHERE m.id IN (");
		leaders[leader].put(b);
		sql(b, ")");
	} else if (states_are_shown(&b->states)) {
		sql_start(b, "SELECT m.id FROM mail m INDEXED BY mail_shown"
			     " WHERE m.decision > 1");
	} else {
		sql_start(b, "SELECT m.id FROM mail m INDEXED BY mail_date"
			     " WHERE 1");
	}
	put_tests(b);
	sql(b, orders[b->query->sort]);
	sql_value(b, " LIMIT ?", V(b->query->limit));
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
run(struct ids *out, struct builder *b, struct store *store)
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
	struct builder b = { .sql = BUF(1 << 20),
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
