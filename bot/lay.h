/*
 * lay.h - the hunks of one file laid on a text
 *
 * As git apply does it, hunk by hunk, except that what does not fit is an
 * answer of its own and the others go on.
 */
#ifndef BOT_LAY_H
#define BOT_LAY_H

#include <stdbool.h>
#include <stddef.h> /* size_t */

#include "apply.h"
#include "span.h"

struct arena;
struct hunk;
struct patch_file;

enum {
	LAY_WHOLE_CONTEXT = 1 << 30,
	LAY_FUZZY_CONTEXT = 1, /* as git apply -C1 */
};

/* Where @hunk stands as its header says, for want of better: untried. */
void lay_by_header(struct applied_hunk *out, const struct hunk *hunk);

struct laid {
	struct applied_hunk *hunks; /* as many as the file has */
	struct span text;	    /* what came of it */
	size_t n[NPLACINGS];	    /* how many came to what */
	bool gave_up;		    /* the steps did not suffice */
	bool may_be_fuzzy; /* LAY_FUZZY_CONTEXT may place what is missing */
};

/*
 * @least_context: how many lines of context must match before and behind a
 * change, as git apply -C has it; hunks that only fit with less than they have
 * are PLACING_FUZZY. *@steps is what all may cost, about in lines compared.
 */
void lay_hunks(struct laid *out, struct arena *arena,
	       const struct patch_file *file, struct span text,
	       size_t least_context, size_t *steps);

#endif
