#include "tree.h"

#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "arena.h"
#include "error.h"
#include "mail.h"
#include "repo.h"
#include "strlist.h"

struct ref {
	struct repo *repo; /* borrowed from trees->repos */
	char *rev;
	char commit[OID_HEX_SIZE];
	int64_t date; /* of the commit */
};

struct trees {
	struct repo **repos; /* each once, however often it is named */
	size_t nrepos, repos_cap;
	struct ref *refs; /* in the order of the configuration */
	size_t nrefs, refs_cap;
};

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
	struct ref ref = { .repo = repo };
	struct repo_commit commit;
	const struct error *err;

	err = repo_resolve(ref.commit, repo, rev);
	if (!err)
		err = repo_commit(&commit, arena, repo, ref.commit);
	if (err)
		return err;
	ref.date = commit.commit_date;
	ref.rev = xstrdup(rev);
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
	for (size_t i = 0; i < trees->nrefs; i++)
		free(trees->refs[i].rev);
	for (size_t i = 0; i < trees->nrepos; i++)
		repo_free(trees->repos[i]);
	free(trees->refs);
	free(trees->repos);
	free(trees);
}

/* A choice under way: what a step needs, and what it adds to. */
struct choice {
	const struct trees *trees;
	const struct mail *mail;
	const struct patch *patch;
	struct arena *arena;
	struct tree tree; /* repo NULL: not chosen yet */
	struct base *base;
	size_t cap; /* of base->attempts */
};

static void
attempt(struct choice *choice, enum base_how how, const char *rev,
	const char *outcome)
{
	struct base *base = choice->base;

	ARENA_GROW(choice->arena, base->attempts, choice->cap, base->nattempts);
	base->attempts[base->nattempts++] = (struct base_attempt){
		.how = how,
		.rev = arena_strdup(choice->arena, rev),
		.outcome = outcome,
	};
}

static void
choose(struct choice *choice, enum base_how how, struct repo *repo,
       const char *commit)
{
	choice->tree.repo = repo;
	memcpy(choice->tree.commit, commit, strlen(commit) + 1);
	choice->base->how = how;
	choice->base->commit = arena_strdup(choice->arena, commit);
}

/* Mail may say what it likes: only an oid, whole or cut, is looked up, never
   what else git takes for a revision. */
static bool
is_oid(const char *rev)
{
	size_t n = strspn(rev, "0123456789abcdefABCDEF");

	return n >= 7 && n < OID_HEX_SIZE && !rev[n];
}

/* Step: the base-commit: that git-format-patch(1) writes. */
static const struct error *
step_base_commit(struct choice *choice)
{
	const char *rev = mail_trailer(choice->mail, "base-commit", 0);
	const struct trees *trees = choice->trees;
	char oid[OID_HEX_SIZE];

	if (!rev)
		return NULL;
	if (!is_oid(rev)) {
		attempt(choice, BASE_COMMIT, rev, "no object name");
		return NULL;
	}
	for (size_t i = 0; i < trees->nrepos; i++) {
		const struct error *err =
			repo_resolve(oid, trees->repos[i], rev);

		if (!err) {
			attempt(choice, BASE_COMMIT, rev, "chosen");
			choose(choice, BASE_COMMIT, trees->repos[i], oid);
			return NULL;
		}
		if (err->class != ERROR_NOINPUT)
			return err;
		error_free(err);
	}
	attempt(choice, BASE_COMMIT, rev, "not in the repository");
	return NULL;
}

/* Step: the first ref that the author may have started from. */
static const struct error *
step_ref_by_date(struct choice *choice)
{
	const struct trees *trees = choice->trees;

	for (size_t i = 0; choice->mail->date && i < trees->nrefs; i++) {
		const struct ref *ref = &trees->refs[i];

		if (ref->date > choice->mail->date) {
			attempt(choice, BASE_REF, ref->rev,
				"newer than the patch");
			continue;
		}
		attempt(choice, BASE_REF, ref->rev, "chosen");
		choose(choice, BASE_REF, ref->repo, ref->commit);
		return NULL;
	}
	return NULL;
}

/* Step: any tree is better than none. */
static const struct error *
step_first_ref(struct choice *choice)
{
	const struct trees *trees = choice->trees;

	if (!trees->nrefs)
		return NULL;
	attempt(choice, BASE_REF, trees->refs[0].rev,
		choice->mail->date ? "chosen: none is older than the patch"
				   : "chosen: the patch has no date");
	choose(choice, BASE_REF, trees->refs[0].repo, trees->refs[0].commit);
	return NULL;
}

const struct error *
trees_base(struct tree *out, struct base *base, struct arena *arena,
	   const struct trees *trees, const struct mail *mail,
	   const struct patch *patch)
{
	/* The order of design.md 4. */
	static const struct error *(*const steps[])(struct choice *) = {
		step_base_commit,
		step_ref_by_date,
		step_first_ref,
	};
	struct choice choice = { .trees = trees,
				 .mail = mail,
				 .patch = patch,
				 .arena = arena,
				 .base = base };
	const struct error *err = NULL;
	size_t nsteps = trees ? sizeof(steps) / sizeof(steps[0]) : 0;

	*base = (struct base){ .how = BASE_NONE };
	for (size_t i = 0; i < nsteps && !err && !choice.tree.repo; i++)
		err = steps[i](&choice);
	if (!err)
		*out = choice.tree;
	return err;
}

const struct error *
trees_newest_file(struct span *out, int64_t *date, struct arena *arena,
		  const struct trees *trees, const char *path)
{
	const struct ref *newest = NULL;
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

const struct error *
tree_blob(struct span *out, struct arena *arena, const struct tree *tree,
	  const char *path)
{
	return repo_blob_at(out, arena, NULL, tree->repo, tree->commit, path);
}
