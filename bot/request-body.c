#include "request-body.h"

#include <string.h>
#include <time.h>

#include "arena.h"
#include "buf.h"
#include "finding.h"
#include "mail.h"
#include "printable.h"
#include "prose.h"
#include "request.h"
#include "span.h"
#include "verdict.h"

enum {
	PLACES_SHOWN = 12, /* more than that is read in the patch itself */
	PLACES_OF_ONE_REASON = 3,
	OTHERS_SHOWN = 10,
	TITLES_IN_LEAD = 3,
	EXCERPT_COLUMNS = 200,
	PATH_COLUMNS = 200,
	NAME_COLUMNS = 80,
	WHY_COLUMNS = 1500,
};

struct body {
	struct buf *out;
	struct arena *arena;
	const struct request_sender *sender;
	const struct verdict *verdict;
	const struct pack_verdict *pack;
	const struct request_about *about;
	const struct finding **findings; /* of the pack */
	size_t nfindings;
	bool *shown;		      /* of each finding */
	const struct finding **rules; /* the first finding of each, by points */
	size_t nrules;
	size_t left; /* places that may still be shown */
};

static const char *
show(struct body *body, const char *s, size_t max)
{
	return printable(body->arena, span_of(s), max);
}

static const char *
tenths(struct arena *arena, int n)
{
	return n % 10 ? arena_printf(arena, "%d.%d", n / 10, n % 10)
		      : arena_printf(arena, "%d", n / 10);
}

static const char *
count(struct arena *arena, size_t n, const char *noun)
{
	return arena_printf(arena, "%zu %s%s", n, noun,
			    n == 1			  ? ""
			    : !strcmp(noun, "more patch") ? "es"
							  : "s");
}

static const char *
title(struct body *body, const struct finding *finding)
{
	const char *s = finding->title && finding->title[0] ? finding->title
							    : finding->rule;

	return show(body, s, NAME_COLUMNS);
}

/* "arch/x86/kernel/head64.c:180 (x86_64_start_kernel)" */
static const char *
place(struct body *body, const struct finding *finding)
{
	struct arena *arena = body->arena;
	const char *path = show(body, finding->path, PATH_COLUMNS);
	const char *line = "", *where = "";

	if (finding->line)
		line = arena_printf(arena, ":%u", finding->line);
	if (finding->function)
		where = arena_printf(
			arena, " (%s)",
			show(body, finding->function, NAME_COLUMNS));
	return arena_printf(arena, "%s%s%s", path, line, where);
}

static void
add_rule(struct body *body, const struct finding *finding)
{
	size_t i = body->nrules;

	for (size_t j = 0; j < i; j++)
		if (!strcmp(body->rules[j]->rule, finding->rule))
			return;
	for (; i && body->rules[i - 1]->points < finding->points; i--)
		body->rules[i] = body->rules[i - 1];
	body->rules[i] = finding;
	body->nrules++;
}

static void
collect(struct body *body)
{
	const struct verdict *verdict = body->verdict;
	size_t n = verdict->nfindings;

	body->findings = ARENA_ARRAY(body->arena, n, const struct finding *);
	body->rules = ARENA_ARRAY(body->arena, n, const struct finding *);
	body->shown = ARENA_ARRAY(body->arena, n, bool);
	for (size_t i = 0; i < n; i++) {
		const struct finding *finding = &verdict->findings[i];

		if (strcmp(finding->pack, body->pack->pack) != 0)
			continue;
		body->findings[body->nfindings++] = finding;
		add_rule(body, finding);
	}
}

static size_t
count_files(const struct body *body)
{
	size_t n = 0;

	for (size_t i = 0; i < body->nfindings; i++) {
		size_t j = 0;

		while (j < i && strcmp(body->findings[j]->path,
				       body->findings[i]->path) != 0)
			j++;
		n += j == i;
	}
	return n;
}

/* What of the guest the finding is about, as the map has it; "": unknown. */
static const char *
guests_side(struct body *body, const struct finding *finding)
{
	const char *counterpart = finding->map ? finding->map->counterpart : "";
	const char *colon = strrchr(counterpart, ':');

	if (!colon || !colon[1])
		return "";
	counterpart = show(body, counterpart, PATH_COLUMNS);
	colon = strrchr(counterpart, ':');
	if (!colon)
		return "";
	return arena_printf(body->arena,
			    " It concerns the guest's %s() in %.*s.", colon + 1,
			    (int)(colon - counterpart), counterpart);
}

