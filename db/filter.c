#include "filter.h"

#include <string.h>

#include "bot/arena.h"
#include "pattern.h"

void
filter_sql_add(struct filter_sql *b, const char *piece)
{
	buf_addstr(&b->sql, piece);
}

/* A piece with one "?" in it, and its value. */
void
filter_sql_value(struct filter_sql *b, const char *piece, struct db_value value)
{
	filter_sql_add(b, piece);
	ARENA_GROW(b->arena, b->values, b->cap, b->n);
	b->values[b->n++] = value;
}

void
filter_sql_start(struct filter_sql *b, const char *piece)
{
	buf_clear(&b->sql);
	b->n = 0;
	filter_sql_add(b, piece);
}

static bool
is_put(const struct filter_sql *b, size_t i, enum filter_field field)
{
	return b->query->values[i].field == field &&
	       b->query->values[i].denied == b->denied;
}

bool
filter_has(const struct filter_sql *b, enum filter_field field)
{
	for (size_t i = 0; i < b->query->n; i++)
		if (is_put(b, i, field))
			return true;
	return false;
}

static void
put_rule(struct filter_sql *b, const char *value)
{
	if (pattern_is_glob(value))
		filter_sql_value(b, "r.name GLOB ?",
				 V(pattern_glob(b->arena, value)));
	else
		filter_sql_value(b, "r.name = ?", V(value));
}

static void
put_area(struct filter_sql *b, const char *value)
{
	filter_sql_value(b, "r.area LIKE ? ESCAPE '\\'",
			 V(pattern_like(b->arena, "", value, "")));
}

static void
put_function(struct filter_sql *b, const char *value)
{
	if (pattern_is_glob(value))
		filter_sql_value(b, "f.function GLOB ?",
				 V(pattern_glob(b->arena, value)));
	else
		filter_sql_value(b, "f.function = ?", V(value));
}

static void
put_rule_pack(struct filter_sql *b, const char *value)
{
	filter_sql_value(b, "r.pack = ?", V(value));
}

static void
put_pack(struct filter_sql *b, const char *value)
{
	filter_sql_value(b, "pack.name = ?", V(value));
}

static void
put_path(struct filter_sql *b, const char *value)
{
	const char *first, *end;

	pattern_range(&first, &end, b->arena, value);
	filter_sql_value(b, "(p.path >= ?", V(first));
	if (end)
		filter_sql_value(b, " AND p.path < ?", V(end));
	if (pattern_is_glob(value))
		filter_sql_value(b, " AND p.path GLOB ?",
				 V(pattern_glob(b->arena, value)));
	filter_sql_add(b, ")");
}

static void
put_author(struct filter_sql *b, const char *value)
{
	const char *part = pattern_like(b->arena, "%", value, "%");

	filter_sql_value(b, "name LIKE ? ESCAPE '\\'", V(part));
	filter_sql_value(b, " OR addr LIKE ? ESCAPE '\\'", V(part));
}

/* "xen-devel" is a list of that name at any host. */
static void
put_list_address(struct filter_sql *b, const char *value)
{
	const char *after = strchr(value, '@') ? "" : "@%";

	filter_sql_value(b, "addr LIKE ? ESCAPE '\\'",
			 V(pattern_like(b->arena, "", value, "")));
	filter_sql_value(b, " OR addr LIKE ? ESCAPE '\\'",
			 V(pattern_like(b->arena, "", value, after)));
}

/* RFC 2919: a List-Id has dots only. */
static void
put_list_id(struct filter_sql *b, const char *value)
{
	char *id = arena_strdup(b->arena, value), *at = strchr(id, '@');

	if (at)
		*at = '.';
	filter_sql_value(b, "text LIKE ? ESCAPE '\\'",
			 V(pattern_like(b->arena, "", id, "")));
	filter_sql_value(b, " OR text LIKE ? ESCAPE '\\'",
			 V(pattern_like(b->arena, "", id, at ? "" : ".%")));
}

/* One value of a field: a condition on the columns that it looks at. */
typedef void put_value(struct filter_sql *b, const char *value);

