/*
 * public-inbox v2 archives: https://public-inbox.org/public-inbox-v2-format
 *
 * An archive is a row of bare repositories, its epochs, 0.git and on, each a
 * line of commits with one mail each. The cursor names, per epoch, the last
 * commit that was given out: "0:<oid> 1:<oid>". Since they are given out
 * oldest first, all before it were too.
 */
#include "source-ops.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alloc.h"
#include "arena.h"
#include "buf.h"
#include "error.h"
#include "repo.h"

enum { CURSOR_BYTES = 1 << 20, OID_DIGITS = 40 };

struct epoch {
	unsigned long number;
	char *path;		 /* absolute; NULL: only the cursor knows it */
	bool lasting;		 /* the path is told as it is */
	char done[OID_HEX_SIZE]; /* "": nothing */
};

struct source_epoch {
	struct source base;
	struct epoch *v;
	size_t n, cap, at;

	/* The epoch being read. */
	struct repo *repo; /* NULL: not begun */
	struct arena *arena;
	struct oids oids; /* newest first; those from left on are done */
	size_t left;
	/* Of a history that was rewritten, the mails that were given out
	   before that, by their blobs, sorted. */
	struct oids known;
	const struct error *fault; /* to be told before anything else */
	struct buf *cursor;	   /* what epoch_cursor() lends */
};

/* The number of "…/N.git"; false: not named so. */
static bool
epoch_number(unsigned long *out, const char *path)
{
	const char *name = strrchr(path, '/');
	char *end;

	name = name ? name + 1 : path;
	if (!isdigit((unsigned char)*name) || strlen(name) > 12)
		return false;
	*out = strtoul(name, &end, 10);
	return !strcmp(end, ".git");
}

static bool
is_epoch_name(const char *name)
{
	unsigned long number;

	return epoch_number(&number, name);
}

static struct epoch *
find(struct source_epoch *epochs, unsigned long number)
{
	for (size_t i = 0; i < epochs->n; i++)
		if (epochs->v[i].number == number)
			return &epochs->v[i];
	GROW(epochs->v, epochs->cap, epochs->n);
	epochs->v[epochs->n] = (struct epoch){ .number = number };
	return &epochs->v[epochs->n++];
}

/* As it can be found from any directory. */
static char *
absolute(const char *path)
{
	char *cwd = *path == '/' ? NULL : getcwd(NULL, 0);
	char *full = cwd ? xasprintf("%s/%s", cwd, path) : xstrdup(path);

	free(cwd);
	return full;
}

static void
add(struct source_epoch *epochs, unsigned long number, const char *path)
{
	struct epoch *epoch = find(epochs, number);
	AUTOFREE(arena) *arena = arena_new();

	free(epoch->path); /* "1.git" and "01.git" */
	epoch->path = absolute(path);
	epoch->lasting =
		*epoch->path == '/' &&
		!strcmp(source_where(arena, epoch->path, 0), epoch->path);
}

/* Words that are no "<number>:<oid>" are not ours, and ignored. */
static void
read_cursor(struct source_epoch *epochs, const char *cursor)
{
	while (*cursor) {
		size_t n = strcspn(cursor, " ");
		char *end;
		unsigned long number = strtoul(cursor, &end, 10);

		if (end > cursor && *end == ':' &&
		    strspn(end + 1, "0123456789abcdef") == OID_DIGITS &&
		    cursor + n == end + 1 + OID_DIGITS) {
			struct epoch *epoch = find(epochs, number);

			memcpy(epoch->done, end + 1, OID_DIGITS);
			epoch->done[OID_DIGITS] = '\0';
		}
		cursor += n;
		cursor += strspn(cursor, " ");
	}
}

static int
by_number(const void *a, const void *b)
{
	const struct epoch *left = a, *right = b;

	return (left->number > right->number) - (left->number < right->number);
}

static int
compare_oids(const void *a, const void *b)
{
	return strcmp(a, b);
}

static bool
is_known(const struct source_epoch *epochs, const char *blob)
{
	const struct oids *known = &epochs->known;

	return known->n && bsearch(blob, known->v, known->n,
				   sizeof(known->v[0]), compare_oids);
}

/* What stands in the history up to @done, which git keeps for some time. When
   it is gone, or part of it, all of that is read once more. */
static void
list_known(struct source_epoch *epochs, const char *done)
{
	struct oids old = { 0 }, *known = &epochs->known;
	const struct error *err;
	bool found;

	err = repo_first_parents(&old, &found, epochs->arena, epochs->repo,
				 done, NULL);
	for (size_t i = 0; !err && i < old.n; i++) {
		enum epoch_entry what;

		ARENA_GROW(epochs->arena, known->v, known->cap, known->n);
		err = repo_epoch_blob(&what, known->v[known->n], epochs->repo,
				      old.v[i]);
		known->n += !err && what == EPOCH_MAIL;
	}
	error_free(err);
	if (known->n)
		qsort(known->v, known->n, sizeof(known->v[0]), compare_oids);
}

