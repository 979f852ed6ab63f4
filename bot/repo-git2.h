/*
 * repo-git2.h - what the modules that speak libgit2 share
 *
 * Only repo*.c, merge.c and config.c include this header, and nothing else
 * includes git2.h: libgit2's odd rules stay in them.
 */
#ifndef BOT_REPO_GIT2_H
#define BOT_REPO_GIT2_H

#include <git2.h>

#include "attr.h"
#include "span.h"

struct error;

struct repo {
	git_repository *git;
	git_odb *odb;
};

/* Start libgit2, once for all threads; whoever calls it first does it. */
void git2_init(void);

/*
 * What libgit2 last complained about in this thread, behind "<fmt>: ".
 * ERROR_NOINPUT: something is not there; ERROR_IO: the system failed;
 * ERROR_INPUT: all else, that is, git data that cannot be read.
 */
const struct error *git2_error(int rc, const char *fmt, ...)
	PRINTF(2, 3) MUST_CHECK;

/* Hex to name; ERROR_NOINPUT when it is not 40 hex digits. */
MUST_CHECK
const struct error *git2_oid(git_oid *out, const char *hex);

/* The commit of a whole hex name. */
MUST_CHECK
const struct error *git2_commit(git_commit **out, const struct repo *repo,
				const char *hex);

/* repo_resolve(), as a name. */
MUST_CHECK
const struct error *git2_resolve(git_oid *out, const struct repo *repo,
				 const char *rev);

/*
 * Read an object that git data names. One that is missing, broken or of
 * another type is an ERROR_INPUT that names it.
 */
MUST_CHECK
const struct error *git2_read(git_odb_object **out, const struct repo *repo,
			      const git_oid *oid, git_object_t type);

/* An object's bytes; they die with it. */
struct span git2_bytes(git_odb_object *object);

DEFINE_AUTOFREE(git_commit, git_commit_free);
DEFINE_AUTOFREE(git_config, git_config_free);
DEFINE_AUTOFREE(git_config_iterator, git_config_iterator_free);
DEFINE_AUTOFREE(git_diff, git_diff_free);
DEFINE_AUTOFREE(git_object, git_object_free);
DEFINE_AUTOFREE(git_odb_object, git_odb_object_free);
DEFINE_AUTOFREE(git_repository, git_repository_free);
DEFINE_AUTOFREE(git_revwalk, git_revwalk_free);
DEFINE_AUTOFREE(git_tree, git_tree_free);
DEFINE_AUTOFREE(git_tree_entry, git_tree_entry_free);

#endif
