#include "output-backtest.h"

#include "arena.h"
#include "backtest.h"
#include "output.h"
#include "printable.h"
#include "rules/pack.h"

enum { TEXT_CHARS = 300 };

/* A stranger's text, between tags or in quotes. */
static void
put(FILE *out, struct arena *arena, const char *text)
{
	for (const char *s = printable(arena, span_of(text), TEXT_CHARS); *s;
	     s++)
		switch (*s) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc(*s, out);
		}
}

static const char top[] =
	"<!DOCTYPE html>\n"
	"<html lang=\"en\">\n"
	"<meta charset=\"utf-8\">\n"
	"<meta name=\"viewport\" content=\"width=device-width\">\n"
	"<meta http-equiv=\"Content-Security-Policy\" "
	"content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
	"<title>pvwatch backtest</title>\n"
	"<style>\n"
	"body { font: 15px/1.45 system-ui, sans-serif; margin: 2em auto;\n"
	"  max-width: 70em; padding: 0 1em; color: #222; background: #fff; }\n"
	"h2 { margin-top: 2em; font-size: 1.15em; }\n"
	"table { border-collapse: collapse; display: block; overflow-x: auto; }\n"
	"th, td { padding: .2em .7em; text-align: right;\n"
	"  border-bottom: 1px solid #ddd; white-space: nowrap; }\n"
	"th { color: #555; font-weight: 600; }\n"
	"th:first-child, td:first-child { text-align: left; }\n"
	"tr.silent { color: #888; }\n"
	"dt { margin-top: .8em; } dd { margin: 0 0 0 2em; color: #444; }\n"
	"dd code { color: #000; } .id, .n { color: #666; }\n"
	"@media (prefers-color-scheme: dark) {\n"
	"  body { color: #ddd; background: #181818; } th, .id, .n { color: #aaa; }\n"
	"  th, td { border-color: #444; } dd { color: #bbb; }\n"
	"  dd code { color: #eee; } tr.silent { color: #777; } }\n"
	"</style>\n"
	"<h1>pvwatch backtest</h1>\n";

static void
put_head(FILE *out, struct arena *arena, const struct backtest *b)
{
	fputs(top, out);
	for (size_t i = 0; i < b->packs->n; i++) {
		fputs("<p>Pack ", out);
		put(out, arena, b->packs->v[i]->name);
		fputc(' ', out);
		put(out, arena, b->packs->v[i]->version);
		fprintf(out, " <span class=\"n\">(%s)</span></p>\n",
			b->packs->v[i]->hash);
	}
	fprintf(out,
		"<p>%zu mails, %zu judged, %.10s to %.10s, %zu weeks; flagged "
		"from %d.%d points.</p>\n",
		b->mails, b->judged, output_time(arena, b->sum.since),
		output_time(arena, b->sum.until), b->sum.weeks, b->flag_at / 10,
		b->flag_at % 10);
}

static void
put_labels(FILE *out, struct arena *arena, const struct backtest *b)
{
	fputs("<h2>Found</h2>\n<table>\n<tr><th>label<th>listed<th>in the "
	      "archive<th>found<th>noted<th>recall</tr>\n",
	      out);
	for (size_t i = 0; i < b->labels->nnames; i++) {
		const struct backtest_label *l = &b->label[i];

		fputs("<tr><td>", out);
		put(out, arena, l->name);
		fprintf(out, "<td>%zu<td>%zu<td>%zu<td>%zu<td>", l->listed,
			l->found.of, l->found.n, l->noted);
		if (l->found.of)
			fprintf(out, "%.1f %%", 100 * share_ratio(l->found));
		fputs("</tr>\n", out);
	}
	fputs("</table>\n", out);
}

static void
put_rates(FILE *out, const struct backtest *b)
{
	const struct tally_sum *sum = &b->sum;

	fputs("<h2>Alerts</h2>\n<table>\n"
	      "<tr><th>of<th>judged<th>alerts<th>rate</tr>\n",
	      out);
	fprintf(out, "<tr><td>all<td>%zu<td>%zu<td>%.2f %%</tr>\n", b->all.of,
		b->all.n, 100 * share_ratio(b->all));
	if (b->core)
		fprintf(out,
			"<tr><td>the core list<td>%zu<td>%zu<td>%.2f %%</tr>\n",
			b->in_core.of, b->in_core.n,
			100 * share_ratio(b->in_core));
	fprintf(out,
		"</table>\n<p>A week: %.2f patches, %.2f series; %zu patches "
		"in the busiest week.</p>\n",
		tally_weekly(sum, sum->alerts), tally_weekly(sum, sum->series),
		sum->busiest);
}

