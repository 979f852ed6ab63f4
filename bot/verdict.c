#include "verdict.h"

#include <string.h>

#include "arena.h"

static const char *const names[] = {
	[DECISION_SKIPPED] = "skipped", [DECISION_CLEAR] = "clear",
	[DECISION_NOTED] = "noted",	[DECISION_COVERED] = "covered",
	[DECISION_FLAGGED] = "flagged",
};
enum { NDECISIONS = sizeof(names) / sizeof(names[0]) };

const char *
decision_name(enum decision decision)
{
	return names[decision];
}

int
decision_by_name(const char *name)
{
	for (int i = 0; i < NDECISIONS; i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}

const char *
finding_basis_name(enum finding_basis basis)
{
	switch (basis) {
	case BASIS_TREE:
		return "tree";
	case BASIS_DIFF:
		return "diff";
	case BASIS_UNKNOWN:
		break;
	}
	return NULL;
}

enum finding_basis
verdict_basis(const struct verdict *verdict)
{
	const size_t *hunks = verdict->hunks;
	bool laid = hunks[PLACING_EXACT] || hunks[PLACING_OFFSET] ||
		    hunks[PLACING_MERGED] || hunks[PLACING_FUZZY];
	bool not_laid = hunks[PLACING_PRESENT] || hunks[PLACING_MISSING] ||
			hunks[PLACING_UNTRIED];

	if (laid && not_laid)
		return BASIS_UNKNOWN;
	return laid ? BASIS_TREE : BASIS_DIFF;
}

const char *
map_how_name(enum map_how how)
{
	static const char *const hows[] = { [MAP_NONE] = "none",
					    [MAP_TREE] = "tree",
					    [MAP_SHIPPED] = "shipped",
					    [MAP_FILE] = "file" };

	return hows[how];
}

void
verdict_error(struct verdict *verdict, struct arena *arena, const char *message)
{
	ARENA_GROW(arena, verdict->errors, verdict->errors_cap,
		   verdict->nerrors);
	verdict->errors[verdict->nerrors++] = arena_strdup(arena, message);
}

void
verdict_parts(struct verdict *verdict, struct arena *arena,
	      const unsigned *parts, size_t n)
{
	unsigned total = verdict->total;
	bool *there = ARENA_ARRAY(arena, total + 1, bool);

	verdict->series_complete = true;
	verdict->nmissing = 0;
	verdict->missing = NULL;
	for (size_t i = 0; i < n; i++)
		if (parts[i] <= total)
			there[parts[i]] = true;
	for (unsigned part = 1; part <= total; part++) {
		if (there[part])
			continue;
		verdict->series_complete = false;
		if (!verdict->missing)
			verdict->missing = ARENA_ARRAY(
				arena, VERDICT_MISSING_MAX, unsigned);
		if (verdict->nmissing < VERDICT_MISSING_MAX)
			verdict->missing[verdict->nmissing++] = part;
	}
}
