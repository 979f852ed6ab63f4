/*
 * transcript.h - why each rule held on a mail, or nearly did
 *
 * What a person asks who wonders about a verdict: the rules that held, those
 * that something stopped, and those that missed by little, with every
 * condition's outcome at the place where most of them hold.
 */
#ifndef BOT_TRANSCRIPT_H
#define BOT_TRANSCRIPT_H

#include <stddef.h> /* size_t */

#include "rules/match.h"

struct arena;

struct pack;
struct packs;
struct regex_scratch;
struct review;

/* In the order of the transcript. */
enum transcript_group {
	GROUP_HELD,    /* tree-wide ones, which are only noted, too */
	GROUP_STOPPED, /* vetoed, muted, at a regex limit; or but for being
			  disabled it would have held */
	GROUP_NEARLY,
	NGROUPS,
};

struct transcript_rule {
	enum transcript_group group;
	const struct pack *pack;
	const struct rule_trace *trace; /* borrowed from the review */
	struct rule_explained explained;
	size_t nwanted; /* conditions of the place that something must match;
			   Not- ones are left aside */
	size_t nmatched, nfailed;      /* of them */
	const struct match_hit **hits; /* GROUP_HELD: where */
	size_t nhits;
};

struct transcript {
	struct transcript_rule *v; /* by group; those that nearly held by how
				      many of their conditions did */
	size_t n, cap;
	size_t counts[NGROUPS];
	size_t nleft; /* nearly held, but past @max_nearly */
};

/*
 * Explain @review, which was judged with @packs; one that was not judged has
 * no rules. The time of a mail (LIMIT_CPU_MS) is spent at most;
 * past it the conditions say CONDITION_LIMIT. Lives in @arena, and as long as
 * its batch.
 */
void transcript_make(struct transcript *out, struct arena *arena,
		     const struct packs *packs, const struct review *review,
		     struct regex_scratch *scratch, size_t max_nearly);

/* Of one rule: "F, Added matched; Function did not: setup_arch", "muted: ..."
   and so on, fit for a terminal; "" for a rule that held. */
const char *transcript_sentence(struct arena *arena,
				const struct transcript_rule *rule);
/* The values to show of a condition, fit for a terminal; "" for none. */
const char *transcript_value(struct arena *arena,
			     const struct condition_trace *trace);

#endif
