#include "rules/match.h"

#include <string.h>

#include "bot/arena.h"
#include "bot/limits.h"
#include "rules/condition.h"
#include "rules/regex.h"

enum { VALUE_BYTES = 200 }; /* of a line, in a trace */

/* What is known of one rule so far. */
struct rule_state {
	bool over;     /* nothing that other places say can change it */
	size_t file;   /* the file that nfile is of, from 1; 0: none yet */
	size_t nfile;  /* leading conditions that hold in that file */
	size_t npatch; /* ... and, once patch_known, in the patch */
	bool patch_known;
	size_t reach; /* of the best place: conditions that held, plus one */
};

enum { MUTE_UNKNOWN, MUTE_OPEN, MUTE_MUTES, MUTE_BROKEN };

struct matching {
	struct match_result *out;
	struct arena *arena;
	const struct pack *pack;
	const struct match_input *input;
	struct regex_scratch *scratch;
	struct rule_state *states; /* one per rule */
	unsigned char *mutes;	   /* one per mute, of muted_place */
	const struct place *muted_place;
	bool limit, full;
};

static void
add_error(struct matching *m, const char *message)
{
	struct match_result *out = m->out;

	ARENA_GROW(m->arena, out->errors, out->errors_cap, out->nerrors);
	out->errors[out->nerrors++] = message;
}

static const char *
copy_text(struct matching *m, struct span text)
{
	if (!text.ptr)
		return NULL;
	if (text.len > VALUE_BYTES)
		text.len = VALUE_BYTES;
	return arena_span(m->arena, text);
}

/* The rule at @i met a limit: a fault of its own, unless time has run out,
   which finish() tells for all. */
static void
limit_met(struct matching *m, size_t i, const struct condition *condition,
	  const struct evidence *at)
{
	struct rule_trace *trace = &m->out->traces[i];

	if (regex_scratch_spent(m->scratch))
		return;
	trace->outcome = RULE_LIMIT;
	trace->nheld = (size_t)(condition - trace->rule->conditions);
	trace->failed = condition;
	trace->place = at->place;
	trace->mute = NULL;
	trace->value = NULL;
	m->states[i].over = m->limit = true;
	add_error(m, arena_printf(m->arena,
				  "rule %s (%s:%u): %s: match limit reached on "
				  "%s",
				  trace->rule->id, trace->rule->file,
				  at->value->line, condition->name,
				  evidence_where(m->arena, at)));
}

/* Evaluate conditions @from to @to of rule @i at @place, until one does not
   hold; how many do, counted from the first of all. */
static size_t
advance(struct matching *m, size_t i, const struct place *place, size_t from,
	size_t to)
{
	const struct rule *rule = &m->pack->rules[i];
	struct evidence at;

	for (; from < to; from++) {
		const struct condition *c = &rule->conditions[from];
		enum regex_result result =
			condition_holds(&at, c, m->input, place, m->scratch);

		if (result == REGEX_LIMIT)
			limit_met(m, i, c, &at);
		if (result != REGEX_YES)
			break;
	}
	return from;
}

/* How many conditions hold at @place; the dear ones are asked last, and what
   holds for the whole file or patch only once. */
static size_t
count_held(struct matching *m, size_t i, const struct place *place)
{
	const struct rule *rule = &m->pack->rules[i];
	struct rule_state *state = &m->states[i];

	if (state->file != place->file_index + 1) {
		state->nfile = advance(m, i, place, 0, rule->nfile);
		state->file = place->file_index + 1;
	}
	if (state->nfile < rule->nfile)
		return state->nfile;
	if (!state->patch_known) {
		state->npatch = advance(m, i, place, rule->nfile, rule->npatch);
		state->patch_known = true;
	}
	if (state->npatch < rule->npatch) {
		state->over = true;
		return state->npatch;
	}
	return advance(m, i, place, rule->npatch, rule->nplace);
}

static const char *
failed_value(struct matching *m, const struct condition *failed,
	     const struct place *place)
{
	const struct subject_patch *patch = m->input->patch;
	struct evidence at;

	if (failed->kind == CONDITION_NOT &&
	    condition_matches(&at, failed, patch, place, m->scratch) ==
		    REGEX_YES)
		return copy_text(m, at.text);
	return condition_looked_at(failed, patch, place);
}

/* Keep the first of the places where most conditions held. */
static void
missed(struct matching *m, size_t i, const struct place *place, size_t held)
{
	const struct rule *rule = &m->pack->rules[i];
	struct rule_trace *trace = &m->out->traces[i];
	struct rule_state *state = &m->states[i];

	if (held + 1 <= state->reach)
		return;
	state->reach = held + 1;
	trace->nheld = held;
	trace->failed = &rule->conditions[held];
	if (!held)
		return;
	trace->place = place;
	trace->value = failed_value(m, trace->failed, place);
}

