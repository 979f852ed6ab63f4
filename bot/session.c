#include "session.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alloc.h"
#include "arena.h"
#include "config.h"
#include "error.h"
#include "mail.h"
#include "maps.h"
#include "original.h"
#include "paths.h"
#include "repo.h"
#include "review.h"
#include "tagger.h"
#include "tree.h"
#include "version.h"
#include "db/store.h"

enum { FLAG_AT = 20, NOTE_AT = 15 }; /* design.md 2 */

/*
 * The kernel repository around the current directory: its HEAD has what only
 * the kernel's top has. NULL for any other.
 */
static struct repo *
kernel_around(void)
{
	static const char *const marks[] = { "MAINTAINERS", "Kconfig",
					     "arch/x86/kernel/setup.c" };
	AUTOFREE(repo) *repo = NULL;
	AUTOFREE(arena) *arena = arena_new();
	char head[OID_HEX_SIZE];
	const struct error *err = repo_open(&repo, ".", REPO_DISCOVER);

	if (!err)
		err = repo_resolve(head, repo, "HEAD");
	for (size_t i = 0; !err && i < sizeof(marks) / sizeof(marks[0]); i++) {
		struct span blob = { 0 };

		err = repo_blob_at(&blob, arena, NULL, repo, head, marks[i]);
		if (!err && !blob.ptr)
			return NULL;
	}
	if (err) {
		error_free(err);
		return NULL;
	}
	return TAKE(repo);
}

/* --tree, else tree.path with its tree.ref*, else the kernel around us. */
static const struct error *
open_trees(struct session *session, const struct repo *around)
{
	struct strlist *specs = &session->tree_specs, refs = STRLIST;
	const char *path = config_get(session->config, "tree.path");
	const struct error *err = NULL;

	for (size_t i = 0; i < session->options.trees.n; i++)
		strlist_add(specs, session->options.trees.v[i]);
	if (!specs->n && (path || around)) {
		path = path ? path : repo_path(around);
		config_get_all(&refs, session->config, "tree.ref");
		for (size_t i = 0; i < refs.n; i++) {
			CLEANUP(xfree)
			char *spec = xasprintf("%s:%s", path, refs.v[i]);

			strlist_add(specs, spec);
		}
		if (!specs->n)
			strlist_add(specs, path);
	}
	if (specs->n)
		err = trees_open(&session->trees, specs);
	strlist_free(&refs);
	return err;
}

static const struct error *
open_rules(struct session *session)
{
	struct strlist paths = STRLIST, disable = STRLIST;
	const struct error *err;

	for (size_t i = 0; i < session->options.rules.n; i++)
		strlist_add(&paths, session->options.rules.v[i]);
	if (!paths.n && !getenv("PVWATCH_RULES"))
		config_get_all(&paths, session->config, "rules.path");
	if (!paths.n)
		paths_rules(&paths);
	config_get_all(&disable, session->config, "rules.disable");
	for (size_t i = 0; i < session->options.disable.n; i++)
		strlist_add(&disable, session->options.disable.v[i]);
	err = packs_load(&session->packs, &paths, &disable);
	strlist_free(&paths);
	strlist_free(&disable);
	if (!err && session->try_rules)
		err = pack_add_rules(session->packs.v[0], session->try_rules);
	return err;
}

static const struct error *
open_thresholds(struct session *session)
{
	const struct error *err;

	session->flag_at = FLAG_AT;
	session->note_at = NOTE_AT;
	err = config_tenths(&session->flag_at, session->config, "rules.flagAt");
	if (!err)
		err = config_tenths(&session->note_at, session->config,
				    "rules.noteAt");
	if (session->options.threshold >= 0)
		session->flag_at = session->options.threshold;
	if (session->note_at > session->flag_at)
		session->note_at = session->flag_at;
	return err;
}

char *
session_database(const struct session *session)
{
	const char *path = session->options.db;

	if (!path)
		path = config_get(session->config, "database.path");
	return path ? xstrdup(path) : paths_database();
}

/* For a dry run: a database that is still to be made knows nothing. */
static const struct error *
open_scratch(struct session *session, const char *path, unsigned needs)
{
	const struct error *err = store_open(&session->store, "", STORE_WRITE);

	if (err || !(needs & NEEDS_STORE))
		return err;
	err = store_open(&session->known, path, STORE_READ);
	if (err && err->class == ERROR_NOINPUT) {
		error_free(err);
		err = NULL;
	}
	return err;
}

