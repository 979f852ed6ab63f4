#include "config-key.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "alloc.h"
#include "strlist.h"

/* design.md 8 */
static const struct config_key known_keys[] = {
	{ "tree.path", CONFIG_PATH, NULL },
	{ "tree.ref", CONFIG_TEXT, NULL },
	{ "tree.fetch", CONFIG_BOOL, NULL },
	{ "rules.path", CONFIG_PATH, NULL },
	{ "rules.disable", CONFIG_TEXT, NULL },
	{ "rules.flagAt", CONFIG_TENTHS, NULL },
	{ "rules.noteAt", CONFIG_TENTHS, NULL },
	{ "source.*.type", CONFIG_WORD,
	  "mail|mbox|maildir|directory|epoch|epochs|public-inbox|notmuch|lore|"
	  "git" },
	{ "source.*.url", CONFIG_URL, "http|https" },
	{ "source.*.path", CONFIG_PATH, NULL },
	{ "source.*.query", CONFIG_TEXT, NULL },
	{ "source.*.since", CONFIG_TEXT, NULL },
	{ "source.*.interval", CONFIG_INTERVAL, NULL },
	{ "source.*.enabled", CONFIG_BOOL, NULL },
	{ "source.*.tags", CONFIG_BOOL, NULL },
	{ "lore.url", CONFIG_URL, "http|https" },
	{ "http.contact", CONFIG_TEXT, NULL },
	{ "http.timeout", CONFIG_INTERVAL, NULL },
	{ "notmuch.tags", CONFIG_BOOL, NULL },
	{ "notmuch.tagPrefix", CONFIG_TEXT, NULL },
	{ "notify.mode", CONFIG_WORD, "off|dry-run|outbox|live" },
	{ "notify.from", CONFIG_ADDRESS, NULL },
	{ "notify.replyTo", CONFIG_ADDRESS, NULL },
	{ "notify.quiet", CONFIG_INTERVAL, NULL },
	{ "notify.dailyLimit", CONFIG_COUNT, NULL },
	{ "notify.digest", CONFIG_BOOL, NULL },
	{ "notify.optIn", CONFIG_ADDRESS, NULL },
	{ "smtp.url", CONFIG_URL, "smtp|smtps" },
	{ "smtp.user", CONFIG_TEXT, NULL },
	{ "smtp.passwordFile", CONFIG_PATH, NULL },
	{ "smtp.tls", CONFIG_WORD, "none|starttls|tls" },
	{ "smtp.caFile", CONFIG_PATH, NULL },
	{ "smtp.timeout", CONFIG_INTERVAL, NULL },
	{ "database.path", CONFIG_PATH, NULL },
	{ "cache.path", CONFIG_PATH, NULL },
	{ "hook.refuse", CONFIG_BOOL, NULL },
	{ "alias.*", CONFIG_ADDRESS, NULL },
};

enum { NKEYS = sizeof(known_keys) / sizeof(known_keys[0]) };

const struct config_key *
config_keys(size_t *n)
{
	*n = NKEYS;
	return known_keys;
}

struct config_key_parts
config_key_split(const char *key)
{
	const char *first = strchr(key, '.'), *last = strrchr(key, '.');
	struct config_key_parts parts = { { NULL, 0 },
					  { NULL, 0 },
					  { NULL, 0 } };

	if (!first) {
		parts.section = span_of("");
		parts.name = span_of(key);
		return parts;
	}
	parts.section = (struct span){ key, (size_t)(first - key) };
	parts.name = span_of(last + 1);
	if (last > first)
		parts.subsection =
			(struct span){ first + 1, (size_t)(last - first) - 1 };
	return parts;
}

static bool
same_word(struct span a, struct span b)
{
	return a.len == b.len && !strncasecmp(a.ptr, b.ptr, a.len);
}

bool
config_key_equal(const char *left, const char *right)
{
	struct config_key_parts a = config_key_split(left);
	struct config_key_parts b = config_key_split(right);

	return same_word(a.section, b.section) && same_word(a.name, b.name) &&
	       !a.subsection.ptr == !b.subsection.ptr &&
	       span_equal(a.subsection, b.subsection);
}

static bool
is_any(struct span pattern)
{
	return span_equal(pattern, SPAN("*"));
}

static bool
matches(const struct config_key *known, struct config_key_parts key)
{
	struct config_key_parts want = config_key_split(known->name);

	if (!want.subsection.ptr != !key.subsection.ptr)
		return false;
	return same_word(want.section, key.section) &&
	       (is_any(want.name) || same_word(want.name, key.name));
}

const struct config_key *
config_key_find(const char *key)
{
	struct config_key_parts parts = config_key_split(key);

	for (size_t i = 0; i < NKEYS; i++)
		if (matches(&known_keys[i], parts))
			return &known_keys[i];
	return NULL;
}

char *
config_key_spell(const struct config_key *known, const char *key)
{
	struct config_key_parts want = config_key_split(known->name);
	struct config_key_parts have = config_key_split(key);
	struct span name = is_any(want.name) ? have.name : want.name;

	if (!have.subsection.ptr)
		return xasprintf("%.*s.%.*s", (int)want.section.len,
				 want.section.ptr, (int)name.len, name.ptr);
	return xasprintf("%.*s.%.*s.%.*s", (int)want.section.len,
			 want.section.ptr, (int)have.subsection.len,
			 have.subsection.ptr, (int)name.len, name.ptr);
}

char *
config_key_nearest(const char *key)
{
	struct config_key_parts have = config_key_split(key);
	const char *candidates[NKEYS], *found;
	CLEANUP(strlist_free) struct strlist spelt = STRLIST;

	/* Those with a subsection are tried with the one that was given. */
	for (size_t i = 0; i < NKEYS; i++) {
		struct config_key_parts p =
			config_key_split(known_keys[i].name);
		bool with = p.subsection.ptr && have.subsection.ptr;
		CLEANUP(xfree)
		char *text = with ? config_key_spell(&known_keys[i], key)
				  : xstrdup(known_keys[i].name);

		strlist_add(&spelt, text);
	}
	for (size_t i = 0; i < NKEYS; i++)
		candidates[i] = spelt.v[i];
	found = strlist_nearest(candidates, NKEYS, key);
	return found ? xstrdup(found) : NULL;
}
