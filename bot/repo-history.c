/*
 * repo-history.c - which commits follow which, and the mail that those of an
 * epoch hold
 *
 * Epochs are read by the object: the commit's header and the tree's single
 * entry are parsed here, since looking commits and trees up as such costs
 * more than they hold, and since real archives have idents (time zone +1700)
 * that strict parsers refuse.
 */
#include "repo.h"

#include <string.h>

#include "alloc.h"
#include "arena.h"
#include "error.h"
#include "limits.h"
#include "repo-git2.h"

struct commit_head {
	git_oid tree, parent;
	bool has_parent;
};

/* Take "<key> <hex>\n" off @raw. */
static bool
take_oid(git_oid *out, struct span *raw, const char *key)
{
	size_t skip = strlen(key), len = skip + GIT_OID_HEXSZ + 1;

	if (raw->len < len || !span_starts(*raw, key) ||
	    raw->ptr[len - 1] != '\n' ||
	    git_oid_fromstrn(out, raw->ptr + skip, GIT_OID_HEXSZ))
		return false;
	raw->ptr += len;
	raw->len -= len;
	return true;
}

static const struct error *
read_head(struct commit_head *out, const struct repo *repo, const git_oid *oid)
{
	AUTOFREE(git_odb_object) *object = NULL;
	const struct error *err;
	struct span raw;

	err = git2_read(&object, repo, oid, GIT_OBJECT_COMMIT);
	if (err)
		return err;
	raw = git2_bytes(object);
	if (!take_oid(&out->tree, &raw, "tree "))
		return error_new(ERROR_INPUT, "commit %s names no tree",
				 git_oid_tostr_s(oid));
	out->has_parent = take_oid(&out->parent, &raw, "parent ");
	return NULL;
}

/* Is the walk at its proper end when @oid is not there? */
static bool
is_shallow_end(const struct repo *repo, const git_oid *oid)
{
	bool there = git_odb_exists(repo->odb, oid) == 1;

	git_error_clear();
	return !there && git_repository_is_shallow(repo->git) == 1;
}

static const struct error *
walk_fault(struct oids *out, struct arena *arena, const struct error *err)
{
	out->broken = arena_strdup(arena, err->message);
	error_free(err);
	return NULL;
}

const struct error *
repo_first_parents(struct oids *out, bool *found_from, struct arena *arena,
		   struct repo *repo, const char *to, const char *from)
{
	const struct error *err;
	struct commit_head head;
	git_oid oid, stop;

	err = git2_oid(&oid, to);
	if (!err && from)
		err = git2_oid(&stop, from);
	if (err)
		return err;
	*out = (struct oids){ 0 };
	for (;;) {
		*found_from = from && git_oid_equal(&oid, &stop);
		if (*found_from || (out->n && is_shallow_end(repo, &oid)))
			return NULL;
		err = read_head(&head, repo, &oid);
		if (err)
			return walk_fault(out, arena, err);
		if (out->n == LIMIT_EPOCH_COMMITS)
			return error_new(ERROR_INPUT,
					 "%s: more than %d commits behind it",
					 to, LIMIT_EPOCH_COMMITS);
		ARENA_GROW(arena, out->v, out->cap, out->n);
		git_oid_tostr(out->v[out->n++], OID_HEX_SIZE, &oid);
		if (!head.has_parent)
			return NULL;
		oid = head.parent;
	}
}

/* The two ends of "A..B", or of "B" and its upstream. */
static const struct error *
range_ends(git_oid *from, git_oid *to, const struct repo *repo,
	   const char *range)
{
	const char *dots = strstr(range, "..");
	CLEANUP(xfree) char *a = NULL;
	const struct error *err;
	const char *b;

	if (strstr(range, "..."))
		return error_new(ERROR_USAGE, "%s: a range is A..B", range);
	if (dots) {
		a = dots > range ? xstrndup(range, (size_t)(dots - range))
				 : xstrdup("HEAD");
		b = dots[2] ? dots + 2 : "HEAD";
	} else {
		a = xasprintf("%s@{upstream}", range);
		b = range;
	}
	err = git2_resolve(to, repo, b);
	if (err)
		return err;
	err = git2_resolve(from, repo, a);
	if (err && (!dots || strstr(a, "@{u")))
		err = error_wrap(err, "%s has no upstream, say A..B",
				 dots ? "the branch" : range);
	return err;
}

static void
oids_add(struct oids *out, struct arena *arena, const git_oid *oid)
{
	ARENA_GROW(arena, out->v, out->cap, out->n);
	git_oid_tostr(out->v[out->n++], OID_HEX_SIZE, oid);
}

