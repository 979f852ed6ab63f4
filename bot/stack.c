#include "stack.h"

#include <string.h>

#include "arena.h"
#include "batch.h"
#include "error.h"
#include "fact.h"
#include "kind.h"
#include "limits.h"
#include "overlay.h"
#include "review.h"
#include "tree.h"

/* A tree as the patches before have left it; the tree alone is one too. */
struct stack {
	struct batch *batch;
	const struct trees *trees;
	bool (*wanted)(const struct review *review, void *arg);
	void *arg;
	const struct tree *tree; /* repo NULL: untried */
	struct base base;
	struct overlay files; /* on top of the tree */
	/* Texts by the name of their blob: the mails of a batch touch the same
	   files again and again. */
	struct overlay *blobs;
	size_t *images; /* bytes that may still be made of them */
};

static const struct error *
read_tree(struct tree_file *out, struct arena *arena, const struct stack *stack,
	  const char *path)
{
	const struct error *err = tree_entry(out, stack->tree, path);
	const struct overlay_file *slot;

	if (err || !out->oid[0])
		return err;
	slot = overlay_find(stack->blobs, out->oid);
	if (slot) {
		out->text = slot->file.text;
		return NULL;
	}
	err = tree_text(out, arena, stack->tree, path);
	if (!err)
		overlay_put(stack->blobs, arena_strdup(arena, out->oid), out);
	return err;
}

static const struct error *
read_stack(struct tree_file *out, struct arena *arena, const void *files,
	   const char *path)
{
	const struct stack *stack = files;
	const struct overlay_file *slot = overlay_find(&stack->files, path);

	if (slot) {
		*out = slot->file;
		return NULL;
	}
	return read_tree(out, arena, stack, path);
}

static const struct error *
read_blob(struct span *out, struct arena *arena, const void *files,
	  const char *prefix)
{
	return tree_blob_named(out, arena, ((const struct stack *)files)->tree,
			       prefix);
}

/* Below a root commit there is nothing. */
static const struct error *
read_nothing(struct tree_file *out, UNUSED struct arena *arena,
	     UNUSED const void *files, UNUSED const char *path)
{
	*out = (struct tree_file){ .mode = 0 };
	return NULL;
}

static const struct error *
lay(struct applied *out, const struct stack *stack, const struct review *review)
{
	const struct apply_files on_tree = { read_stack, read_blob, stack,
					     stack->images };
	const struct apply_files on_nothing = { .read = read_nothing,
						.left = stack->images };
	const struct apply_files *files = NULL;

	if (stack->tree->repo)
		files = &on_tree;
	else if (review->repo)
		files = &on_nothing;
	return apply_patch_to(out, stack->batch->arena, &review->patch, files);
}

/* Rules look at the review from now on. */
static void
finish(struct review *review, const struct stack *stack,
       const struct applied *applied)
{
	review->applied = *applied;
	review->applied.base = stack->base;
	review->verdict.base = stack->base;
	memcpy(review->verdict.hunks, applied->hunks,
	       sizeof(review->verdict.hunks));
	if (!review->unreached)
		places_find(&review->places, stack->batch->arena,
			    &review->applied);
	review->subject = (struct subject_patch){
		.subject = review->verdict.subject,
		.message = review->mail.message,
		.applied = &review->applied,
		.places = &review->places,
		.facts = factbook_new(stack->batch->arena, &review->places),
	};
}

static const struct error *
lay_and_finish(struct review *review, const struct stack *stack)
{
	struct applied applied = { 0 };
	const struct error *err = lay(&applied, stack, review);

	if (!err)
		finish(review, stack, &applied);
	return err;
}

/* What @applied made of its files is what the next patch finds. */
static void
put_on_top(struct stack *stack, const struct applied *applied)
{
	for (size_t i = 0; i < applied->patch->nfiles; i++) {
		const struct applied_file *af = &applied->files[i];
		const struct patch_file *file = af->file;
		struct tree_file gone = { .mode = 0 };
		struct tree_file made = { .text = af->postimage,
					  .mode = file->new_mode };

		if (af->problem)
			continue;
		if (file->op == FILE_DELETE || file->op == FILE_RENAME)
			overlay_put(&stack->files, file->old_path, &gone);
		if (file->new_path && af->postimage.ptr)
			overlay_put(&stack->files, file->new_path, &made);
	}
}

static bool
names_base(const struct mail *mail)
{
	return mail_trailer(mail, "base-commit", 0) ||
	       mail_trailer(mail, "prerequisite-patch-id", 0);
}

/* git-format-patch(1) names the base in the cover letter or the first patch. */
static const struct mail *
mail_with_base(const struct batch *batch, const struct series *series,
	       const size_t *numbers, size_t n)
{
	if (series->cover != SERIES_NONE &&
	    names_base(&batch->reviews[series->cover].mail))
		return &batch->reviews[series->cover].mail;
	for (size_t i = 0; i < n; i++)
		if (names_base(&batch->reviews[numbers[i]].mail))
			return &batch->reviews[numbers[i]].mail;
	return &batch->reviews[numbers[0]].mail;
}

