/*
 * deliver.h - requests on their way from the outbox to the server
 *
 * Each attempt is in the database before it begins, and what came of it after
 * it ended: store_delivery_begin(). What the server put off is tried again, by
 * itself, after 5 minutes, then twice as long each time, a day at most; after
 * five days it is given up as refused. What is uncertain waits for a person.
 */
#ifndef BOT_DELIVER_H
#define BOT_DELIVER_H

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"
#include "db/store.h"

struct arena;
struct config;
struct error;

/* notify.mode */
enum deliver_mode {
	DELIVER_OFF,
	DELIVER_DRY_RUN, /* say what would be composed and sent */
	DELIVER_OUTBOX,	 /* a person approves and sends; the default */
	DELIVER_LIVE,	 /* to notify.optIn without being told to */
};
enum deliver_mode deliver_mode(const struct config *config);

/* What became of one request. */
struct delivered {
	const struct request *request;
	const struct recipients *to;
	enum request_state state; /* now */
	const char *note;	  /* the state, and why; printable */
};

struct deliver {
	struct store *store;
	const struct config *config;
	bool dry_run; /* say what would be sent; nothing changes */
	void (*report)(void *arg, const struct delivered *what);
	void *arg;
	const volatile int *stop; /* non-zero: end as soon as may be; NULL */
};

/*
 * All of these end at the first failure of the server, which is returned:
 * ERROR_TEMPORARY, or ERROR_CONFIG when smtp.* or notify.from is wrong. What
 * becomes of single requests is no error, but reported.
 */

/* What a person wants sent: the approved, and the deferred that are due. */
MUST_CHECK const struct error *deliver_ready(const struct deliver *deliver);
/* These, which must be approved or deferred: else ERROR_USAGE, and nothing is
   sent. */
MUST_CHECK
const struct error *deliver_ids(const struct deliver *deliver,
				const struct ids *ids);
/*
 * What goes out by itself as notify.mode says: in outbox mode the deferred
 * that are due; live, also the approved, and queued ones all of whose
 * recipients are in notify.optIn, as long as fewer than notify.dailyLimit
 * (10) were begun within a day. Nothing to send: no server is needed.
 */
MUST_CHECK const struct error *deliver_run(const struct deliver *deliver);

/*
 * Whom @request goes to, and whether it may: ERROR_INPUT when it never may
 * (addresses, text, text and row at odds), ERROR_CONFIG when it is not from
 * notify.from.
 */
MUST_CHECK
const struct error *deliver_check(struct recipients *to, struct arena *arena,
				  const struct deliver *deliver,
				  const struct request *request);

/* The state of a request whose recipients are so. */
enum request_state deliver_outcome(const struct recipients *to);
/* Seconds to the next attempt after @tries of them. */
int64_t deliver_delay(int64_t tries);

#endif
