#include "output-transcript.h"

#include <string.h>

#include "buf.h"
#include "limits.h"
#include "prose.h"
#include "transcript.h"
#include "rules/rule.h"

enum { PLACES_SHOWN = 3, COLUMNS = 80 };

static const char *const headings[NGROUPS] = {
	[GROUP_HELD] = "held",
	[GROUP_STOPPED] = "stopped",
	[GROUP_NEARLY] = "nearly held",
};

static void
print_place(FILE *out, const struct place *place, long line)
{
	fprintf(out, "    at %s", patch_file_path(place->file));
	if (line >= 0)
		fprintf(out, ":%u", place_line(place, (size_t)line));
	if (place->function_after || place->function_before)
		fprintf(out, " in %s()",
			place->function_after ? place->function_after
					      : place->function_before);
	fputc('\n', out);
}

static void
print_places(FILE *out, const struct transcript_rule *rule)
{
	for (size_t i = 0; i < rule->nhits && i < PLACES_SHOWN; i++)
		print_place(out, rule->hits[i]->place, rule->hits[i]->line);
	if (rule->nhits > PLACES_SHOWN)
		fprintf(out, "    and %zu more\n", rule->nhits - PLACES_SHOWN);
	if (!rule->nhits && rule->explained.place)
		print_place(out, rule->explained.place, -1);
}

static const char *
sign_of(enum condition_outcome outcome)
{
	static const char *const signs[] = {
		[CONDITION_MATCHED] = "+",
		[CONDITION_FAILED] = "-",
		[CONDITION_LIMIT] = "!",
	};

	return signs[outcome];
}

static void
print_condition(FILE *out, struct arena *arena,
		const struct condition_trace *trace)
{
	const char *value = transcript_value(arena, trace);

	fprintf(out, "      %s %s", sign_of(trace->outcome),
		trace->condition->name);
	if (*value)
		fprintf(out, ": %s", value);
	if (trace->where && strcmp(trace->where, value) != 0)
		fprintf(out, " (%s)", trace->where);
	fputc('\n', out);
}

/* "id (2), 2 of 3: sentence"; what a terminal has no room for goes below. */
static void
print_heading(FILE *out, const struct transcript_rule *rule,
	      const char *sentence)
{
	const struct rule *r = rule->explained.rule;
	struct buf lines = BUF(LIMIT_OUTPUT_BYTES);

	buf_addf(&lines, r->points % 10 ? "  %s (%d.%d)" : "  %s (%d)", r->id,
		 r->points / 10, r->points % 10);
	if (rule->group == GROUP_NEARLY)
		buf_addf(&lines, ", %zu of %zu", rule->nmatched, rule->nwanted);
	if (lines.len + strlen(": ") + strlen(sentence) <= COLUMNS) {
		buf_addf(&lines, ": %s\n", sentence);
	} else {
		buf_addstr(&lines, ":\n");
		prose_wrap(&lines, "    ", sentence);
	}
	fputs(buf_str(&lines), out);
	buf_free(&lines);
}

static void
print_rule(FILE *out, struct arena *arena, const struct transcript_rule *rule)
{
	const struct rule *r = rule->explained.rule;
	const char *sentence = transcript_sentence(arena, rule);

	print_heading(out, rule, *sentence ? sentence : r->title);
	print_places(out, rule);
	for (size_t i = 0; i < r->nconditions; i++)
		print_condition(out, arena, &rule->explained.conditions[i]);
}

void
output_transcript_text(FILE *out, struct arena *arena,
		       const struct transcript *transcript)
{
	for (size_t i = 0; i < transcript->n; i++) {
		const struct transcript_rule *rule = &transcript->v[i];

		if (!i || rule->group != rule[-1].group)
			fprintf(out, "%s:\n", headings[rule->group]);
		print_rule(out, arena, rule);
	}
	if (transcript->nleft)
		fprintf(out, "%zu more nearly held (-v)\n", transcript->nleft);
	if (!transcript->n)
		fputs("no rule held or came near\n", out);
}
