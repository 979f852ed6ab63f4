#include "show.h"

#include <string.h>

#include "arena.h"
#include "buf.h"
#include "finding.h"
#include "limits.h"
#include "output-transcript.h"
#include "output.h"
#include "prose.h"

void
output_heading(FILE *out, const char *text, bool color)
{
	fprintf(out, "\n%s%s%s\n", color ? "\033[1m" : "", text,
		color ? "\033[0m" : "");
}

static const char *
points(struct arena *arena, int tenths)
{
	return arena_printf(arena, tenths % 10 ? "%d.%d" : "%d", tenths / 10,
			    tenths % 10);
}

/* "2022-03-07 21:33:27", UTC; "never" would be a lie for what has no date. */
static const char *
moment(struct arena *arena, int64_t when)
{
	const char *time = output_time(arena, when);

	return *time ? arena_printf(arena, "%.10s %.8s", time, time + 11)
		     : "no date";
}

static void
wrap(FILE *out, const char *indent, const char *text)
{
	struct buf lines = BUF(LIMIT_OUTPUT_BYTES);

	prose_wrap(&lines, indent, text);
	fputs(buf_str(&lines), out);
	buf_free(&lines);
}

static void
print_head(FILE *out, struct arena *arena, const struct verdict *verdict)
{
	fprintf(out, "%lld\n", (long long)verdict->id);
	wrap(out, "  ", verdict->subject);
	fprintf(out, "\nFrom: %s\n", address_format(arena, verdict->author));
	fprintf(out, "Date: %s\n", moment(arena, verdict->date));
	if (verdict->msgid)
		fprintf(out, "Message-ID: <%s>\n", verdict->msgid);
	if (verdict->commit)
		fprintf(out, "Commit: %s\n", verdict->commit);
	if (verdict->source)
		fprintf(out, "Source: %s\n", verdict->source);
	fprintf(out, "Kind: %s, %s\n", kind_name(verdict->kind),
		decision_name(verdict->decision));
	output_show_part(out, verdict);
	for (size_t i = 0; i < verdict->npacks; i++)
		fprintf(out, "Judged: pack %s %s (%s), pvwatch %s\n",
			verdict->packs[i].pack, verdict->packs[i].version,
			verdict->packs[i].hash,
			verdict->program ? verdict->program : "");
}

static void
print_people(FILE *out, struct arena *arena, const char *what,
	     const struct addresses *people)
{
	for (size_t i = 0; i < people->n; i++)
		fprintf(out, "    %s %s\n", what,
			address_format(arena, people->v[i]));
}

static void
print_decision(FILE *out, struct arena *arena, const struct verdict *verdict,
	       bool color)
{
	output_heading(out, "Decision", color);
	if (verdict->skipped)
		fprintf(out, "  %s: %s\n", decision_name(verdict->decision),
			verdict->skipped);
	for (size_t i = 0; i < verdict->npacks; i++) {
		const struct pack_verdict *pack = &verdict->packs[i];

		fprintf(out, "  %s for %s with %s points\n",
			decision_name(pack->decision), pack->pack,
			points(arena, pack->score));
		if (pack->decision < DECISION_NOTED)
			continue;
		print_people(out, arena, "to be asked:", &pack->needed);
		print_people(out, arena, "asked already:", &pack->present);
	}
	for (size_t i = 0; i < verdict->nerrors; i++)
		wrap(out, "  ", verdict->errors[i]);
}

static bool
same_rule(const struct finding *a, const struct finding *b)
{
	return !strcmp(a->rule, b->rule) && !strcmp(a->pack, b->pack);
}

/* Was the rule, or its reason, printed with an earlier finding? */
static bool
is_first(const struct verdict *verdict, size_t i,
	 bool (*same)(const struct finding *a, const struct finding *b))
{
	for (size_t j = 0; j < i; j++)
		if (same(&verdict->findings[j], &verdict->findings[i]))
			return false;
	return true;
}

static void
print_place(FILE *out, const struct finding *f)
{
	fprintf(out, "    %s", f->path);
	if (f->line)
		fprintf(out, ":%u%s", f->line, f->old_side ? " (before)" : "");
	if (f->function)
		fprintf(out, " in %s()", f->function);
	fputc('\n', out);
	if (*f->text)
		fprintf(out, "      %s\n", f->text);
}