/*
 * Which commits are new. When the one that was done last is not on the way
 * down from HEAD, history was rewritten (public-inbox-purge): then all are,
 * but for mails that the old one had as they are. Whoever takes the others
 * knows by Message-ID which are new.
 */
static const struct error *
list_new(struct source_epoch *epochs, struct epoch *epoch)
{
	char head[OID_HEX_SIZE];
	const struct error *err;
	bool found;

	err = repo_resolve(head, epochs->repo, "HEAD");
	if (err && err->class == ERROR_NOINPUT) {
		error_free(err); /* no mail has come yet */
		return NULL;
	}
	if (err || !strcmp(head, epoch->done))
		return err;
	err = repo_first_parents(&epochs->oids, &found, epochs->arena,
				 epochs->repo, head,
				 epoch->done[0] ? epoch->done : NULL);
	if (err)
		return err;
	epochs->left = epochs->oids.n;
	if (epoch->done[0] && !found)
		list_known(epochs, epoch->done);
	if (epochs->oids.broken)
		epochs->fault = error_new(
			ERROR_INPUT, "%s: %s; the mails before it are lost",
			epoch->path, epochs->oids.broken);
	return NULL;
}

static const struct error *
begin(struct source_epoch *epochs)
{
	struct epoch *epoch = &epochs->v[epochs->at];
	const struct error *err;

	arena_clear(epochs->arena);
	epochs->oids = epochs->known = (struct oids){ 0 };
	epochs->left = 0;
	err = repo_open(&epochs->repo, epoch->path, REPO_EXACT);
	if (err)
		return err;
	err = list_new(epochs, epoch);
	return err ? error_wrap(err, "%s", epoch->path) : NULL;
}

static void
end(struct source_epoch *epochs)
{
	repo_free(epochs->repo);
	epochs->repo = NULL;
	epochs->at++;
}

/* A fault of the epoch as a whole, or none. */
static bool
take_fault(struct source_item *item, struct arena *arena,
	   struct source_epoch *epochs)
{
	const struct error *err = TAKE(epochs->fault);

	if (!err)
		return false;
	source_fault(item, source_where(arena, epochs->v[epochs->at].path, 0),
		     err);
	return true;
}

static bool
was_given_out(const struct source_epoch *epochs, const char *oid)
{
	char blob[OID_HEX_SIZE];
	enum epoch_entry what;
	const struct error *err;

	if (!epochs->known.n)
		return false;
	err = repo_epoch_blob(&what, blob, epochs->repo, oid);
	if (err) {
		error_free(err); /* it will be told when it is read */
		return false;
	}
	return what == EPOCH_MAIL && is_known(epochs, blob);
}

/* The next commit's mail; item->kind stays as it is when it has none. */
static void
take_commit(struct source_item *item, struct arena *arena,
	    struct source_epoch *epochs)
{
	struct epoch *epoch = &epochs->v[epochs->at];
	const char *oid = epochs->oids.v[--epochs->left];
	enum epoch_entry what = EPOCH_NOTHING;
	char blob[OID_HEX_SIZE];
	const struct error *err;

	memcpy(epoch->done, oid, OID_HEX_SIZE);
	if (was_given_out(epochs, oid))
		return;
	err = repo_epoch_entry(&what, &item->raw, blob, arena, epochs->repo,
			       oid);
	/* public-inbox-purge leaves an empty file. */
	if (!err && (what == EPOCH_NOTHING || !item->raw.len))
		return;
	/* A rewritten history keeps the blobs, not the commits. */
	item->where = arena_printf(arena, "%s@%s",
				   source_where(arena, epoch->path, 0),
				   err ? oid : blob);
	item->lasting = epoch->lasting;
	item->kind = what == EPOCH_MAIL ? SOURCE_MAIL : SOURCE_DELETED;
	if (err)
		source_fault(item, item->where,
			     error_wrap(err, "%s", item->where));
}

static const struct error *
epoch_next(struct source_item *item, struct arena *arena, struct source *source)
{
	struct source_epoch *epochs = (struct source_epoch *)source;

	while (item->kind == SOURCE_END) {
		if (epochs->at == epochs->n)
			return NULL;
		if (!epochs->v[epochs->at].path) {
			epochs->at++;
			continue;
		}
		if (!epochs->repo && !epochs->fault)
			epochs->fault = begin(epochs);
		if (take_fault(item, arena, epochs)) {
			if (!epochs->left)
				end(epochs);
		} else if (!epochs->left) {
			end(epochs);
		} else {
			take_commit(item, arena, epochs);
		}
	}
	return NULL;
}

