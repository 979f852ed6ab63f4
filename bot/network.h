/*
 * network.h - how pvwatch shows itself to archives, and what it may use there
 *
 * Who runs an archive should see who asks, and whom to write to; who pretends
 * to be a browser is shut out. Between two requests there is a pause.
 */
#ifndef BOT_NETWORK_H
#define BOT_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"

struct config;
struct error;
struct store;
struct strlist;

struct network {
	const struct config *config;
	/* Where the installation's id is looked for, and then made; NULL. */
	struct store *known, *store;
	/* Non-zero: nothing is waited for any more; NULL. */
	const volatile int *stop;
	/* Called several times a second while something is waited for; NULL. */
	void (*alive)(void *arg);
	void *arg;
	/* Of network_prepare(). */
	char *user_agent, *cache;
	long silence_s;
	int64_t last_ms; /* the last request, by a clock that goes forward */
};

/*
 * Before the first request, in the thread whose the database is. From then on
 * the network is for one thread at a time.
 */
MUST_CHECK const struct error *network_prepare(struct network *network);
void network_clear(struct network *network);

/*
 * Where searches go, in their order: the url values of source @name ("@NAME")
 * when it has any, else those of lore.url, else lore.kernel.org.
 */
void network_origins(struct strlist *out, const struct network *network,
		     const char *name);

bool network_is_stopping(const struct network *network);
/* @err, unless we are told to stop: who is has not failed. */
MUST_CHECK
const struct error *network_failure(const struct network *network,
				    const struct error *err);
/* Sleep until the next request is decent. */
void network_pace(struct network *network);
/* Call it about every TICK while waiting. */
enum { NETWORK_TICK_MS = 200 };
void network_tick(const struct network *network);
/* Milliseconds of a clock that only goes forward. */
int64_t network_clock_ms(void);

/* @url may be asked: ERROR_USAGE when it is not http or https, names no host,
   or holds a login, a query, blanks or control characters. */
MUST_CHECK const struct error *network_check_url(const char *url);

#endif
