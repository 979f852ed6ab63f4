#include "daemon.h"

#include <stdint.h>
#include <time.h>

#include "error.h"
#include "lock.h"
#include "log.h"
#include "schedule.h"
#include "sd-notify.h"
#include "service.h"
#include "signals.h"
#include "strlist.h"
#include "take.h"

enum {
	TURN_MS = 30 * 1000,
	ALIVE_MS = 10 * 1000,
	/* The clock of ppoll(2) stands still while the machine sleeps. */
	NAP_MS = 60 * 1000,
};

struct daemon {
	const struct daemon_setup *setup;
	struct service *service;
	struct schedule schedule;
	struct lock lock; /* not held in a dry run */
	struct sd_notify notify;
	enum log_to log;
	const char *taking;   /* the source whose turn it is */
	int64_t turn_ends_ms; /* by now_ms() */
	int64_t told_alive_ms;
	int status;
};

/* A clock that nobody sets, and that goes on while the machine sleeps. */
static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* There is nothing to reload in the one round of --once. */
static bool
is_interrupted(const struct daemon *d)
{
	return *signals_stop() || (!d->setup->once && signals_reload());
}

static bool
is_turn_over(void *arg)
{
	const struct daemon *d = arg;

	return !d->setup->once &&
	       (signals_reload() || now_ms() >= d->turn_ends_ms);
}

static void
tell_progress(void *arg, const struct take_stats *stats)
{
	const struct daemon *d = arg;

	sd_notify(&d->notify, "WATCHDOG=1\nSTATUS=%s: %zu mails, %zu new",
		  d->taking, stats->seen, stats->taken);
}

static void
tell_delivered(void *arg)
{
	const struct daemon *d = arg;

	sd_notify(&d->notify, "WATCHDOG=1\nSTATUS=sending");
}

/* Called several times a second. */
static void
tell_alive(void *arg)
{
	struct daemon *d = arg;
	int64_t now = now_ms();

	if (now - d->told_alive_ms < ALIVE_MS)
		return;
	d->told_alive_ms = now;
	sd_notify(&d->notify, "WATCHDOG=1\nSTATUS=%s: fetching", d->taking);
}

static struct service_watch
watch_of(struct daemon *d)
{
	return (struct service_watch){ .stop = signals_stop(),
				       .yield = is_turn_over,
				       .progress = tell_progress,
				       .delivered = tell_delivered,
				       .alive = tell_alive,
				       .arg = d };
}

/* Something happened, or somebody wants to know that nothing did. */
static bool
is_worth_a_line(const struct daemon *d, const struct take_stats *s)
{
	return d->setup->once || service_is_verbose(d->service) || s->taken ||
	       s->removed || s->faults;
}

static void
log_source(const struct daemon *d, const char *name, const struct take_stats *s)
{
	const struct {
		const char *key;
		size_t n;
	} numbers[] = { { "seen", s->seen },
			{ "taken", s->taken },
			{ "known", s->known },
			{ "flagged", s->decisions[DECISION_FLAGGED] },
			{ "covered", s->decisions[DECISION_COVERED] },
			{ "noted", s->decisions[DECISION_NOTED] },
			{ "clear", s->decisions[DECISION_CLEAR] },
			{ "skipped", s->decisions[DECISION_SKIPPED] },
			{ "removed", s->removed },
			{ "unreadable", s->faults },
			{ "requests", s->requests },
			{ "tagged", s->tagged } };
	struct log_line line;

	log_begin(&line, d->log, LOG_LEVEL_INFO, "source");
	log_text(&line, "name", name);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		log_number(&line, numbers[i].key, (long long)numbers[i].n);
	log_end(&line);
}

static void
log_failure(const struct daemon *d, const struct scheduled *source,
	    const struct error *err, int64_t now)
{
	bool busy = err->class == ERROR_TEMPORARY;
	struct log_line line;

	log_begin(&line, d->log, busy ? LOG_LEVEL_NOTICE : LOG_LEVEL_WARNING,
		  busy ? "busy" : "failed");
	log_text(&line, "name", source->name);
	log_text(&line, "message", err->message);
	if (!d->setup->once)
		log_number(&line, "again",
			   (long long)(source->due_ms - now) / 1000);
	log_end(&line);
}

/* One turn of one source. Whatever happens to it is its own affair. */
static void
take_turn(struct daemon *d, struct scheduled *source)
{
	struct take_stats stats = { 0 };
	const struct error *err;
	int64_t now;

	d->taking = source->name;
	d->turn_ends_ms = now_ms() + TURN_MS;
	err = service_take(&stats, d->service, source->name);
	now = now_ms();
	if (is_worth_a_line(d, &stats) || (!err && source->failures))
		log_source(d, source->name, &stats);
	if (!err && stats.unfinished)
		scheduled_again(source, now);
	else if (!err)
		scheduled_done(source, now);
	else if (err->class == ERROR_TEMPORARY)
		scheduled_postpone(source, now);
	else
		scheduled_failed(source, now);
	if (err) {
		log_failure(d, source, err, now);
		d->status = exit_status_worse(d->status, (int)err->class);
	}
	error_free(err);
}

