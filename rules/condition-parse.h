/*
 * condition-parse.h - "Not-Added|Removed: regex" to a condition
 */
#ifndef RULES_CONDITION_PARSE_H
#define RULES_CONDITION_PARSE_H

#include <stddef.h> /* size_t */

#include "bot/attr.h"
#include "rules/rule.h"

struct arena;
struct error;
struct stanza_field;

struct conditions {
	struct condition *v;
	size_t n, cap;
};

/*
 * Add the value of @field to the condition that its name belongs to.
 * ERROR_CONFIG without file and line. @others are the names of fields that
 * are no conditions and that the stanza knows too, for "did you mean".
 */
MUST_CHECK
const struct error *conditions_add(struct conditions *conditions,
				   struct arena *arena,
				   const struct stanza_field *field,
				   const char *const *others, size_t nothers);

/* Cheap ones first, Unless- last; as written where that says nothing. */
void conditions_sort(struct conditions *conditions);

#endif
