#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "arena.h"
#include "error.h"
#include "limits.h"
#include "repo-git2.h"
#include "repo.h"

/* A directory that is being read. */
struct level {
	git_tree *tree;
	size_t next;	    /* entry */
	const char *prefix; /* "", "arch/x86/" */
};

struct walk {
	struct level levels[LIMIT_TREE_DEPTH];
	size_t depth;
	struct arena *arena;
	repo_want_fn *want;
	void *arg;
};

static void
walk_end(struct walk *walk)
{
	while (walk->depth)
		git_tree_free(walk->levels[--walk->depth].tree);
}

static const struct error *
enter(struct walk *walk, const struct repo *repo, const git_oid *oid,
      const char *prefix)
{
	git_tree *tree;
	int rc;

	if (walk->depth == LIMIT_TREE_DEPTH)
		return error_new(ERROR_INPUT, "%s: more than %d directories",
				 prefix, LIMIT_TREE_DEPTH);
	rc = git_tree_lookup(&tree, repo->git, oid);
	if (rc)
		return git2_error(rc, "tree of %s", *prefix ? prefix : "/");
	walk->levels[walk->depth++] = (struct level){ tree, 0, prefix };
	return NULL;
}

static void
add_file(struct repo_files *out, struct arena *arena, const char *path,
	 const git_oid *oid)
{
	ARENA_GROW(arena, out->v, out->cap, out->n);
	out->v[out->n].path = path;
	git_oid_tostr(out->v[out->n++].oid, OID_HEX_SIZE, oid);
}

static bool
is_file(const git_tree_entry *entry)
{
	git_filemode_t mode = git_tree_entry_filemode(entry);

	return mode == GIT_FILEMODE_BLOB ||
	       mode == GIT_FILEMODE_BLOB_EXECUTABLE;
}

static const struct error *
step(struct repo_files *out, struct walk *walk, const struct repo *repo)
{
	struct level *level = &walk->levels[walk->depth - 1];
	const git_tree_entry *entry;
	const char *path;
	bool is_dir;

	entry = git_tree_entry_byindex(level->tree, level->next++);
	if (!entry) {
		git_tree_free(level->tree);
		walk->depth--;
		return NULL;
	}
	is_dir = git_tree_entry_type(entry) == GIT_OBJECT_TREE;
	if (!is_dir && !is_file(entry))
		return NULL;
	path = arena_printf(walk->arena, "%s%s%s", level->prefix,
			    git_tree_entry_name(entry), is_dir ? "/" : "");
	if (!walk->want(walk->arg, path))
		return NULL;
	if (is_dir)
		return enter(walk, repo, git_tree_entry_id(entry), path);
	add_file(out, walk->arena, path, git_tree_entry_id(entry));
	return NULL;
}

static const struct error *
tree_of(git_oid *out, const struct repo *repo, const char *commit)
{
	AUTOFREE(git_commit) *object = NULL;
	const struct error *err;
	git_oid oid;
	int rc;

	err = git2_oid(&oid, commit);
	if (err)
		return err;
	rc = git_commit_lookup(&object, repo->git, &oid);
	if (rc)
		return git2_error(rc, "commit %s", commit);
	git_oid_cpy(out, git_commit_tree_id(object));
	return NULL;
}

const struct error *
repo_tree_oid(char out[OID_HEX_SIZE], struct repo *repo, const char *commit)
{
	git_oid oid;
	const struct error *err = tree_of(&oid, repo, commit);

	if (!err)
		git_oid_tostr(out, OID_HEX_SIZE, &oid);
	return err;
}

const struct error *
repo_files(struct repo_files *out, struct arena *arena, struct repo *repo,
	   const char *commit, repo_want_fn *want, void *arg)
{
	struct walk walk = { .arena = arena, .want = want, .arg = arg };
	const struct error *err;
	git_oid oid;

	*out = (struct repo_files){ .n = 0 };
	err = tree_of(&oid, repo, commit);
	if (err)
		return err;
	git_oid_tostr(out->tree, OID_HEX_SIZE, &oid);
	err = enter(&walk, repo, &oid, "");
	while (!err && walk.depth)
		err = step(out, &walk, repo);
	walk_end(&walk);
	return err ? error_wrap(err, "%s", commit) : NULL;
}