static const struct error *
open_store(struct session *session, unsigned needs)
{
	CLEANUP(xfree) char *path = session_database(session);
	bool write = (needs & NEEDS_STORE_WRITE) != 0;
	const struct error *err = NULL;

	if (needs & NEEDS_STORE_SCRATCH)
		return open_scratch(session, path, needs);
	if (write)
		err = paths_make_parents(path);
	if (!err)
		err = store_open(&session->store, path,
				 write ? STORE_WRITE : STORE_READ);
	if (!err && write)
		err = tagger_new(&session->tagger, session->config,
				 session->store);
	if (err && err->class == ERROR_NOINPUT &&
	    (needs & NEEDS_STORE_IF_ANY)) {
		error_free(err);
		err = NULL;
	}
	return err;
}

static void
append(struct addresses *out, struct arena *arena, const struct addresses *more)
{
	for (size_t i = 0; i < more->n; i++)
		addresses_add(out, arena, more->v[i]);
}

/* By each id that may tell the thread: what the mail answers, its root, and
   itself, since an answer may have come first. */
static const struct error *
add_thread(struct addresses *out, struct arena *arena, struct store *store,
	   const struct mail *mail)
{
	const char *ids[] = { mail->in_reply_to, mail_thread_root(mail),
			      mail->msgid };
	const struct error *err = NULL;

	for (size_t i = 0; !err && store && i < 3; i++) {
		struct addresses known = { .n = 0 };

		if (!ids[i])
			continue;
		err = store_thread(&known, arena, store, ids[i]);
		if (!err)
			append(out, arena, &known);
	}
	return err;
}

/* Who else was asked: in the thread, as the databases know it, or by a header
   that is about to be sent. */
static const struct error *
asked_besides(struct addresses *out, struct arena *arena, void *arg,
	      const struct mail *mail)
{
	const struct session *session = arg;
	const struct error *err;

	if (session->asked)
		append(out, arena, session->asked);
	err = add_thread(out, arena, session->store, mail);
	return err ? err : add_thread(out, arena, session->known, mail);
}

static const struct error *
open_maps(struct session *session, unsigned needs)
{
	CLEANUP(xfree) char *usual = paths_cache();
	const char *cache = config_get(session->config, "cache.path");
	struct maps_options options = {
		.file = session->options.map,
		.cache = cache ? cache : usual,
		.use = needs & NEEDS_MAPS ? MAPS_SHOW
		       : session->testing ? MAPS_TEST
					  : MAPS_JUDGE,
	};

	return maps_open(&session->maps, &session->packs, &options);
}

static const struct error *
open_reviewer(struct reviewer **out, struct session *session,
	      const struct trees *trees)
{
	struct review_setup setup = {
		.packs = &session->packs,
		.trees = trees,
		.maps = session->maps,
		.config = session->config,
		.flag_at = session->flag_at,
		.note_at = session->note_at,
		.program = version,
		.hits_only = session->hits_only,
		.thread =
			session->store || session->asked ? asked_besides : NULL,
		.thread_arg = session,
	};

	return reviewer_new(out, &setup);
}

static void
set_network(struct session *session, unsigned needs)
{
	bool write = (needs & (NEEDS_STORE_WRITE | NEEDS_STORE_SCRATCH)) != 0;

	session->network.config = session->config;
	session->network.known =
		session->known ? session->known : session->store;
	session->network.store = write ? session->store : NULL;
}

const struct error *
session_open(struct session *session, unsigned needs)
{
	AUTOFREE(repo) *around = kernel_around();
	const struct error *err;

	err = config_load(&session->config, session->options.config,
			  around ? repo_path(around) : NULL);
	if (!err)
		err = open_thresholds(session);
	if (!err && (needs & (NEEDS_RULES | NEEDS_REVIEWER | NEEDS_MAPS)))
		err = open_rules(session);
	if (!err && (needs & (NEEDS_STORE | NEEDS_STORE_WRITE |
			      NEEDS_STORE_SCRATCH | NEEDS_STORE_IF_ANY)))
		err = open_store(session, needs);
	if (!err && session->store)
		session->originals = originals_new(session->store);
	set_network(session, needs);
	if (!err && (needs & (NEEDS_REVIEWER | NEEDS_MAPS)))
		err = open_trees(session, around);
	if (!err && (needs & (NEEDS_REVIEWER | NEEDS_MAPS)))
		err = open_maps(session, needs);
	if (!err && (needs & NEEDS_REVIEWER))
		err = open_reviewer(&session->reviewer, session,
				    session->trees);
	return err;
}