static const char *
epoch_cursor(const struct source *source)
{
	const struct source_epoch *epochs = (const struct source_epoch *)source;
	struct buf *text = epochs->cursor;

	buf_clear(text);
	for (size_t i = 0; i < epochs->n; i++)
		if (epochs->v[i].done[0])
			buf_addf(text, "%s%lu:%s", text->len ? " " : "",
				 epochs->v[i].number, epochs->v[i].done);
	return buf_str(text);
}

/* Known in the last epoch only: walking all of a large archive beforehand
   takes longer than a progress bar is worth. */
static long
epoch_left(const struct source *source)
{
	const struct source_epoch *epochs = (const struct source_epoch *)source;

	for (size_t i = epochs->at + 1; i < epochs->n; i++)
		if (epochs->v[i].path)
			return -1;
	return epochs->repo || epochs->at >= epochs->n ? (long)epochs->left
						       : -1;
}

static void
epoch_close(struct source *source)
{
	struct source_epoch *epochs = (struct source_epoch *)source;

	for (size_t i = 0; i < epochs->n; i++)
		free(epochs->v[i].path);
	free(epochs->v);
	repo_free(epochs->repo);
	arena_free(epochs->arena);
	error_free(epochs->fault);
	buf_free(epochs->cursor);
	free(epochs->cursor);
	free(epochs);
}

static struct source_epoch *
epochs_new(void)
{
	static const struct source_ops ops = {
		.next = epoch_next,
		.cursor = epoch_cursor,
		.left = epoch_left,
		.close = epoch_close,
	};
	struct source_epoch *epochs = xcalloc(1, sizeof(*epochs));

	epochs->base.ops = &ops;
	epochs->arena = arena_new();
	epochs->cursor = xmalloc(sizeof(*epochs->cursor));
	*epochs->cursor = (struct buf)BUF(CURSOR_BYTES);
	return epochs;
}

/* All epochs of @dir, in it or in its git/. */
static const struct error *
list_epochs(struct strlist *out, const char *dir)
{
	CLEANUP(xfree) char *git = xasprintf("%s/git", dir);
	const struct error *err;
	struct stat st;

	err = source_list(out, dir, is_epoch_name);
	if (!err && !out->n && !stat(git, &st) && S_ISDIR(st.st_mode))
		err = source_list(out, git, is_epoch_name);
	return err;
}

bool
source_has_epochs(const char *dir)
{
	CLEANUP(strlist_free) struct strlist found = STRLIST;

	error_free(list_epochs(&found, dir));
	return found.n > 0;
}

/* Any git repository may be bare; an epoch's commits hold mail, nearly all. */
static const struct error *
check_epoch(struct source_epoch *epochs, const char *dir)
{
	enum { ENOUGH = 100 };
	size_t n = epochs->oids.n < ENOUGH ? epochs->oids.n : ENOUGH;

	for (size_t i = 0; i < n; i++) {
		enum epoch_entry what = EPOCH_MAIL; /* when it is broken */
		char blob[OID_HEX_SIZE];
		struct span raw;

		error_free(repo_epoch_entry(&what, &raw, blob, epochs->arena,
					    epochs->repo, epochs->oids.v[i]));
		if (what != EPOCH_NOTHING)
			return NULL;
	}
	if (!n)
		return NULL;
	return error_new(ERROR_USAGE,
			 "%s: a git repository, but no public-inbox epoch; "
			 "for its commits say git:%s:A..B",
			 dir, dir);
}

const struct error *
source_epoch_open(struct source **out, const char *dir, const char *cursor)
{
	CLEANUP(xfree) char *path = xstrdup(dir);
	struct source_epoch *epochs = epochs_new();
	const struct error *err;
	unsigned long number;
	size_t n = strlen(path);

	while (n > 1 && path[n - 1] == '/')
		path[--n] = '\0';
	if (!epoch_number(&number, path))
		number = 0;
	add(epochs, number, path);
	read_cursor(epochs, cursor ? cursor : "");
	err = begin(epochs);
	if (!err)
		err = check_epoch(epochs, path);
	if (err) {
		epoch_close(&epochs->base);
		return err;
	}
	*out = &epochs->base;
	return NULL;
}

const struct error *
source_epochs_open(struct source **out, const char *dir, const char *cursor)
{
	CLEANUP(strlist_free) struct strlist paths = STRLIST;
	const struct error *err = list_epochs(&paths, dir);
	struct source_epoch *epochs;
	unsigned long number;

	if (err)
		return err;
	epochs = epochs_new();
	for (size_t i = 0; i < paths.n; i++)
		if (epoch_number(&number, paths.v[i]))
			add(epochs, number, paths.v[i]);
	read_cursor(epochs, cursor ? cursor : "");
	qsort(epochs->v, epochs->n, sizeof(epochs->v[0]), by_number);
	*out = &epochs->base;
	return NULL;
}