/* A rule, all its places, and why; a reason is given once. */
static void
print_findings(FILE *out, struct arena *arena, const struct verdict *verdict,
	       bool color)
{
	const struct finding *v = verdict->findings;

	if (verdict->nfindings)
		output_heading(out, "Findings", color);
	for (size_t i = 0; i < verdict->nfindings; i++) {
		if (!is_first(verdict, i, same_rule))
			continue;
		fprintf(out, "  %s, %s points: %s\n", v[i].rule,
			points(arena, v[i].points),
			*v[i].title ? v[i].title : v[i].area);
		for (size_t j = i; j < verdict->nfindings; j++) {
			if (!same_rule(&v[i], &v[j]))
				continue;
			print_place(out, &v[j]);
			if (is_first(verdict, j, finding_same_reason))
				wrap(out, "    ", v[j].why);
		}
	}
}

static size_t
count_hunks(const struct verdict *verdict)
{
	size_t n = 0;

	for (size_t i = 0; i < NPLACINGS; i++)
		n += verdict->hunks[i];
	return n;
}

static void
print_base(FILE *out, const struct verdict *verdict, bool color)
{
	const struct base *base = &verdict->base;
	const char *glue = "  hunks: ";

	if (!base->nattempts && !base->commit && !count_hunks(verdict))
		return;
	output_heading(out, "Base", color);
	for (size_t i = 0; i < base->nattempts; i++)
		fprintf(out, "  %s %s: %s\n",
			base_how_name(base->attempts[i].how),
			base->attempts[i].rev, base->attempts[i].outcome);
	if (base->commit)
		fprintf(out, "  applied to %s, by %s\n", base->commit,
			base_how_name(base->how));
	for (size_t i = 0; i < NPLACINGS; i++) {
		if (!verdict->hunks[i])
			continue;
		fprintf(out, "%s%zu %s", glue, verdict->hunks[i],
			placing_name((enum placing)i));
		glue = ", ";
	}
	if (count_hunks(verdict))
		fputc('\n', out);
}

static void
print_requests(FILE *out, struct arena *arena, const struct show *show,
	       bool color)
{
	if (show->requests.n)
		output_heading(out, "Requests", color);
	for (size_t i = 0; i < show->requests.n; i++) {
		const struct request *r = &show->requests.v[i];
		const struct recipients *to = &show->recipients[i];

		fprintf(out, "  %lld %s, for %s, since %s", (long long)r->id,
			request_state_name(r->state), r->pack,
			moment(arena, r->created));
		if (r->mail_id != show->verdict.id)
			fprintf(out, ", about mail %lld",
				(long long)r->mail_id);
		fputc('\n', out);
		wrap(out, "    ", r->subject);
		if (!to->n)
			wrap(out, "    to ", r->to);
		for (size_t j = 0; j < to->n; j++)
			fprintf(out, "    to %s: %s%s%s\n", to->v[j].addr,
				recipient_state_name(to->v[j].state),
				*to->v[j].reply ? ": " : "", to->v[j].reply);
	}
}

static void
print_history(FILE *out, struct arena *arena, const struct show *show,
	      bool color)
{
	if (show->history.n)
		output_heading(out, "History", color);
	for (size_t i = 0; i < show->history.n; i++) {
		const struct store_event *event = &show->history.v[i];

		fprintf(out, "  %s  %s%s%s\n", moment(arena, event->at),
			event->what, *event->detail ? ": " : "", event->detail);
	}
}

void
output_show_text(FILE *out, struct arena *arena, const struct show *show,
		 bool color)
{
	const struct verdict *verdict = &show->verdict;

	print_head(out, arena, verdict);
	print_decision(out, arena, verdict, color);
	print_findings(out, arena, verdict, color);
	if (show->transcript) {
		output_heading(out, "Rules, as they are now", color);
		output_transcript_text(out, arena, show->transcript);
	}
	print_base(out, verdict, color);
	output_show_series(out, arena, show, color);
	print_requests(out, arena, show, color);
	print_history(out, arena, show, color);
}
