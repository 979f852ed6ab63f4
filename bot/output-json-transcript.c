#include "output-transcript.h"

#include "output-json.h"
#include "transcript.h"
#include "verdict.h"

static const char *
outcome_name(enum condition_outcome outcome)
{
	static const char *const names[] = {
		[CONDITION_MATCHED] = "held",
		[CONDITION_FAILED] = "failed",
		[CONDITION_LIMIT] = "limit",
	};

	return names[outcome];
}

static json_t *
conditions(struct arena *arena, const struct rule_explained *e)
{
	json_t *array = json_array();

	for (size_t i = 0; i < e->rule->nconditions; i++) {
		const struct condition_trace *trace = &e->conditions[i];

		json_array_append_new(
			array,
			json_pack("{s:o, s:s, s:o, s:o}", "field",
				  text(arena, trace->condition->name),
				  "outcome", outcome_name(trace->outcome),
				  "value", text(arena, trace->value), "where",
				  text(arena, trace->where)));
	}
	return array;
}

static json_t *
place_object(struct arena *arena, const struct place *place, long line)
{
	const char *function = place->function_after ? place->function_after
						     : place->function_before;
	json_t *number =
		line < 0 ? json_null()
			 : json_integer(place_line(place, (size_t)line));

	return json_pack("{s:o, s:o, s:o}", "path",
			 text(arena, patch_file_path(place->file)), "line",
			 number, "function", text(arena, function));
}

/* All where it held, else the one where most of it did. */
static json_t *
places(struct arena *arena, const struct transcript_rule *rule)
{
	json_t *array = json_array();

	for (size_t i = 0; i < rule->nhits; i++)
		json_array_append_new(array,
				      place_object(arena, rule->hits[i]->place,
						   rule->hits[i]->line));
	if (!rule->nhits && rule->explained.place)
		json_array_append_new(
			array, place_object(arena, rule->explained.place, -1));
	return array;
}

static json_t *
mute_object(struct arena *arena, const struct mute *mute)
{
	if (!mute)
		return json_null();
	return json_pack("{s:o, s:o, s:i}", "reason", text(arena, mute->reason),
			 "file", text(arena, mute->file), "line",
			 (int)mute->line);
}

static json_t *
rule_object(struct arena *arena, const struct transcript_rule *rule)
{
	const struct rule *r = rule->explained.rule;

	return json_pack("{s:o, s:o, s:o, s:s, s:i, s:i, s:o, s:o, s:o, s:o}",
			 "pack", text(arena, rule->pack->name), "rule",
			 text(arena, r->id), "points", points(r->points),
			 "outcome", rule_outcome_name(rule->trace->outcome),
			 "matched", (int)rule->nmatched, "wanted",
			 (int)rule->nwanted, "sentence",
			 text(arena, transcript_sentence(arena, rule)), "mute",
			 mute_object(arena, rule->trace->mute), "places",
			 places(arena, rule), "conditions",
			 conditions(arena, &rule->explained));
}

json_t *
transcript_rules(struct arena *arena, const struct transcript *transcript)
{
	json_t *rules = json_array();

	for (size_t i = 0; i < transcript->n; i++)
		json_array_append_new(rules,
				      rule_object(arena, &transcript->v[i]));
	return rules;
}

void
output_transcript_json(FILE *out, struct arena *arena,
		       const struct verdict *verdict,
		       const struct transcript *transcript)
{
	json_t *rules = transcript_rules(arena, transcript);
	json_t *id = verdict->id ? json_integer(verdict->id) : json_null();

	print_object(
		out,
		json_pack("{s:i, s:o, s:s, s:o, s:o, s:o, s:o, s:s, s:o, s:o, "
			  "s:o, s:i}",
			  "schema", SCHEMA, "id", id, "kind",
			  kind_name(verdict->kind), "msgid",
			  text(arena, verdict->msgid), "commit",
			  text(arena, verdict->commit), "subject",
			  text(arena, verdict->subject), "source",
			  text(arena, verdict->source), "decision",
			  decision_name(verdict->decision), "skipped",
			  text(arena, verdict->skipped), "score",
			  points(verdict->score), "rules", rules, "left",
			  (int)transcript->nleft));
}
