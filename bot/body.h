/*
 * body.h - what the text of a patch mail is made of
 *
 * As git-am(1) reads it: in-body headers, the commit message, "---", notes,
 * the diff. A commit notice (tip-bot's) has a preamble instead of headers.
 */
#ifndef BOT_BODY_H
#define BOT_BODY_H

#include "span.h"

struct body {
	struct span preamble; /* "Commit-ID: ..." lines of a notice */
	struct span commit;   /* the full hex oid in it */
	struct span author; /* raw value of "From:" or the notice's "Author:" */
	struct span message;
	struct span diff; /* from "---" or the diff on; len 0: no diff */
};

/*
 * Part @text. Without a diff all of it, but for the headers in front, is the
 * message, "---" lines and scissors too: such a mail is talk. ptr is NULL in
 * what is not there, but for message and diff. Total.
 */
void body_split(struct body *out, struct span text);

/* @text without the blank lines in front. */
struct span body_skip_blank(struct span text);

#endif
