/*
 * service.h - a configuration at work: its sources, taken into its database
 *
 * What "run" does apart from when: daemon.c has the clock. A service stays
 * where it was opened; reloading makes a new one beside it.
 */
#ifndef BOT_SERVICE_H
#define BOT_SERVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"
#include "log.h"
#include "options.h"

struct error;
struct service;
struct take_stats;

enum service_mode {
	SERVICE_LIVE,
	/* Judge what is new and say what would be flagged; nothing is written
	   to the database. */
	SERVICE_DRY_RUN,
	/* The same of the mail of a time, known or not, and of the requests
	   that would be composed. */
	SERVICE_REPLAY,
};

/* What whoever runs it says and hears while a source is taken. */
struct service_watch {
	const volatile int *stop; /* as in struct taker; NULL */
	bool (*yield)(void *arg); /* as in struct taker; NULL */
	void (*progress)(void *arg, const struct take_stats *stats); /* NULL */
	void (*delivered)(void *arg); /* one request was tried; NULL */
	/* It waits for the network, and has not hung; NULL. */
	void (*alive)(void *arg);
	void *arg;
};

/*
 * Open all that @options say, which are taken over, also by a failure. Every
 * value of the configuration is checked: ERROR_CONFIG, as when there is no
 * source to take.
 */
MUST_CHECK
const struct error *service_open(struct service **out, struct options *options,
				 const struct service_watch *watch);
void service_close(struct service *service);
DEFINE_AUTOFREE(service, service_close);

enum service_mode service_mode(const struct service *service);
/* The database as it was opened; "" when it is one to be thrown away. */
const char *service_database(const struct service *service);
/* -v: what is not worth a line otherwise. */
bool service_is_verbose(const struct service *service);

/* The sources to take, in the order of the configuration, and how often. */
const struct strlist *service_sources(const struct service *service);
long service_interval(const struct service *service, const char *name);

/*
 * Take what is new of a source, and remember how that went. ERROR_TEMPORARY:
 * the database was busy; all others are the source's.
 */
MUST_CHECK
const struct error *service_take(struct take_stats *stats,
				 struct service *service, const char *name);
/* Send what is to go out by itself: see deliver_run(). */
MUST_CHECK const struct error *service_deliver(struct service *service);
/* Say what would be asked of whom: when all sources of a replay are taken. */
MUST_CHECK
const struct error *service_tell_requests(struct service *service);

#endif
