#include "rules/condition.h"

#include <string.h>

#include "bot/arena.h"
#include "bot/fact.h"
#include "rules/map-place.h"

enum {
	CHANGED_FIELDS =
		1u << FIELD_K | 1u << FIELD_ADDED | 1u << FIELD_REMOVED,
	FACT_FIELDS = 1u << FIELD_CALLS | 1u << FIELD_DROPS |
		      1u << FIELD_MOVES | 1u << FIELD_CONFIG,
};

static bool
looks_at(enum field field, enum line_kind kind)
{
	switch (kind) {
	case LINE_ADDED:
		return field == FIELD_ADDED || field == FIELD_K;
	case LINE_REMOVED:
		return field == FIELD_REMOVED || field == FIELD_K;
	case LINE_CONTEXT:
		return field == FIELD_CONTEXT;
	}
	return false;
}

static struct span
without_cr(struct span line)
{
	if (line.len && line.ptr[line.len - 1] == '\r')
		line.len--;
	return line;
}

static enum regex_result
match_lines(struct evidence *out, const struct value *value,
	    const struct place *place, struct regex_scratch *scratch)
{
	enum regex_result result;

	if (value->field != FIELD_CONTEXT && place->changed.ptr &&
	    !regex_may_match(value->regex, scratch, place->changed))
		return REGEX_NO;
	for (size_t i = 0; i < place->nlines; i++) {
		const struct patch_line *line = &place->lines[i];
		struct span text = without_cr(line->text);

		if (!looks_at(value->field, line->kind))
			continue;
		result = regex_match(value->regex, scratch, text);
		if (result == REGEX_NO)
			continue;
		out->line = (long)i;
		out->text = text;
		return result;
	}
	return REGEX_NO;
}

static enum regex_result
match_message(struct evidence *out, const struct value *value,
	      struct span message, struct regex_scratch *scratch)
{
	enum regex_result result;
	struct span line;

	for (long i = 0; span_line(&line, &message); i++) {
		line = without_cr(line);
		result = regex_match(value->regex, scratch, line);
		if (result == REGEX_NO)
			continue;
		out->line = i;
		out->text = line;
		return result;
	}
	return REGEX_NO;
}

/* NULL is a name that nothing matches, not an empty one. */
static enum regex_result
match_name(struct evidence *out, const struct value *value, const char *name,
	   struct regex_scratch *scratch)
{
	if (!name || (!value->regex && !pathpat_match(value->text, name)))
		return REGEX_NO;
	out->text = span_of(name);
	return value->regex ? regex_match(value->regex, scratch, out->text)
			    : REGEX_YES;
}

static enum regex_result
match_names(struct evidence *out, const struct value *value, const char *first,
	    const char *second, struct regex_scratch *scratch)
{
	enum regex_result result = match_name(out, value, first, scratch);

	if (result != REGEX_NO || !second || first == second ||
	    (first && !strcmp(first, second)))
		return result;
	return match_name(out, value, second, scratch);
}

static const enum fact_kind fact_kinds[NFIELDS] = {
	[FIELD_CALLS] = FACT_CALLS,
	[FIELD_DROPS] = FACT_DROPS,
	[FIELD_MOVES] = FACT_MOVES,
	[FIELD_CONFIG] = FACT_CONFIG,
};

static enum regex_result
match_facts(struct evidence *out, const struct value *value,
	    const struct subject_patch *patch, const struct place *place,
	    struct regex_scratch *scratch)
{
	const struct facts *facts = factbook_at(patch->facts, place);

	for (size_t i = 0; i < facts->n; i++) {
		const struct fact *fact = &facts->v[i];
		enum regex_result result;

		if (fact->kind != fact_kinds[value->field])
			continue;
		result = match_name(out, value, fact->name, scratch);
		if (result == REGEX_NO)
			continue;
		out->line = fact->line;
		return result;
	}
	return REGEX_NO;
}

