/*
 * config-check.c - what a configuration says, as far as it can be wrong
 */
#include "config.h"

#include <stdlib.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdbool.h>
#include <string.h>

#include "account.h"
#include "alloc.h"
#include "config-key.h"
#include "error.h"

struct check {
	const struct config *config;
	void (*say)(void *arg, const char *message);
	void *arg;
	size_t faults;
};

static void fault(struct check *check, const char *fmt, ...) PRINTF(2, 3);

static void
fault(struct check *check, const char *fmt, ...)
{
	CLEANUP(xfree) char *message = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&message, fmt, ap) < 0)
		abort();
	va_end(ap);
	check->say(check->arg, message);
	check->faults++;
}

static void
check_values(struct check *check)
{
	const struct config_entry *entries;
	size_t n;

	entries = config_entries(check->config, &n);
	for (size_t i = 0; i < n; i++) {
		const struct config_entry *e = &entries[i];
		const struct error *err =
			config_value_check(config_key_find(e->key), e->value);

		if (err)
			fault(check, "%s: %s %s", e->file, e->key,
			      err->message);
		error_free(err);
	}
}

/* Which key tells a source of this type where to read. */
static const char *
place_of(const char *type)
{
	if (!strcmp(type, "notmuch") || !strcmp(type, "lore"))
		return "query";
	if (!strcmp(type, "public-inbox"))
		return "url";
	return "path";
}

static bool
has(const struct check *check, const char *source, const char *key)
{
	CLEANUP(xfree) char *full = xasprintf("source.%s.%s", source, key);

	return config_get(check->config, full);
}

/* Without a type, what stands at the path or URL tells it. */
static void
check_source(struct check *check, const char *name)
{
	CLEANUP(xfree) char *type_key = xasprintf("source.%s.type", name);
	const char *type = config_get(check->config, type_key);

	if (!type && !has(check, name, "path") && !has(check, name, "url"))
		fault(check, "source %s has neither type nor path nor url",
		      name);
	else if (type && !has(check, name, place_of(type)))
		fault(check, "source %s of type %s has no %s", name, type,
		      place_of(type));
}

static void
check_live(struct check *check)
{
	static const char *const needed[] = { "notify.from", "notify.replyTo",
					      "smtp.url" };
	const char *mode = config_get(check->config, "notify.mode");

	if (!mode || strcmp(mode, "live") != 0)
		return;
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (!config_get(check->config, needed[i]))
			fault(check, "notify.mode is live, but %s is not set",
			      needed[i]);
}

static void
check_smtp(struct check *check)
{
	const char *url = config_get(check->config, "smtp.url");
	const struct error *err;
	bool is_url;

	/* That it is missing has been said of the live mode, that it is no URL
	   of its value. */
	if (!url)
		return;
	err = config_value_check(config_key_find("smtp.url"), url);
	is_url = !err;
	error_free(err);
	if (!is_url)
		return;
	err = account_check(check->config);
	if (err)
		fault(check, "%s", err->message);
	error_free(err);
}

static void
check_thresholds(struct check *check)
{
	/* design.md 2: noted from 1.5, flagged from 2 */
	int flag_at = 20, note_at = 15;

	/* What cannot be read has been said already. */
	error_free(config_tenths(&flag_at, check->config, "rules.flagAt"));
	error_free(config_tenths(&note_at, check->config, "rules.noteAt"));
	if (note_at > flag_at)
		fault(check, "rules.noteAt is above rules.flagAt");
}

size_t
config_check(const struct config *config,
	     void (*say)(void *arg, const char *message), void *arg)
{
	struct check check = { .config = config, .say = say, .arg = arg };
	CLEANUP(strlist_free) struct strlist sources = STRLIST;

	check_values(&check);
	config_subsections(&sources, config, "source");
	for (size_t i = 0; i < sources.n; i++)
		check_source(&check, sources.v[i]);
	check_live(&check);
	check_smtp(&check);
	check_thresholds(&check);
	return check.faults;
}
