#include "output.h"

#include <string.h>
#include <time.h>

#include "arena.h"
#include "buf.h"
#include "finding.h"
#include "limits.h"
#include "prose.h"
#include "verdict.h"
#include "db/store.h"

enum { PLACES_SHOWN = 3 }; /* of one rule */

/* ECMA-48 8.3.117, or nothing. */
enum paint { PLAIN, BOLD, RED, YELLOW, GREEN, CYAN };

static const char *
paint(bool color, enum paint which)
{
	static const char *const codes[] = {
		[PLAIN] = "\033[0m",  [BOLD] = "\033[1m",
		[RED] = "\033[1;31m", [YELLOW] = "\033[1;33m",
		[GREEN] = "\033[32m", [CYAN] = "\033[36m",
	};

	return color ? codes[which] : "";
}

static enum paint
paint_of(enum decision decision)
{
	switch (decision) {
	case DECISION_FLAGGED:
		return RED;
	case DECISION_NOTED:
		return YELLOW;
	case DECISION_COVERED:
	case DECISION_CLEAR:
		return GREEN;
	case DECISION_SKIPPED:
		break;
	}
	return PLAIN;
}

const char *
output_time(struct arena *arena, int64_t when)
{
	time_t t = (time_t)when;
	struct tm tm;
	char text[64];

	if (!when || !gmtime_r(&t, &tm) ||
	    !strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm))
		return "";
	return arena_strdup(arena, text);
}

/* At how many of the first @end findings the rule of @i held. */
static size_t
places(const struct verdict *verdict, size_t i, size_t end)
{
	const struct finding *f = &verdict->findings[i];
	size_t n = 0;

	for (size_t j = 0; j < end; j++)
		n += !strcmp(verdict->findings[j].rule, f->rule) &&
		     !strcmp(verdict->findings[j].pack, f->pack);
	return n;
}

static bool
said_before(const struct verdict *verdict, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (finding_same_reason(&verdict->findings[j],
					&verdict->findings[i]))
			return true;
	return false;
}

static void
print_points(FILE *out, int tenths)
{
	fprintf(out, tenths % 10 ? "%d.%d" : "%d", tenths / 10, tenths % 10);
}

/* There was a tree, but what is said of the place does not come from it. */
static bool
is_guess(const struct verdict *verdict, const struct finding *f)
{
	return f->basis == BASIS_DIFF && verdict->base.how != BASE_NONE;
}

static void
print_place(FILE *out, const struct verdict *verdict, const struct finding *f,
	    bool color)
{
	fprintf(out, "%s%s:", paint(color, BOLD), f->path);
	if (f->line)
		fprintf(out, "%u:", f->line);
	fprintf(out, "%s %s%s%s (", paint(color, PLAIN),
		paint(color, paint_of(verdict->decision)), f->rule,
		paint(color, PLAIN));
	print_points(out, f->points);
	fprintf(out, "): %s\n", *f->title ? f->title : f->area);
	if (f->function)
		fprintf(out, "  in %s()%s\n", f->function,
			is_guess(verdict, f) ? ", by the diff alone" : "");
	if (*f->text)
		fprintf(out, "    %s%s%s\n", paint(color, CYAN), f->text,
			paint(color, PLAIN));
}

/*
 * A reason is given once; a rule that holds all over a patch is not shown at
 * every place unless that was asked for.
 */
static void
print_finding(FILE *out, const struct verdict *verdict, size_t i,
	      enum output_detail detail, bool color)
{
	const struct finding *f = &verdict->findings[i];
	struct buf why = BUF(LIMIT_OUTPUT_BYTES);

	if (detail == OUTPUT_BRIEF && places(verdict, i, i) >= PLACES_SHOWN)
		return;
	print_place(out, verdict, f, color);
	if (!said_before(verdict, i))
		prose_wrap(&why, "  ", f->why);
	fputs(buf_str(&why), out);
	buf_free(&why);
}

/* Which rules held at more places than were shown. */
static void
print_hidden(FILE *out, const struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->nfindings; i++) {
		size_t n = places(verdict, i, verdict->nfindings);

		if (n > PLACES_SHOWN && !places(verdict, i, i))
			fprintf(out, "  %s: %zu more place%s (-v)\n",
				verdict->findings[i].rule, n - PLACES_SHOWN,
				n - PLACES_SHOWN == 1 ? "" : "s");
	}
}

static size_t
tried(const struct verdict *verdict)
{
	size_t n = 0;

	for (size_t i = 0; i < PLACING_UNTRIED; i++)
		n += verdict->hunks[i];
	return n;
}

/* What a reader must know of the places: some of the hunks came to @how. */
static void
print_hunks(FILE *out, const struct verdict *verdict, enum placing how,
	    const char *one, const char *many, const char *so)
{
	size_t n = verdict->hunks[how];

	if (n)
		fprintf(out, "  %zu of %zu hunks %s in %.12s%s\n", n,
			tried(verdict), n == 1 ? one : many,
			verdict->base.commit, so);
}

static void
print_applied(FILE *out, const struct verdict *verdict)
{
	if (!verdict->base.commit)
		return;
	print_hunks(out, verdict, PLACING_MISSING, "is not", "are not",
		    "; judged on the patch's own text there");
	print_hunks(out, verdict, PLACING_FUZZY, "is", "are",
		    " with other context only; it may be another place");
}

