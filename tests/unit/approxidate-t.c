/* Times as people write them. */
#include "bot/approxidate.h"

#include <time.h>

#include "tap.h"

/* Wednesday, 2022-11-30T13:14:15Z */
enum { NOW = 1669814055, DAY = 86400, TODAY = 1669766400 };

static const struct {
	const char *text;
	int64_t begin, end; /* both 0: refused */
} table[] = {
	{ "1970-01-02", 86400, 172800 },
	{ "2022-10-01T12:00:00Z", 1664625600, 1664625601 },
	{ "2022-10-01T14:00:00+0200", 1664625600, 1664625601 },
	{ "2022-10-01 12:00:00", 1664625600, 1664625601 },
	{ "2022-10-01T12:00", 1664625600, 1664625660 },
	{ "2022-10", 1664582400, 1667260800 },
	{ "2022-12", 1669852800, 1672531200 },
	{ "2022-12-31", 1672444800, 1672531200 },
	{ "2022", 1640995200, 1672531200 },
	{ "@5", 5, 6 },
	{ "2022-13-01", 0, 0 },
	{ "2022-10-01x", 0, 0 },
	{ "@x", 0, 0 },
	{ "@", 0, 0 },
	{ "@99999999999999999999", 0, 0 },
	{ "", 0, 0 },

	{ "now", NOW, NOW + 1 },
	{ "today", TODAY, TODAY + DAY },
	{ "yesterday", TODAY - DAY, TODAY },
	{ "Yesterday", TODAY - DAY, TODAY },
	{ "tuesday", TODAY - DAY, TODAY },
	{ "wednesday", TODAY - 7 * DAY, TODAY - 6 * DAY },
	{ "last.thursday", TODAY - 6 * DAY, TODAY - 5 * DAY },
	{ "2.weeks", NOW - 14 * DAY, NOW - 14 * DAY + 1 },
	{ "2.weeks.ago", NOW - 14 * DAY, NOW - 14 * DAY + 1 },
	{ "2 weeks ago", NOW - 14 * DAY, NOW - 14 * DAY + 1 },
	{ "90_minutes", NOW - 5400, NOW - 5399 },
	{ "1.day.1.hour.30.seconds", NOW - DAY - 3630, NOW - DAY - 3629 },
	{ "last.week", NOW - 7 * DAY, NOW - 7 * DAY + 1 },
	/* From the 30th of November back: of October, and of February, which
	   has 28 days. */
	{ "1.month", NOW - 31 * DAY, NOW - 31 * DAY + 1 },
	{ "1.year", NOW - 365 * DAY, NOW - 365 * DAY + 1 },
	{ "9.months", 1646226855, 1646226856 },
	{ "soon", 0, 0 },
	{ "2.fortnights", 0, 0 },
	{ "weeks", 0, 0 },
	{ "ago", 0, 0 },
	{ "2", 0, 0 },
	{ "2.weeks.ago.ago", 0, 0 },
	{ "100000.years", 0, 0 },
	{ "-2.weeks", 0, 0 },
	{ "last.last.week", 0, 0 },
	{ "a-very-long-word-of-a-time", 0, 0 },
};

/* Many of the largest units: no overflow, whatever comes out. */
static void
test_far(void)
{
	struct approxidate far = { 0, 0 };

	ok(approxidate(&far, "99999.years.99999.years.99999.years.99999.years",
		       NOW),
	   "very long ago");
	ok(far.begin < 0 && far.end == far.begin + 1, "before 1970");
}

int
main(void)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct approxidate got = { 0, 0 };
		bool taken = approxidate(&got, table[i].text, NOW);

		ok(taken == (table[i].end != 0), table[i].text);
		is_int(got.begin, table[i].begin, "begins");
		is_int(got.end, table[i].end, "ends");
	}
	test_far();
	ok(!approxidate_absolute(&(struct approxidate){ 0, 0 }, "yesterday"),
	   "yesterday is not absolute");
	return done_testing();
}
