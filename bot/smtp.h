/*
 * smtp.h - what an SMTP server said about one mail (RFC 5321), without a
 * network
 *
 * Fed with each command that was sent and each line that came back, in their
 * order, it tells each recipient's fate. The one rule: once 354 was read the
 * text may have been taken, and without an answer nobody knows.
 */
#ifndef BOT_SMTP_H
#define BOT_SMTP_H

#include <stdbool.h>
#include <stddef.h> /* size_t */

#include "buf.h"
#include "span.h"

struct arena;
struct recipients;

enum smtp_stage {
	SMTP_SESSION, /* greeting, EHLO, STARTTLS, AUTH, QUIT: not the mail */
	SMTP_MAIL,
	SMTP_RCPT,
	SMTP_DATA,
	SMTP_TEXT, /* the text is on its way */
	SMTP_DONE, /* the mail was answered: taken, or refused as a whole */
};

struct smtp_talk {
	struct arena *arena;   /* where replies go */
	struct recipients *to; /* those that are open were asked about */
	enum smtp_stage stage; /* of the last command */
	size_t next;	       /* recipient that RCPT will name */
	bool answered;	       /* the last command was */
	bool open_reply;       /* within a reply of several lines */
	int code;
	struct buf text; /* of the reply at hand */
};

/* The open recipients of @to wait again. */
void smtp_begin(struct smtp_talk *talk, struct arena *arena,
		struct recipients *to);
/* A command went out, one line. Nothing of it is kept: it may be a password. */
void smtp_asked(struct smtp_talk *talk, struct span command);
/* One line came in. */
void smtp_answered(struct smtp_talk *talk, struct span line);
/*
 * The talk is over; whose fate was not told is deferred, or unknown when the
 * text was on its way. @why: what ended it, for them. True: the server
 * answered the mail. Frees what the talk held.
 */
bool smtp_end(struct smtp_talk *talk, const char *why);

#endif