static const struct error *
choose_base(struct stack *stack, struct tree *tree, const struct series *series,
	    const size_t *numbers, size_t n)
{
	struct batch *batch = stack->batch;
	const struct patch **patches =
		ARENA_ARRAY(batch->arena, n, const struct patch *);
	struct base_query query = { .patches = patches, .npatches = n };

	for (size_t i = 0; i < n; i++)
		patches[i] = &batch->reviews[numbers[i]].patch;
	query.mail = series ? mail_with_base(batch, series, numbers, n)
			    : &batch->reviews[numbers[0]].mail;
	return trees_base(tree, &stack->base, batch->arena, stack->trees,
			  &query);
}

/* How many patches @review was laid on, and how many should have been. */
static void
say_predecessors(struct base *base, struct arena *arena, size_t laid,
		 const struct review *review)
{
	unsigned part = review->mail.prefix.part;
	size_t missing = part > laid + 1 ? part - 1 - laid : 0;
	struct base_attempt *attempts =
		ARENA_ARRAY(arena, base->nattempts + 1, struct base_attempt);
	const char *outcome = arena_printf(arena, "%zu patch%s applied", laid,
					   laid == 1 ? "" : "es");

	if (!laid && !missing)
		return;
	if (missing)
		outcome = arena_printf(arena, "%s, %zu not here", outcome,
				       missing);
	if (base->nattempts)
		memcpy(attempts, base->attempts,
		       base->nattempts * sizeof(*attempts));
	attempts[base->nattempts] = (struct base_attempt){
		.how = base->how,
		.rev = arena_printf(arena, "series, below part %u", part),
		.outcome = outcome,
	};
	base->attempts = attempts;
	base->nattempts++;
}

/* A mail that came twice is judged twice, on the same tree. */
static bool
is_copy(const struct batch *batch, size_t i, size_t of)
{
	const struct review *review = &batch->reviews[i];

	return batch->series.of[i] == batch->series.of[of] &&
	       kind_is_judged(review->verdict.kind) &&
	       review->mail.prefix.part == batch->reviews[of].mail.prefix.part;
}

/* Lay patch number @nth of the series, and what is the same patch. */
static const struct error *
lay_part(struct stack *stack, const struct series *series, size_t number,
	 size_t laid)
{
	struct batch *batch = stack->batch;
	struct base base = stack->base;
	const struct error *err;
	struct applied applied = { 0 };

	err = lay(&applied, stack, &batch->reviews[number]);
	say_predecessors(&stack->base, batch->arena, laid,
			 &batch->reviews[number]);
	for (size_t i = 0; !err && i < batch->n; i++) {
		struct review *review = &batch->reviews[i];

		/* One of an earlier version has a stack of its own. */
		if (batch->series.of[i] != series ||
		    !is_copy(batch, i, number) ||
		    !stack->wanted(review, stack->arg))
			continue;
		if (i == number)
			finish(review, stack, &applied);
		else
			err = lay_and_finish(review, stack);
	}
	stack->base = base;
	if (!err)
		put_on_top(stack, &applied);
	return err;
}

static const struct error *
lay_series(struct stack *stack, const struct series *series)
{
	struct batch *batch = stack->batch;
	const struct error *err;
	struct tree tree = { .repo = NULL };
	size_t n;
	const size_t *numbers =
		series_patches(&n, batch->arena, &batch->series, series);

	err = choose_base(stack, &tree, series, numbers, n);
	stack->tree = &tree;
	for (size_t i = 0; i < n && !err; i++)
		err = lay_part(stack, series, numbers[i], i);
	overlay_free(&stack->files);
	return err;
}

static const struct error *
lay_alone(struct stack *stack, struct review *review)
{
	size_t number = (size_t)(review - stack->batch->reviews);
	struct tree tree = { .repo = NULL };
	const struct error *err = NULL;

	stack->base = (struct base){ .how = BASE_NONE };
	if (review->repo) {
		stack->base.how = BASE_RANGE;
		stack->base.commit = review->parent;
	}
	if (review->repo && review->parent) {
		tree.repo = review->repo;
		memcpy(tree.commit, review->parent,
		       strnlen(review->parent, sizeof(tree.commit) - 1));
	} else if (!review->repo) {
		err = choose_base(stack, &tree, NULL, &number, 1);
	}
	stack->tree = &tree;
	return err ? err : lay_and_finish(review, stack);
}

const struct error *
stack_apply(struct batch *batch, const struct trees *trees,
	    bool (*wanted)(const struct review *review, void *arg), void *arg)
{
	CLEANUP(overlay_free) struct overlay blobs = { .n = 0 };
	size_t images = LIMIT_BATCH_IMAGES_BYTES;
	struct stack stack = { .batch = batch,
			       .trees = trees,
			       .wanted = wanted,
			       .arg = arg,
			       .blobs = &blobs,
			       .images = &images };
	const struct error *err = NULL;

	for (size_t i = 0; !err && i < batch->n; i++) {
		struct review *review = &batch->reviews[i];
		const struct series *series = batch_series(batch, review);

		if (review->subject.applied || !wanted(review, arg))
			continue;
		if (trees && !review->repo && series && series->npatches > 1)
			err = lay_series(&stack, series);
		if (!err && !review->subject.applied)
			err = lay_alone(&stack, review);
	}
	return err;
}
