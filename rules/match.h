/*
 * match.h - the engine: which rules of a pack hold, where, and why not
 */
#ifndef RULES_MATCH_H
#define RULES_MATCH_H

#include <stdbool.h>
#include <stddef.h> /* size_t */
#include <stdint.h>

#include "bot/apply.h"
#include "bot/place.h"
#include "bot/span.h"
#include "rules/rule.h"

struct arena;
struct factbook;
struct map_scope;
struct regex_scratch;

/* A patch as rules see it. */
struct subject_patch {
	const char *subject; /* whole, decoded */
	struct span message;
	const struct applied *applied;
	const struct places *places;
	struct factbook *facts; /* NULL: Calls:, Drops: ... match nothing */
	struct map_scope *map;	/* of the pack that asks; NULL: there is none.
				   It remembers what was found. */
};

struct match_input {
	const struct subject_patch *patch;
	/* The other patches of the series known by now, for Unless-Series-. */
	const struct subject_patch *const *series;
	size_t nseries;
	/* By rule of the pack, as reach_patch() says; NULL: try all. */
	const bool *reached;
};

/* One rule that held on one place. */
struct match_hit {
	const struct rule *rule;
	const struct place *place;
	/* The line to show: index into place->lines. The first line that a
	   field of lines or calls of the rule matched, else the first changed
	   line; -1 when the place has no lines. */
	long line;
	/* What Map: of the rule holds by; has_map false: it has none. */
	bool has_map;
	enum map_kind kind;
	const struct map_fact *fact; /* NULL: of changed lines alone */
	struct span named;	     /* what of the place it is about */
	bool changes_counterpart;    /* the patch does, elsewhere */
};

/* How a rule came out, for the transcript. */
enum rule_outcome {
	RULE_HELD,
	RULE_FAILED, /* no place satisfied all conditions */
	RULE_VETOED, /* held, but an Unless- condition did not */
	RULE_MUTED,  /* held only at muted places */
	RULE_WIDE,   /* held, but the patch is tree-wide: points are noted */
	RULE_LIMIT,  /* a regex met its limit: a rule error */
	RULE_DISABLED,
};

struct rule_trace {
	const struct rule *rule;
	enum rule_outcome outcome;
	size_t nheld; /* conditions that held at the best place, in order */
	/* The condition that failed there, or vetoed, or met the limit. */
	const struct condition *failed;
	const struct place *place; /* the best place; NULL: none reached */
	const struct mute *mute;   /* RULE_MUTED */
	const char *value;	   /* the value that matched or failed; NULL */
};

struct match_result {
	struct match_hit *hits; /* by place, then rule order */
	size_t nhits, cap;
	int score;	/* tenths: distinct rules that held */
	bool wide;	/* tree-wide: noted at most, unless Wide: yes */
	int wide_score; /* of the rules that say Wide: yes */
	struct rule_trace *traces; /* one per rule, in order */
	size_t ntraces;
	const char **errors; /* "rule x: ... match limit" */
	size_t nerrors, errors_cap;
};

/* Run every rule of @pack; the result lives in @arena. Total. */
void match_pack(struct match_result *out, struct arena *arena,
		const struct pack *pack, const struct match_input *input,
		struct regex_scratch *scratch);

/* How one condition of a rule came out at one place. */
enum condition_outcome {
	CONDITION_MATCHED, /* it holds */
	CONDITION_FAILED,
	CONDITION_LIMIT,
};

struct condition_trace {
	const struct condition *condition;
	enum condition_outcome outcome;
	/* What matched (of Not- and Unless- that failed, too), or what was
	   looked at in vain: a function, a path; NULL: nothing to show. */
	const char *value;
	const char *where; /* of a match: "path:line"; NULL */
};

/*
 * One rule without short cuts, for a person who asks why: every condition at
 * the place where most of them hold, mutes and tree-wide left aside (those are
 * in the rule_trace).
 */
struct rule_explained {
	const struct rule *rule;
	const struct place *place;	    /* NULL: the patch has none */
	struct condition_trace *conditions; /* as many as the rule has */
	size_t nheld;			    /* of them, in any order */
};

/* The time it takes is for the caller to bound: regex_scratch_budget(). */
void match_explain(struct rule_explained *out, struct arena *arena,
		   const struct rule *rule, const struct match_input *input,
		   struct regex_scratch *scratch);
/* The same for one place; NULL: no condition holds. */
void match_explain_at(struct rule_explained *out, struct arena *arena,
		      const struct rule *rule, const struct match_input *input,
		      const struct place *place, struct regex_scratch *scratch);

/* "held", "failed", "vetoed", "muted", "wide", "limit", "disabled". */
const char *rule_outcome_name(enum rule_outcome outcome);

/* MAINTAINERS' own path rules: a directory with its subtree ("a/b/"), "*"
   and "?" within one directory level. */
bool pathpat_match(const char *pattern, const char *path);

#endif
