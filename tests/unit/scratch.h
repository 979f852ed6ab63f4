/*
 * scratch.h - a directory of its own for a test that needs files or git
 *
 * The test runs inside it, with a home, an identity and a clock that do not
 * depend on the machine; it is removed at the end.
 */
#ifndef TESTS_UNIT_SCRATCH_H
#define TESTS_UNIT_SCRATCH_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bot/alloc.h"

static char *scratch;

static inline void
scratch_remove(void)
{
	char *command =
		xasprintf("chmod -R u+w '%s' && rm -rf '%s'", scratch, scratch);

	if (chdir("/") || system(command))
		fprintf(stderr, "%s is left behind\n", scratch);
	free(command);
	free(scratch);
}

static inline void
scratch_bail(const char *what)
{
	printf("Bail out! %s\n", what);
	exit(EXIT_FAILURE);
}

/* Run a shell command that has to succeed. */
static inline void sh(const char *fmt, ...) PRINTF(1, 2);

static inline void
sh(const char *fmt, ...)
{
	char *command;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&command, fmt, ap) < 0)
		abort();
	va_end(ap);
	fflush(stdout);
	if (system(command))
		scratch_bail(command);
	free(command);
}

/* The first line that a shell command prints; owned. */
static inline char *
sh_line(const char *command)
{
	FILE *pipe = popen(command, "r");
	char *line = NULL;
	size_t cap = 0;

	if (!pipe || getline(&line, &cap, pipe) < 0)
		scratch_bail(command);
	line[strcspn(line, "\n")] = '\0';
	if (pclose(pipe))
		scratch_bail(command);
	return line;
}

static inline void
put_bytes(const char *path, const char *bytes, size_t n)
{
	FILE *file = fopen(path, "w");

	if (!file || fwrite(bytes, 1, n, file) != n || fclose(file))
		scratch_bail(path);
}

static inline void
put(const char *path, const char *text)
{
	put_bytes(path, text, strlen(text));
}

static inline void
scratch_enter(void)
{
	static const char *const environment[][2] = {
		{ "GIT_CONFIG_GLOBAL", "/dev/null" },
		{ "GIT_CONFIG_NOSYSTEM", "1" },
		{ "GIT_AUTHOR_NAME", "A Thor" },
		{ "GIT_AUTHOR_EMAIL", "thor@example.org" },
		{ "GIT_COMMITTER_NAME", "C Mitter" },
		{ "GIT_COMMITTER_EMAIL", "mitter@example.org" },
		{ "GIT_AUTHOR_DATE", "1000000000 +0000" },
		{ "GIT_COMMITTER_DATE", "1000000000 +0000" },
		{ "LC_ALL", "C" },
		{ "TZ", "UTC" },
	};
	const char *tmp = getenv("TMPDIR");

	unsetenv("GIT_DIR");
	unsetenv("GIT_WORK_TREE");
	unsetenv("GIT_INDEX_FILE");
	for (size_t i = 0; i < sizeof(environment) / sizeof(environment[0]);
	     i++)
		setenv(environment[i][0], environment[i][1], 1);
	scratch = xasprintf("%s/pvwatch-test-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(scratch) || chdir(scratch))
		scratch_bail("no scratch directory");
	atexit(scratch_remove);
	setenv("HOME", scratch, 1);
	unsetenv("XDG_CONFIG_HOME");
}

#endif
