/*
 * condition.h - does one condition hold, at a place or anywhere in a patch
 */
#ifndef RULES_CONDITION_H
#define RULES_CONDITION_H

#include "bot/attr.h"
#include "bot/span.h"
#include "rules/match.h"
#include "rules/regex.h"
#include "rules/rule.h"

/* What settled a condition: where a value matched, or met a limit. */
struct evidence {
	const struct value *value; /* NULL: nothing matched */
	const struct place *place; /* NULL: of a whole file or patch */
	const char *path;	   /* NULL: the subject or the message */
	long line;	  /* index into place->lines, or of the message; -1 */
	struct span text; /* what the value was matched against */
	const struct map_fact *fact; /* of Map, if the map has one */
};

/*
 * The answers are those of a regex. @place: NULL will do for fields of the
 * patch. *out is evidence of a match or of a limit.
 */

/* Does any value match at @place (a Not- left aside)? */
enum regex_result condition_matches(struct evidence *out,
				    const struct condition *condition,
				    const struct subject_patch *patch,
				    const struct place *place,
				    struct regex_scratch *scratch);
/* Does any value match anywhere in @patch? */
enum regex_result condition_matches_patch(struct evidence *out,
					  const struct condition *condition,
					  const struct subject_patch *patch,
					  struct regex_scratch *scratch);

/* REGEX_YES: the condition holds at @place, for what its kind asks. */
enum regex_result condition_holds(struct evidence *out,
				  const struct condition *condition,
				  const struct match_input *input,
				  const struct place *place,
				  struct regex_scratch *scratch);

/*
 * What a reader wants to see of @place where @condition did not hold: the path
 * or function that no value matched; NULL when it is nothing short.
 */
const char *condition_looked_at(const struct condition *condition,
				const struct subject_patch *patch,
				const struct place *place);

/* The line of @place to show for a hit of @rule, as match_hit.line says. */
long rule_line(const struct rule *rule, const struct subject_patch *patch,
	       const struct place *place, struct regex_scratch *scratch);

/* The first Map: of @rule that holds at @place; false: it has none. */
bool rule_map(struct evidence *out, const struct rule *rule,
	      const struct subject_patch *patch, const struct place *place,
	      struct regex_scratch *scratch);

/* "path:line", "the subject" ... for messages; lives in @arena. */
const char *evidence_where(struct arena *arena, const struct evidence *at);

#endif
