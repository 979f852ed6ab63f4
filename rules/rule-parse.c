#include "rules/rule-parse.h"

#include <string.h>

#include "bot/arena.h"
#include "bot/error.h"
#include "bot/span.h"
#include "rules/condition-parse.h"
#include "rules/stanza.h"

enum {
	POINTS_DEFAULT = 20, /* tenths */
	POINTS_MAX = 1000,
	ID_MAX = 64,
};

const char *const why_placeholders[] = { "function", "counterpart", "member",
					 "chain", "line" };

bool
id_is_valid(const char *id)
{
	size_t n = strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return n && n <= ID_MAX && !id[n];
}

static const struct error *
set_points(struct rule *rule, const char *value)
{
	const char *s = value;
	int points = 0;

	for (; *s >= '0' && *s <= '9' && points <= POINTS_MAX; s++)
		points = points * 10 + (*s - '0');
	points *= 10;
	if (s > value && s[0] == '.' && s[1] >= '0' && s[1] <= '9') {
		points += s[1] - '0';
		s += 2;
	}
	if (*s || s == value || points < 1 || points > POINTS_MAX)
		return error_new(ERROR_CONFIG,
				 "want a number from 0.1 to %d with one digit "
				 "after the point at most, not \"%.40s\"",
				 POINTS_MAX / 10, value);
	rule->points = points;
	return NULL;
}

static const struct error *
set_title(struct rule *rule, const char *value)
{
	rule->title = value;
	return NULL;
}

static const struct error *
set_area(struct rule *rule, const char *value)
{
	rule->area = value;
	return NULL;
}

static const struct error *
set_see(struct rule *rule, const char *value)
{
	rule->see = value;
	return NULL;
}

static const struct error *
check_placeholder(struct span word)
{
	char name[32];

	for (int i = 0; i < NWHY_PLACEHOLDERS; i++)
		if (span_equal(span_of(why_placeholders[i]), word))
			return NULL;
	snprintf(name, sizeof(name), "%.*s", (int)word.len, word.ptr);
	return stanza_unknown("placeholder", name, why_placeholders,
			      NWHY_PLACEHOLDERS);
}

static const struct error *
set_why(struct rule *rule, const char *value)
{
	const struct error *err = NULL;

	for (const char *s = strchr(value, '{'); s && !err;
	     s = strchr(s + 1, '{')) {
		size_t n = strspn(s + 1, "abcdefghijklmnopqrstuvwxyz_");

		if (n && s[1 + n] == '}')
			err = check_placeholder((struct span){ s + 1, n });
	}
	rule->why = value;
	return err;
}

static const struct error *
set_wide(struct rule *rule, const char *value)
{
	rule->wide = !strcmp(value, "yes");
	if (!rule->wide && strcmp(value, "no"))
		return error_new(ERROR_CONFIG, "want yes or no, not \"%.40s\"",
				 value);
	return NULL;
}

/* What is said of a rule once, in one value. */
static const struct {
	const char *name;
	const struct error *(*set)(struct rule *rule, const char *value);
} facts[] = {
	{ "Points", set_points }, { "Title", set_title }, { "Area", set_area },
	{ "See", set_see },	  { "Why", set_why },	  { "Wide", set_wide },
};
enum { NFACTS = sizeof(facts) / sizeof(facts[0]) };
static const char *const fact_names[NFACTS] = { "Points", "Title", "Area",
						"See",	  "Why",   "Wide" };

static const struct error *
set_fact(struct rule *rule, unsigned *seen, int i, const char *value)
{
	const struct error *err;

	if (*seen & 1u << i)
		return error_new(ERROR_CONFIG, "%s: given twice",
				 facts[i].name);
	*seen |= 1u << i;
	if (!*value)
		return error_new(ERROR_CONFIG, "%s: no value", facts[i].name);
	err = facts[i].set(rule, value);
	return err ? error_wrap(err, "%s", facts[i].name) : NULL;
}

static int
fact_by_name(const char *name)
{
	for (int i = 0; i < NFACTS; i++)
		if (!strcmp(facts[i].name, name))
			return i;
	return -1;
}

