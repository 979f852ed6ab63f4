#include "backtest.h"

#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "arena.h"
#include "review.h"
#include "threads.h"
#include "transcript.h"
#include "rules/pack.h"
#include "rules/regex.h"

double
share_ratio(struct share share)
{
	return share.of ? (double)share.n / (double)share.of : 0;
}

static void
add_labels(struct backtest *b)
{
	b->label =
		ARENA_ARRAY(b->arena, b->labels->nnames, struct backtest_label);
	for (size_t i = 0; i < b->labels->nnames; i++) {
		b->label[i].name = b->labels->names[i];
		for (size_t j = 0; j < b->labels->n; j++)
			b->label[i].listed += b->labels->v[j].set >> i & 1;
	}
}

static void
add_rules(struct backtest *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->packs->n; i++)
		b->nrules += b->packs->v[i]->nrules;
	b->rules = ARENA_ARRAY(b->arena, b->nrules, struct backtest_rule);
	for (size_t i = 0; i < b->packs->n; i++)
		for (size_t j = 0; j < b->packs->v[i]->nrules; j++) {
			struct backtest_rule *rule = &b->rules[n++];

			rule->pack = b->packs->v[i];
			rule->rule = &b->packs->v[i]->rules[j];
			rule->hit = ARENA_ARRAY(b->arena, LABELS_MAX, size_t);
			rule->hit_alone =
				ARENA_ARRAY(b->arena, LABELS_MAX, size_t);
		}
}

void
backtest_new(struct backtest **out, const struct packs *packs, int flag_at,
	     const struct labels *labels, const struct labels *core)
{
	struct backtest *b = xcalloc(1, sizeof(*b));

	b->arena = arena_new();
	b->packs = packs;
	b->labels = labels;
	b->core = core;
	b->flag_at = flag_at;
	b->scratch = regex_scratch_new();
	b->tally = tally_new();
	b->seen = ARENA_ARRAY(b->arena, labels->n, bool);
	b->seen_core = ARENA_ARRAY(b->arena, core ? core->n : 0, bool);
	add_labels(b);
	add_rules(b);
	*out = b;
}

void
backtest_free(struct backtest *b)
{
	if (!b)
		return;
	tally_free(b->tally);
	regex_scratch_free(b->scratch);
	arena_free(b->arena);
	free(b);
}

static bool
rule_held(const struct rule_trace *trace)
{
	return trace->outcome == RULE_HELD || trace->outcome == RULE_WIDE;
}

/* What counts towards flagging, as review.c has it. */
static int
flagging(const struct match_result *match)
{
	return match->wide ? match->wide_score : match->score;
}

bool
rule_is_alone(const struct packs *packs, const struct match_result *matches,
	      int flag_at, size_t which, size_t i)
{
	for (size_t p = 0; p < packs->n; p++) {
		int score = flagging(&matches[p]);

		if (p == which && matches[p].traces[i].outcome == RULE_HELD)
			score -= packs->v[p]->rules[i].points;
		if (score >= flag_at)
			return false;
	}
	return true;
}

static void
count_rule(struct backtest *b, struct backtest_rule *rule, uint32_t labels,
	   bool alone)
{
	rule->fires++;
	rule->alone += alone;
	for (size_t i = 0; i < b->labels->nnames; i++) {
		bool has = labels >> i & 1;

		rule->hit[i] += has;
		rule->hit_alone[i] += has && alone;
	}
}

static void
count_rules(struct backtest *b, const struct review *review, uint32_t labels,
	    bool found)
{
	size_t n = 0;

	for (size_t p = 0; p < b->packs->n; p++)
		for (size_t i = 0; i < b->packs->v[p]->nrules; i++, n++)
			if (rule_held(&review->matches[p].traces[i]))
				count_rule(b, &b->rules[n], labels,
					   found && rule_is_alone(
							    b->packs,
							    review->matches,
							    b->flag_at, p, i));
}

