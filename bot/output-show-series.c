#include "show.h"

#include "arena.h"
#include "output.h"

enum { PARTS_SHOWN = 20 };

/* "incomplete: 2, 5 missing" */
static void
print_missing(FILE *out, const struct verdict *verdict)
{
	if (verdict->series_complete)
		return;
	fputs(", incomplete", out);
	for (size_t i = 0; i < verdict->nmissing; i++)
		fprintf(out, "%s%u", i ? ", " : ": ", verdict->missing[i]);
	if (verdict->nmissing)
		fputs(verdict->nmissing == VERDICT_MISSING_MAX
			      ? " and perhaps more missing"
			      : " missing",
		      out);
}

void
output_show_part(FILE *out, const struct verdict *verdict)
{
	if (!verdict->total)
		return;
	fprintf(out, "Series: version %u, part %u of %u", verdict->version,
		verdict->part, verdict->total);
	print_missing(out, verdict);
	fputc('\n', out);
}

static const char *
day(struct arena *arena, int64_t when)
{
	const char *time = output_time(arena, when);

	return *time ? arena_printf(arena, "%.10s", time) : "no date   ";
}

static size_t
count(const struct members *mails, enum decision decision)
{
	size_t n = 0;

	for (size_t i = 0; i < mails->n; i++)
		n += mails->v[i].decision == decision;
	return n;
}

static void
print_version(FILE *out, struct arena *arena,
	      const struct show_version *version, bool current)
{
	const struct members *mails = &version->mails;
	size_t flagged = count(mails, DECISION_FLAGGED);

	fprintf(out, "%s v%u  %s  %zu mail%s", current ? " *" : "  ",
		version->series.version, day(arena, version->series.first),
		mails->n, mails->n == 1 ? "" : "s");
	if (flagged)
		fprintf(out, ", %zu flagged", flagged);
	if (mails->n)
		fprintf(out, ", from %lld on", (long long)mails->v[0].id);
	fputc('\n', out);
}

static void
print_member(FILE *out, const struct show *show, const struct member *mail)
{
	fprintf(out, "%s %2u/%u  %6lld  %-7s  %s\n",
		mail->id == show->verdict.id ? "   *" : "    ", mail->part,
		mail->total, (long long)mail->id,
		mail->kind == KIND_COVER ? "cover"
					 : decision_name(mail->decision),
		show_title(mail->subject));
}

/* Of a long one, those that somebody should look at. */
static bool
is_left_out(const struct show *show, const struct member *mail)
{
	return show->parts.n > PARTS_SHOWN && mail->id != show->verdict.id &&
	       mail->kind != KIND_COVER && mail->decision < DECISION_NOTED;
}

static void
print_members(FILE *out, const struct show *show)
{
	size_t nleft = 0;

	for (size_t i = 0; i < show->parts.n && show->parts.n > 1; i++) {
		if (is_left_out(show, &show->parts.v[i]))
			nleft++;
		else
			print_member(out, show, &show->parts.v[i]);
	}
	if (nleft)
		fprintf(out, "     and %zu that are clear\n", nleft);
}

static void
print_reply(FILE *out, struct arena *arena, const struct member *mail)
{
	int depth = mail->level > 8 ? 8 : (int)mail->level;

	fprintf(out, "%*s%s  %6lld  %s\n", 2 * depth, "",
		day(arena, mail->date), (long long)mail->id,
		address_format(arena, mail->author));
}

void
output_show_series(FILE *out, struct arena *arena, const struct show *show,
		   bool color)
{
	if (show->nversions)
		output_heading(out, "Series", color);
	for (size_t i = 0; i < show->nversions; i++)
		print_version(out, arena, &show->versions[i],
			      show->versions[i].series.id == show->series.id);
	print_members(out, show);
	if (show->replies.n)
		output_heading(out, "Replies", color);
	for (size_t i = 0; i < show->replies.n; i++)
		print_reply(out, arena, &show->replies.v[i]);
}