/* Some line of @text; long files are searched in blocks. */
static enum regex_result
match_text(struct evidence *out, const struct value *value, struct span text,
	   struct regex_scratch *scratch)
{
	struct span line;

	if (!text.ptr || !regex_may_match(value->regex, scratch, text))
		return REGEX_NO;
	for (long i = 0; span_line(&line, &text); i++) {
		enum regex_result result;

		line = without_cr(line);
		result = regex_match(value->regex, scratch, line);
		if (result == REGEX_NO)
			continue;
		out->text = line;
		return result;
	}
	return REGEX_NO;
}

/* What the diff shows of a file that no tree has. */
static enum regex_result
match_shown(struct evidence *out, const struct value *value,
	    const struct patch_file *file, struct regex_scratch *scratch)
{
	for (size_t h = 0; h < file->nhunks; h++)
		for (size_t i = 0; i < file->hunks[h].nlines; i++) {
			struct span line =
				without_cr(file->hunks[h].lines[i].text);
			enum regex_result result =
				regex_match(value->regex, scratch, line);

			if (result == REGEX_NO)
				continue;
			out->text = line;
			return result;
		}
	return REGEX_NO;
}

static enum regex_result
match_present(struct evidence *out, const struct value *value,
	      const struct subject_patch *patch, size_t nth,
	      struct regex_scratch *scratch)
{
	const struct applied_file *af =
		patch->applied->files ? &patch->applied->files[nth] : NULL;
	enum regex_result result;

	if (!af || !af->preimage.ptr)
		return match_shown(out, value,
				   &patch->applied->patch->files[nth], scratch);
	result = match_text(out, value, af->postimage, scratch);
	return result == REGEX_NO
		       ? match_text(out, value, af->preimage, scratch)
		       : result;
}

/* A field of the file: a file may have no place, as one that is all faulty. */
static enum regex_result
match_file(struct evidence *out, const struct value *value,
	   const struct subject_patch *patch, size_t nth,
	   struct regex_scratch *scratch)
{
	const struct patch_file *file = &patch->applied->patch->files[nth];
	const char *path = patch_file_path(file);

	out->path = path;
	if (value->field == FIELD_PRESENT)
		return match_present(out, value, patch, nth, scratch);
	if (value->field == FIELD_X)
		return match_name(out, value, path, scratch);
	return match_names(out, value, path, file->old_path, scratch);
}

static enum regex_result
match_patch(struct evidence *out, const struct value *value,
	    const struct subject_patch *patch, struct regex_scratch *scratch)
{
	if (value->field == FIELD_SUBJECT)
		return match_name(out, value, patch->subject, scratch);
	return match_message(out, value, patch->message, scratch);
}

/* Without a map nothing is known to diverge. */
static enum regex_result
match_map(struct evidence *out, const struct value *value,
	  const struct subject_patch *patch, const struct place *place,
	  struct regex_scratch *scratch)
{
	size_t nth = (size_t)(place - patch->places->v);
	struct map_evidence at;

	if (!patch->map ||
	    !map_place_holds(&at, patch->map, place, nth, value->kind, scratch))
		return REGEX_NO;
	out->line = at.line;
	out->text = at.text;
	out->fact = at.fact;
	return REGEX_YES;
}

static enum regex_result
match_place(struct evidence *out, const struct value *value,
	    const struct subject_patch *patch, const struct place *place,
	    struct regex_scratch *scratch)
{
	out->place = place;
	out->path = patch_file_path(place->file);
	if (FACT_FIELDS & 1u << value->field)
		return match_facts(out, value, patch, place, scratch);
	if (value->field == FIELD_MAP)
		return match_map(out, value, patch, place, scratch);
	if (value->field != FIELD_FUNCTION)
		return match_lines(out, value, place, scratch);
	return match_names(out, value, place->function_after,
			   place->function_before, scratch);
}