static void
list_rules(struct backtest_mail *mail, struct arena *arena,
	   const struct backtest *b, const struct review *review)
{
	mail->rules = ARENA_ARRAY(arena, b->nrules, const char *);
	for (size_t p = 0; p < b->packs->n; p++)
		for (size_t i = 0; i < b->packs->v[p]->nrules; i++)
			if (rule_held(&review->matches[p].traces[i]))
				mail->rules[mail->nrules++] =
					b->packs->v[p]->rules[i].id;
}

static void
find_nearest(struct backtest_mail *mail, struct backtest *b,
	     const struct review *review)
{
	AUTOFREE(arena) *arena = arena_new();
	struct transcript t;

	transcript_make(&t, arena, b->packs, review, b->scratch,
			BACKTEST_NEAREST);
	for (size_t i = 0; i < t.n && mail->nnearest < BACKTEST_NEAREST; i++) {
		if (t.v[i].group == GROUP_HELD)
			continue;
		mail->nearest[mail->nnearest].rule = t.v[i].trace->rule->id;
		mail->nearest[mail->nnearest++].sentence = arena_strdup(
			b->arena, transcript_sentence(arena, &t.v[i]));
	}
}

static void
add_mail(struct backtest *b, const struct review *review,
	 const struct labelled *labelled, bool found)
{
	const struct verdict *v = &review->verdict;
	struct backtest_mail *mail;

	ARENA_GROW(b->arena, b->mail, b->cap, b->nmail);
	mail = &b->mail[b->nmail++];
	*mail = (struct backtest_mail){
		.msgid = labelled->msgid,
		.subject = arena_strdup(b->arena, v->subject),
		.labels = labelled->set,
		.date = v->date,
		.kind = v->kind,
		.decision = v->decision,
		.skipped = v->skipped,
		.score = v->score,
		.found = found,
	};
	if (review->matches)
		list_rules(mail, b->arena, b, review);
	if (review->matches && !found)
		find_nearest(mail, b, review);
	for (size_t i = 0; i < b->labels->nnames; i++) {
		if (!(labelled->set >> i & 1))
			continue;
		b->label[i].found.of++;
		b->label[i].found.n += found;
		b->label[i].noted += v->decision == DECISION_NOTED;
	}
}

/* What a label file may call it: a repository's commit has no Message-ID. */
static const struct labelled *
find_labels(const struct labels *labels, const struct verdict *verdict)
{
	if (!labels)
		return NULL;
	return labels_of(labels,
			 verdict->msgid ? verdict->msgid : verdict->commit);
}

static void
count_judged(struct backtest *b, const struct review *review, bool in_core,
	     bool found)
{
	const struct verdict *v = &review->verdict;
	const char *root = mail_thread_root(&review->mail);

	b->judged++;
	b->all.of++;
	b->all.n += found;
	if (in_core) {
		b->in_core.of++;
		b->in_core.n += found;
	}
	tally_judged(b->tally, v->date);
	if (found)
		tally_alert(b->tally, v->date, root, v->version);
}

static void
add_review(struct backtest *b, const struct review *review)
{
	const struct labelled *labelled =
		find_labels(b->labels, &review->verdict);
	const struct labelled *core = find_labels(b->core, &review->verdict);
	bool found = review->verdict.decision >= DECISION_COVERED;

	b->mails++;
	if (labelled)
		b->seen[labelled - b->labels->v] = true;
	if (core)
		b->seen_core[core - b->core->v] = true;
	if (review->matches) {
		count_judged(b, review, core, found);
		count_rules(b, review, labelled ? labelled->set : 0, found);
	}
	if (labelled)
		add_mail(b, review, labelled, found);
}

void
backtest_add(struct backtest *b, const struct batch *batch)
{
	for (size_t i = 0; i < batch->n; i++)
		if (!batch->reviews[i].left_alone)
			add_review(b, &batch->reviews[i]);
}

void
backtest_finish(struct backtest *b)
{
	tally_sum(&b->sum, b->tally);
	b->missing = ARENA_ARRAY(b->arena, b->labels->n, const char *);
	for (size_t i = 0; i < b->labels->n; i++)
		if (!b->seen[i])
			b->missing[b->nmissing++] = b->labels->v[i].msgid;
	for (size_t i = 0; b->core && i < b->core->n; i++)
		b->core_missing += !b->seen_core[i];
}
