/*
 * review.h - the way of a mail: one function shows it all
 *
 *   mail -> patch -> applied patch -> places -> rules -> findings -> decision
 *
 * A reviewer holds what judging needs and is for one thread. Mails are judged
 * in batches, so that a cover letter's Cc and the other patches of a series
 * are known when each patch is.
 */
#ifndef BOT_REVIEW_H
#define BOT_REVIEW_H

#include <stdbool.h>
#include <stddef.h> /* size_t */

#include "apply.h"
#include "attr.h"
#include "mail.h"
#include "patch.h"
#include "place.h"
#include "series.h"
#include "source.h"
#include "verdict.h"
#include "rules/map-place.h"
#include "rules/match.h"

struct arena;
struct error;
struct maps;
struct packs;
struct pack;
struct reviewer;
struct strlist;
struct threads;
struct trees;

struct review_setup {
	const struct packs *packs;   /* borrowed, as is all here */
	const struct trees *trees;   /* NULL: none */
	struct maps *maps;	     /* NULL: none */
	const struct config *config; /* aliases; NULL: none */
	int flag_at, note_at;	     /* tenths of a point */
	const char *program;	     /* version, for the verdicts */
	/* Nobody will ask why a rule did not hold: where none can, by the text
	   of the patch alone, no more is found out about it. */
	bool hits_only;
	/* Who else was asked in the thread, from the database; NULL. */
	const struct error *(*thread)(struct addresses *out,
				      struct arena *arena, void *arg,
				      const struct mail *mail);
	void *thread_arg;
};

/* ERROR_CONFIG when a pack notifies a section that nobody knows. */
MUST_CHECK
const struct error *reviewer_new(struct reviewer **out,
				 const struct review_setup *setup);
void reviewer_free(struct reviewer *reviewer);
DEFINE_AUTOFREE(reviewer, reviewer_free);

/* A mail on its way. */
struct review {
	struct mail mail;
	struct patch patch;
	struct applied applied;
	struct places places;
	struct match_result *matches; /* one per pack; NULL: not judged */
	struct verdict verdict;
	const char *parent; /* of a repository's commit */
	const char *range;  /* what its range begins behind; NULL */
	struct repo *repo;  /* the repository of that commit */
	const char
		*tag_id; /* as source_item's; set by who took it from there */
	bool removed;	 /* the list's owner took it back: not to be judged */
	bool left_alone; /* not to be judged: known, or out of time */
	bool lasting;	 /* as source_item's */
	bool unreached;	 /* no rule can hold: it has no places */
	/* By pack, when setup.hits_only: as that of match_input. */
	const bool **reached;
	bool broken; /* could not be parsed; verdict.errors says why */
	struct subject_patch subject; /* what rules see */
	struct map_scope scope;	  /* and by which map, for one pack at a time */
	struct match_input input; /* and with it, of its series */
};

struct batch {
	struct arena *arena;
	struct review *reviews;
	size_t n, cap;
	size_t bytes; /* of raw mail: a batch has a ceiling of memory */
	struct series_list series; /* of the reviews, while they are matched */
	/* What is known of its threads, borrowed; NULL: the reviewer keeps it.
	   A batch that several threads work on, one after the other, has its
	   own. */
	struct threads *threads;
};

/* Parse one item and add it; never fails: a broken mail is a broken review.
   @source: NULL for mail out of the database. */
struct review *review_add(struct batch *batch, struct reviewer *reviewer,
			  const struct source *source,
			  const struct source_item *item);

/*
 * Judge all of the batch. An error is one of the system (repository or
 * database cannot be read); what is wrong with a mail stands in its verdict.
 */
MUST_CHECK
const struct error *review_judge(struct reviewer *reviewer,
				 struct batch *batch);

/*
 * The two halves of it. Matching needs rules and trees only: several batches
 * may be matched at a time, each with a reviewer of its own. Settling asks who
 * is to be told and who was asked: one batch after the other, since one may be
 * in the database that the next one asks.
 */
MUST_CHECK
const struct error *review_match(struct reviewer *reviewer,
				 struct batch *batch);
MUST_CHECK
const struct error *review_settle(struct reviewer *reviewer,
				  struct batch *batch);

/*
 * Ask once more who was asked, of a review whose verdict came out of the
 * database; *covered: for some pack somebody was, that flagged it.
 */
MUST_CHECK
const struct error *review_ask_again(bool *covered, struct reviewer *reviewer,
				     const struct batch *batch,
				     struct review *review);

/* Ready for the next mails; threads stay known to the reviewer. */
void batch_clear(struct batch *batch);
void batch_free(struct batch *batch);

/* Forget the threads, when they are to be had from setup.thread by now. */
void reviewer_forget(struct reviewer *reviewer);

/* Has any rule an Unless-Series- condition? */
bool reviewer_asks_series(const struct reviewer *reviewer);

/* The number of packs and each of them, as given. */
const struct packs *reviewer_packs(const struct reviewer *reviewer);

#endif
