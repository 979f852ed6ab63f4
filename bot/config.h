/*
 * config.h - configuration files in git-config's syntax (design.md 8)
 *
 * Read with libgit2's own parser, so that what git accepts is accepted here.
 * Later files override earlier ones; multi-valued keys add up. Every key must
 * be known: a wrong one is an ERROR_CONFIG that names the nearest known one.
 */
#ifndef BOT_CONFIG_H
#define BOT_CONFIG_H

#include <stdbool.h>
#include <stddef.h> /* size_t */

#include "attr.h"
#include "strlist.h"

struct error;
struct config;

struct config_entry {
	const char *key;   /* "notify.mode", "source.lkml.url", "alias.xen",
			      spelt as the documentation does */
	const char *value; /* "" for a key without one, "true" for a boolean
			      one; a path's "~/" is expanded */
	const char *file;  /* where it stands */
};

/*
 * Load the usual files: /etc/pvwatch/config, then
 * $XDG_CONFIG_HOME/pvwatch/config, those that exist; with @file that one
 * behind them, which must exist. @repo_dir, when not NULL: the pvwatch.* keys
 * of that repository's git config come between, without their prefix
 * ("pvwatch.tree.ref" is not git syntax's section.name; git's own form is
 * [pvwatch "tree"] ref = ..., and pvwatch.threshold style keys are unknown).
 */
MUST_CHECK
const struct error *config_load(struct config **out, const char *file,
				const char *repo_dir);
void config_free(struct config *config);
DEFINE_AUTOFREE(config, config_free);

/* The last value of a key; NULL: not set. Borrowed. */
const char *config_get(const struct config *config, const char *key);
/* All values, oldest first, appended to @out. */
void config_get_all(struct strlist *out, const struct config *config,
		    const char *key);
/* git's booleans and integers; ERROR_CONFIG "file: key: ..." when it is none.
 *out keeps its value (the default) when the key is not set. */
MUST_CHECK
const struct error *config_bool(bool *out, const struct config *config,
				const char *key);
MUST_CHECK
const struct error *config_int(long *out, const struct config *config,
			       const char *key);
/* Points such as "1.5", as tenths. */
MUST_CHECK
const struct error *config_tenths(int *out, const struct config *config,
				  const char *key);
/* A time such as "300", "5m", "1h", "2d". */
MUST_CHECK
const struct error *config_interval(long *seconds, const struct config *config,
				    const char *key);
/* The names of all [source "NAME"], in order; for "alias" the names of its
   keys, since all addresses of "alias.NAME" are one person or list, the first
   being the one to write to. */
void config_subsections(struct strlist *out, const struct config *config,
			const char *section);
/* Everything, in order: for "config list". */
const struct config_entry *config_entries(const struct config *config,
					  size_t *n);

/*
 * Check the values themselves (modes, numbers, source types, URLs, addresses):
 * one call of @say per fault; returns how many.
 */
size_t config_check(const struct config *config,
		    void (*say)(void *arg, const char *message), void *arg);

#endif
