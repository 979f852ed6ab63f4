/*
 * repo-tree.c - files of a commit's tree, and blobs by their names
 */
#include "repo.h"

#include <string.h>

#include "arena.h"
#include "error.h"
#include "limits.h"
#include "repo-git2.h"

/* git's own names only; libgit2 calls all others an error, not an absence. */
static bool
path_is_sane(const char *path)
{
	size_t len = strlen(path);

	return len && len <= LIMIT_PATH_BYTES && path[0] != '/' &&
	       path[len - 1] != '/' && !strstr(path, "//");
}

const struct error *
repo_entry_at(struct repo_entry *out, struct repo *repo, const char *hex,
	      const char *path)
{
	AUTOFREE(git_tree_entry) *entry = NULL;
	AUTOFREE(git_commit) *commit = NULL;
	AUTOFREE(git_tree) *tree = NULL;
	const struct error *err;
	int rc;

	*out = (struct repo_entry){ 0 };
	if (!path_is_sane(path))
		return NULL;
	err = git2_commit(&commit, repo, hex);
	if (err)
		return err;
	rc = git_commit_tree(&tree, commit);
	if (!rc)
		rc = git_tree_entry_bypath(&entry, tree, path);
	if (rc == GIT_ENOTFOUND && tree) {
		git_error_clear();
		return NULL;
	}
	if (rc)
		return git2_error(rc, "%s:%s", hex, path);
	if (git_tree_entry_type(entry) == GIT_OBJECT_TREE)
		return NULL;
	out->mode = (uint32_t)git_tree_entry_filemode(entry);
	git_oid_tostr(out->oid, OID_HEX_SIZE, git_tree_entry_id(entry));
	return NULL;
}

static const struct error *
read_blob(struct span *out, struct arena *arena, const struct repo *repo,
	  const git_oid *oid)
{
	AUTOFREE(git_odb_object) *object = NULL;
	const struct error *err;
	git_object_t type;
	size_t size;
	char *bytes;

	/* Its size first: it is not inflated when it is too large. */
	if (!git_odb_read_header(&size, &type, repo->odb, oid) &&
	    size > LIMIT_BLOB_BYTES)
		return error_new(ERROR_INPUT, "larger than %d bytes",
				 LIMIT_BLOB_BYTES);
	err = git2_read(&object, repo, oid, GIT_OBJECT_BLOB);
	if (err)
		return err;
	bytes = arena_alloc(arena, git_odb_object_size(object) + 1);
	memcpy(bytes, git_odb_object_data(object), git_odb_object_size(object));
	*out = (struct span){ bytes, git_odb_object_size(object) };
	return NULL;
}

const struct error *
repo_blob(struct span *out, struct arena *arena, struct repo *repo,
	  const char *oid)
{
	const struct error *err;
	git_oid name;

	err = git2_oid(&name, oid);
	return err ? err : read_blob(out, arena, repo, &name);
}

const struct error *
repo_blob_at(struct span *out, struct arena *arena, char blob_oid[OID_HEX_SIZE],
	     struct repo *repo, const char *commit, const char *path)
{
	struct repo_entry entry;
	const struct error *err;
	struct span blob = { NULL, 0 };

	err = repo_entry_at(&entry, repo, commit, path);
	if (!err && entry.oid[0] && entry.mode != REPO_SUBMODULE) {
		err = repo_blob(&blob, arena, repo, entry.oid);
		if (err)
			err = error_wrap(err, "%s:%s", commit, path);
	}
	if (err)
		return err;
	*out = blob;
	if (blob_oid)
		memcpy(blob_oid, blob.ptr ? entry.oid : "",
		       blob.ptr ? OID_HEX_SIZE : 1);
	return NULL;
}

const struct error *
repo_blob_named(struct span *out, struct arena *arena, struct repo *repo,
		const char *prefix)
{
	size_t len = strlen(prefix), size;
	git_object_t type;
	git_oid part, oid;

	*out = (struct span){ NULL, 0 };
	if (len < GIT_OID_MINPREFIXLEN || len > GIT_OID_HEXSZ ||
	    git_oid_fromstrn(&part, prefix, len) ||
	    git_odb_exists_prefix(&oid, repo->odb, &part, len) ||
	    git_odb_read_header(&size, &type, repo->odb, &oid)) {
		git_error_clear();
		return NULL;
	}
	if (type != GIT_OBJECT_BLOB || size > LIMIT_BLOB_BYTES)
		return NULL;
	return read_blob(out, arena, repo, &oid);
}
