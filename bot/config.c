#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "alloc.h"
#include "config-key.h"
#include "error.h"
#include "repo-git2.h"

#define SYSTEM_FILE "/etc/pvwatch/config"

struct config {
	struct config_entry *entries;
	size_t n, cap;
};

static const struct error *
unknown(const char *key, const char *file)
{
	CLEANUP(xfree) char *near = config_key_nearest(key);

	return error_new(ERROR_CONFIG, "%s: unknown key %s%s%s%s", file, key,
			 near ? "; did you mean " : "", near ? near : "",
			 near ? "?" : "");
}

/* "~/" is the reader's home, as in git's own paths. */
static char *
expand(const char *path)
{
	const char *home = getenv("HOME");

	if (strncmp(path, "~/", 2) != 0 || !home)
		return xstrdup(path);
	return xasprintf("%s%s", home, path + 1);
}

/* @value NULL: "[tree] fetch" without "=", git's other way to say true. */
static const struct error *
add(struct config *config, const char *key, const char *value, const char *file)
{
	const struct config_key *known = config_key_find(key);
	struct config_entry *entry;

	if (!known)
		return unknown(key, file);
	GROW(config->entries, config->cap, config->n);
	entry = &config->entries[config->n++];
	entry->key = config_key_spell(known, key);
	entry->file = xstrdup(file);
	if (!value)
		entry->value =
			xstrdup(known->type == CONFIG_BOOL ? "true" : "");
	else if (known->type == CONFIG_PATH)
		entry->value = expand(value);
	else
		entry->value = xstrdup(value);
	return NULL;
}

/*
 * libgit2 says "failed to parse config file: WHAT (in FILE:LINE)"; everybody
 * else says "FILE:LINE: WHAT". FILE may be one that @file includes.
 */
static const struct error *
syntax_error(const char *file)
{
	static const char prefix[] = "failed to parse config file: ";
	const git_error *last = git_error_last();
	const char *what = last && last->message ? last->message : "unreadable";
	const char *in = strstr(what, " (in ");
	size_t skip = sizeof(prefix) - 1, len = strlen(what);

	if (strncmp(what, prefix, skip) != 0)
		skip = 0;
	if (!in || what[len - 1] != ')')
		return error_new(ERROR_CONFIG, "%s: %s", file, what + skip);
	return error_new(ERROR_CONFIG, "%.*s: %.*s",
			 (int)(what + len - 1 - (in + 5)), in + 5,
			 (int)(in - what - (ptrdiff_t)skip), what + skip);
}

/* git's own: libgit2 has followed them already. */
static bool
is_include(const char *key)
{
	return !strncasecmp(key, "include.", 8) ||
	       !strncasecmp(key, "includeif.", 10);
}

static const struct error *
add_all(struct config *config, git_config_iterator *entries, const char *file)
{
	const struct error *err;
	git_config_entry *entry;
	int rc;

	while (!(rc = git_config_next(&entry, entries))) {
		if (is_include(entry->name))
			continue;
		err = add(config, entry->name, entry->value, file);
		if (err)
			return err;
	}
	return rc == GIT_ITEROVER ? NULL : git2_error(rc, "%s", file);
}

static const struct error *
load_file(struct config *config, const char *file)
{
	AUTOFREE(git_config_iterator) *entries = NULL;
	AUTOFREE(git_config) *git = NULL;
	int rc;

	if (access(file, R_OK) < 0)
		return error_errno("%s", file);
	rc = git_config_new(&git);
	if (!rc)
		rc = git_config_add_file_ondisk(git, file, GIT_CONFIG_LEVEL_APP,
						NULL, 0);
	if (!rc)
		rc = git_config_iterator_new(&entries, git);
	if (rc)
		return syntax_error(file);
	return add_all(config, entries, file);
}

/* What is not there is no fault, nor is the service's file to a user. */
static const struct error *
load_if_there(struct config *config, const char *file)
{
	if (access(file, R_OK) < 0 &&
	    (errno == ENOENT || errno == ENOTDIR || errno == EACCES))
		return NULL;
	return load_file(config, file);
}

static const struct error *
load_usual(struct config *config)
{
	const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	CLEANUP(xfree) char *file = NULL;
	const struct error *err;

	err = load_if_there(config, SYSTEM_FILE);
	if (err)
		return err;
	if (xdg && xdg[0] == '/')
		file = xasprintf("%s/pvwatch/config", xdg);
	else if (home && *home)
		file = xasprintf("%s/.config/pvwatch/config", home);
	return file ? load_if_there(config, file) : NULL;
}

/* Where an entry of a repository's configuration stands, near enough. */
static const char *
file_of(const git_config_entry *entry, const char *local)
{
	switch ((int)entry->level) {
	case GIT_CONFIG_LEVEL_PROGRAMDATA:
	case GIT_CONFIG_LEVEL_SYSTEM:
		return "git's system configuration";
	case GIT_CONFIG_LEVEL_XDG:
	case GIT_CONFIG_LEVEL_GLOBAL:
		return "git's global configuration";
	default:
		return local;
	}
}

