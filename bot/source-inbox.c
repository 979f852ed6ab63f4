/*
 * A public-inbox on a server: its manifest says which epochs have changed, git
 * fetches those, and each is read as any epoch is.
 */
#include "source-ops.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "alloc.h"
#include "arena.h"
#include "buf.h"
#include "digest.h"
#include "error.h"
#include "gunzip.h"
#include "http.h"
#include "inbox-state.h"
#include "limits.h"
#include "lock.h"
#include "manifest.h"
#include "mirror.h"
#include "network.h"
#include "paths.h"
#include "repo.h"

enum {
	CURSOR_BYTES = 1 << 20,
	/* A mail is committed with the time at which it was received, so that
	   the newest commit may be older than the one before it, and the
	   manifest's date stands still. It is not believed for longer. */
	TRUST_MODIFIED_S = 60 * 60,
	/* Mail may be dated later than it was received. */
	SINCE_MARGIN_S = 24 * 60 * 60,
	FAILURES = 2, /* then the server is left alone */
	NAME_DIGITS = 12,
};

struct source_inbox {
	struct source base;
	struct network *network;
	char *url; /* without "/" at its end */
	char *dir; /* of the mirrors */
	int64_t since;
	struct lock lock;
	struct inbox_state state;

	bool begun, over;
	struct arena *arena; /* of the manifest */
	struct manifest manifest;
	int64_t modified, asked; /* of it */
	size_t at;		 /* in it */
	struct source *epoch;	 /* being read; NULL */
	size_t nfailed;
	const struct error *failed; /* the first epoch that did */
	struct buf *cursor;	    /* what inbox_cursor() lends */
};

/* The mirrors are known by their URL: two of a last name are two. */
static char *
mirrors_of(const struct network *network, const char *url)
{
	const char *name = strrchr(url, '/') + 1;
	char digest[DIGEST_SIZE], *dir;

	digest_bytes(digest, span_of(url));
	dir = xasprintf("%s/inboxes/%s-%.*s", network->cache, name, NAME_DIGITS,
			digest);
	for (char *s = dir + strlen(network->cache) + strlen("/inboxes/"); *s;
	     s++)
		if (!isalnum((unsigned char)*s) && !strchr("-._", *s))
			*s = '_';
	return dir;
}

static const struct error *
lock_mirrors(struct source_inbox *inbox)
{
	CLEANUP(xfree) char *below = xasprintf("%s/", inbox->dir);
	const struct error *err = paths_make_parents(below);

	return err ? err : lock_take(&inbox->lock, inbox->dir);
}

/* The path of the URL, which the names in the manifest end with. */
static const char *
url_path(const char *url)
{
	const char *host = strstr(url, "://") + strlen("://");

	return host + strcspn(host, "/");
}

static const struct error *
read_manifest(struct source_inbox *inbox, struct http *http)
{
	struct buf text = BUF(LIMIT_MANIFEST_BYTES);
	AUTOFREE(gunzip) *gunzip = gunzip_new(
		&(struct input){ http_read, http }, LIMIT_MANIFEST_BYTES);
	const struct error *err;
	char bytes[4096];
	size_t got;

	while (!(err = gunzip_read(&got, gunzip, bytes, sizeof(bytes))) && got)
		buf_add(&text, bytes, got);
	if (!err)
		err = manifest_read(&inbox->manifest, inbox->arena,
				    buf_span(&text), url_path(inbox->url));
	buf_free(&text);
	if (!err && !inbox->manifest.n)
		err = error_new(ERROR_NOINPUT,
				"names no epoch of this inbox; to search, say "
				"lore:QUERY");
	return err;
}

