/*
 * apply-merge.c - one file of a patch, laid three-way on the tree's
 *
 * As git apply -3 does it: the hunks are laid on the blob that the index line
 * names, where they all must fit; what comes of it is merged with the tree's
 * file, the blob being the base of both.
 */
#include "apply-merge.h"

#include "lay.h"
#include "merge.h"
#include "patch.h"

/* What became which line: from the blob to the tree's file, from the patched
   blob to the merged text; and what the merge changed. */
struct merging {
	struct line_changes to_ours, to_merged, merged;
};

/* The first changed line of @hunk and those behind it, on both sides. */
struct core {
	uint32_t lead; /* lines of context before */
	uint32_t added;
};

static struct core
core_of(const struct hunk *hunk)
{
	struct core core = { 0, 0 };

	while (core.lead < hunk->nlines &&
	       hunk->lines[core.lead].kind == LINE_CONTEXT)
		core.lead++;
	for (size_t i = core.lead, since = 0; i < hunk->nlines; i++) {
		if (hunk->lines[i].kind == LINE_REMOVED)
			continue;
		since++;
		if (hunk->lines[i].kind == LINE_ADDED)
			core.added = (uint32_t)since;
	}
	return core;
}

static uint32_t
minus(uint32_t line, uint32_t n)
{
	return line > n ? line - n : 1;
}

/* Where a hunk that stands at @at in the blob came to in the merged text: its
   first changed line leads. */
static void
settle(struct applied_hunk *out, const struct merging *m,
       const struct hunk *hunk, const struct applied_hunk *at)
{
	struct core core = core_of(hunk);
	uint32_t old = line_changes_map(&m->to_ours, at->old_line + core.lead);
	uint32_t first =
		line_changes_map(&m->to_merged, at->new_line + core.lead);
	uint32_t last = first + core.added - (core.added > 0);
	uint32_t old_line = minus(old, core.lead);
	bool straight = out->how == PLACING_EXACT || out->how == PLACING_OFFSET;

	if (!line_changes_touch(&m->merged, first, last)) {
		out->how = PLACING_PRESENT;
		/* Its removed lines are not there to count back from. */
		old_line = line_changes_map(&m->to_ours, at->old_line);
	} else if (!straight || out->old_line != old_line) {
		out->how = PLACING_MERGED;
	}
	out->old_line = old_line;
	out->new_line = minus(first, core.lead);
}

bool
apply_merged(struct laid *laid, struct arena *arena,
	     const struct patch_file *file, struct span blob, struct span ours,
	     size_t *steps)
{
	struct merging m;
	struct span merged;
	struct laid theirs;

	lay_hunks(&theirs, arena, file, blob, LAY_WHOLE_CONTEXT, steps);
	if (theirs.n[PLACING_EXACT] + theirs.n[PLACING_OFFSET] < file->nhunks ||
	    !merge_texts(&merged, arena, blob, ours, theirs.text))
		return false;
	line_changes_find(&m.to_ours, arena, blob, ours);
	line_changes_find(&m.to_merged, arena, theirs.text, merged);
	line_changes_find(&m.merged, arena, ours, merged);
	laid->text = merged;
	memset(laid->n, 0, sizeof(laid->n));
	for (size_t i = 0; i < file->nhunks; i++) {
		settle(&laid->hunks[i], &m, &file->hunks[i], &theirs.hunks[i]);
		laid->n[laid->hunks[i].how]++;
	}
	return true;
}
