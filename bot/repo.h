/*
 * repo.h - a git repository, read only
 *
 * git2.h is included by this family (repo-git2.h), merge.c and config.c only.
 * Nothing is ever written to a repository. A handle is for one thread.
 */
#ifndef BOT_REPO_H
#define BOT_REPO_H

#include <stdbool.h>
#include <stddef.h> /* size_t */
#include <stdint.h>

#include "address.h"
#include "attr.h"
#include "span.h"

struct arena;
struct error;
struct repo;

enum { OID_HEX_SIZE = 65 }; /* SHA-256 and NUL */

enum repo_open {
	REPO_EXACT = 0,	   /* @path itself: bare, or a worktree */
	REPO_DISCOVER = 1, /* the worktree around @path */
};

/* ERROR_NOINPUT when there is none, ERROR_INPUT when git cannot read it. */
MUST_CHECK
const struct error *repo_open(struct repo **out, const char *path,
			      enum repo_open how);
void repo_free(struct repo *repo);
DEFINE_AUTOFREE(repo, repo_free);
const char *repo_path(const struct repo *repo); /* borrowed, the git dir */

/*
 * The directory of "DIR" or "DIR:REV", owned by the caller; *rev then points
 * into @spec, or is NULL. Either may hold colons: DIR is the shortest one that
 * exists, unless all of @spec does.
 */
char *repo_spec(const char **rev, const char *spec);

/* A revision as git-rev-parse(1) reads it, as a commit. ERROR_NOINPUT. */
MUST_CHECK
const struct error *repo_resolve(char out[OID_HEX_SIZE], struct repo *repo,
				 const char *rev);

struct repo_commit {
	const char *oid;
	const char *parent; /* the first one; NULL for a root, or when a
			       shallow clone ends here */
	size_t nparents;
	struct address author;
	int64_t author_date, commit_date; /* seconds since 1970 UTC */
	struct span message;
};
MUST_CHECK
const struct error *repo_commit(struct repo_commit *out, struct arena *arena,
				struct repo *repo, const char *oid);

/* What a tree has at a path. */
struct repo_entry {
	uint32_t mode; /* 0100644, 0100755, REPO_SYMLINK ...; 0: none */
	char oid[OID_HEX_SIZE]; /* "": nothing there, or a directory */
};
enum { REPO_SYMLINK = 0120000, REPO_SUBMODULE = 0160000 };
MUST_CHECK
const struct error *repo_entry_at(struct repo_entry *out, struct repo *repo,
				  const char *commit, const char *path);

/* A blob by its whole name. ERROR_INPUT when it is missing, or past
   LIMIT_BLOB_BYTES. */
MUST_CHECK
const struct error *repo_blob(struct span *out, struct arena *arena,
			      struct repo *repo, const char *oid);

/* The blob whose name begins with @prefix (4 hex digits or more), as index
   lines have it; ptr NULL: none, several, or past LIMIT_BLOB_BYTES. */
MUST_CHECK
const struct error *repo_blob_named(struct span *out, struct arena *arena,
				    struct repo *repo, const char *prefix);

/*
 * The blob at @path of commit @oid. Not there (or no blob): ptr NULL, no
 * error. @blob_oid, when not NULL, gets its hex oid. ERROR_INPUT past
 * LIMIT_BLOB_BYTES.
 */
MUST_CHECK
const struct error *repo_blob_at(struct span *out, struct arena *arena,
				 char blob_oid[OID_HEX_SIZE], struct repo *repo,
				 const char *commit, const char *path);

/*
 * The files of commit @commit, in byte order of their paths. @want is asked
 * about each directory ("arch/x86/"), whether to look into it, and about each
 * file. Symbolic links and submodules are left out. ERROR_INPUT past
 * LIMIT_TREE_DEPTH.
 */
struct repo_file {
	const char *path;
	char oid[OID_HEX_SIZE];
};
struct repo_files {
	struct repo_file *v;
	size_t n, cap;
	char tree[OID_HEX_SIZE]; /* of the commit */
};
typedef bool repo_want_fn(void *arg, const char *path);
MUST_CHECK
const struct error *repo_files(struct repo_files *out, struct arena *arena,
			       struct repo *repo, const char *commit,
			       repo_want_fn *want, void *arg);
/* The name of a commit's tree. */
MUST_CHECK
const struct error *repo_tree_oid(char out[OID_HEX_SIZE], struct repo *repo,
				  const char *commit);

/*
 * The commits from @to back along first parents, newest first, until @from
 * (excluded; NULL: to the root or the shallow end) comes; *found_from says
 * whether it came. Hex oids. For epochs.
 */
struct oids {
	char (*v)[OID_HEX_SIZE];
	size_t n, cap;
	const char *broken; /* repo_first_parents(): why the walk ended before
			       a root or shallow end; NULL: it did not */
};
MUST_CHECK
const struct error *repo_first_parents(struct oids *out, bool *found_from,
				       struct arena *arena, struct repo *repo,
				       const char *to, const char *from);

/*
 * What one commit of a public-inbox v2 epoch holds: its tree has one blob,
 * "m" a mail, "d" a mail that was removed: its bytes, and the oid of the blob.
 */
enum epoch_entry { EPOCH_MAIL, EPOCH_DELETED, EPOCH_NOTHING };
MUST_CHECK
const struct error *repo_epoch_entry(enum epoch_entry *what, struct span *raw,
				     char blob_oid[OID_HEX_SIZE],
				     struct arena *arena, struct repo *repo,
				     const char *commit);

/*
 * The commits behind @to, itself among them, newest first by date, those of one
 * parent, which must be here, only; @max are looked at. What a shallow clone
 * lacks ends a line of them.
 */
MUST_CHECK
const struct error *repo_recent(struct oids *out, struct arena *arena,
				struct repo *repo, const char *to, size_t max);

/*
 * The mail in blob @oid, or in the commit @oid, of an epoch; ptr NULL: that
 * commit has none. ERROR_NOINPUT: no such object, any more.
 */
MUST_CHECK
const struct error *repo_epoch_mail(struct span *out, struct arena *arena,
				    struct repo *repo, const char *oid);

/* The same without reading it: the blob alone; "" for EPOCH_NOTHING. */
MUST_CHECK
const struct error *repo_epoch_blob(enum epoch_entry *what,
				    char blob_oid[OID_HEX_SIZE],
				    struct repo *repo, const char *commit);

/*
 * The commits of "A..B" (or of "B" down to its merge base with its upstream
 * when there is no ".."), oldest first, merges among them. In a shallow clone
 * first parents only, where its end is near.
 */
MUST_CHECK
const struct error *repo_range(struct oids *out, struct arena *arena,
			       struct repo *repo, const char *range);

/*
 * What the commit changes against its first parent, as git-show(1) prints it
 * with --full-index; renames by libgit2's measure of similarity, which is a
 * few per cent off git's. ERROR_INPUT past LIMIT_PATCH_FILES or
 * LIMIT_MAIL_BYTES.
 */
enum repo_renames { REPO_RENAMES, REPO_NO_RENAMES };
MUST_CHECK
const struct error *repo_commit_diff(struct span *out, struct arena *arena,
				     struct repo *repo, const char *oid,
				     enum repo_renames renames);

#endif
