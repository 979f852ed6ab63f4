/*
 * outbox.h - from a flagged patch to the request that waits for a person
 */
#ifndef BOT_OUTBOX_H
#define BOT_OUTBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"

struct arena;
struct error;
struct packs;
struct request_sender;
struct review;
struct store;
struct stored;

/*
 * Queue one request for each pack that flags the patch; notices of commits
 * are never requested. *requested: a new one was queued. A mail whose request
 * cannot be composed (a hostile address) keeps its verdict and gets an event.
 */
MUST_CHECK
const struct error *outbox_request(bool *requested, struct store *store,
				   struct arena *arena,
				   const struct request_sender *sender,
				   const struct packs *packs,
				   const struct review *review);

/*
 * The verdict on mail @id is another one: a request about its series that was
 * not sent yet is composed anew, unless a person said yes to its text, or
 * dropped when no patch of it is flagged any more; @why goes on record.
 * @sender NULL: it is not composed.
 */
MUST_CHECK
const struct error *outbox_revise(const struct stored *from,
				  const struct request_sender *sender,
				  int64_t id, const char *why);

/*
 * Mail @id is not flagged for @pack any more: the request about its series
 * that no person has looked at is dropped, unless another patch of it is.
 */
MUST_CHECK
const struct error *outbox_withdraw(struct store *store, int64_t id,
				    const char *pack, const char *why);

#endif
