/*
 * source.h - where mail comes from
 *
 * A source yields items one at a time, in its own order (oldest first where
 * it knows an order). The cursor says how far it was read, as text that means
 * something to this source only; whoever stores what was read stores the
 * cursor in the same transaction, and passes it in the next time.
 */
#ifndef BOT_SOURCE_H
#define BOT_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"
#include "mail.h"
#include "span.h"

struct arena;
struct error;
struct network;
struct source;

enum source_item_kind {
	SOURCE_MAIL,	/* raw */
	SOURCE_COMMIT,	/* commit: a repository's commit, see repo */
	SOURCE_DELETED, /* raw: the list's owner removed this mail */
	SOURCE_KNOWN,	/* tag_id: not read, for source_skip_known() */
	SOURCE_FAULT,	/* something that could not be read; the source goes
			   on behind it */
	SOURCE_END,
};

struct source_item {
	enum source_item_kind kind;
	struct span raw;	   /* lives until the arena is cleared */
	struct mail_commit commit; /* SOURCE_COMMIT */
	const char *parent; /* SOURCE_COMMIT: its parent's oid, or NULL */
	const char *base;   /* ... what its range begins behind, or NULL */
	const char
		*where; /* "path", "path:offset", "epoch@oid": for messages */
	bool lasting;	/* @where tells for good where to find it again */
	const struct error *fault; /* SOURCE_FAULT: owned by who receives it, or
				      by review_add() that it goes to */
	/* What the source calls the mail, where it can be given tags there;
	   NULL: it cannot. */
	const char *tag_id;
	bool anew; /* read from the beginning: tags of ours may be missing */
};

/* What a source may have to know beside its name. */
struct source_begin {
	const char *cursor;	 /* NULL: begin at the beginning */
	struct network *network; /* NULL: nothing is fetched */
	/* What the source is called where its cursor is kept; "". */
	const char *name;
	int64_t since; /* no need to fetch what is older; 0: all */
};

/*
 * Open what @spec names (SOURCE of design.md 7): a mail, an mbox, a Maildir,
 * a directory, a bare epoch, a directory of epochs, git:DIR:A..B,
 * notmuch:QUERY, lore:QUERY, the URL of a public-inbox, "-".
 * ERROR_NOINPUT when nothing is there, ERROR_USAGE for a spec that cannot be,
 * or that is not to be read without a network.
 */
MUST_CHECK
const struct error *source_begin(struct source **out, const char *spec,
				 const struct source_begin *from);
/* The same with a cursor alone. */
MUST_CHECK
const struct error *source_open(struct source **out, const char *spec,
				const char *cursor);
void source_close(struct source *source);

/*
 * Let the source pass over mail that @known says is in, by its Message-ID,
 * before it reads it; it yields SOURCE_KNOWN then. False: the source does not
 * know ids beforehand, never asks, and yields the mail.
 */
bool source_skip_known(struct source *source,
		       bool (*known)(void *arg, const char *msgid), void *arg);

/* The next item, its memory in @arena. An error ends the source. */
MUST_CHECK
const struct error *source_next(struct source_item *item, struct arena *arena,
				struct source *source);

/* How far it was read; NULL: this kind of source keeps no cursor. Borrowed
   until the next call. */
const char *source_cursor(const struct source *source);
/* How many items are left, for a progress bar; -1 when it cannot be known. */
long source_left(const struct source *source);
/* The repository of a git: source, for its trees; NULL for all others. */
struct repo *source_repo(const struct source *source);

#endif