/* Commits that wait to be walked, newest first. */
struct pending {
	git_commit *v[LIMIT_RECENT_COMMITS];
	size_t n;
};

static void
pending_free(struct pending *pending)
{
	for (size_t i = 0; i < pending->n; i++)
		git_commit_free(pending->v[i]);
	pending->n = 0;
}

/* What is not there, or behind many others, is not walked. */
static void
pending_add(struct pending *pending, const struct repo *repo,
	    const git_oid *oid)
{
	size_t i = pending->n;
	git_commit *commit;

	for (size_t j = 0; j < pending->n; j++)
		if (git_oid_equal(git_commit_id(pending->v[j]), oid))
			return;
	if (i == LIMIT_RECENT_COMMITS ||
	    git_commit_lookup(&commit, repo->git, oid)) {
		git_error_clear();
		return;
	}
	for (;
	     i && git_commit_time(pending->v[i - 1]) < git_commit_time(commit);
	     i--)
		pending->v[i] = pending->v[i - 1];
	pending->v[i] = commit;
	pending->n++;
}

const struct error *
repo_recent(struct oids *out, struct arena *arena, struct repo *repo,
	    const char *to, size_t max)
{
	CLEANUP(pending_free) struct pending pending = { .n = 0 };
	const struct error *err;
	git_oid oid;

	*out = (struct oids){ 0 };
	err = git2_oid(&oid, to);
	if (err)
		return err;
	pending_add(&pending, repo, &oid);
	for (; max && pending.n; max--) {
		AUTOFREE(git_commit) *commit = pending.v[0];
		unsigned nparents = git_commit_parentcount(commit);

		memmove(pending.v, pending.v + 1,
			--pending.n * sizeof(pending.v[0]));
		if (nparents == 1 &&
		    git_odb_exists(repo->odb, git_commit_parent_id(commit, 0)))
			oids_add(out, arena, git_commit_id(commit));
		for (unsigned i = 0; i < nparents; i++)
			pending_add(&pending, repo,
				    git_commit_parent_id(commit, i));
	}
	return NULL;
}

/* Oldest first, as "git rev-list --reverse --topo-order". */
static int
range_walk(struct oids *out, struct arena *arena, const struct repo *repo,
	   const git_oid ends[2])
{
	AUTOFREE(git_revwalk) *walk = NULL;
	git_oid oid;
	int rc;

	rc = git_revwalk_new(&walk, repo->git);
	if (!rc)
		rc = git_revwalk_sorting(walk, GIT_SORT_TOPOLOGICAL |
						       GIT_SORT_TIME |
						       GIT_SORT_REVERSE);
	if (!rc)
		rc = git_revwalk_push(walk, &ends[1]);
	if (!rc)
		rc = git_revwalk_hide(walk, &ends[0]);
	while (!rc && !(rc = git_revwalk_next(&oid, walk)))
		oids_add(out, arena, &oid);
	return rc == GIT_ITEROVER ? 0 : rc;
}

/*
 * libgit2's walk wants all history behind the range, which a shallow clone
 * has not; there the range is what first parents lead to.
 */
static const struct error *
range_shallow(struct oids *out, struct arena *arena, struct repo *repo,
	      const git_oid ends[2])
{
	char from[OID_HEX_SIZE], to[OID_HEX_SIZE];
	const struct error *err;
	struct oids all = { 0 };
	bool found;

	git_oid_tostr(from, sizeof(from), &ends[0]);
	git_oid_tostr(to, sizeof(to), &ends[1]);
	err = repo_first_parents(&all, &found, arena, repo, to, from);
	if (err)
		return err;
	if (!found)
		return error_new(ERROR_NOINPUT,
				 "%s is not reached from %s in this shallow "
				 "clone",
				 from, to);
	for (size_t i = all.n; i-- > 0;) {
		git_oid oid;

		git_oid_fromstr(&oid, all.v[i]);
		oids_add(out, arena, &oid);
	}
	return NULL;
}

const struct error *
repo_range(struct oids *out, struct arena *arena, struct repo *repo,
	   const char *range)
{
	const struct error *err;
	git_oid ends[2];
	int rc;

	err = range_ends(&ends[0], &ends[1], repo, range);
	if (err)
		return err;
	*out = (struct oids){ 0 };
	rc = range_walk(out, arena, repo, ends);
	if (rc == GIT_ENOTFOUND && git_repository_is_shallow(repo->git) == 1) {
		*out = (struct oids){ 0 };
		return range_shallow(out, arena, repo, ends);
	}
	return rc ? git2_error(rc, "%s", range) : NULL;
}