static unsigned char
mute_at(struct matching *m, const struct mute *mute, const struct place *place)
{
	struct evidence at;

	for (size_t i = 0; i < mute->nconditions; i++) {
		const struct condition *c = &mute->conditions[i];
		enum regex_result result =
			condition_holds(&at, c, m->input, place, m->scratch);

		if (result == REGEX_NO || regex_scratch_spent(m->scratch))
			return MUTE_OPEN;
		if (result == REGEX_YES)
			continue;
		add_error(m, arena_printf(m->arena,
					  "mute (%s:%u): %s: match limit "
					  "reached on %s",
					  mute->file, at.value->line, c->name,
					  evidence_where(m->arena, &at)));
		return MUTE_BROKEN;
	}
	return MUTE_MUTES;
}

/* The mute that hides @place from @rule; NULL: it is seen. Mutes are many and
   hits few: they are asked only where a rule holds. */
static const struct mute *
muted_by(struct matching *m, const struct rule *rule, const struct place *place)
{
	const struct pack *pack = m->pack;

	if (m->muted_place != place)
		for (size_t i = 0; i < pack->nmutes; i++)
			if (m->mutes[i] != MUTE_BROKEN)
				m->mutes[i] = MUTE_UNKNOWN;
	m->muted_place = place;
	for (size_t i = 0; i < pack->nmutes; i++) {
		if (mute_spares(&pack->mutes[i], rule))
			continue;
		if (m->mutes[i] == MUTE_UNKNOWN)
			m->mutes[i] = mute_at(m, &pack->mutes[i], place);
		if (m->mutes[i] == MUTE_MUTES)
			return &pack->mutes[i];
	}
	return NULL;
}

/* Nothing in the patch or series speaks against rule @i, which holds. */
static bool
unless_holds(struct matching *m, size_t i, const struct place *place)
{
	const struct rule *rule = &m->pack->rules[i];
	struct rule_trace *trace = &m->out->traces[i];
	struct evidence at;

	for (size_t c = rule->nplace; c < rule->nconditions; c++) {
		const struct condition *unless = &rule->conditions[c];
		enum regex_result result = condition_holds(
			&at, unless, m->input, place, m->scratch);

		if (result == REGEX_YES)
			continue;
		trace->nheld = c;
		if (result == REGEX_LIMIT) {
			limit_met(m, i, unless, &at);
			return false;
		}
		trace->outcome = RULE_VETOED;
		trace->failed = unless;
		trace->mute = NULL;
		trace->place = place;
		trace->value = copy_text(m, at.text);
		m->states[i].over = true;
		return false;
	}
	return true;
}

/* Does the patch change "file:function"? */
static bool
changes(const struct subject_patch *patch, const char *counterpart)
{
	const char *colon = strrchr(counterpart, ':');
	struct span path = { counterpart,
			     colon ? (size_t)(colon - counterpart) : 0 };

	for (size_t i = 0; colon && i < patch->places->n; i++) {
		const struct place *place = &patch->places->v[i];
		const char *function = place->function_after
					       ? place->function_after
					       : place->function_before;

		if (function && !strcmp(function, colon + 1) &&
		    span_equal(span_of(patch_file_path(place->file)), path))
			return true;
	}
	return false;
}

static void
add_hit(struct matching *m, const struct rule *rule, const struct place *place,
	long line)
{
	struct match_result *out = m->out;
	struct match_hit *hit;
	struct evidence at;

	if (out->nhits == LIMIT_FINDINGS) {
		m->full = true;
		return;
	}
	ARENA_GROW(m->arena, out->hits, out->cap, out->nhits);
	hit = &out->hits[out->nhits++];
	*hit = (struct match_hit){ .rule = rule, .place = place, .line = line };
	hit->has_map = rule_map(&at, rule, m->input->patch, place, m->scratch);
	if (!hit->has_map)
		return;
	hit->kind = at.value->kind;
	hit->fact = at.fact;
	hit->named = at.text;
	hit->changes_counterpart =
		at.fact && changes(m->input->patch, at.fact->counterpart);
}

static const char *
hit_value(struct matching *m, const struct place *place, long line)
{
	if (line >= 0)
		return copy_text(m, place->lines[line].text);
	return patch_file_path(place->file);
}

