/* Label files, and the goals that name their labels. */
#include "tap.h"

#include "bot/arena.h"
#include "bot/backtest.h"
#include "bot/goal.h"
#include "bot/labels.h"

static struct labels *
load(const char *text, enum labels_form form)
{
	struct labels *labels = NULL;

	succeeds(labels_parse(&labels, "l.tsv", span_of(text), form), "parsed");
	if (!labels)
		abort();
	return labels;
}

static void
refused(const char *text, const char *part)
{
	struct labels *labels = NULL;

	fails(labels_parse(&labels, "l.tsv", span_of(text), LABELS_NAMED),
	      ERROR_INPUT, part, part);
	ok(!labels, "and nothing comes out");
}

static void
test_parse(void)
{
	AUTOFREE(labels) *l = load("# msgid\tlabel\tdate\n"
				   "b@x\tbreak\t2020\tand more\r\n"
				   "\n"
				   "<a@x>\trelevant\n"
				   "b@x\trelevant\n"
				   "b@x\tbreak\n",
				   LABELS_NAMED);
	const struct labelled *one;

	is_int((intmax_t)l->nnames, 2, "two labels");
	is_str(l->names[0], "break", "the one that came first");
	is_int(labels_by_name(l, "relevant"), 1, "and the other");
	is_int(labels_by_name(l, "rel"), -1, "part of a name is none");
	is_int((intmax_t)l->n, 2, "two mails, each once");
	one = labels_of(l, "b@x");
	is_int(one ? one->set : 0, 3, "one has both labels");
	is_int(one ? one->line : 0, 2, "and its first line");
	one = labels_of(l, "a@x");
	is_int(one ? one->set : 0, 2, "<> around an id goes");
	ok(!labels_of(l, "c@x") && !labels_of(l, NULL), "others have none");
}

static void
test_bare(void)
{
	AUTOFREE(labels) *l =
		load("a@x\tx86\nb@x\n# c@x\n0123456789ab\n", LABELS_BARE);

	is_int((intmax_t)l->n, 3, "a list needs no labels");
	ok(labels_of(l, "b@x") && labels_of(l, "0123456789ab") &&
		   !labels_of(l, "c@x"),
	   "of mails and commits");
}

static void
test_refused(void)
{
	char many[2000] = "";
	size_t n = 0;

	refused("a@x\tbreak\nb@x\n", "l.tsv:2: want a label");
	refused("a@x break\n", "l.tsv:1: does not begin with a Message-ID");
	refused("\tbreak\n", "l.tsv:1: does not begin");
	refused("a@x\trecall=1\n", "l.tsv:1: want a label");
	refused("a@x\t\tbreak\n", "l.tsv:1: want a label");
	refused("# nothing\n", "l.tsv: names no mail");
	for (int i = 0; i <= LABELS_MAX; i++)
		n += (size_t)snprintf(many + n, sizeof(many) - n, "a@x\tl%d\n",
				      i);
	refused(many, "l.tsv:33: more than 32");
}

static void
test_goals(void)
{
	AUTOFREE(arena) *arena = arena_new();
	AUTOFREE(labels) *l = load("a@x\tbreak\nb@x\tv1.x\n", LABELS_NAMED);
	static const char *const wrong[] = {
		"recall.brake=0.5", "recall.break", "recall.break=",
		"recall.break=2",   "rate.core=-1", "rate.all=0.1x",
		"weekly=0.1",	    "rate.all=nan", "rate.core=0.5",
	};
	struct backtest_label found[2] = { { .found = { 12, 15 } },
					   { .found = { 0, 0 } } };
	struct backtest b = { .label = found,
			      .all = { 5, 100 },
			      .in_core = { 4, 100 } };
	static const bool met[] = { true, false, true, false, false };
	struct goals goals = { 0 };
	const char *why;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct goals none = { 0 };

		fails(goals_parse(&none, arena, wrong[i], l, false),
		      ERROR_USAGE, "--at-least", wrong[i]);
	}
	succeeds(goals_parse(&goals, arena,
			     "recall.break=0.8,recall.break=.81,rate.all=0.05,"
			     "rate.core=0.039,recall.v1.x=0",
			     l, true),
		 "goals");
	is_int((intmax_t)goals.n, 5, "five of them");
	for (size_t i = 0; i < goals.n; i++)
		is_int(goal_is_met(&why, arena, &goals.v[i], &b), met[i],
		       goals.v[i].name);
	ok(strstr(why, "no such mail"), "a recall of nothing is not met");
}

int
main(void)
{
	test_parse();
	test_bare();
	test_refused();
	test_goals();
	return done_testing();
}
