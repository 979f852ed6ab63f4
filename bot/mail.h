/*
 * mail.h - one RFC 5322 message, parsed as far as judging needs
 *
 * A mail of one text part, the great majority, goes a fast way of our own;
 * all else is GMime's (mime.c), with the same result. Text for people
 * (subject, names) is valid UTF-8; the body is raw decoded bytes, since a
 * decoder that replaces bytes destroys 8-bit patches.
 */
#ifndef BOT_MAIL_H
#define BOT_MAIL_H

#include <stdbool.h>
#include <stddef.h> /* size_t */
#include <stdint.h>

#include "address.h"
#include "attr.h"
#include "msgid.h"
#include "span.h"
#include "subject.h"
#include "trailer.h"

struct arena;
struct error;

struct mail {
	struct span raw;    /* as it came; empty for a commit of a repository */
	const char *msgid;  /* the first Message-ID, without <>; NULL: none */
	const char *commit; /* full hex oid of a repository's commit, or the
			       one a commit notice names; else NULL */
	const char *subject; /* decoded, unfolded; "" when there is none */
	struct subject prefix;
	struct address from;   /* addr "" when there is none */
	struct address author; /* an in-body From: (git-am), a notice's Author:,
				  else from */
	struct address submitter; /* who posted it: from, or the person behind
				     what a relay or list made of it */
	struct addresses to, cc;
	int64_t date; /* seconds since 1970 UTC; 0: none or nonsense */
	const char *in_reply_to;  /* first id; NULL */
	struct msgids references; /* oldest first, In-Reply-To not added */
	const char *list_id;	  /* what List-Id has in <>; NULL */
	const char *user_agent;	  /* User-Agent or X-Mailer; NULL */
	bool automatic;		  /* Auto-Submitted other than "no", or an empty
				     Return-Path: <> (RFC 3834) */
	bool merge;		  /* a commit with several parents */
	bool format_flowed; /* the text may be damaged: flowed text parts */
	bool crlf;	    /* the body's lines ended in CRLF and were
			       stripped of CR: a patch to a CRLF file may
			       need them back */

	/* All text parts in order, LF line ends; a part behind the first that
	   is a patch by type or file name is kept, HTML is not. */
	struct span body;
	/* Commit message: the body down to "---" or the diff, without in-body
	   headers, a commit notice's preamble, and what stands above scissors.
	   Of a mail without a diff all of the body but the former two. */
	struct span message;
	/* The rest, where the diff is to be found: from the "---" line or the
	   first line of a diff on; empty when there is none. */
	struct span diff;

	/* The preamble of a commit notice (Commit-ID, Author ...), the trailers
	   of the message, and git's base-commit, prerequisite-patch-id and
	   change-id lines wherever in the body. */
	struct trailer *trailers;
	size_t ntrailers;
};

/*
 * Parse @raw, which must outlive the arena; a leading mbox "From " line is
 * skipped. Fills *out only on success. ERROR_NOINPUT: no header at all,
 * this is no mail; ERROR_INPUT: a ceiling of limits.h was met.
 */
MUST_CHECK
const struct error *mail_parse(struct mail *out, struct arena *arena,
			       struct span raw);

/*
 * What mail_parse() would have made of a commit: no addresses but the
 * author's, message and diff apart. All strings must outlive the arena.
 */
struct mail_commit {
	const char *oid;
	struct address author;
	int64_t date;
	struct span message; /* subject line, blank, body */
	struct span diff;
	bool merge; /* it has several parents, and the diff is left out */
};
void mail_from_commit(struct mail *out, struct arena *arena,
		      const struct mail_commit *commit);

/* The Message-ID that stands for the thread, as @mail alone tells it: the first
   of References, else In-Reply-To, else its own; NULL: it has none at all. */
const char *mail_thread_root(const struct mail *mail);

/* The value of trailer @key (case ignored), the @nth from 0; NULL: none. */
const char *mail_trailer(const struct mail *mail, const char *key, size_t nth);

#endif