/* What does not get out is in the outbox, and stops no source. */
static void
deliver(struct daemon *d)
{
	const struct error *err = service_deliver(d->service);

	if (!err)
		return;
	log_event(d->log, LOG_LEVEL_WARNING, "not-sent", "message",
		  err->message);
	d->status = exit_status_worse(d->status, (int)err->class);
	error_free(err);
}

/*
 * All sources that are due, each for one turn; then what came of them.
 *
 * Requests wait in the outbox from the transaction on that stored their mail.
 * This is the one place where they become due: a quiet period, a second look
 * at who was asked meanwhile, digests and follow-up mail belong between the
 * loop and deliver(). What blocks there delays the next round, so it has a
 * deadline for each mail, and a silent server ends it; what fails there is
 * tried again in the next.
 */
static void
take_round(struct daemon *d)
{
	int64_t begun = now_ms();
	struct scheduled *source;

	while (!is_interrupted(d) && (source = schedule_first(&d->schedule)) &&
	       source->due_ms <= begun)
		take_turn(d, source);
	deliver(d);
}

static void
plan(struct schedule *out, const struct service *service)
{
	const struct strlist *names = service_sources(service);
	int64_t now = now_ms();

	for (size_t i = 0; i < names->n; i++)
		schedule_add(out, names->v[i],
			     service_interval(service, names->v[i]), now);
}

static const struct error *
open_again(struct service **out, struct daemon *d)
{
	const struct service_watch watch = watch_of(d);
	AUTOFREE(service) *service = NULL;
	const struct error *err =
		d->setup->open(&service, &watch, d->setup->arg);

	if (!err && service_mode(service) == SERVICE_LIVE &&
	    !lock_is_of(&d->lock, service_database(service)))
		err = error_new(ERROR_CONFIG,
				"%s: another database takes a restart",
				service_database(service));
	if (!err)
		*out = TAKE(service);
	return err;
}

static void
replace(struct daemon *d, struct service *service)
{
	struct schedule schedule = { .n = 0 };

	plan(&schedule, service);
	schedule_keep(&schedule, &d->schedule, now_ms());
	schedule_free(&d->schedule);
	d->schedule = schedule;
	service_close(d->service);
	d->service = service;
}

static void
reload(struct daemon *d)
{
	struct service *service = NULL;
	const struct error *err;

	sd_notify_reloading(&d->notify);
	err = open_again(&service, d);
	if (err) {
		log_event(d->log, LOG_LEVEL_ERROR, "not-reloaded", "message",
			  err->message);
	} else {
		replace(d, service);
		log_event(d->log, LOG_LEVEL_NOTICE, "reloaded", NULL, NULL);
	}
	sd_notify(&d->notify, "READY=1\nSTATUS=%s",
		  err ? err->message : "reloaded");
	error_free(err);
}

/* Until the next source is due, in naps that the watchdog allows. */
static void
rest(const struct daemon *d)
{
	const struct scheduled *next = schedule_first(&d->schedule);
	int64_t ms = next->due_ms - now_ms(), half;

	if (ms > NAP_MS)
		ms = NAP_MS;
	half = d->notify.watchdog_us / 2000;
	if (half && ms > half)
		ms = half;
	sd_notify(&d->notify, "WATCHDOG=1\nSTATUS=%zu sources; next %s",
		  d->schedule.n, next->name);
	signals_wait(ms);
}

static void
loop(struct daemon *d)
{
	sd_notify(&d->notify, "READY=1");
	log_event(d->log, LOG_LEVEL_NOTICE, "started", "database",
		  service_database(d->service));
	while (!*signals_stop()) {
		if (signals_take_reload())
			reload(d);
		take_round(d);
		if (!is_interrupted(d))
			rest(d);
	}
	sd_notify(&d->notify, "STOPPING=1\nSTATUS=stopping");
	log_event(d->log, LOG_LEVEL_NOTICE, "stopped", NULL, NULL);
}

static const struct error *
work(struct daemon *d)
{
	const struct service_watch watch = watch_of(d);
	const struct error *err =
		d->setup->open(&d->service, &watch, d->setup->arg);

	if (!err && service_mode(d->service) == SERVICE_LIVE)
		err = lock_take(&d->lock, service_database(d->service));
	if (err)
		return err;
	plan(&d->schedule, d->service);
	if (!d->setup->once) {
		loop(d);
		d->status = 0;
		return NULL;
	}
	take_round(d);
	return service_mode(d->service) == SERVICE_REPLAY
		       ? service_tell_requests(d->service)
		       : NULL;
}

const struct error *
daemon_run(int *status, const struct daemon_setup *setup)
{
	struct daemon d = { .setup = setup,
			    .lock = { .fd = -1 },
			    .log = log_target() };
	const struct error *err;

	signals_catch();
	sd_notify_open(&d.notify);
	err = work(&d);
	*status = d.status;
	schedule_free(&d.schedule);
	service_close(d.service);
	lock_drop(&d.lock);
	sd_notify_close(&d.notify);
	return err;
}
