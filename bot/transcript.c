#include "transcript.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "buf.h"
#include "limits.h"
#include "printable.h"
#include "review.h"
#include "rules/pack.h"
#include "rules/regex.h"

enum { VALUE_CHARS = 100 };

/* How near a rule came; the conditions of its place only. */
struct nearness {
	size_t wanted, matched, failed;
	size_t beyond;	  /* matched ones that look at more than the path */
	bool broken;	  /* a Not- spoke against it */
	bool file_failed; /* the path is another one */
};

static struct nearness
nearness_of(const struct rule_explained *e)
{
	struct nearness near = { 0 };

	for (size_t i = 0; i < e->rule->nplace; i++) {
		const struct condition_trace *trace = &e->conditions[i];
		const struct condition *c = trace->condition;
		bool file = c->level == LEVEL_FILE;

		if (c->kind == CONDITION_NOT) {
			near.broken |= trace->outcome == CONDITION_FAILED;
			continue;
		}
		near.wanted++;
		if (trace->outcome == CONDITION_MATCHED) {
			near.matched++;
			near.beyond += !file;
		} else if (trace->outcome == CONDITION_FAILED) {
			near.failed++;
			near.file_failed |= file;
		}
	}
	return near;
}

/* The path alone says little; without it, two others must hold. */
static bool
is_near(const struct nearness *near)
{
	return near->beyond >= (near->file_failed ? 2 : 1);
}

/* Whether a rule belongs into the transcript at all, and where. */
static bool
group_of(enum transcript_group *out, const struct rule_trace *trace,
	 const struct nearness *near)
{
	switch (trace->outcome) {
	case RULE_HELD:
	case RULE_WIDE:
		*out = GROUP_HELD;
		return true;
	case RULE_VETOED:
	case RULE_MUTED:
	case RULE_LIMIT:
		*out = GROUP_STOPPED;
		return true;
	case RULE_DISABLED:
		*out = GROUP_STOPPED;
		return !near->failed && !near->broken && near->beyond;
	case RULE_FAILED:
		break;
	}
	*out = GROUP_NEARLY;
	return is_near(near);
}

static void
find_hits(struct transcript_rule *out, struct arena *arena,
	  const struct match_result *match)
{
	out->hits = ARENA_ARRAY(arena, match->nhits, const struct match_hit *);
	for (size_t i = 0; i < match->nhits; i++)
		if (match->hits[i].rule == out->trace->rule)
			out->hits[out->nhits++] = &match->hits[i];
}

/* A rule that came further than failing is shown where it did. */
static void
explain(struct rule_explained *out, struct arena *arena,
	const struct rule_trace *trace, const struct match_input *input,
	struct regex_scratch *scratch)
{
	if (trace->place && trace->outcome != RULE_FAILED)
		match_explain_at(out, arena, trace->rule, input, trace->place,
				 scratch);
	else
		match_explain(out, arena, trace->rule, input, scratch);
}

static void
add_rule(struct transcript *out, struct arena *arena, const struct pack *pack,
	 const struct rule_trace *trace, const struct rule_explained *explained)
{
	struct nearness near = nearness_of(explained);
	struct transcript_rule *one;
	enum transcript_group group;

	if (!group_of(&group, trace, &near))
		return;
	ARENA_GROW(arena, out->v, out->cap, out->n);
	one = &out->v[out->n++];
	*one = (struct transcript_rule){ .group = group,
					 .pack = pack,
					 .trace = trace,
					 .explained = *explained,
					 .nwanted = near.wanted,
					 .nmatched = near.matched,
					 .nfailed = near.failed };
	out->counts[group]++;
}

static void
add_pack(struct transcript *out, struct arena *arena, const struct pack *pack,
	 const struct match_result *match, const struct match_input *input,
	 struct regex_scratch *scratch)
{
	for (size_t i = 0; i < match->ntraces; i++) {
		struct rule_explained explained;
		size_t before = out->n;

		explain(&explained, arena, &match->traces[i], input, scratch);
		add_rule(out, arena, pack, &match->traces[i], &explained);
		if (out->n > before && out->v[before].group == GROUP_HELD)
			find_hits(&out->v[before], arena, match);
	}
}

