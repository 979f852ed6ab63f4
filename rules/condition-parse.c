#include "rules/condition-parse.h"

#include <stdlib.h>
#include <string.h>

#include "bot/arena.h"
#include "bot/error.h"
#include "bot/limits.h"
#include "rules/regex.h"
#include "rules/stanza.h"

static const unsigned PATHS = 1u << FIELD_F | 1u << FIELD_N;

static const struct prefix {
	const char *text;
	enum condition_kind kind;
} prefixes[] = {
	{ "Unless-Series-", CONDITION_UNLESS_SERIES },
	{ "Unless-", CONDITION_UNLESS },
	{ "Not-", CONDITION_NOT },
	{ "", CONDITION_HOLDS },
};
enum { NPREFIXES = sizeof(prefixes) / sizeof(prefixes[0]) };

/* One of the names in "A|B" is wrong: look for it among the fields. */
static const struct error *
unknown_part(struct arena *arena, struct span part)
{
	const char *names[NFIELDS];

	for (int i = 0; i < NFIELDS; i++)
		names[i] = field_name((enum field)i);
	return stanza_unknown("field", arena_span(arena, part), names, NFIELDS);
}

/* The whole name is wrong: look among all that the stanza knows. */
static const struct error *
unknown_name(struct arena *arena, const char *name, const char *const *others,
	     size_t nothers)
{
	size_t n = 0;
	const char **names =
		ARENA_ARRAY(arena, nothers + NFIELDS * NPREFIXES, const char *);

	for (size_t i = 0; i < nothers; i++)
		names[n++] = others[i];
	for (int p = NPREFIXES; p-- > 0;)
		for (int i = 0; i < NFIELDS; i++)
			names[n++] =
				arena_printf(arena, "%s%s", prefixes[p].text,
					     field_name((enum field)i));
	return stanza_unknown("field", name, names, n);
}

static bool
next_part(struct span *part, struct span *rest)
{
	const char *bar;

	if (!rest->ptr)
		return false;
	bar = memchr(rest->ptr, '|', rest->len);
	part->ptr = rest->ptr;
	part->len = bar ? (size_t)(bar - rest->ptr) : rest->len;
	rest->ptr = bar ? bar + 1 : NULL;
	rest->len -= part->len + (bar != NULL);
	return true;
}

static enum field_level
level_of(unsigned fields)
{
	int level = -1;

	for (int i = 0; i < NFIELDS; i++) {
		int its = (int)field_level((enum field)i);

		if (!(fields & 1u << i))
			continue;
		/* What a file and a patch say together differs by file. */
		level = level < 0 || level == its ? its : (int)LEVEL_PLACE;
	}
	return (enum field_level)level;
}

/* Fill kind, fields and level of @out from @name. */
static const struct error *
parse_name(struct condition *out, struct arena *arena, const char *name,
	   const char *const *others, size_t nothers)
{
	const struct prefix *prefix = prefixes;
	struct span rest, part;

	while (strncmp(name, prefix->text, strlen(prefix->text)))
		prefix++;
	rest = span_of(name + strlen(prefix->text));
	out->kind = prefix->kind;
	out->name = name;
	out->fields = 0;
	while (next_part(&part, &rest)) {
		int field = field_by_name(part);

		if (field >= 0)
			out->fields |= 1u << field;
		else if (part.len && (strchr(name, '|') || prefix->text[0]))
			return unknown_part(arena, part);
		else
			return unknown_name(arena, name, others, nothers);
	}
	if (out->fields & 1u << FIELD_X && strcmp(name, "X"))
		return error_new(ERROR_CONFIG,
				 "%.80s: X excludes by itself: it takes no "
				 "prefix and is not joined",
				 name);
	if (out->fields == 1u << FIELD_X)
		out->kind = CONDITION_NOT;
	out->level = level_of(out->fields);
	return NULL;
}

/* F and N together are one condition, under whatever names. */
static unsigned
key_fields(const struct condition *condition)
{
	if (condition->kind == CONDITION_HOLDS && !(condition->fields & ~PATHS))
		return PATHS;
	return condition->fields;
}