/* All conditions of rule @i but those of Unless- hold at @place. */
static void
held(struct matching *m, size_t i, const struct place *place)
{
	const struct rule *rule = &m->pack->rules[i];
	struct rule_trace *trace = &m->out->traces[i];
	const struct mute *mute = muted_by(m, rule, place);
	long line;

	m->states[i].reach = rule->nconditions + 1;
	if (mute && trace->outcome == RULE_FAILED) {
		*trace = (struct rule_trace){ .rule = rule,
					      .outcome = RULE_MUTED,
					      .nheld = rule->nplace,
					      .place = place,
					      .mute = mute };
		return;
	}
	if (mute)
		return;
	if (trace->outcome != RULE_HELD && !unless_holds(m, i, place))
		return;
	line = rule_line(rule, m->input->patch, place, m->scratch);
	add_hit(m, rule, place, line);
	if (trace->outcome == RULE_HELD)
		return;
	*trace = (struct rule_trace){ .rule = rule,
				      .outcome = RULE_HELD,
				      .nheld = rule->nconditions,
				      .place = place,
				      .value = hit_value(m, place, line) };
}

static void
try_rule(struct matching *m, size_t i, const struct place *place)
{
	size_t n = count_held(m, i, place);

	if (m->out->traces[i].outcome == RULE_LIMIT ||
	    regex_scratch_spent(m->scratch))
		return;
	if (n < m->pack->rules[i].nplace)
		missed(m, i, place, n);
	else
		held(m, i, place);
}

static void
begin(struct matching *m)
{
	const struct pack *pack = m->pack;
	struct match_result *out = m->out;

	*out = (struct match_result){ 0 };
	out->ntraces = pack->nrules;
	out->traces = ARENA_ARRAY(m->arena, pack->nrules, struct rule_trace);
	out->wide = m->input->patch->applied->patch->nfiles > pack->max_files;
	m->states = ARENA_ARRAY(m->arena, pack->nrules, struct rule_state);
	m->mutes = ARENA_ARRAY(m->arena, pack->nmutes, unsigned char);
	for (size_t i = 0; i < pack->nrules; i++) {
		const struct rule *rule = &pack->rules[i];
		struct rule_trace *trace = &out->traces[i];

		trace->rule = rule;
		trace->outcome = rule->disabled ? RULE_DISABLED : RULE_FAILED;
		m->states[i].over = rule->disabled || (m->input->reached &&
						       !m->input->reached[i]);
	}
	regex_scratch_budget(m->scratch, LIMIT_CPU_MS);
}

/* A rule that met its limit at one place holds at none. */
static void
drop_hits(struct match_result *out, const struct pack *pack)
{
	size_t n = 0;

	for (size_t i = 0; i < out->nhits; i++) {
		const struct match_hit *hit = &out->hits[i];

		if (out->traces[hit->rule - pack->rules].outcome != RULE_LIMIT)
			out->hits[n++] = *hit;
	}
	out->nhits = n;
}

static void
sum_up(struct match_result *out)
{
	for (size_t i = 0; i < out->ntraces; i++) {
		struct rule_trace *trace = &out->traces[i];

		if (trace->outcome != RULE_HELD)
			continue;
		out->score += trace->rule->points;
		if (trace->rule->wide)
			out->wide_score += trace->rule->points;
		else if (out->wide)
			trace->outcome = RULE_WIDE;
	}
}

/* Time has run out: what held holds, of all else nothing is known. */
static void
out_of_time(struct matching *m)
{
	struct match_result *out = m->out;

	for (size_t i = 0; i < out->ntraces; i++)
		if (out->traces[i].outcome == RULE_FAILED ||
		    out->traces[i].outcome == RULE_MUTED)
			out->traces[i].outcome = RULE_LIMIT;
	add_error(m, arena_printf(m->arena,
				  "pack %s: matching took more than %d ms of "
				  "CPU time and was ended",
				  m->pack->name, LIMIT_CPU_MS));
}

void
match_pack(struct match_result *out, struct arena *arena,
	   const struct pack *pack, const struct match_input *input,
	   struct regex_scratch *scratch)
{
	const struct places *places = input->patch->places;
	struct matching m = { .out = out,
			      .arena = arena,
			      .pack = pack,
			      .input = input,
			      .scratch = scratch };

	begin(&m);
	for (size_t p = 0; p < places->n && !regex_scratch_spent(scratch); p++)
		for (size_t i = 0; i < pack->nrules; i++)
			if (!m.states[i].over)
				try_rule(&m, i, &places->v[p]);
	if (m.limit)
		drop_hits(out, pack);
	if (m.full)
		add_error(&m, arena_printf(arena,
					   "pack %s: more than %d findings; "
					   "the rest is left out",
					   pack->name, LIMIT_FINDINGS));
	if (regex_scratch_spent(scratch))
		out_of_time(&m);
	regex_scratch_budget(scratch, 0);
	sum_up(out);
}
