/*
 * approxidate.h - times as people write them
 *
 * The absolute ones: a day "2022-10-01", a month "2022-10", a year "2022", a
 * minute or second of ISO 8601 "2022-10-01T12:00:00Z" (without a zone: UTC;
 * a blank may stand for the T), or "@SECONDS" since 1970.
 *
 * The relative ones, from what git takes after --since= (approxidate() of its
 * date.c), in one form each: "now", "today", "yesterday", a day of the week
 * ("monday", "last.monday": the last that is over), "last.UNIT", and numbers of
 * units back from now ("2.weeks", "1.year.6.months.ago"). A unit is one of
 * second, minute, hour, day, week, month, year, with or without an s. Words
 * are set apart by dots, underscores or blanks; case does not matter. Other
 * than with git, a day that is named is the whole day, in UTC, and text that
 * is not understood is no time, rather than now.
 */
#ifndef BOT_APPROXIDATE_H
#define BOT_APPROXIDATE_H

#include <stdbool.h>
#include <stdint.h>

/* What a text names: its first second and the first behind it, since 1970
   UTC. "2022" ends where 2023 begins. */
struct approxidate {
	int64_t begin, end;
};

/* False, and *out untouched, when @text is no time. */
bool approxidate_absolute(struct approxidate *out, const char *text);
/* @now: the second that relative ones are counted from. */
bool approxidate(struct approxidate *out, const char *text, int64_t now);

#endif