static void
put_rule(FILE *out, struct arena *arena, const struct backtest *b,
	 const struct backtest_rule *r)
{
	fprintf(out, "<tr%s><td>", r->fires ? "" : " class=\"silent\"");
	put(out, arena, r->rule->id);
	fprintf(out, "<td>%d.%d<td>%zu<td>%zu", r->rule->points / 10,
		r->rule->points % 10, r->fires, r->alone);
	for (size_t i = 0; i < b->labels->nnames; i++)
		fprintf(out, "<td>%zu<td>%zu", r->hit[i], r->hit_alone[i]);
	fputs("</tr>\n", out);
}

static void
put_rules(FILE *out, struct arena *arena, const struct backtest *b)
{
	fputs("<h2>Rules</h2>\n<table>\n"
	      "<tr><th>rule<th>points<th>fires<th>alone",
	      out);
	for (size_t i = 0; i < b->labels->nnames; i++) {
		fputs("<th>", out);
		put(out, arena, b->labels->names[i]);
		fputs("<th>alone", out);
	}
	fputs("</tr>\n", out);
	for (size_t i = 0; i < b->nrules; i++)
		put_rule(out, arena, b, &b->rules[i]);
	fputs("</table>\n<p class=\"n\">Alone: the patch would not have been "
	      "found without the rule.</p>\n",
	      out);
}

static void
put_miss(FILE *out, struct arena *arena, const struct backtest_mail *m)
{
	fprintf(out, "<dt>%.10s <span class=\"n\">%d.%d</span> ",
		output_time(arena, m->date), m->score / 10, m->score % 10);
	put(out, arena, m->subject);
	fputs(" <span class=\"id\">&lt;", out);
	put(out, arena, m->msgid);
	fputs("&gt;</span></dt>\n", out);
	if (m->skipped)
		fprintf(out, "<dd>skipped: %s</dd>\n", m->skipped);
	for (size_t i = 0; i < m->nnearest; i++) {
		fputs("<dd><code>", out);
		put(out, arena, m->nearest[i].rule);
		fputs("</code> ", out);
		put(out, arena, m->nearest[i].sentence);
		fputs("</dd>\n", out);
	}
}

static void
put_misses(FILE *out, struct arena *arena, const struct backtest *b,
	   size_t label)
{
	const struct backtest_label *l = &b->label[label];

	if (l->found.n == l->found.of)
		return;
	fputs("<h2>Missed of ", out);
	put(out, arena, l->name);
	fputs("</h2>\n<dl>\n", out);
	for (size_t i = 0; i < b->nmail; i++)
		if (!b->mail[i].found && b->mail[i].labels >> label & 1)
			put_miss(out, arena, &b->mail[i]);
	fputs("</dl>\n", out);
}

static void
put_missing(FILE *out, struct arena *arena, const struct backtest *b)
{
	if (b->core_missing)
		fprintf(out,
			"<p>%zu of the core list are not in the archive.</p>\n",
			b->core_missing);
	if (!b->nmissing)
		return;
	fprintf(out, "<h2>Labelled, not in the archive (%zu)</h2>\n<dl>\n",
		b->nmissing);
	for (size_t i = 0; i < b->nmissing; i++) {
		fputs("<dt class=\"id\">&lt;", out);
		put(out, arena, b->missing[i]);
		fputs("&gt;</dt>\n", out);
	}
	fputs("</dl>\n", out);
}

void
output_backtest_html(FILE *out, const struct backtest *b)
{
	AUTOFREE(arena) *arena = arena_new();

	put_head(out, arena, b);
	put_labels(out, arena, b);
	put_rates(out, b);
	put_rules(out, arena, b);
	for (size_t i = 0; i < b->labels->nnames; i++)
		put_misses(out, arena, b, i);
	put_missing(out, arena, b);
	fputs("</html>\n", out);
}