static void
print_base(FILE *out, const struct verdict *verdict)
{
	const struct base *base = &verdict->base;

	for (size_t i = 0; i < base->nattempts; i++)
		fprintf(out, "  base: %s %s: %s\n",
			base_how_name(base->attempts[i].how),
			base->attempts[i].rev, base->attempts[i].outcome);
	if (base->commit)
		fprintf(out, "  base: %s, chosen by %s\n", base->commit,
			base_how_name(base->how));
	if (!tried(verdict) && !verdict->hunks[PLACING_UNTRIED])
		return;
	fputs("  hunks:", out);
	for (size_t i = 0; i < NPLACINGS; i++)
		if (verdict->hunks[i])
			fprintf(out, " %zu %s", verdict->hunks[i],
				placing_name((enum placing)i));
	fputc('\n', out);
}

static void
print_people(FILE *out, struct arena *arena, const char *label,
	     const struct addresses *people)
{
	for (size_t i = 0; i < people->n; i++)
		fprintf(out, "%s: %s\n", label,
			address_format(arena, people->v[i]));
}

static void
print_pack(FILE *out, struct arena *arena, const struct verdict *verdict,
	   const struct pack_verdict *pack, bool color)
{
	if (pack->decision < DECISION_NOTED)
		return;
	fprintf(out, "%s%s%s for %s with ",
		paint(color, paint_of(pack->decision)),
		decision_name(pack->decision), paint(color, PLAIN), pack->pack);
	print_points(out, pack->score);
	fprintf(out, " points: %s\n", verdict->subject);
	if (pack->decision == DECISION_FLAGGED)
		print_people(out, arena, "Cc", &pack->needed);
	if (pack->decision == DECISION_COVERED)
		print_people(out, arena, "  asked already", &pack->present);
}

void
output_errors(const struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->nerrors; i++)
		fprintf(stderr, "pvwatch: %s: %s\n", verdict->source,
			verdict->errors[i]);
}

void
output_text(FILE *out, struct arena *arena, const struct verdict *verdict,
	    enum output_detail detail, bool color)
{
	bool quiet = verdict->decision < DECISION_NOTED;

	output_errors(verdict);
	if (quiet && detail == OUTPUT_BRIEF)
		return;
	if (quiet) {
		fprintf(out, "%s: %s%s%s: %s%s%s\n", verdict->source,
			paint(color, paint_of(verdict->decision)),
			decision_name(verdict->decision), paint(color, PLAIN),
			verdict->subject, verdict->skipped ? ": " : "",
			verdict->skipped ? verdict->skipped : "");
	}
	for (size_t i = 0; i < verdict->nfindings; i++)
		if (!quiet || detail == OUTPUT_EXPLAIN)
			print_finding(out, verdict, i, detail, color);
	if (detail == OUTPUT_BRIEF)
		print_hidden(out, verdict);
	print_applied(out, verdict);
	if (detail == OUTPUT_EXPLAIN)
		print_base(out, verdict);
	for (size_t i = 0; i < verdict->npacks; i++)
		print_pack(out, arena, verdict, &verdict->packs[i], color);
	if (!quiet)
		fputc('\n', out);
}

/* "; Cc: ..." with those whom the pack of @f misses. */
static void
print_missed(FILE *out, struct arena *arena, const struct verdict *verdict,
	     const struct finding *f)
{
	for (size_t i = 0; i < verdict->npacks; i++) {
		const struct pack_verdict *pack = &verdict->packs[i];

		if (strcmp(pack->pack, f->pack) ||
		    pack->decision != DECISION_FLAGGED)
			continue;
		for (size_t j = 0; j < pack->needed.n; j++)
			fprintf(out, "%s%s", j ? ", " : "; Cc: ",
				address_format(arena, pack->needed.v[j]));
	}
}

void
output_findings(FILE *out, struct arena *arena, const struct verdict *verdict)
{
	output_errors(verdict);
	if (verdict->decision != DECISION_FLAGGED)
		return;
	for (size_t i = 0; i < verdict->nfindings; i++) {
		const struct finding *f = &verdict->findings[i];

		if (places(verdict, i, i) >= PLACES_SHOWN)
			continue;
		fprintf(out, "%s:", f->path);
		if (f->line)
			fprintf(out, "%u:", f->line);
		fprintf(out, " %s (", f->rule);
		print_points(out, f->points);
		fprintf(out, "): %s", *f->title ? f->title : f->area);
		if (f->function)
			fprintf(out, " in %s()", f->function);
		print_missed(out, arena, verdict, f);
		fputc('\n', out);
	}
}

static const char *
rules_of(struct arena *arena, const struct verdict *verdict)
{
	struct buf list = BUF(LIMIT_OUTPUT_BYTES);
	const char *rules;

	for (size_t i = 0; i < verdict->nfindings; i++) {
		bool again = false;

		for (size_t j = 0; j < i && !again; j++)
			again = !strcmp(verdict->findings[j].rule,
					verdict->findings[i].rule);
		if (!again)
			buf_addf(&list, "%s%s", list.len ? "," : "",
				 verdict->findings[i].rule);
	}
	rules = arena_strdup(arena, buf_str(&list));
	buf_free(&list);
	return rules;
}

void
output_line(FILE *out, struct arena *arena, const struct verdict *verdict,
	    bool color)
{
	const char *date = output_time(arena, verdict->date);

	fprintf(out, "%6lld  %.10s  %s%-7s%s  %2d.%d  %s",
		(long long)verdict->id, *date ? date : "----------",
		paint(color, paint_of(verdict->decision)),
		decision_name(verdict->decision), paint(color, PLAIN),
		verdict->score / 10, verdict->score % 10, verdict->subject);
	if (verdict->nfindings)
		fprintf(out, "  %s[%s]%s", paint(color, CYAN),
			rules_of(arena, verdict), paint(color, PLAIN));
	fputc('\n', out);
}
