/*
 * divergence-diff.h - what changed between the maps of two trees
 */
#ifndef BOT_DIVERGENCE_DIFF_H
#define BOT_DIVERGENCE_DIFF_H

#include <stddef.h> /* size_t */

#include "divergence.h"

struct arena;

enum map_change_what {
	CHANGE_NATIVE_ONLY, /* the guest no longer gets there, or it is new */
	CHANGE_SHARED,	    /* the guest gets there now, or it is gone */
	CHANGE_LOST_GUEST,  /* a pair whose guest's half has gone */
	CHANGE_LOST_NATIVE, /* ... whose native half has gone */
	CHANGE_COUNTERPART, /* the guest has another function there */
	CHANGE_CAME,	    /* a fact of another kind is new */
	CHANGE_WENT,
	NCHANGES,
};
const char *map_change_name(enum map_change_what what); /* "lost-guest" */

struct map_change {
	enum map_change_what what;
	const struct map_fact *was, *is; /* one of them may be NULL */
};

struct map_changes {
	struct map_change *v; /* by what, the fact's kind and its name */
	size_t n, cap;
};

/*
 * From @before to @after, both sealed, whose facts it borrows. A fact is the
 * same when kind, name and member are; file, depth and chain may drift.
 */
void divergence_diff(struct map_changes *out, struct arena *arena,
		     const struct divergence *before,
		     const struct divergence *after);

#endif
