/*
 * mbox.h - the two conventions of an mbox: separator and quoted lines
 *
 * There is no standard; what is meant here is mboxrd, of which mboxo is the
 * older form that quotes "From " lines but not quoted ones, and what git
 * writes, which looks like an mbox and quotes nothing.
 */
#ifndef BOT_MBOX_H
#define BOT_MBOX_H

#include "span.h"

enum mbox_separator {
	MBOX_NONE,
	MBOX_MAIL, /* "From someone Thu Jan  1 00:00:00 1970", or near it */
	MBOX_GIT, /* git-format-patch(1): an oid and a date that never varies */
};

/* What the line @line, with or without its newline, is. */
enum mbox_separator mbox_separator(struct span line);

/* @line without one level of quoting: ">From " and ">>From " lose a ">". */
struct span mbox_unquote(struct span line);

#endif