/* Unless more are asked for: each has a batch of mails in memory, and without
   a tree they would only wait for the thread that reads. */
enum { JOBS_USUAL_MAX = 4 };

static size_t
count_jobs(const struct session *session)
{
	long n = session->options.jobs;

	if (!n)
		n = sysconf(_SC_NPROCESSORS_ONLN);
	if (n > JOBS_USUAL_MAX && !session->options.jobs)
		n = JOBS_USUAL_MAX;
	return n > 0 ? (size_t)n : 1;
}

const struct error *
session_reviewers(struct session *session)
{
	size_t n = count_jobs(session);
	const struct error *err = NULL;

	assert(session->reviewer);
	session->reviewers = xcalloc(n, sizeof(*session->reviewers));
	session->more_trees = xcalloc(n, sizeof(*session->more_trees));
	session->nreviewers = n;
	for (size_t i = 0; i < n && !err; i++) {
		if (session->trees)
			err = trees_open(&session->more_trees[i],
					 &session->tree_specs);
		if (!err)
			err = open_reviewer(&session->reviewers[i], session,
					    session->more_trees[i]);
	}
	return err;
}

static const char *
source_key(const struct session *session, const char *name, const char *key)
{
	CLEANUP(xfree) char *full = xasprintf("source.%s.%s", name, key);

	return config_get(session->config, full);
}

/* How a configured source is written on a command line. */
static const struct error *
configured_source(char **out, const struct session *session, const char *name)
{
	const char *type = source_key(session, name, "type");
	const char *path = source_key(session, name, "path");
	const char *url = source_key(session, name, "url");
	const char *query = source_key(session, name, "query");

	if (type && (!strcmp(type, "notmuch") || !strcmp(type, "lore")) &&
	    query)
		*out = xasprintf("%s:%s", type, query);
	else if (type && !strcmp(type, "git") && path && query)
		*out = xasprintf("git:%s:%s", path, query);
	else if (url || path)
		*out = xstrdup(url ? url : path);
	else
		return error_new(ERROR_CONFIG,
				 "source %s: neither path nor url nor query",
				 name);
	return NULL;
}

static bool
is_configured(const struct session *session, const char *name)
{
	struct strlist names = STRLIST;
	bool known;

	config_subsections(&names, session->config, "source");
	known = strlist_has(&names, name);
	strlist_free(&names);
	return known;
}

bool
session_names_source(const struct session *session, const char *arg)
{
	static const char *const schemes[] = { "git:", "notmuch:", "lore:",
					       "http://", "https://" };

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (!strncmp(arg, schemes[i], strlen(schemes[i])))
			return true;
	return arg[0] == '@' && is_configured(session, arg + 1);
}

const struct error *
session_source(char **out, const struct session *session, const char *arg)
{
	if (arg[0] != '@') {
		*out = xstrdup(arg);
		return NULL;
	}
	if (!is_configured(session, arg + 1))
		return error_new(ERROR_CONFIG,
				 "%s: no such source in the configuration",
				 arg);
	return configured_source(out, session, arg + 1);
}

void
session_close(struct session *session)
{
	for (size_t i = 0; i < session->nreviewers; i++) {
		reviewer_free(session->reviewers[i]);
		trees_free(session->more_trees[i]);
	}
	free(session->reviewers);
	free(session->more_trees);
	reviewer_free(session->reviewer);
	tagger_free(session->tagger);
	originals_free(session->originals);
	store_close(session->store);
	store_close(session->known);
	trees_free(session->trees);
	maps_free(session->maps);
	strlist_free(&session->tree_specs);
	packs_free(&session->packs);
	network_clear(&session->network);
	config_free(session->config);
	options_free(&session->options);
}