enum regex_result
condition_matches(struct evidence *out, const struct condition *condition,
		  const struct subject_patch *patch, const struct place *place,
		  struct regex_scratch *scratch)
{
	enum regex_result result = REGEX_NO;

	for (size_t i = 0; i < condition->nvalues && result == REGEX_NO; i++) {
		const struct value *value = &condition->values[i];
		enum field_level level = field_level(value->field);

		*out = (struct evidence){ .value = value, .line = -1 };
		if (level == LEVEL_FILE)
			result = match_file(out, value, patch,
					    place->file_index, scratch);
		else if (level == LEVEL_PATCH)
			result = match_patch(out, value, patch, scratch);
		else
			result = match_place(out, value, patch, place, scratch);
	}
	if (result == REGEX_NO)
		*out = (struct evidence){ .line = -1 };
	return result;
}

static enum regex_result
match_anywhere(struct evidence *out, const struct value *value,
	       const struct subject_patch *patch, struct regex_scratch *scratch)
{
	const struct patch *files = patch->applied->patch;
	const struct places *places = patch->places;
	enum field_level level = field_level(value->field);
	enum regex_result result = REGEX_NO;

	*out = (struct evidence){ .value = value, .line = -1 };
	if (level == LEVEL_PATCH)
		return match_patch(out, value, patch, scratch);
	if (level == LEVEL_FILE)
		for (size_t i = 0; i < files->nfiles && result == REGEX_NO; i++)
			result = match_file(out, value, patch, i, scratch);
	else
		for (size_t i = 0; i < places->n && result == REGEX_NO; i++)
			result = match_place(out, value, patch, &places->v[i],
					     scratch);
	return result;
}

enum regex_result
condition_matches_patch(struct evidence *out, const struct condition *condition,
			const struct subject_patch *patch,
			struct regex_scratch *scratch)
{
	enum regex_result result = REGEX_NO;

	for (size_t i = 0; i < condition->nvalues && result == REGEX_NO; i++)
		result = match_anywhere(out, &condition->values[i], patch,
					scratch);
	if (result == REGEX_NO)
		*out = (struct evidence){ .line = -1 };
	return result;
}

static enum regex_result
matches_series(struct evidence *out, const struct condition *condition,
	       const struct match_input *input, struct regex_scratch *scratch)
{
	enum regex_result result =
		condition_matches_patch(out, condition, input->patch, scratch);

	for (size_t i = 0; i < input->nseries && result == REGEX_NO; i++)
		result = condition_matches_patch(out, condition,
						 input->series[i], scratch);
	return result;
}

enum regex_result
condition_holds(struct evidence *out, const struct condition *condition,
		const struct match_input *input, const struct place *place,
		struct regex_scratch *scratch)
{
	enum regex_result result = REGEX_NO;

	switch (condition->kind) {
	case CONDITION_HOLDS:
		return condition_matches(out, condition, input->patch, place,
					 scratch);
	case CONDITION_NOT:
		result = condition_matches(out, condition, input->patch, place,
					   scratch);
		break;
	case CONDITION_UNLESS:
		result = condition_matches_patch(out, condition, input->patch,
						 scratch);
		break;
	case CONDITION_UNLESS_SERIES:
		result = matches_series(out, condition, input, scratch);
		break;
	}
	if (result == REGEX_LIMIT)
		return result;
	return result == REGEX_NO ? REGEX_YES : REGEX_NO;
}

/* The first fact of a kind that @condition asks for; NULL: there is none. */
static const char *
fact_looked_at(const struct condition *condition,
	       const struct subject_patch *patch, const struct place *place)
{
	const struct facts *facts;

	if (!(condition->fields & FACT_FIELDS))
		return NULL;
	facts = factbook_at(patch->facts, place);
	for (size_t i = 0; i < facts->n; i++)
		for (size_t v = 0; v < condition->nvalues; v++) {
			enum field field = condition->values[v].field;

			if (FACT_FIELDS & 1u << field &&
			    fact_kinds[field] == facts->v[i].kind)
				return facts->v[i].name;
		}
	return NULL;
}

