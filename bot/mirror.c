#include "mirror.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "alloc.h"
#include "arena.h"
#include "buf.h"
#include "error.h"
#include "limits.h"
#include "network.h"
#include "paths.h"
#include "printable.h"
#include "program.h"
#include "strlist.h"

enum {
	DEADLINE_SILENCES = 60, /* an hour, as it is set usually */
	SAID_BYTES = 64 << 10,
	SHOWN_CHARS = 300,
};

static bool
has(const struct mirror *mirror, const char *name)
{
	CLEANUP(xfree) char *path = xasprintf("%s/%s", mirror->dir, name);

	return !access(path, F_OK);
}

/* Nothing was ever fetched into it, though it may have been begun. */
static bool
is_new(const struct mirror *mirror)
{
	return !has(mirror, "refs/heads/master") && !has(mirror, "packed-refs");
}

static void
add_variable(struct strlist *env, const char *name, const char *value)
{
	CLEANUP(xfree) char *text = xasprintf("%s=%s", name, value);

	strlist_add(env, text);
}

/*
 * Nothing of the user's is in force, neither configuration nor credentials nor
 * a repository that GIT_DIR may name; how the network is reached is.
 */
static void
make_environment(struct strlist *env, const struct mirror *mirror,
		 const struct network *network)
{
	static const char *const kept[] = {
		"PATH",		 "http_proxy",	   "https_proxy",
		"HTTPS_PROXY",	 "all_proxy",	   "ALL_PROXY",
		"no_proxy",	 "NO_PROXY",	   "SSL_CERT_DIR",
		"SSL_CERT_FILE", "GIT_SSL_CAINFO", "GIT_EXEC_PATH",
		"TMPDIR",
	};

	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (getenv(kept[i]))
			add_variable(env, kept[i], getenv(kept[i]));
	add_variable(env, "HOME", mirror->dir);
	add_variable(env, "LC_ALL", "C");
	add_variable(env, "GIT_DIR", mirror->dir);
	add_variable(env, "GIT_CONFIG_NOSYSTEM", "1");
	add_variable(env, "GIT_CONFIG_GLOBAL", "/dev/null");
	add_variable(env, "GIT_TERMINAL_PROMPT", "0");
	add_variable(env, "GIT_ALLOW_PROTOCOL", "http:https");
	add_variable(env, "GIT_HTTP_USER_AGENT", network->user_agent);
}

static void
add_setting(struct strlist *argv, const char *key, long value)
{
	CLEANUP(xfree) char *text = xasprintf("%s=%ld", key, value);

	strlist_add(argv, "-c");
	strlist_add(argv, text);
}

/* Loose objects and packs are gathered now and then, by git's own measure,
   before fetch returns; large packs stay as they are. */
static void
add_settings(struct strlist *argv, const struct network *network)
{
	static const char *const settings[] = {
		"gc.autoDetach=false",	    "gc.bigPackThreshold=256m",
		"core.hooksPath=/dev/null", "credential.helper=",
		"core.askPass=true",	    "pack.threads=2",
	};

	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		strlist_add(argv, "-c");
		strlist_add(argv, settings[i]);
	}
	/* While it packs, a server sends five bytes every five seconds. */
	add_setting(argv, "http.lowSpeedLimit", 1);
	add_setting(argv, "http.lowSpeedTime", network->silence_s);
}

static bool
stop(void *arg)
{
	const struct network *network = arg;

	network_tick(network);
	return network_is_stopping(network);
}

/* Why git ended, of what it said: the first "fatal:", else the last line. */
static const char *
last_words(struct arena *arena, const struct buf *said)
{
	struct span rest = span_trim(buf_span(said));
	struct span line, last = SPAN("git failed");

	while (span_line(&line, &rest)) {
		last = line;
		if (span_starts(line, "fatal: "))
			break;
	}
	return printable(arena, last, SHOWN_CHARS);
}

static const struct error *
unavailable(const struct mirror *mirror, enum program_end end,
	    const struct buf *said)
{
	AUTOFREE(arena) *arena = arena_new();
	const char *why = NULL;

	switch (end) {
	case PROGRAM_EXITED:
		why = last_words(arena, said);
		break;
	case PROGRAM_DIED:
		why = "git was killed";
		break;
	case PROGRAM_LATE:
		why = "git was not done at its deadline";
		break;
	case PROGRAM_STOPPED:
		why = "interrupted";
		break;
	}
	return error_new(ERROR_UNAVAILABLE, "%s: %s", mirror->url, why);
}

/* As exec(3) wants it; the words stay the list's, the array is the caller's. */
static const char **
array_of(const struct strlist *list)
{
	const char **array = xcalloc(list->n + 1, sizeof(*array));

	for (size_t i = 0; i < list->n; i++)
		array[i] = list->v[i];
	return array;
}

