/*
 * inbox-state.h - how far an inbox on a server was read
 *
 * As text, a cursor, it is that of the epochs with words behind it that they
 * pass over:
 *
 *   3=<fingerprint>	epoch 3 was read to its end when it was at this
 *   3~<fingerprint>	it was fetched then, but not read to its end
 *   modified=<time>	the manifest's date, when all in it was read, ...
 *   asked=<time>	... and when it was asked for
 */
#ifndef BOT_INBOX_STATE_H
#define BOT_INBOX_STATE_H

#include <stdbool.h>
#include <stddef.h> /* size_t */
#include <stdint.h>

#include "manifest.h"

struct buf;

struct inbox_epoch {
	unsigned long number;
	char fingerprint[FINGERPRINT_SIZE]; /* as it was fetched; "": never */
	bool read;			    /* to its end */
};

struct inbox_state {
	char *epochs; /* the cursor of source_epoch_open(); owned */
	struct inbox_epoch *v;
	size_t n, cap;
	int64_t modified, asked; /* seconds since 1970; 0: not known */
};

/* @cursor NULL: nothing was read. What makes no sense in it is passed over. */
void inbox_state_read(struct inbox_state *out, const char *cursor);
void inbox_state_clear(struct inbox_state *state);

/* What is known of an epoch; added when nothing is. Until the next call. */
struct inbox_epoch *inbox_state_epoch(struct inbox_state *state,
				      unsigned long number);

/* The commit of an epoch that was read last, as the cursor of the epochs has
   it; NULL: none. Owned by the caller. */
char *inbox_state_done(const struct inbox_state *state, unsigned long number);

/* Add the text to @out; @epochs instead of state->epochs. */
void inbox_state_write(struct buf *out, const struct inbox_state *state,
		       const char *epochs);

#endif
