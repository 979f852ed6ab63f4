#include "approxidate.h"

#include <stddef.h> /* size_t */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum {
	DAY_SECONDS = 24 * 60 * 60,
	WORD_MAX = 16,
	WORDS_MAX = 16,
	/* So that no sum of them leaves what time_t and struct tm can hold. */
	NUMBER_MAX = 99999,
};

enum unit { SECOND, MINUTE, HOUR, DAY, WEEK, MONTH, YEAR };

static const struct {
	const char *format;
	enum unit unit; /* the field of struct tm that it ends in */
} formats[] = {
	{ "%Y-%m-%dT%H:%M:%S%z", SECOND },
	{ "%Y-%m-%d %H:%M:%S%z", SECOND },
	{ "%Y-%m-%d %H:%M:%S %z", SECOND },
	{ "%Y-%m-%dT%H:%M:%S", SECOND },
	{ "%Y-%m-%d %H:%M:%S", SECOND },
	{ "%Y-%m-%dT%H:%M%z", MINUTE },
	{ "%Y-%m-%dT%H:%M", MINUTE },
	{ "%Y-%m-%d %H:%M", MINUTE },
	{ "%Y-%m-%d", DAY },
	{ "%Y-%m", MONTH },
	{ "%Y", YEAR },
};

static void
add_units(struct tm *tm, enum unit unit, int n)
{
	switch (unit) {
	case SECOND:
		tm->tm_sec += n;
		break;
	case MINUTE:
		tm->tm_min += n;
		break;
	case HOUR:
		tm->tm_hour += n;
		break;
	case DAY:
		tm->tm_mday += n;
		break;
	case WEEK:
		tm->tm_mday += 7 * n;
		break;
	case MONTH:
		tm->tm_mon += n;
		break;
	case YEAR:
		tm->tm_year += n;
		break;
	}
}

static bool
parse_seconds(struct approxidate *out, const char *text)
{
	size_t n = strspn(text, "0123456789");

	if (!n || n > 12 || text[n])
		return false;
	out->begin = strtoll(text, NULL, 10);
	out->end = out->begin + 1;
	return true;
}

bool
approxidate_absolute(struct approxidate *out, const char *text)
{
	if (text[0] == '@')
		return parse_seconds(out, text + 1);
	if (strspn(text, "0123456789") != 4)
		return false; /* strptime() takes "2" for a year */
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		struct tm tm = { .tm_mday = 1 };
		const char *rest = strptime(text, formats[i].format, &tm);
		long east;

		if (!rest || *rest)
			continue;
		east = tm.tm_gmtoff; /* timegm() forgets it */
		out->begin = timegm(&tm) - east;
		add_units(&tm, formats[i].unit, 1);
		out->end = timegm(&tm) - east;
		return true;
	}
	return false;
}

/* The words of a relative time; 0: too many, or too long ones. */
static size_t
split(char words[WORDS_MAX][WORD_MAX], const char *text)
{
	static const char blanks[] = "._ ";
	size_t n = 0;

	for (text += strspn(text, blanks); *text;
	     text += strspn(text, blanks)) {
		size_t len = strcspn(text, blanks);

		if (n == WORDS_MAX || len >= WORD_MAX)
			return 0;
		memcpy(words[n], text, len);
		words[n++][len] = 0;
		text += len;
	}
	return n;
}

static bool
find_unit(enum unit *out, const char *word)
{
	static const char *const names[] = {
		[SECOND] = "second", [MINUTE] = "minute", [HOUR] = "hour",
		[DAY] = "day",	     [WEEK] = "week",	  [MONTH] = "month",
		[YEAR] = "year",
	};

	for (int i = SECOND; i <= YEAR; i++) {
		size_t len = strlen(names[i]);

		if (strncasecmp(word, names[i], len) != 0 ||
		    (word[len] && strcasecmp(word + len, "s") != 0))
			continue;
		*out = (enum unit)i;
		return true;
	}
	return false;
}

/* Days back to the last @word that is over, or 0 for none such. */
static int
days_to(const char *word, int weekday)
{
	static const char *const names[] = { "sunday",	  "monday",   "tuesday",
					     "wednesday", "thursday", "friday",
					     "saturday" };

	for (int i = 0; i < 7; i++)
		if (!strcasecmp(word, names[i]))
			return (weekday - i + 6) % 7 + 1;
	return 0;
}

/* A day that has a name. */
static bool
name_day(struct approxidate *out, const char *word, int64_t now)
{
	time_t t = (time_t)now;
	struct tm tm;
	int back;

	if (!gmtime_r(&t, &tm))
		return false;
	if (!strcasecmp(word, "today"))
		back = 0;
	else if (!strcasecmp(word, "yesterday"))
		back = 1;
	else if (!(back = days_to(word, tm.tm_wday)))
		return false;
	out->begin = now - (tm.tm_hour * 60 + tm.tm_min) * 60 - tm.tm_sec -
		     (int64_t)back * DAY_SECONDS;
	out->end = out->begin + DAY_SECONDS;
	return true;
}

static bool
read_number(int *out, const char *word)
{
	size_t n = strspn(word, "0123456789");

	if (!n || word[n] || n > 5)
		return false;
	*out = (int)strtol(word, NULL, 10);
	return *out <= NUMBER_MAX;
}

/* "2 weeks 1 day ago", "last month": by the calendar, as git counts. */
static bool
count_back(struct approxidate *out, char words[WORDS_MAX][WORD_MAX], size_t n,
	   int64_t now)
{
	time_t t = (time_t)now;
	enum unit unit;
	struct tm tm;
	int number;

	if (n % 2 && !strcasecmp(words[n - 1], "ago"))
		n--;
	if (!n || n % 2 || !gmtime_r(&t, &tm))
		return false;
	for (size_t i = 0; i < n; i += 2) {
		if (n == 2 && !strcasecmp(words[0], "last"))
			number = 1;
		else if (!read_number(&number, words[i]))
			return false;
		if (!find_unit(&unit, words[i + 1]))
			return false;
		add_units(&tm, unit, -number);
	}
	out->begin = timegm(&tm);
	out->end = out->begin + 1;
	return true;
}

bool
approxidate(struct approxidate *out, const char *text, int64_t now)
{
	char words[WORDS_MAX][WORD_MAX];
	size_t n;

	if (approxidate_absolute(out, text))
		return true;
	n = split(words, text);
	if (n == 1 && !strcasecmp(words[0], "now")) {
		*out = (struct approxidate){ now, now + 1 };
		return true;
	}
	if (n == 1 && name_day(out, words[0], now))
		return true;
	if (n == 2 && !strcasecmp(words[0], "last") &&
	    name_day(out, words[1], now))
		return true;
	return count_back(out, words, n, now);
}
