#include "bot/arena.h"
#include "rules/condition.h"
#include "rules/match.h"
#include "rules/regex.h"

enum { VALUE_BYTES = 200 };

const char *
rule_outcome_name(enum rule_outcome outcome)
{
	static const char *const names[] = {
		[RULE_HELD] = "held",	      [RULE_FAILED] = "failed",
		[RULE_VETOED] = "vetoed",     [RULE_MUTED] = "muted",
		[RULE_WIDE] = "wide",	      [RULE_LIMIT] = "limit",
		[RULE_DISABLED] = "disabled",
	};

	return names[outcome];
}

static enum condition_outcome
outcome_at(struct evidence *at, const struct condition *condition,
	   const struct match_input *input, const struct place *place,
	   struct regex_scratch *scratch)
{
	*at = (struct evidence){ .line = -1 };
	switch (condition_holds(at, condition, input, place, scratch)) {
	case REGEX_YES:
		return CONDITION_MATCHED;
	case REGEX_NO:
		return CONDITION_FAILED;
	case REGEX_LIMIT:
		break;
	}
	return CONDITION_LIMIT;
}

static size_t
count_at(const struct rule *rule, const struct match_input *input,
	 const struct place *place, struct regex_scratch *scratch)
{
	struct evidence at;
	size_t n = 0;

	/* Unless- is the same at all places. */
	for (size_t i = 0; i < rule->nplace; i++)
		n += outcome_at(&at, &rule->conditions[i], input, place,
				scratch) == CONDITION_MATCHED;
	return n;
}

static void
explain_condition(struct condition_trace *out, struct arena *arena,
		  const struct match_input *input, const struct place *place,
		  struct regex_scratch *scratch)
{
	struct evidence at;

	out->outcome = outcome_at(&at, out->condition, input, place, scratch);
	if (at.value) {
		if (at.text.len > VALUE_BYTES)
			at.text.len = VALUE_BYTES;
		out->value = arena_span(arena, at.text);
		out->where = evidence_where(arena, &at);
	} else if (out->outcome == CONDITION_FAILED) {
		out->value = condition_looked_at(out->condition, input->patch,
						 place);
	}
}

/* The first of the places where most of the conditions hold. */
static const struct place *
best_place(const struct rule *rule, const struct match_input *input,
	   struct regex_scratch *scratch)
{
	const struct places *places = input->patch->places;
	const struct place *place = NULL;
	size_t best = 0;

	for (size_t p = 0; p < places->n; p++) {
		size_t n = count_at(rule, input, &places->v[p], scratch);

		if (place && n <= best)
			continue;
		place = &places->v[p];
		best = n;
	}
	return place;
}

void
match_explain_at(struct rule_explained *out, struct arena *arena,
		 const struct rule *rule, const struct match_input *input,
		 const struct place *place, struct regex_scratch *scratch)
{
	*out = (struct rule_explained){ .rule = rule, .place = place };
	out->conditions =
		ARENA_ARRAY(arena, rule->nconditions, struct condition_trace);
	for (size_t i = 0; i < rule->nconditions; i++) {
		struct condition_trace *trace = &out->conditions[i];

		trace->condition = &rule->conditions[i];
		trace->outcome = CONDITION_FAILED;
		if (out->place)
			explain_condition(trace, arena, input, out->place,
					  scratch);
		out->nheld += trace->outcome == CONDITION_MATCHED;
	}
}

void
match_explain(struct rule_explained *out, struct arena *arena,
	      const struct rule *rule, const struct match_input *input,
	      struct regex_scratch *scratch)
{
	match_explain_at(out, arena, rule, input,
			 best_place(rule, input, scratch), scratch);
}