const char *
condition_looked_at(const struct condition *condition,
		    const struct subject_patch *patch,
		    const struct place *place)
{
	if (condition->fields & 1u << FIELD_FUNCTION)
		return place->function_after ? place->function_after
					     : place->function_before;
	if (condition->level == LEVEL_FILE)
		return patch_file_path(place->file);
	if (condition->fields & 1u << FIELD_SUBJECT)
		return patch->subject;
	return fact_looked_at(condition, patch, place);
}

/* The first line of @place that any value of @fields in @rule matches. */
static long
first_match(const struct rule *rule, unsigned fields,
	    const struct subject_patch *patch, const struct place *place,
	    struct regex_scratch *scratch)
{
	struct evidence at = { .line = -1 };
	long first = -1;

	for (size_t i = 0; i < rule->nplace; i++) {
		const struct condition *c = &rule->conditions[i];

		if (c->kind != CONDITION_HOLDS || !(c->fields & fields))
			continue;
		for (size_t j = 0; j < c->nvalues; j++)
			if (fields & 1u << c->values[j].field &&
			    match_place(&at, &c->values[j], patch, place,
					scratch) == REGEX_YES &&
			    at.line >= 0 && (first < 0 || at.line < first))
				first = at.line;
	}
	return first;
}

static bool
first_map_value(struct evidence *out, const struct condition *condition,
		const struct subject_patch *patch, const struct place *place,
		struct regex_scratch *scratch)
{
	for (size_t i = 0; i < condition->nvalues; i++) {
		const struct value *value = &condition->values[i];

		*out = (struct evidence){ .value = value, .line = -1 };
		if (value->field == FIELD_MAP &&
		    match_place(out, value, patch, place, scratch) == REGEX_YES)
			return true;
	}
	return false;
}

bool
rule_map(struct evidence *out, const struct rule *rule,
	 const struct subject_patch *patch, const struct place *place,
	 struct regex_scratch *scratch)
{
	for (size_t i = 0; i < rule->nplace; i++) {
		const struct condition *c = &rule->conditions[i];

		if (c->kind == CONDITION_HOLDS && c->fields & 1u << FIELD_MAP &&
		    first_map_value(out, c, patch, place, scratch))
			return true;
	}
	return false;
}

long
rule_line(const struct rule *rule, const struct subject_patch *patch,
	  const struct place *place, struct regex_scratch *scratch)
{
	struct evidence at;
	long line = first_match(rule, FACT_FIELDS, patch, place, scratch);

	/* A name that the map knows says more than what a line looks like. */
	if (line < 0 && rule_map(&at, rule, patch, place, scratch))
		line = at.line;
	if (line < 0)
		line = first_match(rule, CHANGED_FIELDS, patch, place, scratch);
	if (line < 0)
		line = first_match(rule, 1u << FIELD_CONTEXT, patch, place,
				   scratch);
	for (size_t i = 0; i < place->nlines && line < 0; i++)
		if (place->lines[i].kind != LINE_CONTEXT)
			line = (long)i;
	return line;
}

static uint32_t
line_number(const struct place *place, long at)
{
	bool old = place->lines[at].kind == LINE_REMOVED;
	uint32_t number = old ? place->old_line : place->new_line;

	for (long i = 0; i < at; i++)
		if (place->lines[i].kind == LINE_CONTEXT ||
		    (place->lines[i].kind == LINE_REMOVED) == old)
			number++;
	return number;
}

const char *
evidence_where(struct arena *arena, const struct evidence *at)
{
	if (at->path && at->place && at->line >= 0)
		return arena_printf(arena, "%s:%u", at->path,
				    line_number(at->place, at->line));
	if (at->path)
		return at->path;
	if (at->line >= 0)
		return arena_printf(arena, "line %ld of the message",
				    at->line + 1);
	return "the subject";
}