/* The manifest, unless it is the one that was read already. */
static const struct error *
ask_manifest(struct source_inbox *inbox)
{
	CLEANUP(xfree) char *url = xasprintf("%s/manifest.js.gz", inbox->url);
	const struct inbox_state *state = &inbox->state;
	struct http_request request = { .url = url };
	AUTOFREE(http) *http = NULL;
	const struct error *err;

	inbox->asked = (int64_t)time(NULL);
	if (inbox->asked >= state->asked &&
	    inbox->asked - state->asked < TRUST_MODIFIED_S)
		request.modified_since = state->modified;
	err = http_open(&http, inbox->network, &request);
	if (err)
		return err;
	if (http_answer(http)->unmodified) {
		inbox->modified = state->modified;
		inbox->asked = state->asked;
		return NULL;
	}
	inbox->modified = http_answer(http)->modified;
	err = http_check(http);
	if (!err)
		err = read_manifest(inbox, http);
	return err ? error_wrap(err, "%s", url) : NULL;
}

static const struct error *
begin(struct source_inbox *inbox)
{
	const struct error *err = lock_mirrors(inbox);

	inbox->begun = true;
	return err ? err : ask_manifest(inbox);
}

static void
fail(struct source_inbox *inbox, const struct error *err)
{
	if (inbox->failed)
		error_free(err);
	else
		inbox->failed = err;
	if (++inbox->nfailed == FAILURES)
		inbox->at = inbox->manifest.n;
	else
		inbox->at++;
}

/* All of it is older than what is wanted. */
static bool
is_past(const struct source_inbox *inbox, const struct manifest_epoch *epoch)
{
	return inbox->since && epoch->modified &&
	       epoch->modified < inbox->since - SINCE_MARGIN_S;
}

/* The mirror has the commit that was read last, and so all behind it: others,
   who want less of the list, may have made it anew since. */
static bool
goes_on(const struct source_inbox *inbox, const char *dir, unsigned long number)
{
	CLEANUP(xfree) char *done = inbox_state_done(&inbox->state, number);
	AUTOFREE(repo) *repo = NULL;
	char oid[OID_HEX_SIZE];
	const struct error *err;

	if (!done)
		return false;
	err = repo_open(&repo, dir, REPO_EXACT);
	if (!err)
		err = repo_resolve(oid, repo, done);
	if (!err)
		return true;
	error_free(err);
	return false;
}

static const struct error *
fetch_epoch(struct source_inbox *inbox, const char *dir,
	    const struct manifest_epoch *epoch)
{
	struct inbox_epoch *known =
		inbox_state_epoch(&inbox->state, epoch->number);
	CLEANUP(xfree)
	char *url = xasprintf("%s/git/%lu.git", inbox->url, epoch->number);
	const struct mirror mirror = {
		.dir = dir,
		.url = url,
		.since = inbox->since ? inbox->since - SINCE_MARGIN_S : 0,
		.deepen = !goes_on(inbox, dir, epoch->number),
	};
	const struct error *err;

	if (known->fingerprint[0] && !mirror.deepen &&
	    !strcmp(known->fingerprint, epoch->fingerprint))
		return NULL;
	err = mirror_fetch(&mirror, inbox->network);
	if (err)
		return err;
	known->read = false;
	memcpy(known->fingerprint, epoch->fingerprint, FINGERPRINT_SIZE);
	return NULL;
}

/* The next epoch of the manifest: fetched, and open to be read, unless nothing
   has changed in it. */
static void
begin_epoch(struct source_inbox *inbox)
{
	const struct manifest_epoch *epoch = &inbox->manifest.v[inbox->at];
	const struct inbox_epoch *known =
		inbox_state_epoch(&inbox->state, epoch->number);
	CLEANUP(xfree)
	char *dir = xasprintf("%s/git/%lu.git", inbox->dir, epoch->number);
	const struct error *err;

	if (is_past(inbox, epoch) ||
	    (known->read && !strcmp(known->fingerprint, epoch->fingerprint))) {
		inbox->at++;
		return;
	}
	err = fetch_epoch(inbox, dir, epoch);
	if (!err)
		err = source_epoch_open(&inbox->epoch, dir,
					inbox->state.epochs);
	if (err)
		fail(inbox, err);
}

static void
end_epoch(struct source_inbox *inbox)
{
	unsigned long number = inbox->manifest.v[inbox->at].number;

	free(inbox->state.epochs);
	inbox->state.epochs = xstrdup(source_cursor(inbox->epoch));
	inbox_state_epoch(&inbox->state, number)->read = true;
	source_close(inbox->epoch);
	inbox->epoch = NULL;
	inbox->at++;
}

