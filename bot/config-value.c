/*
 * config-value.c - the forms that values of the configuration have
 */
#include "config-key.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "error.h"

static bool
is_one_of(const char *const *words, size_t n, const char *value)
{
	for (size_t i = 0; i < n; i++)
		if (!strcasecmp(words[i], value))
			return true;
	return false;
}

bool
config_value_int(long *out, const char *value)
{
	static const char units[] = "kmg";
	const char *unit;
	char *end;
	long n;

	errno = 0;
	n = strtol(value, &end, 0);
	if (errno || end == value)
		return false;
	if (*end) {
		unit = strchr(units, *end | 0x20);
		if (!unit || end[1])
			return false;
		for (const char *u = units; u <= unit; u++)
			if (__builtin_mul_overflow(n, 1024L, &n))
				return false;
	}
	*out = n;
	return true;
}

bool
config_value_bool(bool *out, const char *value)
{
	static const char *const yes[] = { "true", "yes", "on" };
	static const char *const no[] = { "false", "no", "off", "" };
	long n;

	if (is_one_of(yes, sizeof(yes) / sizeof(yes[0]), value))
		*out = true;
	else if (is_one_of(no, sizeof(no) / sizeof(no[0]), value))
		*out = false;
	else if (config_value_int(&n, value))
		*out = n != 0;
	else
		return false;
	return true;
}

bool
config_value_tenths(int *out, const char *value)
{
	size_t whole = strspn(value, "0123456789");
	const char *rest = value + whole;
	int tenth = 0;

	if (!whole || whole > 6)
		return false;
	if (*rest == '.') {
		if (strspn(rest + 1, "0123456789") != 1)
			return false;
		tenth = rest[1] - '0';
		rest += 2;
	}
	if (*rest)
		return false;
	*out = (int)strtol(value, NULL, 10) * 10 + tenth;
	return true;
}

bool
config_value_interval(long *seconds, const char *value)
{
	static const struct {
		char unit;
		long seconds;
	} units[] = { { '\0', 1 },
		      { 's', 1 },
		      { 'm', 60 },
		      { 'h', 3600 },
		      { 'd', 86400 } };
	size_t digits = strspn(value, "0123456789");

	if (!digits || digits > 9 || (value[digits] && value[digits + 1]))
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (units[i].unit != value[digits])
			continue;
		*seconds = strtol(value, NULL, 10) * units[i].seconds;
		return true;
	}
	return false;
}

/* @value, or what of it stands before @end, among "a|b|c". */
static bool
in_words(const char *words, struct span value)
{
	while (*words) {
		struct span word = { words, strcspn(words, "|") };

		if (span_equal(word, value))
			return true;
		words += word.len + (words[word.len] == '|');
	}
	return false;
}

static bool
has_control(const char *value)
{
	for (; *value; value++)
		if ((unsigned char)*value < ' ' || *value == 0x7f)
			return true;
	return false;
}

/* "local@domain" or "Name <local@domain>"; RFC 5322 allows more than one @,
   in quotes, but nobody has such an address. */
static bool
is_address(const char *value)
{
	const char *at = strchr(value, '@');

	return at && !strchr(at + 1, '@') && at > value && at[1] &&
	       !strchr(" <", at[-1]) && !strchr(" >", at[1]) &&
	       !strchr(value, '<') == !strchr(value, '>');
}

static bool
is_url(const char *schemes, const char *value)
{
	const char *colon = strstr(value, "://");
	struct span scheme;

	if (!colon || !colon[3] || strchr(value, ' '))
		return false;
	scheme = (struct span){ value, (size_t)(colon - value) };
	return in_words(schemes, scheme);
}

/* What the type wants; NULL: it has it. */
static const char *
wanted(enum config_type type, const char *value)
{
	bool yes;
	long n;
	int tenths;

	switch (type) {
	case CONFIG_TEXT:
	case CONFIG_PATH:
		return *value ? NULL : "some text";
	case CONFIG_BOOL:
		return config_value_bool(&yes, value) ? NULL : "true or false";
	case CONFIG_COUNT:
		return config_value_int(&n, value) && n >= 0
			       ? NULL
			       : "a whole number, 0 or more";
	case CONFIG_TENTHS:
		return config_value_tenths(&tenths, value)
			       ? NULL
			       : "points such as 2 or 1.5";
	case CONFIG_INTERVAL:
		return config_value_interval(&n, value)
			       ? NULL
			       : "a time such as 300, 5m, 1h or 2d";
	case CONFIG_ADDRESS:
		return is_address(value) ? NULL : "a mail address";
	case CONFIG_WORD:
	case CONFIG_URL:
		break;
	}
	return NULL;
}

const struct error *
config_value_check(const struct config_key *key, const char *value)
{
	const char *want = wanted(key->type, value);

	if (has_control(value))
		return error_new(ERROR_CONFIG, "has a control character");
	if (key->type == CONFIG_WORD && !in_words(key->words, span_of(value)))
		return error_new(ERROR_CONFIG, "\"%s\" is none of %s", value,
				 key->words);
	if (key->type == CONFIG_URL && !is_url(key->words, value))
		return error_new(ERROR_CONFIG, "\"%s\" is no URL of %s", value,
				 key->words);
	if (want)
		return error_new(ERROR_CONFIG, "\"%s\" is not %s", value, want);
	return NULL;
}
