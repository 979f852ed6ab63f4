/* Alerts by week and by series; what rules that are tried add by month. */
#include "tap.h"

#include "bot/backtest.h"
#include "bot/review.h"
#include "bot/tally.h"
#include "bot/trial.h"
#include "rules/pack.h"

enum { DAY = 24 * 3600 };

/* Monday, 2 March 2020, 0:00 UTC */
static const int64_t monday = 1583107200;

static void
alert(struct tally *tally, int64_t date, const char *root, unsigned version)
{
	tally_judged(tally, date);
	tally_alert(tally, date, root, version);
}

static void
test_weeks(void)
{
	AUTOFREE(tally) *tally = tally_new();
	struct tally_sum sum;

	tally_sum(&sum, tally);
	ok(!sum.weeks && !tally_weekly(&sum, 3), "nothing is no week");
	alert(tally, monday, NULL, 1);
	alert(tally, monday - 1, NULL, 1);
	alert(tally, monday + 7 * DAY - 1, NULL, 1);
	tally_judged(tally, monday + 30 * DAY);
	tally_judged(tally, 0);
	tally_judged(tally, -400 * (int64_t)DAY);
	tally_sum(&sum, tally);
	is_int((intmax_t)sum.judged, 6, "all were judged");
	is_int((intmax_t)sum.weeks, 4, "weeks begin on Monday; no date, none");
	is_int((intmax_t)sum.busiest, 2, "two alerts in one of them");
	is_int(sum.since, -400 * (int64_t)DAY, "the first date");
	is_int(sum.until, monday + 30 * DAY, "the last date");
	ok(tally_weekly(&sum, 6) == 1.5, "so many a week");
}

static void
test_series(void)
{
	AUTOFREE(tally) *tally = tally_new();
	struct tally_sum sum;

	alert(tally, monday, "cover@x", 1);
	alert(tally, monday, "cover@x", 1);
	alert(tally, monday, "cover@x", 2);
	alert(tally, monday, "other@x", 1);
	alert(tally, monday, NULL, 1);
	alert(tally, monday, NULL, 1);
	tally_sum(&sum, tally);
	is_int((intmax_t)sum.alerts, 6, "alerts");
	is_int((intmax_t)sum.series, 5,
	       "one for the parts of a version; what has no thread is alone");
}

/* A pack of rules of 2, 1 and 1 points, and how they came out. */
struct fixture {
	struct rule rules[3];
	struct pack pack;
	struct pack *one[1];
	struct packs packs;
	struct rule_trace traces[3];
	struct match_result match;
	struct review review;
};

static void
fixture_init(struct fixture *f)
{
	*f = (struct fixture){ .rules = { { .id = "two", .points = 20 },
					  { .id = "one", .points = 10 },
					  { .id = "more", .points = 10 } } };
	f->pack = (struct pack){ .name = "p", .rules = f->rules, .nrules = 3 };
	f->one[0] = &f->pack;
	f->packs = (struct packs){ .v = f->one, .n = 1 };
	for (size_t i = 0; i < 3; i++)
		f->traces[i] = (struct rule_trace){ .rule = &f->rules[i],
						    .outcome = RULE_FAILED };
	f->match.traces = f->traces;
	f->match.ntraces = 3;
	f->review.matches = &f->match;
}

static void
hold(struct fixture *f, const char *which)
{
	f->match.score = 0;
	for (size_t i = 0; i < 3; i++) {
		bool held = strchr(which, (int)('0' + i));

		f->traces[i].outcome = held ? RULE_HELD : RULE_FAILED;
		f->match.score += held ? f->rules[i].points : 0;
	}
}

static void
test_alone(void)
{
	static const struct {
		const char *held;
		bool alone[3];
	} cases[] = {
		{ "0", { true, false, false } },
		{ "12", { false, true, true } },
		{ "01", { true, false, false } },
		{ "012", { false, false, false } },
	};
	struct fixture f;

	fixture_init(&f);
	for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
		hold(&f, cases[c].held);
		for (size_t i = 0; i < 3; i++)
			if (strchr(cases[c].held, (int)('0' + i)))
				is_int(rule_is_alone(&f.packs, &f.match, 20, 0,
						     i),
				       cases[c].alone[i], cases[c].held);
	}
}

static void
add(struct trial *trial, struct fixture *f, const char *held, int64_t date)
{
	struct trial_mail mail;

	hold(f, held);
	f->review.verdict.date = date;
	trial_add(&mail, trial, &f->review);
}

static void
test_trial(void)
{
	struct fixture f;
	struct trial trial = { .packs = &f.packs, .flag_at = 20 };
	struct trial_mail mail;

	fixture_init(&f);
	trial.rules = malloc(sizeof(*trial.rules));
	trial.rules[trial.nrules++] = &f.rules[1];
	add(&trial, &f, "12", monday);
	add(&trial, &f, "1", 0);
	add(&trial, &f, "0", monday);
	add(&trial, &f, "01", monday - 40 * DAY);
	add(&trial, &f, "1", monday + DAY);
	hold(&f, "12");
	ok(trial_add(&mail, &trial, &f.review), "a tried rule held");
	is_int(mail.without, 10, "without it");
	is_int(mail.with, 20, "with it");
	trial_finish(&trial);
	is_int((intmax_t)trial.judged, 6, "judged");
	is_int((intmax_t)trial.held, 5, "held on");
	is_int((intmax_t)trial.found, 3, "flagged");
	is_int((intmax_t)trial.alone, 2, "not so without it");
	is_int((intmax_t)trial.nmonths, 3, "months: none, January, March");
	is_int(trial.months[0].year, 0, "the first has no date");
	is_int(trial.months[2].month, 3, "the last is March");
	is_int((intmax_t)trial.months[2].held, 3, "of three");
	is_int((intmax_t)trial.months[2].alone, 2, "two of them alone");
	trial_clear(&trial);
}

int
main(void)
{
	test_weeks();
	test_series();
	test_alone();
	test_trial();
	return done_testing();
}
