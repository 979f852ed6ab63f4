#include "tree.h"

#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "arena.h"
#include "error.h"
#include "prerequisite.h"
#include "repo.h"
#include "strlist.h"
#include "tree-refs.h"

/* The handle of @repo's repository; @repo itself when it is a new one. */
static struct repo *
add_repo(struct trees *trees, struct repo *repo)
{
	for (size_t i = 0; i < trees->nrepos; i++) {
		if (strcmp(repo_path(trees->repos[i]), repo_path(repo)) != 0)
			continue;
		repo_free(repo);
		return trees->repos[i];
	}
	GROW(trees->repos, trees->repos_cap, trees->nrepos);
	return trees->repos[trees->nrepos++] = repo;
}

static const struct error *
add_ref(struct trees *trees, struct repo *repo, const char *rev)
{
	AUTOFREE(arena) *arena = arena_new();
	struct tree_ref ref = { .repo = repo };
	struct repo_commit commit;
	const struct error *err;

	err = repo_resolve(ref.commit, repo, rev);
	if (!err)
		err = repo_commit(&commit, arena, repo, ref.commit);
	if (err)
		return err;
	ref.date = commit.commit_date;
	ref.rev = xstrdup(rev);
	ref.recent = prerequisites_new(repo, ref.commit);
	GROW(trees->refs, trees->refs_cap, trees->nrefs);
	trees->refs[trees->nrefs++] = ref;
	return NULL;
}

static const struct error *
add_spec(struct trees *trees, const char *spec)
{
	CLEANUP(xfree) char *dir = NULL;
	const struct error *err;
	struct repo *repo;
	const char *rev;

	dir = repo_spec(&rev, spec);
	err = repo_open(&repo, dir, REPO_DISCOVER);
	if (err)
		return err;
	repo = add_repo(trees, repo);
	err = add_ref(trees, repo, rev ? rev : "HEAD");
	return err ? error_wrap(err, "tree %s", spec) : NULL;
}

const struct error *
trees_open(struct trees **out, const struct strlist *specs)
{
	AUTOFREE(trees) *trees = xcalloc(1, sizeof(*trees));
	const struct error *err = NULL;

	for (size_t i = 0; i < specs->n && !err; i++)
		err = add_spec(trees, specs->v[i]);
	if (!err)
		*out = TAKE(trees);
	return err;
}

void
trees_free(struct trees *trees)
{
	if (!trees)
		return;
	for (size_t i = 0; i < trees->nrefs; i++) {
		prerequisites_free(trees->refs[i].recent);
		free(trees->refs[i].rev);
	}
	for (size_t i = 0; i < trees->nrepos; i++)
		repo_free(trees->repos[i]);
	free(trees->refs);
	free(trees->repos);
	free(trees);
}

const struct error *
trees_newest_file(struct span *out, int64_t *date, struct arena *arena,
		  const struct trees *trees, const char *path)
{
	const struct tree_ref *newest = NULL;
	const struct error *err;

	for (size_t i = 0; trees && i < trees->nrefs; i++)
		if (!newest || trees->refs[i].date > newest->date)
			newest = &trees->refs[i];
	if (!newest) {
		*out = (struct span){ NULL, 0 };
		*date = 0;
		return NULL;
	}
	err = repo_blob_at(out, arena, NULL, newest->repo, newest->commit,
			   path);
	if (!err)
		*date = newest->date;
	return err;
}

static int64_t
distance(int64_t a, int64_t b)
{
	return a > b ? a - b : b - a;
}

void
trees_nearest(struct tree *out, const struct trees *trees, int64_t date)
{
	const struct tree_ref *best = NULL;

	*out = (struct tree){ .repo = NULL };
	for (size_t i = 0; trees && i < trees->nrefs; i++)
		if (!best || distance(trees->refs[i].date, date) <
				     distance(best->date, date))
			best = &trees->refs[i];
	if (!best)
		return;
	out->repo = best->repo;
	memcpy(out->commit, best->commit, sizeof(out->commit));
}

const struct error *
trees_resolve(struct tree *out, const struct trees *trees, const char *rev)
{
	const struct error *err = NULL;
	char commit[OID_HEX_SIZE];

	if (!trees || !trees->nrepos)
		return error_new(ERROR_NOINPUT,
				 "%s: no such file, and no tree to look for a "
				 "revision in",
				 rev);
	for (size_t i = 0; i < trees->nrepos; i++) {
		error_free(err);
		err = repo_resolve(commit, trees->repos[i], rev);
		if (err)
			continue;
		out->repo = trees->repos[i];
		memcpy(out->commit, commit, sizeof(out->commit));
		return NULL;
	}
	return err;
}

const struct error *
tree_entry(struct tree_file *out, const struct tree *tree, const char *path)
{
	struct repo_entry entry;
	const struct error *err;

	*out = (struct tree_file){ .mode = 0 };
	err = repo_entry_at(&entry, tree->repo, tree->commit, path);
	if (err)
		return error_wrap(err, "%s:%s", tree->commit, path);
	out->mode = entry.mode;
	memcpy(out->oid, entry.oid, sizeof(out->oid));
	return NULL;
}

const struct error *
tree_text(struct tree_file *file, struct arena *arena, const struct tree *tree,
	  const char *path)
{
	const struct error *err;

	/* As git takes it: a submodule's text is the name of its commit. */
	if (file->mode == REPO_SUBMODULE) {
		file->text = span_of(arena_printf(
			arena, "Subproject commit %s\n", file->oid));
		return NULL;
	}
	err = repo_blob(&file->text, arena, tree->repo, file->oid);
	return err ? error_wrap(err, "%s:%s", tree->commit, path) : NULL;
}

const struct error *
tree_read(struct tree_file *out, struct arena *arena, const struct tree *tree,
	  const char *path)
{
	const struct error *err = tree_entry(out, tree, path);

	return err || !out->oid[0] ? err : tree_text(out, arena, tree, path);
}

const struct error *
tree_blob_named(struct span *out, struct arena *arena, const struct tree *tree,
		const char *prefix)
{
	return repo_blob_named(out, arena, tree->repo, prefix);
}

const struct error *
tree_blob(struct span *out, struct arena *arena, const struct tree *tree,
	  const char *path)
{
	return repo_blob_at(out, arena, NULL, tree->repo, tree->commit, path);
}