static void
put_any_by(struct filter_sql *b, enum filter_field field, put_value *put)
{
	const char *glue = " AND (";

	for (size_t i = 0; i < b->query->n; i++) {
		if (!is_put(b, i, field))
			continue;
		filter_sql_add(b, glue);
		put(b, b->query->values[i].value);
		glue = " OR ";
	}
	if (filter_has(b, field))
		filter_sql_add(b, ")");
}

static put_value *const puts_of[NFILTERS] = {
	[FILTER_PACK] = put_pack,	  [FILTER_RULE] = put_rule,
	[FILTER_AREA] = put_area,	  [FILTER_FUNCTION] = put_function,
	[FILTER_PATH] = put_path,	  [FILTER_AUTHOR] = put_author,
	[FILTER_LIST] = put_list_address,
};

void
filter_put(struct filter_sql *b, enum filter_field field)
{
	put_any_by(b, field, puts_of[field]);
}

/* "column IN (?, ?)" of the members of a set; a column that is never
   negative has no other values than those. */
void
filter_put_set(struct filter_sql *b, const char *column_in, unsigned set)
{
	const char *glue = "";

	filter_sql_add(b, column_in);
	filter_sql_add(b, " (");
	for (unsigned i = 0; i < 32; i++) {
		if (!(set & 1u << i))
			continue;
		filter_sql_add(b, glue);
		filter_sql_value(b, "?", V(i));
		glue = ", ";
	}
	filter_sql_add(b, ")");
}

/* All of them hold for one and the same finding. */
void
filter_put_finding(struct filter_sql *b)
{
	filter_put(b, FILTER_RULE);
	filter_put(b, FILTER_AREA);
	filter_put(b, FILTER_FUNCTION);
	put_any_by(b, FILTER_PACK, put_rule_pack);
}

/* The beginning of one more test, which is closed by its writer. */
static void
put_test(struct filter_sql *b, const char *piece)
{
	filter_sql_add(b, b->denied ? " AND NOT " : " AND ");
	filter_sql_add(b, piece);
}

#define FINDINGS_OF_MAIL \
	"EXISTS (SELECT 1 FROM finding f INDEXED BY finding_verdict" \
	" CROSS JOIN rule r ON r.id = f.rule WHERE f.verdict = m.verdict"

static void
test_findings(struct filter_sql *b)
{
	if (!filter_has(b, FILTER_RULE) && !filter_has(b, FILTER_AREA) &&
	    !filter_has(b, FILTER_FUNCTION))
		return;
	put_test(b, FINDINGS_OF_MAIL);
	filter_put_finding(b);
	filter_sql_add(b, ")");
}

/* Denied, each is on its own: not of this rule, and not of that area. */
static void
deny_findings(struct filter_sql *b)
{
	static const enum filter_field fields[] = { FILTER_RULE, FILTER_AREA,
						    FILTER_FUNCTION };

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (!filter_has(b, fields[i]))
			continue;
		put_test(b, FINDINGS_OF_MAIL);
		filter_put(b, fields[i]);
		filter_sql_add(b, ")");
	}
}

static void
test_path(struct filter_sql *b)
{
	if (!filter_has(b, FILTER_PATH))
		return;
	put_test(b, "EXISTS (SELECT 1 FROM patch_path"
		    " CROSS JOIN path p ON p.id = patch_path.path"
		    " WHERE patch_path.mail = m.id");
	filter_put(b, FILTER_PATH);
	filter_sql_add(b, ")");
}

/* A column that is NULL is in no list, nor outside of one. */
static void
test_author(struct filter_sql *b)
{
	if (!filter_has(b, FILTER_AUTHOR))
		return;
	put_test(b, "ifnull(m.author IN (SELECT id FROM address WHERE 1");
	filter_put(b, FILTER_AUTHOR);
	filter_sql_add(b, "), 0)");
}

static void
test_list(struct filter_sql *b)
{
	if (!filter_has(b, FILTER_LIST))
		return;
	put_test(b, "(ifnull(m.list IN (SELECT id FROM term WHERE 1");
	put_any_by(b, FILTER_LIST, put_list_id);
	filter_sql_add(b, "), 0) OR EXISTS (SELECT 1 FROM addressee"
			  " WHERE mail = m.id"
			  " AND address IN (SELECT id FROM address WHERE 1");
	filter_put(b, FILTER_LIST);
	filter_sql_add(b, ")))");
}

