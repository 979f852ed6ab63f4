#include "output-backtest.h"

#include <string.h>

#include "arena.h"
#include "backtest.h"
#include "output.h"
#include "rules/pack.h"

enum { MISSES_SHOWN = 10, MISSING_SHOWN = 5 };

static void
print_head(FILE *out, struct arena *arena, const struct backtest *b)
{
	const struct tally_sum *sum = &b->sum;

	for (size_t i = 0; i < b->packs->n; i++)
		fprintf(out, "pack %s %s (%s)%s", b->packs->v[i]->name,
			b->packs->v[i]->version, b->packs->v[i]->hash,
			i + 1 < b->packs->n ? ", " : "");
	fprintf(out, ", flagged from %d.%d points\n", b->flag_at / 10,
		b->flag_at % 10);
	fprintf(out, "%zu mails, %zu judged", b->mails, b->judged);
	if (sum->since)
		fprintf(out, ", %.10s to %.10s", output_time(arena, sum->since),
			output_time(arena, sum->until));
	fprintf(out, ", %zu weeks\n\n", sum->weeks);
}

static void
print_labels(FILE *out, const struct backtest *b)
{
	fprintf(out, "%-16s %7s %7s %7s %7s %7s\n", "label", "listed", "here",
		"found", "noted", "recall");
	for (size_t i = 0; i < b->labels->nnames; i++) {
		const struct backtest_label *l = &b->label[i];

		fprintf(out, "%-16s %7zu %7zu %7zu %7zu ", l->name, l->listed,
			l->found.of, l->found.n, l->noted);
		if (l->found.of)
			fprintf(out, "%7.3f\n", share_ratio(l->found));
		else
			fprintf(out, "%7s\n", "-");
	}
}

static void
print_rate(FILE *out, const char *name, struct share share)
{
	fprintf(out, "%-16s %7zu of %zu, %.2f %%\n", name, share.n, share.of,
		100 * share_ratio(share));
}

static void
print_rates(FILE *out, const struct backtest *b)
{
	const struct tally_sum *sum = &b->sum;

	fputs("\nalerts\n", out);
	print_rate(out, "of all judged", b->all);
	if (b->core)
		print_rate(out, "of the core list", b->in_core);
	fprintf(out,
		"%-16s %7.2f patches, %.2f series; %zu patches in the busiest "
		"week\n",
		"a week", tally_weekly(sum, sum->alerts),
		tally_weekly(sum, sum->series), sum->busiest);
}

static void
print_rule(FILE *out, const struct backtest *b, const struct backtest_rule *r)
{
	fprintf(out, "%-28s %4d.%d %6zu %6zu", r->rule->id,
		r->rule->points / 10, r->rule->points % 10, r->fires, r->alone);
	for (size_t i = 0; i < b->labels->nnames; i++) {
		char both[48];

		snprintf(both, sizeof(both), "%zu/%zu", r->hit[i],
			 r->hit_alone[i]);
		fprintf(out, " %10.32s", r->hit[i] ? both : "-");
	}
	fputc('\n', out);
}

static void
print_rules(FILE *out, const struct backtest *b, bool all)
{
	size_t silent = 0;

	fprintf(out, "\n%-28s %6s %6s %6s", "rule", "points", "fires", "alone");
	for (size_t i = 0; i < b->labels->nnames; i++)
		fprintf(out, " %10.32s", b->labels->names[i]);
	fputs(" (hit/alone)\n", out);
	for (size_t i = 0; i < b->nrules; i++)
		if (all || b->rules[i].fires)
			print_rule(out, b, &b->rules[i]);
		else
			silent++;
	if (silent)
		fprintf(out, "%zu rules never held (-v)\n", silent);
}

static void
print_miss(FILE *out, struct arena *arena, const struct backtest_mail *m)
{
	const char *date = output_time(arena, m->date);

	fprintf(out, "  %.10s  %2d.%d  %s\n", *date ? date : "----------",
		m->score / 10, m->score % 10, m->subject);
	fprintf(out, "    <%s>", m->msgid);
	for (size_t i = 0; i < m->nrules; i++)
		fprintf(out, "%s%s", i ? ", " : "  held: ", m->rules[i]);
	if (m->skipped)
		fprintf(out, "  skipped: %s", m->skipped);
	fputc('\n', out);
	for (size_t i = 0; i < m->nnearest; i++)
		fprintf(out, "    %s: %s\n", m->nearest[i].rule,
			m->nearest[i].sentence);
}

static void
print_misses(FILE *out, struct arena *arena, const struct backtest *b,
	     size_t label, bool all)
{
	const struct backtest_label *l = &b->label[label];
	size_t n = l->found.of - l->found.n, shown = 0;

	if (!n)
		return;
	fprintf(out, "\nmissed of %s\n", l->name);
	for (size_t i = 0; i < b->nmail; i++) {
		const struct backtest_mail *m = &b->mail[i];

		if (m->found || !(m->labels >> label & 1))
			continue;
		if (!all && shown == MISSES_SHOWN)
			break;
		print_miss(out, arena, m);
		shown++;
	}
	if (shown < n)
		fprintf(out, "  and %zu more (-v)\n", n - shown);
}

static void
print_missing(FILE *out, const struct backtest *b, bool all)
{
	if (b->core_missing)
		fprintf(out, "\n%zu of the core list are not in the archive\n",
			b->core_missing);
	if (b->nmissing)
		fprintf(out, "\n%zu labelled mails are not in the archive\n",
			b->nmissing);
	for (size_t i = 0; i < b->nmissing && (all || i < MISSING_SHOWN); i++)
		fprintf(out, "  <%s>\n", b->missing[i]);
}

void
output_backtest_text(FILE *out, const struct backtest *b, bool all)
{
	AUTOFREE(arena) *arena = arena_new();

	print_head(out, arena, b);
	print_labels(out, b);
	print_rates(out, b);
	print_rules(out, b, all);
	for (size_t i = 0; i < b->labels->nnames; i++)
		print_misses(out, arena, b, i, all);
	print_missing(out, b, all);
}
