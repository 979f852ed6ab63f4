#include "mbox.h"

#include <ctype.h>
#include <strings.h>

enum {
	SEPARATOR_BYTES = 1000, /* no longer line separates mails */
	OID_DIGITS = 40,
	OID_DIGITS_SHA256 = 64,
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
all_digits(struct span word)
{
	for (size_t i = 0; i < word.len; i++)
		if (!is_digit(word.ptr[i]))
			return false;
	return word.len > 0;
}

/* The next word of @rest, blanks around it dropped. */
static bool
next_word(struct span *word, struct span *rest)
{
	size_t n = 0;

	*rest = span_trim(*rest);
	while (n < rest->len && rest->ptr[n] != ' ' && rest->ptr[n] != '\t')
		n++;
	*word = (struct span){ rest->ptr, n };
	rest->ptr += n;
	rest->len -= n;
	return n > 0;
}

static bool
is_month(struct span word)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	if (word.len != 3)
		return false;
	for (size_t i = 0; i < sizeof(names) - 1; i += 3)
		if (!strncasecmp(word.ptr, names + i, 3))
			return true;
	return false;
}

/* HH:MM or HH:MM:SS */
static bool
is_time(struct span word)
{
	if (word.len != 5 && word.len != 8 && word.len != 4 && word.len != 7)
		return false;
	for (size_t i = word.len; i-- > 0;) {
		bool colon = (word.len - 1 - i) % 3 == 2;

		if (colon ? word.ptr[i] != ':' : !is_digit(word.ptr[i]))
			return false;
	}
	return true;
}

static bool
is_year(struct span word)
{
	return word.len == 4 && all_digits(word) &&
	       (span_starts(word, "19") || span_starts(word, "20"));
}

/*
 * asctime(3)'s "Mon Sep 17 00:00:00 2001" or any of its variants: a month and
 * a day, the time behind them, a year right behind that or with one word (a
 * time zone) between, or before the time.
 */
static bool
has_date(struct span rest)
{
	bool month = false, day = false, year = false, time = false;
	int behind = 0; /* words behind the time */
	struct span word;

	while (next_word(&word, &rest) && behind < 3) {
		if (time)
			behind++;
		else if (is_time(word))
			time = month && day;
		month |= is_month(word);
		day |= word.len <= 2 && all_digits(word);
		year |= (month || behind) && is_year(word);
		if (time && year)
			return true;
	}
	return false;
}

static bool
is_git(struct span who, struct span rest)
{
	if (who.len != OID_DIGITS && who.len != OID_DIGITS_SHA256)
		return false;
	for (size_t i = 0; i < who.len; i++)
		if (!isxdigit((unsigned char)who.ptr[i]))
			return false;
	return span_equal(span_trim(rest), SPAN("Mon Sep 17 00:00:00 2001"));
}

enum mbox_separator
mbox_separator(struct span line)
{
	struct span who;

	if (line.len > SEPARATOR_BYTES || !span_starts(line, "From "))
		return MBOX_NONE;
	line.ptr += strlen("From ");
	line.len -= strlen("From ");
	if (!next_word(&who, &line))
		return MBOX_NONE;
	if (is_git(who, line))
		return MBOX_GIT;
	return has_date(line) ? MBOX_MAIL : MBOX_NONE;
}

struct span
mbox_unquote(struct span line)
{
	struct span rest = line;

	while (rest.len && rest.ptr[0] == '>') {
		rest.ptr++;
		rest.len--;
	}
	if (rest.len == line.len || !span_starts(rest, "From "))
		return line;
	return (struct span){ line.ptr + 1, line.len - 1 };
}