/* @of: whose decision, and, behind it, whose requests. */
static void
put_states(struct filter_sql *b, const char *of, const char *requests)
{
	filter_put_set(b, of, b->states.decisions);
	filter_put_set(b,
		       " OR EXISTS (SELECT 1 FROM request q"
		       " WHERE q.mail = m.id AND q.state IN",
		       b->states.requests);
	filter_sql_add(b, requests);
}

/*
 * With "pack:", the state is that of the mail in one of those packs, so that a
 * mail that another pack flagged is not shown.
 */
static void
test_pack(struct filter_sql *b)
{
	if (!filter_has(b, FILTER_PACK))
		return;
	put_test(b, "EXISTS (SELECT 1 FROM pack_verdict v"
		    " JOIN pack ON pack.id = v.pack"
		    " WHERE v.verdict = m.verdict");
	filter_put(b, FILTER_PACK);
	if (!b->states.all)
		put_states(b, " AND (v.decision IN",
			   " AND q.pack = pack.name))");
	filter_sql_add(b, ")");
}

static void
test_state(struct filter_sql *b)
{
	if (!b->states.all && !filter_has(b, FILTER_PACK))
		put_states(b, " AND (m.decision IN", "))");
	if (!b->states.not_requests)
		return;
	filter_put_set(b,
		       " AND NOT EXISTS (SELECT 1 FROM request q"
		       " WHERE q.mail = m.id AND q.state IN",
		       b->states.not_requests);
	filter_sql_add(b, ")");
}

void
filter_put_word(struct filter_sql *b, const char *piece, const char *word)
{
	filter_sql_value(b, piece, V(pattern_words(b->arena, word)));
}

bool
filter_is_msgid(const char *word)
{
	return strchr(word, '@');
}

/* It may be cut short at its end. */
void
filter_put_msgid(struct filter_sql *b, const char *word)
{
	const char *first, *end;

	pattern_range(&first, &end, b->arena, pattern_msgid(b->arena, word));
	filter_sql_value(b, "SELECT id FROM ident WHERE name >= ?", V(first));
	if (end)
		filter_sql_value(b, " AND name < ?", V(end));
}

/* In the subject, a finding or the id. What the index of words has is gathered
   once: to ask it for each mail costs more, and so does a walk through all of
   it for each, which SQLite would do without the "+". */
static void
test_word(struct filter_sql *b, const char *word)
{
	put_test(b, "(+m.id IN (");
	filter_put_word(b,
			"SELECT rowid FROM subject_words"
			" WHERE subject_words MATCH ?",
			word);
	filter_put_word(b,
			") OR EXISTS (SELECT 1 FROM finding f"
			" INDEXED BY finding_verdict"
			" WHERE f.verdict = m.verdict AND +f.id IN"
			" (SELECT rowid FROM finding_words"
			" WHERE finding_words MATCH ?))",
			word);
	if (filter_is_msgid(word)) {
		filter_sql_add(b, " OR +m.id IN (");
		filter_put_msgid(b, word);
		filter_sql_add(b, ")");
	}
	filter_sql_add(b, ")");
}

/* Each word must be there. */
static void
test_words(struct filter_sql *b)
{
	for (size_t i = 0; i < b->query->n; i++)
		if (is_put(b, i, FILTER_WORD))
			test_word(b, b->query->values[i].value);
}

void
filter_put_dates(struct filter_sql *b)
{
	int64_t until = b->query->until;

	filter_sql_value(b, " AND date >= ?",
			 V(b->query->since ? b->query->since : INT64_MIN));
	filter_sql_value(b, " AND date <= ?", V(until ? until : INT64_MAX));
}

static void
put_tests(struct filter_sql *b)
{
	test_pack(b);
	test_author(b);
	test_path(b);
	test_list(b);
	test_words(b);
}

void
filter_put_tests(struct filter_sql *b)
{
	filter_put_dates(b);
	test_state(b);
	if (b->states.kinds)
		filter_put_set(b, " AND m.kind IN", b->states.kinds);
	test_findings(b);
	put_tests(b);
	b->denied = true;
	deny_findings(b);
	put_tests(b);
	b->denied = false;
}
