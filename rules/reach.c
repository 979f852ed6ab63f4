#include "rules/reach.h"

#include <string.h>

#include "bot/arena.h"
#include "bot/limits.h"
#include "rules/match.h"
#include "rules/reach-map.h"
#include "rules/regex.h"

static const unsigned PATHS = 1u << FIELD_F | 1u << FIELD_N;
static const unsigned LINES = 1u << FIELD_K | 1u << FIELD_ADDED |
			      1u << FIELD_REMOVED | 1u << FIELD_CONTEXT;

struct reaching {
	struct arena *arena;
	struct regex_scratch *scratch;
	const struct reach_map *map; /* NULL: there is none */
	const struct patch_file *file;
	unsigned kinds; /* of the map, in the file */
	bool kinds_known;
	const bool *mutes; /* those that hold for the file, by mute of the
			      pack; NULL: not needed yet */
	/* All its lines of a kind, as place.changed has them; ptr NULL: not
	   needed yet. */
	struct span changed, context;
};

static size_t
size_of(const struct patch_file *file)
{
	size_t size = 1;

	for (size_t i = 0; i < file->nhunks; i++)
		for (size_t j = 0; j < file->hunks[i].nlines; j++)
			size += file->hunks[i].lines[j].text.len + 1;
	return size;
}

static char *
add_line(char *out, struct span line)
{
	if (line.len && line.ptr[line.len - 1] == '\r')
		line.len--;
	if (line.len)
		out = mempcpy(out, line.ptr, line.len);
	*out++ = '\n';
	return out;
}

static struct span
lines_of(const struct reaching *r, bool context)
{
	char *text = arena_alloc(r->arena, size_of(r->file)), *out = text;

	for (size_t i = 0; i < r->file->nhunks; i++) {
		const struct hunk *hunk = &r->file->hunks[i];

		for (size_t j = 0; j < hunk->nlines; j++)
			if ((hunk->lines[j].kind == LINE_CONTEXT) == context)
				out = add_line(out, hunk->lines[j].text);
	}
	return (struct span){ text, (size_t)(out - text) };
}

static void
find_lines(struct reaching *r)
{
	if (r->changed.ptr)
		return;
	r->changed = lines_of(r, false);
	r->context = lines_of(r, true);
}

static bool
some_line_may_match(struct reaching *r, const struct condition *condition)
{
	find_lines(r);
	for (size_t i = 0; i < condition->nvalues; i++) {
		const struct value *value = &condition->values[i];
		struct span text =
			value->field == FIELD_CONTEXT ? r->context : r->changed;

		if (regex_may_match(value->regex, r->scratch, text))
			return true;
	}
	return false;
}

/* As condition_holds() would say, by which file conditions come to nearly all
   of the time that this takes. */
static enum regex_result
match_path(const struct reaching *r, const struct condition *condition)
{
	const struct patch_file *file = r->file;
	const char *paths[] = { file->new_path, file->old_path };
	size_t n = paths[0] == paths[1] ? 1 : 2;

	for (size_t i = 0; i < condition->nvalues; i++) {
		const struct value *value = &condition->values[i];

		for (size_t j = 0; j < n; j++) {
			enum regex_result result;

			if (!paths[j])
				continue;
			if (value->regex)
				result = regex_match(value->regex, r->scratch,
						     span_of(paths[j]));
			else
				result = pathpat_match(value->text, paths[j])
						 ? REGEX_YES
						 : REGEX_NO;
			if (result != REGEX_NO)
				return result;
		}
	}
	return REGEX_NO;
}

/* Whether @mute hides all of the file, by its path. */
static bool
hides_file(const struct reaching *r, const struct mute *mute)
{
	for (size_t i = 0; i < mute->nconditions; i++) {
		const struct condition *condition = &mute->conditions[i];

		if (condition->kind != CONDITION_HOLDS ||
		    condition->fields & ~PATHS ||
		    match_path(r, condition) != REGEX_YES)
			return false;
	}
	return true;
}

/* What holds there is no finding. */
static bool
is_muted(struct reaching *r, const struct pack *pack, const struct rule *rule)
{
	if (!r->mutes) {
		bool *mutes = ARENA_ARRAY(r->arena, pack->nmutes, bool);

		for (size_t i = 0; i < pack->nmutes; i++)
			mutes[i] = hides_file(r, &pack->mutes[i]);
		r->mutes = mutes;
	}
	for (size_t i = 0; i < pack->nmutes; i++)
		if (r->mutes[i] && !mute_spares(&pack->mutes[i], rule))
			return true;
	return false;
}

static bool
map_may_hold(struct reaching *r, const struct condition *condition)
{
	if (!r->map)
		return false;
	if (!r->kinds_known) {
		r->kinds =
			reach_map_kinds(r->map, r->arena, r->file, r->scratch);
		r->kinds_known = true;
	}
	for (size_t i = 0; i < condition->nvalues; i++)
		if (r->kinds & 1u << condition->values[i].kind)
			return true;
	return false;
}

static bool
may_hold(struct reaching *r, const struct condition *condition)
{
	if (condition->kind != CONDITION_HOLDS)
		return true;
	if (!(condition->fields & ~PATHS))
		return match_path(r, condition) != REGEX_NO;
	if (!(condition->fields & ~LINES))
		return some_line_may_match(r, condition);
	if (!(condition->fields & ~(1u << FIELD_MAP)))
		return map_may_hold(r, condition);
	return true;
}

static bool
rule_may_hold(struct reaching *r, const struct rule *rule)
{
	if (rule->disabled)
		return false;
	for (size_t i = 0; i < rule->nplace; i++)
		if (!may_hold(r, &rule->conditions[i]))
			return false;
	return true;
}

static bool
reach_file(bool *rules, struct reaching *r, const struct pack *pack)
{
	bool any = false;

	for (size_t i = 0; i < pack->nrules; i++) {
		if (!rules[i])
			rules[i] = rule_may_hold(r, &pack->rules[i]) &&
				   !is_muted(r, pack, &pack->rules[i]);
		any |= rules[i];
	}
	return any;
}

const bool *
reach_patch(struct arena *arena, const struct pack *pack,
	    const struct reach_map *map, const struct patch *patch,
	    struct regex_scratch *scratch)
{
	bool *rules = ARENA_ARRAY(arena, pack->nrules, bool);
	bool any = false;

	/* Matching has a budget of its own behind it. */
	regex_scratch_budget(scratch, LIMIT_CPU_MS / 4);
	for (size_t i = 0; i < patch->nfiles; i++) {
		struct reaching r = { .arena = arena,
				      .scratch = scratch,
				      .map = map,
				      .file = &patch->files[i] };

		any |= reach_file(rules, &r, pack);
	}
	regex_scratch_budget(scratch, 0);
	return any ? rules : NULL;
}