static int
compare(const void *a, const void *b)
{
	const struct transcript_rule *l = a, *r = b;

	if (l->group != r->group)
		return l->group < r->group ? -1 : 1;
	if (l->group == GROUP_NEARLY && l->nmatched != r->nmatched)
		return l->nmatched > r->nmatched ? -1 : 1;
	if (l->group == GROUP_NEARLY && l->nfailed != r->nfailed)
		return l->nfailed < r->nfailed ? -1 : 1;
	/* In the order of the packs' files. */
	if (l->pack != r->pack)
		return strcmp(l->pack->name, r->pack->name);
	return l->trace < r->trace ? -1 : l->trace > r->trace;
}

void
transcript_make(struct transcript *out, struct arena *arena,
		const struct packs *packs, const struct review *review,
		struct regex_scratch *scratch, size_t max_nearly)
{
	*out = (struct transcript){ 0 };
	if (!review->matches)
		return;
	regex_scratch_budget(scratch, LIMIT_CPU_MS);
	for (size_t i = 0; i < packs->n; i++)
		add_pack(out, arena, packs->v[i], &review->matches[i],
			 &review->input, scratch);
	regex_scratch_budget(scratch, 0);
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), compare);
	if (out->counts[GROUP_NEARLY] > max_nearly) {
		out->nleft = out->counts[GROUP_NEARLY] - max_nearly;
		out->counts[GROUP_NEARLY] = max_nearly;
		out->n -= out->nleft;
	}
}

const char *
transcript_value(struct arena *arena, const struct condition_trace *trace)
{
	return trace->value ? printable(arena, span_trim(span_of(trace->value)),
					VALUE_CHARS)
			    : "";
}

static bool
is_wanted(const struct condition_trace *trace)
{
	return trace->condition->kind == CONDITION_HOLDS;
}

static void
add_matched(struct buf *out, const struct rule_explained *e)
{
	for (size_t i = 0; i < e->rule->nplace; i++) {
		const struct condition_trace *trace = &e->conditions[i];

		if (is_wanted(trace) && trace->outcome == CONDITION_MATCHED)
			buf_addf(out, "%s%s", out->len ? ", " : "",
				 trace->condition->name);
	}
	if (out->len)
		buf_addstr(out, " matched");
}

static const char *
verb_of(const struct condition_trace *trace)
{
	switch (trace->outcome) {
	case CONDITION_LIMIT:
		return " met its limit";
	case CONDITION_MATCHED:
	case CONDITION_FAILED:
		break;
	}
	return is_wanted(trace) ? " did not" : " speaks against it";
}

static void
add_others(struct buf *out, struct arena *arena, const struct rule_explained *e)
{
	for (size_t i = 0; i < e->rule->nconditions; i++) {
		const struct condition_trace *trace = &e->conditions[i];
		const char *value = transcript_value(arena, trace);

		if (trace->outcome == CONDITION_MATCHED)
			continue;
		buf_addf(out, "%s%s%s", out->len ? "; " : "",
			 trace->condition->name, verb_of(trace));
		if (*value)
			buf_addf(out, ": %s", value);
	}
}

static void
add_mute(struct buf *out, struct arena *arena, const struct mute *mute)
{
	buf_addf(out, "muted: %s (%s:%u)",
		 printable(arena, span_of(mute->reason), VALUE_CHARS),
		 mute->file, mute->line);
}

static void
add_sentence(struct buf *out, struct arena *arena,
	     const struct transcript_rule *rule)
{
	const struct rule_trace *trace = rule->trace;

	switch (trace->outcome) {
	case RULE_HELD:
		return;
	case RULE_WIDE:
		buf_addstr(out, "the patch is tree-wide: noted at most");
		return;
	case RULE_MUTED:
		add_mute(out, arena, trace->mute);
		return;
	case RULE_DISABLED:
		buf_addstr(out, "disabled; it would hold");
		return;
	case RULE_LIMIT:
		if (trace->failed)
			buf_addf(out, "%s met the match limit",
				 trace->failed->name);
		else
			buf_addstr(out, "the time of the mail ran out");
		return;
	case RULE_VETOED:
		buf_addstr(out, "vetoed");
		break;
	case RULE_FAILED:
		add_matched(out, &rule->explained);
		break;
	}
	add_others(out, arena, &rule->explained);
}

const char *
transcript_sentence(struct arena *arena, const struct transcript_rule *rule)
{
	struct buf out = BUF(LIMIT_OUTPUT_BYTES);
	const char *sentence;

	add_sentence(&out, arena, rule);
	sentence = arena_strdup(arena, buf_str(&out));
	buf_free(&out);
	return sentence;
}
