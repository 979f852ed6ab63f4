#include "source-ops.h"

#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "arena.h"
#include "error.h"
#include "repo.h"

/* The commits of a range, oldest first; or one commit. */
struct source_git {
	struct source base;
	char *dir;
	struct repo *repo;
	struct arena *arena; /* of oids */
	struct oids oids;
	size_t at;
	const char *first_parent; /* of the first commit; in its arena */
};

/* What the commit changes. A merge is named, and left at that. */
static const struct error *
read_diff(struct span *out, struct arena *arena, struct repo *repo,
	  const struct repo_commit *commit)
{
	*out = (struct span){ "", 0 };
	if (commit->nparents > 1)
		return NULL;
	if (commit->nparents && !commit->parent)
		return error_new(ERROR_NOINPUT,
				 "its parent is not in this shallow clone, see "
				 "git fetch --deepen");
	return repo_commit_diff(out, arena, repo, commit->oid, REPO_RENAMES);
}

static const struct error *
take_commit(struct source_item *item, struct arena *arena, struct repo *repo,
	    const char *oid)
{
	const struct error *err;
	struct repo_commit commit;
	struct span diff;

	err = repo_commit(&commit, arena, repo, oid);
	if (!err)
		err = read_diff(&diff, arena, repo, &commit);
	if (err)
		return err;
	item->kind = SOURCE_COMMIT;
	item->parent = commit.parent;
	item->commit = (struct mail_commit){
		.oid = commit.oid,
		.author = commit.author,
		.date = commit.author_date,
		.message = commit.message,
		.diff = diff,
		.merge = commit.nparents > 1,
	};
	return NULL;
}

static const struct error *
git_next(struct source_item *item, struct arena *arena, struct source *source)
{
	struct source_git *git = (struct source_git *)source;
	const struct error *err;
	const char *oid;

	if (git->at == git->oids.n)
		return NULL;
	oid = git->oids.v[git->at++];
	item->where = arena_printf(arena, "%s@%s",
				   source_where(arena, git->dir, 0), oid);
	err = take_commit(item, arena, git->repo, oid);
	if (err) {
		source_fault(item, item->where, err);
		return NULL;
	}
	if (git->at == 1 && item->parent)
		git->first_parent = arena_strdup(git->arena, item->parent);
	/* The item may live longer than the source. */
	if (git->first_parent)
		item->base = arena_strdup(arena, git->first_parent);
	return NULL;
}

static long
git_left(const struct source *source)
{
	const struct source_git *git = (const struct source_git *)source;

	return (long)(git->oids.n - git->at);
}

static struct repo *
git_repo(const struct source *source)
{
	return ((const struct source_git *)source)->repo;
}

static void
git_close(struct source *source)
{
	struct source_git *git = (struct source_git *)source;

	repo_free(git->repo);
	arena_free(git->arena);
	free(git->dir);
	free(git);
}

static const struct error *
list_commits(struct source_git *git, const char *rev)
{
	if (strstr(rev, ".."))
		return repo_range(&git->oids, git->arena, git->repo, rev);
	git->oids.v = arena_alloc(git->arena, sizeof(*git->oids.v));
	git->oids.n = 1;
	return repo_resolve(git->oids.v[0], git->repo, rev);
}

const struct error *
source_git_open(struct source **out, const char *spec)
{
	static const struct source_ops ops = {
		.next = git_next,
		.left = git_left,
		.repo = git_repo,
		.close = git_close,
	};
	struct source_git *git = xcalloc(1, sizeof(*git));
	const struct error *err;
	const char *rev;

	git->base.ops = &ops;
	git->arena = arena_new();
	git->dir = repo_spec(&rev, spec);
	err = repo_open(&git->repo, git->dir, REPO_DISCOVER);
	if (!err && !rev)
		err = error_new(ERROR_USAGE, "git:%s: say git:DIR:A..B", spec);
	if (!err)
		err = list_commits(git, rev);
	if (err) {
		git_close(&git->base);
		return err;
	}
	*out = &git->base;
	return NULL;
}