/* The next entry of a tree object: "<mode> <name>\0<20 bytes>". */
static bool
take_entry(struct span *name, git_oid *oid, struct span *raw)
{
	const char *blank = memchr(raw->ptr, ' ', raw->len), *nul = NULL;
	size_t used;

	if (blank)
		nul = memchr(blank, '\0',
			     raw->len - (size_t)(blank - raw->ptr));
	if (!nul)
		return false;
	used = (size_t)(nul - raw->ptr) + 1 + GIT_OID_RAWSZ;
	if (used > raw->len)
		return false;
	*name = (struct span){ blank + 1, (size_t)(nul - blank) - 1 };
	git_oid_fromraw(oid, (const unsigned char *)nul + 1);
	raw->ptr += used;
	raw->len -= used;
	return true;
}

static enum epoch_entry
find_entry(git_oid *oid, struct span raw)
{
	enum epoch_entry what = EPOCH_NOTHING;
	struct span name;
	git_oid each;

	while (take_entry(&name, &each, &raw)) {
		bool mail = span_equal(name, SPAN("m"));

		if (!mail && !span_equal(name, SPAN("d")))
			continue;
		what = mail ? EPOCH_MAIL : EPOCH_DELETED;
		*oid = each;
		if (mail)
			break;
	}
	return what;
}

static const struct error *
entry_of(enum epoch_entry *what, git_oid *blob, const struct repo *repo,
	 const char *commit)
{
	AUTOFREE(git_odb_object) *tree = NULL;
	const struct error *err;
	struct commit_head head;
	git_oid oid;

	err = git2_oid(&oid, commit);
	if (!err)
		err = read_head(&head, repo, &oid);
	if (!err)
		err = git2_read(&tree, repo, &head.tree, GIT_OBJECT_TREE);
	if (!err)
		*what = find_entry(blob, git2_bytes(tree));
	return err;
}

static const struct error *
copy_mail(struct span *out, struct arena *arena, git_odb_object *blob)
{
	size_t len = git_odb_object_size(blob);
	char *bytes;

	if (len > LIMIT_MAIL_BYTES)
		return error_new(ERROR_INPUT, "larger than %d bytes",
				 LIMIT_MAIL_BYTES);
	bytes = arena_alloc(arena, len + 1);
	memcpy(bytes, git_odb_object_data(blob), len);
	*out = (struct span){ bytes, len };
	return NULL;
}

const struct error *
repo_epoch_blob(enum epoch_entry *what, char blob_oid[OID_HEX_SIZE],
		struct repo *repo, const char *commit)
{
	git_oid oid;
	const struct error *err = entry_of(what, &oid, repo, commit);

	if (err)
		return err;
	blob_oid[0] = '\0';
	if (*what != EPOCH_NOTHING)
		git_oid_tostr(blob_oid, OID_HEX_SIZE, &oid);
	return NULL;
}

const struct error *
repo_epoch_entry(enum epoch_entry *what, struct span *raw,
		 char blob_oid[OID_HEX_SIZE], struct arena *arena,
		 struct repo *repo, const char *commit)
{
	AUTOFREE(git_odb_object) *blob = NULL;
	const struct error *err;
	enum epoch_entry found;
	git_oid oid;

	err = entry_of(&found, &oid, repo, commit);
	if (err)
		return err;
	if (found == EPOCH_NOTHING) {
		*what = found;
		return NULL;
	}
	err = git2_read(&blob, repo, &oid, GIT_OBJECT_BLOB);
	if (!err)
		err = copy_mail(raw, arena, blob);
	if (err)
		return err;
	*what = found;
	git_oid_tostr(blob_oid, OID_HEX_SIZE, &oid);
	return NULL;
}

const struct error *
repo_epoch_mail(struct span *out, struct arena *arena, struct repo *repo,
		const char *oid)
{
	AUTOFREE(git_odb_object) *object = NULL;
	char blob[OID_HEX_SIZE];
	enum epoch_entry what;
	const struct error *err;
	git_oid name;

	err = git2_oid(&name, oid);
	if (err)
		return err;
	if (git_odb_exists(repo->odb, &name) != 1) {
		git_error_clear();
		return error_new(ERROR_NOINPUT, "object %s is missing", oid);
	}
	err = git2_read(&object, repo, &name, GIT_OBJECT_BLOB);
	if (!err)
		return copy_mail(out, arena, object);
	error_free(err);
	*out = (struct span){ NULL, 0 };
	return repo_epoch_entry(&what, out, blob, arena, repo, oid);
}
