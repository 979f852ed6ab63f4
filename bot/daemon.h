/*
 * daemon.h - the loop of "run": which source when, and what comes from outside
 *
 * One process takes the sources one after another. One that fails is tried
 * again later, and stops no other; one that brings much gives way after its
 * turn. SIGTERM and SIGINT end the loop behind the mails that are read, a
 * second one kills; SIGHUP reloads: all that is new is opened before anything
 * of the old is closed, and a fault in it leaves the old one at work.
 */
#ifndef BOT_DAEMON_H
#define BOT_DAEMON_H

#include <stdbool.h>

#include "attr.h"

struct error;
struct service;
struct service_watch;

struct daemon_setup {
	/* Open the service, at the start and for each reload. */
	const struct error *(*open)(struct service **out,
				    const struct service_watch *watch,
				    void *arg);
	void *arg;
	bool once; /* each source once, to its end */
};

/*
 * Until it is told to end, or all is done. *status: 0, or of --once the worst
 * of what happened to its sources. ERROR_TEMPORARY: the database has another
 * daemon.
 */
MUST_CHECK
const struct error *daemon_run(int *status, const struct daemon_setup *setup);

#endif