/* NULL when there are too many. */
static struct condition *
find_or_add(struct conditions *conditions, struct arena *arena,
	    const struct condition *named)
{
	struct condition *c = conditions->v, *end = c + conditions->n;

	for (; c < end; c++) {
		if (c->kind != named->kind ||
		    key_fields(c) != key_fields(named))
			continue;
		c->fields |= named->fields;
		if (c->fields == PATHS)
			c->name = "F|N";
		return c;
	}
	if (conditions->n == LIMIT_RULE_CONDITIONS)
		return NULL;
	ARENA_GROW(arena, conditions->v, conditions->cap, conditions->n);
	c = &conditions->v[conditions->n++];
	*c = *named;
	return c;
}

static void
free_regex(void *regex)
{
	regex_free(regex);
}

static const struct error *
compile(struct regex **out, struct arena *arena, const char *text)
{
	const struct error *err = regex_new(out, text);

	if (!err)
		arena_cleanup(arena, free_regex, *out);
	return err;
}

static const struct error *
parse_map_kind(enum map_kind *out, const char *text)
{
	int kind = map_kind_by_name(text);

	if (kind < 0)
		return stanza_unknown("kind", text, map_kind_names, NMAP_KINDS);
	*out = (enum map_kind)kind;
	return NULL;
}

/* One line gives a value to each of the fields that its name joins. */
static const struct error *
add_values(struct condition *condition, struct arena *arena, unsigned fields,
	   const struct value *value)
{
	const struct error *err = NULL;
	enum map_kind kind = MAP_ENTRY;
	struct regex *regex = NULL;

	for (int i = 0; i < NFIELDS && !err; i++) {
		bool is_regex = field_is_regex((enum field)i);
		struct value *v;

		if (!(fields & 1u << i))
			continue;
		if (is_regex && !regex)
			err = compile(&regex, arena, value->text);
		else if (i == FIELD_MAP)
			err = parse_map_kind(&kind, value->text);
		ARENA_GROW(arena, condition->values, condition->cap,
			   condition->nvalues);
		v = &condition->values[condition->nvalues++];
		*v = *value;
		v->field = (enum field)i;
		v->regex = is_regex ? regex : NULL;
		v->kind = kind;
	}
	return err;
}

const struct error *
conditions_add(struct conditions *conditions, struct arena *arena,
	       const struct stanza_field *field, const char *const *others,
	       size_t nothers)
{
	struct condition named = { 0 }, *condition;
	struct value value = { .line = field->line };
	const struct error *err =
		parse_name(&named, arena, field->name, others, nothers);

	if (err)
		return err;
	value.text = stanza_pattern(arena, field);
	if (!value.text[0])
		return error_new(ERROR_CONFIG, "%.80s: no value", field->name);
	condition = find_or_add(conditions, arena, &named);
	if (!condition)
		return error_new(ERROR_CONFIG, "more than %d conditions",
				 LIMIT_RULE_CONDITIONS);
	err = add_values(condition, arena, named.fields, &value);
	return err ? error_wrap(err, "%.80s", field->name) : NULL;
}

static int
rank(const struct condition *condition)
{
	int cost = 0;

	for (int i = 0; i < NFIELDS; i++)
		if (condition->fields & 1u << i)
			if (field_cost((enum field)i) > cost)
				cost = field_cost((enum field)i);
	if (condition->kind >= CONDITION_UNLESS)
		return 10000 + 1000 * (int)condition->kind;
	return 100 * (int)condition->level + cost;
}

void
conditions_sort(struct conditions *conditions)
{
	/* By insertion, for it keeps order; they are few. */
	for (size_t i = 1; i < conditions->n; i++) {
		struct condition c = conditions->v[i];
		size_t at = i;

		for (; at && rank(&conditions->v[at - 1]) > rank(&c); at--)
			conditions->v[at] = conditions->v[at - 1];
		conditions->v[at] = c;
	}
}
