/*
 * fact.h - what a patch does at a place that its lines alone do not show
 *
 * Calls newly made, no longer made and moved (calldiff.h), and the entries of
 * Kconfig that are edited. With a tree the whole function is read from both
 * images; without one, its lines in the diff.
 */
#ifndef BOT_FACT_H
#define BOT_FACT_H

#include <stdbool.h>
#include <stddef.h> /* size_t */

struct arena;
struct place;
struct places;

enum fact_kind { FACT_CALLS, FACT_DROPS, FACT_MOVES, FACT_CONFIG };

struct fact {
	enum fact_kind kind;
	const char *name; /* of the function or symbol */
	long line;	  /* of the place; -1: it is in none of them */
};

/* Of one place. */
struct facts {
	struct fact *v;
	size_t n, cap;
};

/* The facts of a patch, found when somebody asks; for one thread. */
struct factbook;

/* Lives in @arena; @places must stay, and stay the same. */
struct factbook *factbook_new(struct arena *arena, const struct places *places);

/* @book NULL: nothing is known. @place: one of its places. */
const struct facts *factbook_at(struct factbook *book,
				const struct place *place);

#endif
