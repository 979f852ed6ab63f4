/*
 * tree.h - the kernel as it stood: which commit a patch is applied to
 */
#ifndef BOT_TREE_H
#define BOT_TREE_H

#include <stddef.h> /* size_t */
#include <stdint.h>

#include "apply.h" /* struct base */
#include "attr.h"
#include "span.h"

struct arena;
struct error;
struct mail;
struct patch;
struct repo;
struct strlist;

/* Repositories and the refs that were configured, in that order: the base is
   the first ref that will do. A handle is for one thread. */
struct trees;

/*
 * @specs: "DIR" (its HEAD) or "DIR:REV" each, several of one DIR add up; DIR
 * is a repository or any directory of its worktree. Refs that do not resolve
 * are an ERROR_NOINPUT naming the spec.
 */
MUST_CHECK
const struct error *trees_open(struct trees **out, const struct strlist *specs);
void trees_free(struct trees *trees);
DEFINE_AUTOFREE(trees, trees_free);

/* A commit of one repository; borrowed from @trees. */
struct tree {
	struct repo *repo;
	char commit[65];
};

/* What a base is chosen for. */
struct base_query {
	const struct mail *mail; /* its trailers and its date count */
	/* A patch, or the patches of a series that build on each other. */
	const struct patch *const *patches;
	size_t npatches;
};

/*
 * Choose the base (design.md 4), recording each attempt in @base. out->repo is
 * NULL when there is none. @trees may be NULL.
 */
MUST_CHECK
const struct error *trees_base(struct tree *out, struct base *base,
			       struct arena *arena, const struct trees *trees,
			       const struct base_query *query);

/*
 * A file of the newest configured ref (MAINTAINERS, .mailmap); ptr NULL when
 * there is none. *date: of that ref's commit.
 */
MUST_CHECK
const struct error *trees_newest_file(struct span *out, int64_t *date,
				      struct arena *arena,
				      const struct trees *trees,
				      const char *path);

/* The file at @path, a link, or a submodule as git apply takes it. */
MUST_CHECK
const struct error *tree_read(struct tree_file *out, struct arena *arena,
			      const struct tree *tree, const char *path);
/* The two halves of it: mode and name, oid "" when there is none; then the text
   of what there is. */
MUST_CHECK
const struct error *tree_entry(struct tree_file *out, const struct tree *tree,
			       const char *path);
MUST_CHECK
const struct error *tree_text(struct tree_file *file, struct arena *arena,
			      const struct tree *tree, const char *path);

/* A blob of the repository whose name begins with @prefix; ptr NULL: none, or
   several. */
MUST_CHECK
const struct error *tree_blob_named(struct span *out, struct arena *arena,
				    const struct tree *tree,
				    const char *prefix);

/* The configured ref that is nearest to @date; its repo is NULL when there is
   none. @trees may be NULL. */
void trees_nearest(struct tree *out, const struct trees *trees, int64_t date);

/* Revision @rev of the first repository that has it. ERROR_NOINPUT. */
MUST_CHECK
const struct error *trees_resolve(struct tree *out, const struct trees *trees,
				  const char *rev);

/* The blob at @path; ptr NULL: not there. */
MUST_CHECK
const struct error *tree_blob(struct span *out, struct arena *arena,
			      const struct tree *tree, const char *path);

#endif
