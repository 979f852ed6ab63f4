/*
 * request.h - the one mail about one series version to the people of a pack
 *
 * Composed here, kept by db/, sent elsewhere. design.md 9 says what it holds.
 */
#ifndef BOT_REQUEST_H
#define BOT_REQUEST_H

#include <stddef.h> /* size_t */
#include <stdint.h>

#include "address.h"
#include "attr.h"
#include "span.h"

struct arena;
struct error;
struct mail;
struct pack_verdict;
struct request_mail;
struct verdict;

/* What the installation says about itself. */
struct request_sender {
	struct address from;	 /* the bot */
	struct address reply_to; /* a person; addr NULL or "": not set, and
				    then the mail has no Reply-To: */
	const char *contact;	 /* how to reach a person: the pack's Contact:;
				    NULL or "": not said */
	const char *audience;	 /* whom the pack notifies, as they call them-
				    selves: "XEN HYPERVISOR X86"; NULL */
	int64_t now;		 /* for Date: */
	/* A dry run: told of each request, which is not queued then; NULL. */
	void (*instead)(void *arg, const struct request_mail *mail);
	void *instead_arg;
};

struct request_mail {
	const char *msgid; /* without <>, from series root, version and pack */
	const char *subject; /* decoded */
	struct addresses to;
	struct span text; /* the mail: headers, blank line, body; LF lines,
			     7-bit or quoted-printable */
};

/* What a request is about. All is borrowed. */
struct request_about {
	const struct mail *mail;	 /* the patch that is told in full */
	const struct verdict *verdict;	 /* of it */
	const struct pack_verdict *pack; /* who needs to know of it */
	const char *series;	 /* names the posting; our Message-ID is made
				    from it */
	const char *series_root; /* the Message-ID to answer when several of its
				    patches are told */
	/* The verdicts of other patches of this series version that the pack
	   flagged as well: a line or two each. */
	const struct verdict *others;
	size_t nothers;
};

/*
 * Compose the one mail about @about: an answer to the patch, or to the series
 * when several of its patches are told. ERROR_INPUT for an address that is
 * not addrspec_valid(), naming it; when nobody is needed, nothing was found,
 * or there is no Message-ID that an answer could name.
 */
MUST_CHECK
const struct error *request_compose(struct request_mail *out,
				    struct arena *arena,
				    const struct request_sender *sender,
				    const struct request_about *about);

/*
 * The Message-ID alone: a crash or a new pack can not send it twice. Its right
 * side is no host of the installation's, but a constant under "invalid" (RFC
 * 2606): the id must stay what it is when the bot's address changes, and no
 * owner of a domain can be disturbed.
 */
const char *request_msgid(struct arena *arena, const char *series,
			  unsigned version, const char *pack);

#endif
