/*
 * backtest.h - how good the rules are, on an archive of which something is
 * known: found what should be, and how much else
 *
 * A mail is found when it is flagged, or would be if nobody had been asked yet
 * (covered): who is on Cc says nothing about the rules.
 */
#ifndef BOT_BACKTEST_H
#define BOT_BACKTEST_H

#include <stdbool.h>
#include <stddef.h> /* size_t */
#include <stdint.h>

#include "attr.h"
#include "labels.h"
#include "tally.h"
#include "verdict.h"

struct batch;
struct match_result;
struct pack;
struct packs;
struct regex_scratch;
struct rule;

/* So many of so many. */
struct share {
	size_t n, of;
};
double share_ratio(struct share share); /* 0 when of nothing */

struct backtest_label {
	const char *name;
	size_t listed;	    /* mails that have it in the label file */
	size_t noted;	    /* of the archive's, not found but noted */
	struct share found; /* of those in the archive */
};

struct backtest_rule {
	const struct pack *pack;
	const struct rule *rule;
	size_t fires; /* mails on which it held */
	size_t alone; /* that would not be found without it */
	/* The same of each label's mails: [LABELS_MAX] */
	size_t *hit, *hit_alone;
};

enum { BACKTEST_NEAREST = 3 };

/* A mail with labels, all strings in backtest->arena. */
struct backtest_mail {
	const char *msgid, *subject;
	uint32_t labels; /* a set, as of struct labelled */
	int64_t date;
	enum mail_kind kind;
	enum decision decision;
	const char *skipped; /* NULL: judged */
	int score;	     /* tenths */
	bool found;
	const char **rules; /* that held */
	size_t nrules;
	/* Of what was not found: the rules that came nearest, and how near. */
	struct {
		const char *rule, *sentence;
	} nearest[BACKTEST_NEAREST];
	size_t nnearest;
};

struct backtest {
	struct arena *arena;
	const struct packs *packs;
	const struct labels *labels, *core; /* core: NULL for none */
	int flag_at;			    /* tenths */
	struct regex_scratch *scratch;

	size_t mails, judged;
	struct share all, in_core;    /* found, of the judged ones */
	struct backtest_label *label; /* as labels->names */
	struct backtest_rule *rules;
	size_t nrules;
	struct backtest_mail *mail; /* labelled ones, as they came */
	size_t nmail, cap;
	struct tally *tally;
	bool *seen, *seen_core; /* of each of labels->v, core->v */

	/* Filled in by backtest_finish(). */
	struct tally_sum sum;
	const char **missing; /* labelled, but not in the archive */
	size_t nmissing, core_missing;
};

/* All but @out are borrowed; @core may be NULL. */
void backtest_new(struct backtest **out, const struct packs *packs, int flag_at,
		  const struct labels *labels, const struct labels *core);
void backtest_free(struct backtest *backtest);
DEFINE_AUTOFREE(backtest, backtest_free);

/* Take in a batch that was judged; mails left_alone do not count. */
void backtest_add(struct backtest *backtest, const struct batch *batch);
void backtest_finish(struct backtest *backtest);

/* Would the decision have been below "flagged" had rule @i of pack @which not
   been there? Of a mail that is found, and on which it held. */
bool rule_is_alone(const struct packs *packs,
		   const struct match_result *matches, int flag_at,
		   size_t which, size_t i);

#endif