/* What the patch does and where, in the first lines: many read no further. */
static void
lead(struct body *body)
{
	struct arena *arena = body->arena;
	const struct finding *first = body->rules[0];
	const char *s;

	s = arena_printf(arena, "This patch may need your eyes: %s, in %s.%s",
			 title(body, first), place(body, first),
			 guests_side(body, first));
	for (size_t i = 1; i < body->nrules && i < TITLES_IN_LEAD; i++)
		s = arena_printf(arena, "%s%s %s", s, i == 1 ? " Also:" : ";",
				 title(body, body->rules[i]));
	if (body->nfindings > 1)
		s = arena_printf(arena, "%s%s %s in %s.", s,
				 body->nrules > 1 ? "." : "",
				 count(arena, body->nfindings, "place"),
				 count(arena, count_files(body), "file"));
	prose_wrap(body->out, "", s);
}

static const char *
day(struct arena *arena, int64_t date)
{
	time_t t = (time_t)date;
	struct tm tm;

	if (!date || !gmtime_r(&t, &tm))
		return "";
	return arena_printf(arena, " on %04d-%02d-%02d", tm.tm_year + 1900,
			    tm.tm_mon + 1, tm.tm_mday);
}

/* RFC 3986 2.1: what a Message-ID may have and a path segment may not. */
static const char *
url_escape(struct arena *arena, const char *s)
{
	struct buf buf = BUF(PATH_COLUMNS * 16);
	const char *out;

	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c > ' ' && c < 0x7f && !strchr("\"#%/<>?[\\]^`{|}", c))
			buf_addch(&buf, *s);
		else
			buf_addf(&buf, "%%%02X", c);
	}
	out = arena_strdup(arena, buf_str(&buf));
	buf_free(&buf);
	return out;
}

/* The readers were not asked, so that they may not have the patch at hand. */
static void
whereabouts(struct body *body)
{
	struct arena *arena = body->arena;
	const struct address *author = &body->verdict->author;
	const char *who =
		author->name && author->name[0] ? author->name : author->addr;
	const char *audience =
		body->sender->audience
			? show(body, body->sender->audience, PATH_COLUMNS)
			: "you";
	const char *missed =
		body->pack->present.n
			? arena_printf(arena, "not all of %s are", audience)
			: arena_printf(arena, "none of %s is", audience);

	who = who && who[0] ? show(body, who, NAME_COLUMNS) : "Somebody";
	prose_wrap(body->out, "",
		   arena_printf(arena,
				"%s sent it%s; %s on To or Cc, so here it is:",
				who, day(arena, body->verdict->date), missed));
	prose_line(body->out, "  ",
		   arena_printf(arena, "https://lore.kernel.org/all/%s/",
				url_escape(arena, body->about->mail->msgid)));
	prose_wrap(body->out, "",
		   "If it is right as it stands, nothing needs to be done; if "
		   "not, please answer its author.");
}

static void
show_place(struct body *body, const struct finding *finding)
{
	const char *text = show(body, finding->text, EXCERPT_COLUMNS);

	prose_line(body->out, "  ", place(body, finding));
	if (text[0])
		prose_line(body->out, "    ",
			   arena_printf(body->arena, "%c %s", text[0],
					text + 1 + strspn(text + 1, " ")));
	body->left--;
}

/* @why without the sentences at its end that @said, which was read already,
   ends with, too. */
static const char *
unsaid(struct arena *arena, const char *why, const char *said)
{
	size_t n = strlen(why), m = strlen(said), same = 0;
	const char *end;

	while (same < n && same < m && why[n - same - 1] == said[m - same - 1])
		same++;
	end = same < n ? strstr(why + n - same, ". ") : NULL;
	if (!end)
		return why;
	return arena_printf(arena, "%.*s The rest is as above.",
			    (int)(end + 1 - why), why);
}

/* The places of one rule that have the reason of finding @at in common.
   @said: the reason of the same rule that stands above; NULL: none. */
static void
show_reason(struct body *body, size_t at, const char *said)
{
	const struct finding *first = body->findings[at];
	const char *why = show(body, first->why, WHY_COLUMNS);
	size_t n = 0, more = 0;

	for (size_t i = at; i < body->nfindings; i++) {
		const struct finding *finding = body->findings[i];

		if (body->shown[i] || !finding_same_reason(finding, first))
			continue;
		body->shown[i] = true;
		if (n < PLACES_OF_ONE_REASON && body->left)
			n++, show_place(body, finding);
		else
			more++;
	}
	if (more)
		prose_line(
			body->out, "  ",
			arena_printf(body->arena, "and %s",
				     count(body->arena, more, "more place")));
	if (said)
		why = unsaid(body->arena, why, said);
	prose_wrap(body->out, "  ", why);
}

