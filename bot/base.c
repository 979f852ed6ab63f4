/*
 * base.c - which commit a patch is applied to: trees_base()
 */
#include <string.h>

#include "arena.h"
#include "error.h"
#include "mail.h"
#include "overlay.h"
#include "patch.h"
#include "prerequisite.h"
#include "tree-refs.h"
#include "tree.h"

/* A choice under way: what a step needs, and what it adds to. */
struct choice {
	const struct trees *trees;
	const struct base_query *query;
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
	const char *rev = mail_trailer(choice->query->mail, "base-commit", 0);
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

/* The commit near any ref that a prerequisite patch became. */
static const struct error *
find_prerequisite(struct choice *choice, const char *id, const char *outcome)
{
	const struct trees *trees = choice->trees;
	const struct error *err = NULL;
	char oid[OID_HEX_SIZE] = "";

	for (size_t i = 0; !err && !oid[0] && i < trees->nrefs; i++) {
		err = prerequisites_find(oid, trees->refs[i].recent, id);
		if (!err && oid[0]) {
			attempt(choice, BASE_PREREQUISITE, id, outcome);
			choose(choice, BASE_PREREQUISITE, trees->refs[i].repo,
			       oid);
		}
	}
	return err;
}

/* Step: the last of the patches that the author had on top of the base-commit
   and that a ref has too; git-format-patch(1) names them oldest first. */
static const struct error *
step_prerequisite(struct choice *choice)
{
	static const char key[] = "prerequisite-patch-id";
	const struct mail *mail = choice->query->mail;
	const struct error *err = NULL;
	const char *last = NULL;
	size_t n = 0;

	while (mail_trailer(mail, key, n))
		last = mail_trailer(mail, key, n++);
	for (size_t i = n; !err && i-- > 0 && !choice->tree.repo;) {
		const char *id = mail_trailer(mail, key, i);
		const char *outcome =
			i + 1 == n ? "chosen"
				   : arena_printf(choice->arena,
						  "chosen: number %zu of %zu",
						  i + 1, n);

		if (is_oid(id))
			err = find_prerequisite(choice, id, outcome);
	}
	if (!err && last && !choice->tree.repo)
		attempt(choice, BASE_PREREQUISITE, last,
			n == 1 ? "no recent commit of a ref"
			       : arena_printf(choice->arena,
					      "none of %zu is a recent commit "
					      "of a ref",
					      n));
	return err;
}

/* A file as the patches found it: the blob of an index line. */
struct preimage {
	const char *path, *oid; /* the oid cut short */
};

struct preimages {
	struct preimage *v;
	size_t n, cap;
};

/* The first word on each path counts; what a patch of the series has made is
   in no tree. */
static void
add_preimages(struct preimages *out, struct overlay *seen, struct arena *arena,
	      const struct patch *patch)
{
	for (size_t i = 0; i < patch->nfiles; i++) {
		const struct patch_file *file = &patch->files[i];
		const char *path = file->old_path, *oid = file->old_oid;
		bool first = path && !overlay_find(seen, path);

		if (path)
			overlay_at(seen, path);
		if (file->new_path)
			overlay_at(seen, file->new_path);
		if (!first || !is_oid(oid) || strspn(oid, "0") == strlen(oid))
			continue;
		ARENA_GROW(arena, out->v, out->cap, out->n);
		out->v[out->n++] = (struct preimage){ path, oid };
	}
}

/* Why @ref is not what the patches were made on; NULL: it may be. */
static const struct error *
find_stranger(const char **out, struct arena *arena, const struct tree_ref *ref,
	      const struct preimages *preimages)
{
	*out = NULL;
	for (size_t i = 0; i < preimages->n; i++) {
		const struct preimage *pre = &preimages->v[i];
		const struct error *err;
		struct repo_entry entry;

		err = repo_entry_at(&entry, ref->repo, ref->commit, pre->path);
		if (err)
			return err;
		if (!strncasecmp(entry.oid, pre->oid, strlen(pre->oid)))
			continue;
		*out = arena_printf(arena, "has %s %s",
				    entry.oid[0] ? "another" : "no", pre->path);
		return NULL;
	}
	return NULL;
}

/* Step: the first ref in whose tree all files are what they were. */
static const struct error *
step_index(struct choice *choice)
{
	const struct base_query *query = choice->query;
	const struct trees *trees = choice->trees;
	CLEANUP(overlay_free) struct overlay seen = { .n = 0 };
	struct preimages preimages = { .n = 0 };
	const struct error *err = NULL;
	const char *stranger;

	for (size_t i = 0; i < query->npatches; i++)
		add_preimages(&preimages, &seen, choice->arena,
			      query->patches[i]);
	for (size_t i = 0; preimages.n && i < trees->nrefs; i++) {
		const struct tree_ref *ref = &trees->refs[i];

		err = find_stranger(&stranger, choice->arena, ref, &preimages);
		if (err)
			return err;
		attempt(choice, BASE_INDEX, ref->rev,
			stranger ? stranger : "chosen");
		if (!stranger) {
			choose(choice, BASE_INDEX, ref->repo, ref->commit);
			break;
		}
	}
	return err;
}

/* Step: the first ref that the author may have started from. */
static const struct error *
step_ref_by_date(struct choice *choice)
{
	const struct trees *trees = choice->trees;
	int64_t date = choice->query->mail->date;

	for (size_t i = 0; date && i < trees->nrefs; i++) {
		const struct tree_ref *ref = &trees->refs[i];

		if (ref->date > date) {
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
		choice->query->mail->date
			? "chosen: none is older than the patch"
			: "chosen: the patch has no date");
	choose(choice, BASE_REF, trees->refs[0].repo, trees->refs[0].commit);
	return NULL;
}

const struct error *
trees_base(struct tree *out, struct base *base, struct arena *arena,
	   const struct trees *trees, const struct base_query *query)
{
	/* The order of design.md 4. */
	static const struct error *(*const steps[])(struct choice *) = {
		step_base_commit, step_prerequisite, step_index,
		step_ref_by_date, step_first_ref,
	};
	struct choice choice = {
		.trees = trees, .query = query, .arena = arena, .base = base
	};
	const struct error *err = NULL;
	size_t nsteps = trees ? sizeof(steps) / sizeof(steps[0]) : 0;

	*base = (struct base){ .how = BASE_NONE };
	for (size_t i = 0; i < nsteps && !err && !choice.tree.repo; i++)
		err = steps[i](&choice);
	if (!err)
		*out = choice.tree;
	return err;
}
