#include "tagger.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "alloc.h"
#include "arena.h"
#include "config.h"
#include "error.h"
#include "notmuch.h"
#include "strlist.h"
#include "verdict.h"
#include "db/store.h"

enum {
	CHUNK = 200,   /* messages of one opening of the database */
	PAUSE_MS = 30, /* for whoever waits for the lock */
	RETRY_SECONDS = 60,
	MAX_PREFIX = 80, /* bytes; notmuch's tags have 200 at most */
	MAX_AREA = 100,
};

struct tagger {
	const struct config *config;
	struct store *store;
	const char *prefix;
	time_t retry_at; /* monotonic; 0: at once */
};

static time_t
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

static bool
is_set(const struct config *config, const char *key, bool otherwise)
{
	/* A value that is no boolean is found by config check. */
	error_free(config_bool(&otherwise, config, key));
	return otherwise;
}

static bool
is_wanted(const struct config *config, const char *source)
{
	CLEANUP(xfree) char *key = xasprintf("source.%s.tags", source);

	return is_set(config, key, is_set(config, "notmuch.tags", false));
}

static bool
anybody_wants(const struct config *config)
{
	struct strlist names = STRLIST;
	bool wanted = is_set(config, "notmuch.tags", false);

	config_subsections(&names, config, "source");
	for (size_t i = 0; i < names.n && !wanted; i++)
		wanted = is_wanted(config, names.v[i]);
	strlist_free(&names);
	return wanted;
}

/* notmuch(1) reads a leading "+" or "-" otherwise. */
static bool
is_tag(const char *s)
{
	if (!*s || strchr("+-/", *s) || strlen(s) > MAX_PREFIX)
		return false;
	for (; *s; s++)
		if ((unsigned char)*s <= ' ' || *s == 0x7f || *s == '"')
			return false;
	return true;
}

const struct error *
tagger_new(struct tagger **out, const struct config *config,
	   struct store *store)
{
	const char *prefix = config_get(config, "notmuch.tagPrefix");
	struct tagger *tagger;

	*out = NULL;
	if (!anybody_wants(config))
		return NULL;
	if (!prefix)
		prefix = "pvwatch";
	if (!is_tag(prefix))
		return error_new(ERROR_CONFIG,
				 "notmuch.tagPrefix: not the name of a tag");
	tagger = xcalloc(1, sizeof(*tagger));
	tagger->config = config;
	tagger->store = store;
	tagger->prefix = prefix;
	*out = tagger;
	return NULL;
}

void
tagger_free(struct tagger *tagger)
{
	free(tagger);
}

bool
tagger_wants(const struct tagger *tagger, const char *name)
{
	if (*name == '@')
		return is_wanted(tagger->config, name + 1);
	return is_set(tagger->config, "notmuch.tags", false);
}

/* "PREFIX/NAME"; what would not be one word in a search is made so. */
static void
add_tag(struct strlist *tags, const char *prefix, const char *name)
{
	CLEANUP(xfree) char *tag = xasprintf("%s/%s", prefix, name);

	for (char *s = tag; *s; s++)
		if ((unsigned char)*s <= ' ' || *s == 0x7f || *s == '"')
			*s = '-';
	strlist_add_new(tags, tag);
}

static const struct error *
choose_tags(struct strlist *tags, const struct tagger *tagger,
	    struct arena *arena, int64_t mail)
{
	struct verdict verdict;
	const struct error *err =
		store_verdict(&verdict, arena, tagger->store, mail);

	if (err || verdict.decision < DECISION_NOTED)
		return err;
	strlist_add(tags, tagger->prefix);
	add_tag(tags, tagger->prefix, decision_name(verdict.decision));
	for (size_t i = 0; i < verdict.nfindings; i++) {
		const char *area = verdict.findings[i].area;

		if (*area && strlen(area) <= MAX_AREA)
			add_tag(tags, tagger->prefix, area);
	}
	return NULL;
}

static const struct error *
note_done(const struct tagger *tagger, const struct tags_due *due, size_t n)
{
	const struct error *err = store_begin(tagger->store);

	for (size_t i = 0; i < n && !err; i++)
		err = store_tag_done(tagger->store, &due->v[i]);
	if (!err)
		err = store_commit(tagger->store);
	if (err)
		store_rollback(tagger->store);
	return err;
}

/* One opening; what was written is noted also when the rest was not. */
static const struct error *
write_tags(size_t *done, const struct tagger *tagger, struct arena *arena,
	   const struct tags_due *due)
{
	struct nm_tagging *v = ARENA_ARRAY(arena, due->n, struct nm_tagging);
	const struct error *err = NULL, *also = NULL;

	*done = 0;
	for (size_t i = 0; i < due->n && !err; i++) {
		v[i].id = due->v[i].id;
		err = choose_tags(&v[i].tags, tagger, arena, due->v[i].mail);
	}
	if (!err)
		err = nm_tag(done, v, due->n, tagger->prefix);
	if (*done)
		also = note_done(tagger, due, *done);
	for (size_t i = 0; i < due->n; i++)
		strlist_free(&v[i].tags);
	if (!err)
		return also;
	error_free(also);
	return err;
}

const struct error *
tagger_run(size_t *written, struct tagger *tagger, volatile const int *stop)
{
	const struct timespec pause = { 0, PAUSE_MS * 1000000L };
	const struct error *err = NULL;
	int64_t after = 0;

	*written = 0;
	if (now() < tagger->retry_at)
		return NULL;
	while (!err && !(stop && *stop)) {
		AUTOFREE(arena) *arena = arena_new();
		struct tags_due due = { 0 };
		size_t done = 0;

		err = store_tags_due(&due, arena, tagger->store, after, CHUNK);
		if (!err && !due.n)
			break;
		if (!err)
			err = write_tags(&done, tagger, arena, &due);
		*written += done;
		if (done)
			after = due.v[done - 1].mail;
		if (!err && !done)
			break;
		nanosleep(&pause, NULL);
	}
	if (err)
		tagger->retry_at = now() + RETRY_SECONDS;
	return err;
}