static void
show_rule(struct body *body, const struct finding *rule)
{
	struct arena *arena = body->arena;
	const char *points = tenths(arena, rule->points);
	const char *said = NULL;

	buf_addch(body->out, '\n');
	prose_wrap(body->out, "",
		   arena_printf(arena, "%s [%s, %s point%s]", title(body, rule),
				show(body, rule->rule, NAME_COLUMNS), points,
				rule->points == 10 ? "" : "s"));
	for (size_t i = 0; i < body->nfindings && body->left; i++) {
		if (body->shown[i] ||
		    strcmp(body->findings[i]->rule, rule->rule) != 0)
			continue;
		if (said)
			buf_addch(body->out, '\n');
		show_reason(body, i, said);
		if (!said)
			said = show(body, body->findings[i]->why, WHY_COLUMNS);
	}
}

static void
show_rules(struct body *body)
{
	size_t hidden = 0;

	for (size_t i = 0; i < body->nrules && body->left; i++)
		show_rule(body, body->rules[i]);
	for (size_t i = 0; i < body->nfindings; i++)
		hidden += !body->shown[i];
	if (!hidden)
		return;
	buf_addch(body->out, '\n');
	prose_line(body->out, "",
		   arena_printf(body->arena, "And %s, not shown here.",
				count(body->arena, hidden, "more place")));
}

/* What the line numbers and the judgement stand on. */
static const char *
ground(struct body *body)
{
	const struct verdict *verdict = body->verdict;
	size_t missing = verdict->hunks[PLACING_MISSING];
	const char *but = "";

	if (!verdict->base.commit)
		return "Judged by the text of the patch alone, without a tree.";
	if (missing)
		but = arena_printf(body->arena,
				   ", where %zu of its hunks %s not apply",
				   missing, missing == 1 ? "does" : "do");
	return arena_printf(body->arena, "Judged on commit %.12s%s.",
			    verdict->base.commit, but);
}

/* Behind the signature mark of RFC 3676 4.3, which answers leave out. */
static void
signature(struct body *body)
{
	struct arena *arena = body->arena;
	const struct request_sender *sender = body->sender;
	const char *pack = body->pack->pack, *to = "", *contact = "";

	if (sender->reply_to.addr)
		to = arena_printf(arena,
				  " Answer this mail to %s, a person reads it.",
				  sender->reply_to.addr);
	if (sender->contact)
		contact =
			arena_printf(arena, " Ask %s.",
				     show(body, sender->contact, PATH_COLUMNS));
	buf_addstr(body->out, "\n-- \n");
	prose_wrap(body->out, "",
		   arena_printf(arena,
				"A program, pvwatch, wrote this: score %s by "
				"the rules of pack %s. %s",
				tenths(arena, body->pack->score), pack,
				ground(body)));
	prose_wrap(body->out, "",
		   arena_printf(arena,
				"A false alarm, or no more such mail, please?"
				"%s%s "
				"Filters can go by \"X-pvwatch: pack=%s\".",
				to, contact, pack));
}

/* The finding of @verdict in this pack with the most points; NULL: none. */
static const struct finding *
worst(const struct verdict *verdict, const char *pack)
{
	const struct finding *found = NULL;

	for (size_t i = 0; i < verdict->nfindings; i++) {
		const struct finding *finding = &verdict->findings[i];

		if (!strcmp(finding->pack, pack) &&
		    (!found || finding->points > found->points))
			found = finding;
	}
	return found;
}

static void
show_other(struct body *body, const struct verdict *other)
{
	struct arena *arena = body->arena;
	const struct finding *finding = worst(other, body->pack->pack);

	buf_addch(body->out, '\n');
	prose_line(body->out, "  ",
		   show(body, other->subject, EXCERPT_COLUMNS));
	if (other->msgid)
		prose_line(body->out, "    ",
			   arena_printf(arena,
					"https://lore.kernel.org/all/%s/",
					url_escape(arena, other->msgid)));
	if (finding)
		prose_wrap(body->out, "    ",
			   arena_printf(arena, "%s, in %s",
					title(body, finding),
					place(body, finding)));
}

/* One mail a series: its other patches are named, their places pointed at. */
static void
show_others(struct body *body)
{
	size_t n = body->about->nothers;

	if (!n)
		return;
	buf_addch(body->out, '\n');
	prose_line(body->out, "", "Other patches of this series to look at:");
	for (size_t i = 0; i < n && i < OTHERS_SHOWN; i++)
		show_other(body, &body->about->others[i]);
	if (n > OTHERS_SHOWN)
		prose_line(body->out, "  ",
			   arena_printf(body->arena, "and %s",
					count(body->arena, n - OTHERS_SHOWN,
					      "more patch")));
}

void
request_body(struct buf *out, struct arena *arena,
	     const struct request_sender *sender,
	     const struct request_about *about)
{
	struct body body = { .out = out,
			     .arena = arena,
			     .sender = sender,
			     .verdict = about->verdict,
			     .pack = about->pack,
			     .about = about,
			     .left = PLACES_SHOWN };

	collect(&body);
	lead(&body);
	buf_addch(out, '\n');
	whereabouts(&body);
	show_rules(&body);
	show_others(&body);
	signature(&body);
}
