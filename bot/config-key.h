/*
 * config-key.h - the keys that a configuration may hold
 *
 * A key is "section.name" or "section.subsection.name". Section and name are
 * compared without regard to case, the subsection as it is: git's rule.
 */
#ifndef BOT_CONFIG_KEY_H
#define BOT_CONFIG_KEY_H

#include <stdbool.h>
#include <stddef.h> /* size_t */

#include "attr.h"
#include "span.h"

struct error;

enum config_type {
	CONFIG_TEXT,
	CONFIG_PATH,
	CONFIG_BOOL,
	CONFIG_COUNT,	 /* a whole number, 0 or more */
	CONFIG_TENTHS,	 /* points: "2", "1.5" */
	CONFIG_WORD,	 /* one of a few */
	CONFIG_INTERVAL, /* "300", "5m", "1h", "2d": seconds */
	CONFIG_ADDRESS,
	CONFIG_URL,
};

struct config_key {
	const char *name; /* "notify.replyTo"; "*" stands for any name */
	enum config_type type;
	const char *words; /* CONFIG_WORD: "off|live"; CONFIG_URL: the schemes
			      "http|https" */
};

/* All of them, in the order of the documentation. */
const struct config_key *config_keys(size_t *n);
/* NULL: no such key. */
const struct config_key *config_key_find(const char *key);
/* The key that was meant, for a key that is none; owned. NULL: who knows. */
char *config_key_nearest(const char *key);
/* @key with the spelling of its table entry; owned. */
char *config_key_spell(const struct config_key *known, const char *key);
bool config_key_equal(const char *a, const char *b);

struct config_key_parts {
	struct span section, subsection, name; /* subsection.ptr NULL: none */
};
struct config_key_parts config_key_split(const char *key);

/* What is wrong with a value: ERROR_CONFIG "<what it must be>". */
MUST_CHECK
const struct error *config_value_check(const struct config_key *key,
				       const char *value);

/* The values themselves; false: not of that form, and *out as it was. */
bool config_value_bool(bool *out, const char *value);
bool config_value_int(long *out, const char *value);
bool config_value_tenths(int *out, const char *value);
bool config_value_interval(long *seconds, const char *value);

#endif