static const struct error *
add_pvwatch(struct config *config, git_config_iterator *entries,
	    const char *local)
{
	static const char prefix[] = "pvwatch.";
	const struct error *err;
	git_config_entry *entry;
	int rc;

	while (!(rc = git_config_next(&entry, entries))) {
		if (strncmp(entry->name, prefix, sizeof(prefix) - 1) != 0)
			continue;
		err = add(config, entry->name + sizeof(prefix) - 1,
			  entry->value, file_of(entry, local));
		if (err)
			return err;
	}
	return rc == GIT_ITEROVER ? NULL : git2_error(rc, "%s", local);
}

static const struct error *
load_repo(struct config *config, const char *dir)
{
	AUTOFREE(git_config_iterator) *entries = NULL;
	AUTOFREE(git_repository) *repo = NULL;
	AUTOFREE(git_config) *git = NULL;
	CLEANUP(xfree) char *local = NULL;
	int rc;

	rc = git_repository_open_ext(&repo, dir, 0, NULL);
	if (rc)
		return git2_error(rc, "%s", dir);
	local = xasprintf("%sconfig", git_repository_commondir(repo));
	rc = git_repository_config_snapshot(&git, repo);
	if (!rc)
		rc = git_config_iterator_new(&entries, git);
	if (rc)
		return syntax_error(local);
	return add_pvwatch(config, entries, local);
}

const struct error *
config_load(struct config **out, const char *file, const char *repo_dir)
{
	AUTOFREE(config) *config = xcalloc(1, sizeof(*config));
	const struct error *err;

	git2_init();
	err = load_usual(config);
	if (!err && repo_dir)
		err = load_repo(config, repo_dir);
	if (!err && file)
		err = load_file(config, file);
	if (!err)
		*out = TAKE(config);
	return err;
}

static void
drop(const char *s)
{
	char *mine;

	memcpy(&mine, &s, sizeof(mine));
	free(mine);
}

void
config_free(struct config *config)
{
	if (!config)
		return;
	for (size_t i = 0; i < config->n; i++) {
		drop(config->entries[i].key);
		drop(config->entries[i].value);
		drop(config->entries[i].file);
	}
	free(config->entries);
	free(config);
}

static const struct config_entry *
find(const struct config *config, const char *key)
{
	for (size_t i = config->n; i-- > 0;)
		if (config_key_equal(config->entries[i].key, key))
			return &config->entries[i];
	return NULL;
}

const char *
config_get(const struct config *config, const char *key)
{
	const struct config_entry *entry = find(config, key);

	return entry ? entry->value : NULL;
}

void
config_get_all(struct strlist *out, const struct config *config,
	       const char *key)
{
	for (size_t i = 0; i < config->n; i++)
		if (config_key_equal(config->entries[i].key, key))
			strlist_add(out, config->entries[i].value);
}

static const struct error *
bad(const struct config_entry *entry, const char *want)
{
	return error_new(ERROR_CONFIG, "%s: %s: \"%s\" is not %s", entry->file,
			 entry->key, entry->value, want);
}

const struct error *
config_bool(bool *out, const struct config *config, const char *key)
{
	const struct config_entry *entry = find(config, key);

	if (!entry || config_value_bool(out, entry->value))
		return NULL;
	return bad(entry, "true or false");
}

const struct error *
config_int(long *out, const struct config *config, const char *key)
{
	const struct config_entry *entry = find(config, key);

	if (!entry || config_value_int(out, entry->value))
		return NULL;
	return bad(entry, "a whole number");
}

const struct error *
config_tenths(int *out, const struct config *config, const char *key)
{
	const struct config_entry *entry = find(config, key);

	if (!entry || config_value_tenths(out, entry->value))
		return NULL;
	return bad(entry, "points such as 2 or 1.5");
}

const struct error *
config_interval(long *seconds, const struct config *config, const char *key)
{
	const struct config_entry *entry = find(config, key);

	if (!entry || config_value_interval(seconds, entry->value))
		return NULL;
	return bad(entry, "a time such as 300, 5m, 1h or 2d");
}

void
config_subsections(struct strlist *out, const struct config *config,
		   const char *section)
{
	for (size_t i = 0; i < config->n; i++) {
		struct config_key_parts key =
			config_key_split(config->entries[i].key);
		CLEANUP(xfree) char *name = NULL;

		if (key.section.len != strlen(section) ||
		    strncasecmp(key.section.ptr, section, key.section.len) != 0)
			continue;
		if (!key.subsection.ptr)
			key.subsection = key.name;
		name = xstrndup(key.subsection.ptr, key.subsection.len);
		strlist_add_new(out, name);
	}
}

const struct config_entry *
config_entries(const struct config *config, size_t *n)
{
	*n = config->n;
	return config->entries;
}