static void
split_by_level(struct rule *rule)
{
	size_t n = 0;

	for (size_t i = 0; i < rule->nconditions; i++) {
		const struct condition *c = &rule->conditions[i];

		if (c->kind >= CONDITION_UNLESS)
			break;
		n++;
		if (c->level == LEVEL_FILE)
			rule->nfile = n;
		if (c->level <= LEVEL_PATCH)
			rule->npatch = n;
	}
	rule->nplace = n;
}

static const struct error *
finish_rule(struct rule *rule, struct conditions *conditions)
{
	bool positive = false;

	conditions_sort(conditions);
	rule->conditions = conditions->v;
	rule->nconditions = conditions->n;
	split_by_level(rule);
	for (size_t i = 0; i < conditions->n; i++)
		positive |= conditions->v[i].kind == CONDITION_HOLDS;
	if (!id_is_valid(rule->id))
		return error_new(ERROR_CONFIG,
				 "Rule: want an id of a-z, 0-9 and -, %d "
				 "letters at most, not \"%.80s\"",
				 ID_MAX, rule->id);
	if (!*rule->why)
		return error_new(ERROR_CONFIG, "rule %s has no Why:", rule->id);
	if (!positive)
		return error_new(ERROR_CONFIG,
				 "rule %s has no condition that must hold",
				 rule->id);
	return NULL;
}

const struct error *
rule_parse(struct rule *out, struct arena *arena, const char *file,
	   const struct stanza *stanza)
{
	struct rule rule = { .points = POINTS_DEFAULT,
			     .title = "",
			     .area = "",
			     .why = "",
			     .see = "",
			     .file = file,
			     .line = stanza->fields[0].line };
	struct conditions conditions = { 0 };
	const struct error *err = NULL;
	unsigned seen = 0;

	rule.id = stanza_prose(arena, &stanza->fields[0]);
	for (size_t i = 1; i < stanza->n; i++) {
		const struct stanza_field *field = &stanza->fields[i];
		int fact = fact_by_name(field->name);

		if (fact >= 0)
			err = set_fact(&rule, &seen, fact,
				       stanza_prose(arena, field));
		else
			err = conditions_add(&conditions, arena, field,
					     fact_names, NFACTS);
		if (err)
			return stanza_at(err, file, field->line);
	}
	err = finish_rule(&rule, &conditions);
	if (!err)
		*out = rule;
	return stanza_at(err, file, rule.line);
}

static const struct error *
add_except(struct mute *mute, size_t *cap, struct arena *arena,
	   const struct stanza_field *field)
{
	const char *s = stanza_prose(arena, field);

	if (!*s)
		return error_new(ERROR_CONFIG, "Except: no value");
	for (s += strspn(s, " \t"); *s; s += strspn(s, " \t")) {
		size_t n = strcspn(s, " \t");

		ARENA_GROW(arena, mute->except, *cap, mute->nexcept);
		mute->except[mute->nexcept++] = arena_strndup(arena, s, n);
		s += n;
	}
	return NULL;
}

const struct error *
mute_parse(struct mute *out, struct arena *arena, const char *file,
	   const struct stanza *stanza)
{
	static const char *const others[] = { "Except" };
	struct mute mute = { .file = file, .line = stanza->fields[0].line };
	struct conditions conditions = { 0 };
	const struct error *err = NULL;
	size_t cap = 0;

	mute.reason = stanza_prose(arena, &stanza->fields[0]);
	for (size_t i = 1; i < stanza->n; i++) {
		const struct stanza_field *field = &stanza->fields[i];

		if (!strcmp(field->name, "Except"))
			err = add_except(&mute, &cap, arena, field);
		else
			err = conditions_add(&conditions, arena, field, others,
					     1);
		if (err)
			return stanza_at(err, file, field->line);
	}
	conditions_sort(&conditions);
	mute.conditions = conditions.v;
	mute.nconditions = conditions.n;
	if (!mute.nconditions)
		return stanza_at(
			error_new(ERROR_CONFIG, "Mute: without a condition"),
			file, mute.line);
	*out = mute;
	return NULL;
}