/* Run git with @argv: its exit status, and what it complained of. */
static const struct error *
run_git(int *status, struct buf *said, const struct mirror *mirror,
	struct network *network, const struct strlist *argv)
{
	CLEANUP(strlist_free) struct strlist env = STRLIST;
	CLEANUP(xfree) const char **args = NULL, **variables = NULL;
	enum program_end end;
	const struct error *err;

	make_environment(&env, mirror, network);
	args = array_of(argv);
	variables = array_of(&env);
	err = program_run(&end, status, said,
			  &(struct program){
				  .argv = args,
				  .envp = variables,
				  .keep = PROGRAM_STDERR,
				  .deadline_ms = DEADLINE_SILENCES *
						 network->silence_s * 1000,
				  .file_max = (long long)LIMIT_FETCH_FILE << 20,
				  .stop = stop,
				  .arg = network,
			  });
	if (!err && end != PROGRAM_EXITED)
		err = unavailable(mirror, end, said);
	return err;
}

static const struct error *
make(const struct mirror *mirror, struct network *network)
{
	static const char *const words[] = { "git",	    "init",
					     "--quiet",	    "--bare",
					     "--template=", "--initial-branch",
					     "master" };
	CLEANUP(buf_free) struct buf said = BUF(SAID_BYTES);
	CLEANUP(strlist_free) struct strlist argv = STRLIST;
	const struct error *err = paths_make_parents(mirror->dir);
	int status;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		strlist_add(&argv, words[i]);
	if (!err)
		err = run_git(&status, &said, mirror, network, &argv);
	if (!err && status)
		err = error_new(ERROR_IO, "%s: %s", mirror->dir,
				buf_str(&said));
	return err;
}

/* A git that was killed could not; nobody else works here. */
static void
remove_locks(const struct mirror *mirror)
{
	static const char *const locks[] = { "shallow.lock", "HEAD.lock",
					     "packed-refs.lock",
					     "refs/heads/master.lock" };

	for (size_t i = 0; i < sizeof(locks) / sizeof(locks[0]); i++) {
		CLEANUP(xfree)
		char *path = xasprintf("%s/%s", mirror->dir, locks[i]);

		unlink(path);
	}
}

/* @how: one more option; NULL. */
static const struct error *
fetch(int *status, struct buf *said, const struct mirror *mirror,
      struct network *network, const char *how)
{
	static const char *const words[] = {
		"fetch",     "--quiet",
		"--no-tags", "--no-write-fetch-head",
		"--force",   "--no-recurse-submodules",
	};
	CLEANUP(strlist_free) struct strlist argv = STRLIST;

	strlist_add(&argv, "git");
	add_settings(&argv, network);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		strlist_add(&argv, words[i]);
	if (how)
		strlist_add(&argv, how);
	strlist_add(&argv, "--");
	strlist_add(&argv, mirror->url);
	/* Whatever the server calls its branch. */
	strlist_add(&argv, "HEAD:refs/heads/master");
	buf_clear(said);
	network_pace(network);
	return run_git(status, said, mirror, network, &argv);
}

/* How far back to fetch, as an option; "": as far as the mirror goes. */
static char *
depth(const struct mirror *mirror)
{
	bool is_shallow = has(mirror, "shallow");
	time_t since = (time_t)mirror->since;
	char text[64];
	struct tm tm;

	if (!is_new(mirror) && !(is_shallow && mirror->deepen))
		return xstrdup("");
	if (!mirror->since)
		return xstrdup(is_shallow ? "--unshallow" : "");
	if (!gmtime_r(&since, &tm) ||
	    !strftime(text, sizeof(text), "--shallow-since=%Y-%m-%dT%H:%M:%SZ",
		      &tm))
		return xstrdup("");
	return xstrdup(text);
}

static bool
says(const struct buf *said, const char *what)
{
	return strstr(buf_str(said), what);
}

const struct error *
mirror_fetch(const struct mirror *mirror, struct network *network)
{
	CLEANUP(buf_free) struct buf said = BUF(SAID_BYTES);
	CLEANUP(xfree) char *how = NULL;
	const struct error *err = NULL;
	int status = 0;

	/* Again when somebody was killed over it. */
	if (is_new(mirror))
		err = make(mirror, network);
	if (err)
		return err;
	remove_locks(mirror);
	how = depth(mirror);
	err = fetch(&status, &said, mirror, network, *how ? how : NULL);
	/* Nothing is as young as that: its newest mail will do to go on from.
	   What git says depends on the protocol's version. */
	if (!err && status &&
	    (says(&said, "no commits selected for shallow") ||
	     says(&said, "error processing shallow info")))
		err = fetch(&status, &said, mirror, network, "--depth=1");
	if (err || !status || says(&said, "couldn't find remote ref HEAD"))
		return err; /* it has no mail yet, perhaps */
	return unavailable(mirror, PROGRAM_EXITED, &said);
}
