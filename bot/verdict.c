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

void
verdict_error(struct verdict *verdict, struct arena *arena, const char *message)
{
	ARENA_GROW(arena, verdict->errors, verdict->errors_cap,
		   verdict->nerrors);
	verdict->errors[verdict->nerrors++] = arena_strdup(arena, message);
}