/* An item of the epoch being read, whose place is the server's, not ours. */
static const struct error *
read_epoch(struct source_item *item, struct arena *arena,
	   struct source_inbox *inbox)
{
	const struct error *err = source_next(item, arena, inbox->epoch);
	unsigned long number = inbox->manifest.v[inbox->at].number;
	const char *oid;

	if (err)
		return err;
	if (item->kind == SOURCE_END) {
		end_epoch(inbox);
		return NULL;
	}
	oid = strrchr(item->where, '@');
	item->where = arena_printf(arena, "%s/git/%lu.git%s", inbox->url,
				   number, oid ? oid : "");
	return NULL;
}

/* All epochs are done; what the manifest says of its date holds for us. */
static const struct error *
end(struct source_inbox *inbox)
{
	inbox->over = true;
	if (inbox->failed)
		return TAKE(inbox->failed);
	inbox->state.modified = inbox->modified;
	inbox->state.asked = inbox->asked;
	return NULL;
}

static const struct error *
step(struct source_item *item, struct arena *arena, struct source_inbox *inbox)
{
	if (!inbox->begun)
		return begin(inbox);
	if (inbox->epoch)
		return read_epoch(item, arena, inbox);
	if (inbox->at == inbox->manifest.n)
		return end(inbox);
	begin_epoch(inbox);
	return NULL;
}

static const struct error *
inbox_next(struct source_item *item, struct arena *arena, struct source *source)
{
	struct source_inbox *inbox = (struct source_inbox *)source;
	const struct error *err = NULL;

	while (!err && item->kind == SOURCE_END && !inbox->over &&
	       !network_is_stopping(inbox->network))
		err = step(item, arena, inbox);
	return network_failure(inbox->network, err);
}

static const char *
inbox_cursor(const struct source *source)
{
	const struct source_inbox *inbox = (const struct source_inbox *)source;

	buf_clear(inbox->cursor);
	inbox_state_write(inbox->cursor, &inbox->state,
			  inbox->epoch ? source_cursor(inbox->epoch)
				       : inbox->state.epochs);
	return buf_str(inbox->cursor);
}

static long
inbox_left(const struct source *source)
{
	const struct source_inbox *inbox = (const struct source_inbox *)source;

	if (inbox->over)
		return 0;
	if (!inbox->epoch || inbox->at + 1 < inbox->manifest.n)
		return -1;
	return source_left(inbox->epoch);
}

static void
inbox_close(struct source *source)
{
	struct source_inbox *inbox = (struct source_inbox *)source;

	source_close(inbox->epoch);
	lock_drop(&inbox->lock);
	inbox_state_clear(&inbox->state);
	arena_free(inbox->arena);
	error_free(inbox->failed);
	buf_free(inbox->cursor);
	free(inbox->cursor);
	free(inbox->url);
	free(inbox->dir);
	free(inbox);
}

const struct error *
source_inbox_open(struct source **out, const char *url,
		  const struct source_begin *from)
{
	static const struct source_ops ops = {
		.next = inbox_next,
		.cursor = inbox_cursor,
		.left = inbox_left,
		.close = inbox_close,
	};
	const struct error *err = network_check_url(url);
	struct source_inbox *inbox;
	size_t n;

	if (err)
		return err;
	inbox = xcalloc(1, sizeof(*inbox));
	inbox->base.ops = &ops;
	inbox->network = from->network;
	inbox->url = xstrdup(url);
	for (n = strlen(inbox->url); inbox->url[n - 1] == '/';)
		inbox->url[--n] = '\0';
	inbox->dir = mirrors_of(from->network, inbox->url);
	inbox->since = from->since;
	inbox->lock.fd = -1;
	inbox_state_read(&inbox->state, from->cursor);
	inbox->arena = arena_new();
	inbox->cursor = xmalloc(sizeof(*inbox->cursor));
	*inbox->cursor = (struct buf)BUF(CURSOR_BYTES);
	*out = &inbox->base;
	return NULL;
}
