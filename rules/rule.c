#include "rules/rule.h"

#include <string.h>

/* Fields that are read but not judged yet. */

enum value_kind { VALUE_PATH, VALUE_REGEX, VALUE_KIND };

static const struct {
	const char *name;
	enum field_level level;
	enum value_kind kind;
	int cost;
} fields[NFIELDS] = {
	[FIELD_F] = { "F", LEVEL_FILE, VALUE_PATH, 0 },
	[FIELD_N] = { "N", LEVEL_FILE, VALUE_REGEX, 1 },
	[FIELD_X] = { "X", LEVEL_FILE, VALUE_PATH, 2 },
	[FIELD_PRESENT] = { "Present", LEVEL_FILE, VALUE_REGEX, 3 },
	[FIELD_SUBJECT] = { "Subject", LEVEL_PATCH, VALUE_REGEX, 0 },
	[FIELD_MESSAGE] = { "Message", LEVEL_PATCH, VALUE_REGEX, 1 },
	[FIELD_MAP] = { "Map", LEVEL_PLACE, VALUE_KIND, 0 },
	[FIELD_CONFIG] = { "Config", LEVEL_PLACE, VALUE_REGEX, 6 },
	[FIELD_FUNCTION] = { "Function", LEVEL_PLACE, VALUE_REGEX, 1 },
	[FIELD_CALLS] = { "Calls", LEVEL_PLACE, VALUE_REGEX, 7 },
	[FIELD_DROPS] = { "Drops", LEVEL_PLACE, VALUE_REGEX, 8 },
	[FIELD_MOVES] = { "Moves", LEVEL_PLACE, VALUE_REGEX, 9 },
	[FIELD_REMOVED] = { "Removed", LEVEL_PLACE, VALUE_REGEX, 2 },
	[FIELD_ADDED] = { "Added", LEVEL_PLACE, VALUE_REGEX, 3 },
	[FIELD_K] = { "K", LEVEL_PLACE, VALUE_REGEX, 4 },
	[FIELD_CONTEXT] = { "Context", LEVEL_PLACE, VALUE_REGEX, 5 },
};

const char *
field_name(enum field field)
{
	return fields[field].name;
}

int
field_by_name(struct span name)
{
	for (int i = 0; i < NFIELDS; i++)
		if (span_equal(span_of(fields[i].name), name))
			return i;
	return -1;
}

enum field_level
field_level(enum field field)
{
	return fields[field].level;
}

int
field_cost(enum field field)
{
	return fields[field].cost;
}

bool
field_is_regex(enum field field)
{
	return fields[field].kind == VALUE_REGEX;
}

static bool
conditions_ask(const struct condition *conditions, size_t n, enum field field)
{
	for (size_t i = 0; i < n; i++)
		if (conditions[i].fields & 1u << field)
			return true;
	return false;
}

bool
pack_asks(const struct pack *pack, enum field field)
{
	for (size_t i = 0; i < pack->nrules; i++)
		if (conditions_ask(pack->rules[i].conditions,
				   pack->rules[i].nconditions, field))
			return true;
	for (size_t i = 0; i < pack->nmutes; i++)
		if (conditions_ask(pack->mutes[i].conditions,
				   pack->mutes[i].nconditions, field))
			return true;
	return false;
}

const struct rule *
pack_rule(const struct pack *pack, const char *id)
{
	for (size_t i = 0; i < pack->nrules; i++)
		if (!strcmp(pack->rules[i].id, id))
			return &pack->rules[i];
	return NULL;
}

bool
mute_spares(const struct mute *mute, const struct rule *rule)
{
	for (size_t i = 0; i < mute->nexcept; i++)
		if (!strcmp(mute->except[i], rule->id))
			return true;
	return false;
}
