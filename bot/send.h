/*
 * send.h - one mail to an SMTP server, and what it said of each recipient
 *
 * The connection is kept for the next mail.
 */
#ifndef BOT_SEND_H
#define BOT_SEND_H

#include <stdbool.h>

#include "attr.h"
#include "span.h"

struct arena;
struct error;
struct recipients;

enum send_tls { SEND_PLAIN, SEND_STARTTLS, SEND_TLS };

/* All strings are borrowed; they must outlive the sender. */
struct send_account {
	const char *url; /* smtp://HOST[:PORT][/OUR-NAME], or smtps:// */
	enum send_tls tls;
	const char *user, *password; /* NULL: no login */
	const char *ca_file;	     /* NULL: the system's authorities */
	long silence_s; /* without a byte from the server; the whole mail may
			   take twice as long */
	/* Non-zero: end before the text of a mail is sent; NULL. */
	const volatile int *stop;
};

struct sender;
MUST_CHECK
const struct error *sender_open(struct sender **out,
				const struct send_account *account);
void sender_close(struct sender *sender);
DEFINE_AUTOFREE(sender, sender_close);

struct send_mail {
	const char *from; /* the envelope's */
	struct recipients *to;
	struct span text; /* 7-bit, LF lines */
};

/*
 * May this go to the network? ERROR_INPUT names what may not: an address that
 * is not addrspec_valid(), nobody to send to, a text with 8-bit or control
 * bytes or endless lines.
 */
MUST_CHECK
const struct error *send_check(struct arena *arena,
			       const struct send_mail *mail);

/*
 * Send to the recipients that are open, whose states tell what came of it.
 * An error says that the server did not finish its talk about this mail: not
 * reached, no login, silence, a cut. The next mail would fare no better.
 * ERROR_CONFIG: the login or a certificate file is wrong. ERROR_INPUT: as
 * send_check(), and no state has changed.
 */
MUST_CHECK
const struct error *send_mail(struct sender *sender, struct arena *arena,
			      const struct send_mail *mail);

#endif
