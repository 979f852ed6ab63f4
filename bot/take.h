/*
 * take.h - taking a source into the database, batch by batch
 *
 * A batch is one transaction: its mails, verdicts and requests, and how far
 * the source was read. Killed anywhere, the next run goes on behind the last
 * batch that is in; a mail that is in already is not taken twice.
 */
#ifndef BOT_TAKE_H
#define BOT_TAKE_H

#include <stdbool.h>
#include <stddef.h> /* size_t */
#include <stdint.h>

#include "attr.h"
#include "verdict.h"

struct arena;
struct error;
struct network;
struct request_sender;
struct originals;
struct reviewer;
struct source;
struct store;
struct tagger;

struct take_stats {
	size_t seen;	 /* items that the source yielded */
	size_t known;	 /* in the database already */
	size_t taken;	 /* put into it */
	size_t removed;	 /* by the list's owner */
	size_t faults;	 /* that could not be read */
	size_t requests; /* composed */
	size_t tagged;	 /* tags written of so many */
	size_t decisions[DECISION_FLAGGED + 1];
	bool unfinished; /* it was stopped, or had had its turn */
};

struct taker {
	struct reviewer *reviewer;
	/* To judge in so many threads at a time, while another one reads and
	   this one stores: each with trees of its own, and @reviewer not among
	   them. Less than two: all is done by this thread. */
	struct reviewer *const *reviewers;
	size_t nreviewers;
	struct store *store;
	struct network *network; /* NULL: nothing is fetched */
	/* What is in this one is known as well, and its cursors are where to
	   begin: for a dry run into a database that is thrown away. NULL. */
	struct store *known;
	struct originals *originals; /* of the store */
	/* Compose requests to maintainers, in the same transaction; NULL: do
	   not. */
	const struct request_sender *sender;
	/* Write tags after each batch, for the sources that it wants; NULL. */
	struct tagger *tagger;
	int64_t since, until; /* leave mail outside alone; 0: open */
	/* Called after each mail is judged; NULL. */
	void (*judged)(void *arg, const struct verdict *verdict);
	/* Called after each batch: seen so far, left in the source (-1:
	   unknown). NULL. */
	void (*progress)(void *arg, const struct take_stats *stats, long left);
	/* Called for what could not be read; NULL. */
	void (*fault)(void *arg, const char *message);
	/* Called when tags could not be written, and why: they come with a
	   later batch or run. NULL. */
	void (*tags_wait)(void *arg, const char *message);
	void *arg;
	/* Non-zero: end with the mails that are read already; NULL. */
	const volatile int *stop;
	/* Asked after each batch of a source that goes on where it ended:
	   true ends it, for others to have their turn; NULL. */
	bool (*yield)(void *arg);
};

/*
 * Take what is new of @spec; its cursor is stored under @name. Statistics are
 * added to *stats, also when an error ends it: of
 * the batches that are in.
 */
MUST_CHECK
const struct error *take_source(struct take_stats *stats,
				const struct taker *taker, const char *spec,
				const char *name);

#endif
