/*
 * reconsider.h - what a batch changes for mail that came before
 *
 * A later mail of a thread may ask the audience, and a later part of a series
 * may hold what an Unless-Series- waits for. Both can only make less of a
 * finding: what is flagged is looked at again, and a request about it that is
 * not sent yet is composed anew or withdrawn.
 */
#ifndef BOT_RECONSIDER_H
#define BOT_RECONSIDER_H

#include "attr.h"
#include "stored.h"

struct batch;
struct error;
struct request_sender;

/* For the inside of the transaction that has stored @batch. @sender: NULL
   when nothing is requested. */
MUST_CHECK
const struct error *reconsider(const struct stored *from,
			       const struct request_sender *sender,
			       const struct batch *batch);

#endif
