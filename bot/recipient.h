/*
 * recipient.h - one address that a mail goes to, and what the server said
 */
#ifndef BOT_RECIPIENT_H
#define BOT_RECIPIENT_H

#include <stdbool.h>
#include <stddef.h> /* size_t */

struct arena;

/* The values stand in the database: store.h pins them. */
enum recipient_state {
	RECIPIENT_WAITING,  /* not asked about yet */
	RECIPIENT_ACCEPTED, /* the server has the mail for it: never again */
	RECIPIENT_DEFERRED, /* 4xx, or no answer before the text was sent */
	RECIPIENT_REFUSED,  /* 5xx */
	RECIPIENT_UNKNOWN,  /* the text was on its way, and no answer came */
	NRECIPIENT_STATES,
};
const char *recipient_state_name(enum recipient_state state);

struct recipient {
	const char *addr;
	enum recipient_state state;
	int code;	   /* of the reply that decided; 0: there was none */
	const char *reply; /* its text, or why there is none; printable, "" */
};

struct recipients {
	struct recipient *v;
	size_t n, cap;
};

/* The addresses of @list ("a@b, c@d"), waiting. Not validated: what is no
   address is one of them, for who sends to refuse. */
void recipients_parse(struct recipients *out, struct arena *arena,
		      const char *list);

/* Is the mail still to go there? */
static inline bool
recipient_is_open(const struct recipient *recipient)
{
	return recipient->state != RECIPIENT_ACCEPTED &&
	       recipient->state != RECIPIENT_REFUSED;
}

#endif
