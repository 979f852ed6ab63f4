#include "paths.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alloc.h"
#include "error.h"
#include "strlist.h"

static void
add_words(struct strlist *out, const char *words, char separator)
{
	while (*words) {
		const char *end = strchrnul(words, separator);

		if (end > words) {
			CLEANUP(xfree)
			char *word = xstrndup(words, (size_t)(end - words));

			strlist_add(out, word);
		}
		words = *end ? end + 1 : end;
	}
}

char *
paths_program(void)
{
	char exe[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe));

	if (n <= 0 || n == sizeof(exe))
		return xstrdup("pvwatch");
	return xstrndup(exe, (size_t)n);
}

/* @below in @dir, when @dir is our source tree; NULL. */
static char *
in_source(const char *dir, const char *below)
{
	CLEANUP(xfree) char *engine = xasprintf("%s/rules/rule.h", dir);

	return access(engine, R_OK) ? NULL : xasprintf("%s/%s", dir, below);
}

/*
 * An uninstalled binary is SOURCE/build/pvwatch or SOURCE/build/san/pvwatch:
 * SOURCE is one or two directories above its own. @below there, else where
 * all is installed.
 */
static char *
data(const char *below, const char *installed)
{
	CLEANUP(xfree) char *exe = paths_program();
	char *found = NULL, *slash;

	for (int up = 0; up < 3 && !found; up++) {
		slash = strrchr(exe, '/');
		if (!slash)
			break;
		*slash = '\0';
		found = up ? in_source(exe, below) : NULL;
	}
	return found ? found : xstrdup(installed);
}

char *
paths_hooks(void)
{
	return data("deploy/hooks", DATADIR "/hooks");
}

void
paths_rules(struct strlist *out)
{
	const char *env = getenv("PVWATCH_RULES");
	CLEANUP(xfree) char *usual = NULL;

	if (env && *env) {
		add_words(out, env, ':');
		return;
	}
	usual = data("rules", DATADIR "/rules");
	strlist_add(out, usual);
}

/* $@env/@below, or $HOME/@otherwise/@below when @env is not set. */
static char *
below(const char *env, const char *otherwise, const char *below)
{
	const char *dir = getenv(env), *home = getenv("HOME");

	/* The XDG specification: a relative path is no setting at all. */
	if (dir && dir[0] == '/')
		return xasprintf("%s/%s", dir, below);
	return xasprintf("%s/%s/%s", home ? home : ".", otherwise, below);
}

char *
paths_database(void)
{
	return below("XDG_STATE_HOME", ".local/state", "pvwatch/pvwatch.db");
}

char *
paths_cache(void)
{
	return below("XDG_CACHE_HOME", ".cache", "pvwatch");
}

char *
paths_user_config(void)
{
	return below("XDG_CONFIG_HOME", ".config", "pvwatch/config");
}

const struct error *
paths_make_parents(const char *file)
{
	CLEANUP(xfree) char *path = xstrdup(file);

	for (char *p = path + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(path, 0700) && errno != EEXIST)
			return error_errno("%s", path);
		*p = '/';
	}
	return NULL;
}
