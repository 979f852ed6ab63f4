#include "service.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "address.h"
#include "alloc.h"
#include "approxidate.h"
#include "arena.h"
#include "buf.h"
#include "config.h"
#include "deliver.h"
#include "error.h"
#include "limits.h"
#include "maps.h"
#include "request.h"
#include "schedule.h"
#include "session.h"
#include "take.h"
#include "db/store.h"

struct service {
	struct session session;
	enum service_mode mode;
	struct service_watch watch;
	enum log_to log;
	struct arena *arena; /* the sender's addresses */
	struct request_sender sender;
	struct strlist sources;
	int64_t since, until; /* of a replay */
};

enum service_mode
service_mode(const struct service *service)
{
	return service->mode;
}

const char *
service_database(const struct service *service)
{
	return store_path(service->session.store);
}

bool
service_is_verbose(const struct service *service)
{
	return service->session.options.verbose > 0;
}

const struct strlist *
service_sources(const struct service *service)
{
	return &service->sources;
}

long
service_interval(const struct service *service, const char *name)
{
	CLEANUP(xfree) char *key = xasprintf("source.%s.interval", name);
	long seconds = SCHEDULE_INTERVAL_S;

	/* A value that is none was a fault when the service was opened. */
	error_free(config_interval(&seconds, service->session.config, key));
	return seconds;
}

static struct address
configured_address(struct service *service, const char *key,
		   const char *otherwise)
{
	const char *text = config_get(service->session.config, key);
	struct addresses list = { .n = 0 };

	address_parse(&list, service->arena, text ? text : otherwise);
	return list.n ? list.v[0] : (struct address){ "", otherwise };
}

/* A dry run of requests alone: notify.mode. */
static void
log_would_queue(void *arg, const struct request_mail *mail)
{
	CLEANUP(buf_free) struct buf to = BUF(LIMIT_LOG_VALUE);
	const struct service *service = arg;
	struct log_line line;

	for (size_t i = 0; i < mail->to.n; i++)
		buf_addf(&to, "%s%s", i ? ", " : "", mail->to.v[i].addr);
	log_begin(&line, service->log, LOG_LEVEL_NOTICE, "would-queue");
	log_text(&line, "msgid", mail->msgid);
	log_text(&line, "to", buf_str(&to));
	log_text(&line, "subject", mail->subject);
	log_end(&line);
}

/*
 * Who asks. The outbox is for a person to read, so that an installation that
 * did not say who it is can still be tried.
 */
static void
set_sender(struct service *service)
{
	static const char nobody[] = "pvwatch <pvwatch@localhost>";
	struct request_sender *sender = &service->sender;

	sender->from = configured_address(service, "notify.from", nobody);
	/* Only a person is named as one who reads answers. */
	sender->reply_to = (struct address){ "", NULL };
	if (config_get(service->session.config, "notify.replyTo"))
		sender->reply_to =
			configured_address(service, "notify.replyTo", "");
	if (service->mode == SERVICE_LIVE &&
	    deliver_mode(service->session.config) == DELIVER_DRY_RUN)
		sender->instead = log_would_queue;
	sender->instead_arg = service;
}

static bool
wants_requests(const struct service *service)
{
	if (service->session.options.dry_run)
		return false;
	return service->mode == SERVICE_REPLAY ||
	       deliver_mode(service->session.config) != DELIVER_OFF;
}

/* The first of all faults, and how many. */
struct faults {
	char *first;
	size_t n;
};

static void
remember_fault(void *arg, const char *message)
{
	struct faults *faults = arg;

	if (!faults->n++)
		faults->first = xstrdup(message);
}

static const struct error *
check_values(const struct config *config)
{
	struct faults faults = { NULL, 0 };
	const struct error *err = NULL;

	config_check(config, remember_fault, &faults);
	if (faults.n == 1)
		err = error_new(ERROR_CONFIG, "%s", faults.first);
	else if (faults.n)
		err = error_new(ERROR_CONFIG, "%s (and %zu faults more)",
				faults.first, faults.n - 1);
	free(faults.first);
	return err;
}

/* Those that --name names, else those that are not disabled. */
static const struct error *
choose_sources(struct service *service)
{
	CLEANUP(strlist_free) struct strlist all = STRLIST;
	const struct strlist *only = &service->session.options.names;
	const struct config *config = service->session.config;

	config_subsections(&all, config, "source");
	for (size_t i = 0; i < only->n; i++) {
		if (!strlist_has(&all, only->v[i]))
			return error_new(ERROR_CONFIG,
					 "--name %s: no such source",
					 only->v[i]);
		strlist_add_new(&service->sources, only->v[i]);
	}
	for (size_t i = 0; !only->n && i < all.n; i++) {
		CLEANUP(xfree)
		char *key = xasprintf("source.%s.enabled", all.v[i]);
		bool enabled = true;

		error_free(config_bool(&enabled, config, key));
		if (enabled)
			strlist_add(&service->sources, all.v[i]);
	}
	if (service->sources.n)
		return NULL;
	return error_new(ERROR_CONFIG, "no source is configured");
}

/* "SINCE..UNTIL", either of which may be missing. */
static const struct error *
parse_replay(struct service *service, const char *text)
{
	struct approxidate from = { 0, 0 }, to = { 0, 0 };
	const char *dots = strstr(text, "..");
	int64_t now = time(NULL);
	CLEANUP(xfree)
	char *since = xstrndup(text, dots ? (size_t)(dots - text) : 0);

	if (dots && (!*since || approxidate(&from, since, now)) &&
	    (!dots[2] || approxidate(&to, dots + 2, now))) {
		service->since = from.begin;
		service->until = to.end;
		return NULL;
	}
	return error_new(ERROR_USAGE, "--replay: %s: not SINCE..UNTIL", text);
}

static unsigned
needs_of(enum service_mode mode)
{
	switch (mode) {
	case SERVICE_LIVE:
		return NEEDS_REVIEWER | NEEDS_STORE_WRITE;
	case SERVICE_DRY_RUN:
		return NEEDS_REVIEWER | NEEDS_STORE_SCRATCH | NEEDS_STORE;
	case SERVICE_REPLAY:
		break;
	}
	return NEEDS_REVIEWER | NEEDS_STORE_SCRATCH;
}

static const struct error *
open_parts(struct service *service)
{
	const struct options *options = &service->session.options;
	const struct error *err = NULL;

	if (options->replay)
		service->mode = SERVICE_REPLAY;
	else if (options->dry_run)
		service->mode = SERVICE_DRY_RUN;
	if (options->replay)
		err = parse_replay(service, options->replay);
	service->session.hits_only = true;
	if (!err)
		err = session_open(&service->session, needs_of(service->mode));
	if (!err)
		err = check_values(service->session.config);
	if (!err)
		err = choose_sources(service);
	return err;
}

static void
log_missing_maps(const struct service *service)
{
	const struct session *session = &service->session;

	for (size_t i = 0; i < session->packs.n; i++)
		if (maps_lacking(session->maps, i, session->trees != NULL))
			log_event(service->log, LOG_LEVEL_WARNING, "no-map",
				  "pack", session->packs.v[i]->name);
}

const struct error *
service_open(struct service **out, struct options *options,
	     const struct service_watch *watch)
{
	AUTOFREE(service) *service = xcalloc(1, sizeof(*service));
	const struct error *err;

	service->session.options = *options;
	*options = (struct options)OPTIONS;
	service->watch = *watch;
	service->log = log_target();
	service->arena = arena_new();
	err = open_parts(service);
	if (err)
		return err;
	log_missing_maps(service);
	set_sender(service);
	service->session.network.stop = watch->stop;
	service->session.network.alive = watch->alive;
	service->session.network.arg = watch->arg;
	*out = TAKE(service);
	return NULL;
}

void
service_close(struct service *service)
{
	if (!service)
		return;
	session_close(&service->session);
	strlist_free(&service->sources);
	arena_free(service->arena);
	free(service);
}

static void
on_fault(void *arg, const char *message)
{
	const struct service *service = arg;

	log_event(service->log, LOG_LEVEL_WARNING, "unreadable", "message",
		  message);
}

static void
on_tags_wait(void *arg, const char *message)
{
	const struct service *service = arg;

	log_event(service->log, LOG_LEVEL_NOTICE, "tags-wait", "message",
		  message);
}

static bool
on_yield(void *arg)
{
	const struct service *service = arg;

	return service->watch.yield && service->watch.yield(service->watch.arg);
}

static void
on_progress(void *arg, const struct take_stats *stats, UNUSED long left)
{
	const struct service *service = arg;

	if (service->watch.progress)
		service->watch.progress(service->watch.arg, stats);
}

/* The rules that held, each once. */
static void
add_rules(struct buf *out, const struct verdict *verdict)
{
	CLEANUP(strlist_free) struct strlist rules = STRLIST;

	for (size_t i = 0; i < verdict->nfindings; i++)
		if (strlist_add_new(&rules, verdict->findings[i].rule))
			buf_addf(out, "%s%s", out->len ? "," : "",
				 verdict->findings[i].rule);
}

static void
log_flagged(void *arg, const struct verdict *verdict)
{
	CLEANUP(buf_free) struct buf rules = BUF(LIMIT_LOG_VALUE);
	const struct service *service = arg;
	struct log_line line;

	if (verdict->decision != DECISION_FLAGGED)
		return;
	add_rules(&rules, verdict);
	log_begin(&line, service->log, LOG_LEVEL_NOTICE, "flagged");
	log_text(&line, "key", verdict->key);
	log_text(&line, "rules", buf_str(&rules));
	log_text(&line, "subject", verdict->subject);
	log_end(&line);
}

static const struct error *
set_since(struct taker *taker, const struct service *service, const char *name)
{
	CLEANUP(xfree) char *key = xasprintf("source.%s.since", name);
	const char *since = config_get(service->session.config, key);
	struct approxidate when = { 0, 0 };

	if (service->mode == SERVICE_REPLAY) {
		taker->since = service->since;
		taker->until = service->until;
	} else if (since && !approxidate_absolute(&when, since)) {
		/* One that moves would make each round begin anew. */
		return error_new(ERROR_CONFIG, "%s: %s: not a time", key,
				 since);
	} else {
		taker->since = when.begin;
	}
	return NULL;
}

static const struct error *
take(struct take_stats *stats, struct service *service, const char *name,
     const char *at)
{
	CLEANUP(xfree) char *spec = NULL;
	struct taker taker = {
		.reviewer = service->session.reviewer,
		.store = service->session.store,
		.network = &service->session.network,
		.known = service->session.known,
		.originals = service->session.originals,
		.tagger = service->session.tagger,
		.sender = wants_requests(service) ? &service->sender : NULL,
		.judged = service->mode == SERVICE_LIVE ? NULL : log_flagged,
		.progress = on_progress,
		.fault = on_fault,
		.tags_wait = on_tags_wait,
		.arg = service,
		.stop = service->watch.stop,
		.yield = on_yield,
	};
	const struct error *err = session_source(&spec, &service->session, at);

	service->sender.now = (int64_t)time(NULL);
	if (!err)
		err = set_since(&taker, service, name);
	if (!err)
		err = take_source(stats, &taker, spec, at);
	return err;
}

/* How it went is worth a try, not a failure of its own. */
static void
remember(struct service *service, const char *at, const struct error *failure)
{
	struct store *store = service->session.store;
	const struct error *err =
		failure ? store_failed(store, at, failure->message)
			: store_succeeded(store, at);

	if (err)
		log_event(service->log, LOG_LEVEL_WARNING, "health-not-kept",
			  "message", err->message);
	error_free(err);
}

const struct error *
service_take(struct take_stats *stats, struct service *service,
	     const char *name)
{
	CLEANUP(xfree) char *at = xasprintf("@%s", name);
	const struct error *err = take(stats, service, name, at);

	if (service->mode == SERVICE_LIVE &&
	    !(err && err->class == ERROR_TEMPORARY))
		remember(service, at, err);
	return err;
}

static void
on_delivered(void *arg, const struct delivered *what)
{
	const struct service *service = arg;
	struct log_line line;

	log_begin(&line, service->log,
		  what->state == REQUEST_SENT ? LOG_LEVEL_NOTICE
					      : LOG_LEVEL_WARNING,
		  "request");
	log_number(&line, "id", what->request->id);
	log_text(&line, "state", request_state_name(what->state));
	log_text(&line, "note", what->note);
	log_text(&line, "to", what->request->to);
	log_end(&line);
	if (service->watch.delivered)
		service->watch.delivered(service->watch.arg);
}

const struct error *
service_deliver(struct service *service)
{
	struct deliver deliver = { .store = service->session.store,
				   .config = service->session.config,
				   .report = on_delivered,
				   .arg = service,
				   .stop = service->watch.stop };

	return service->mode == SERVICE_LIVE ? deliver_run(&deliver) : NULL;
}

const struct error *
service_tell_requests(struct service *service)
{
	AUTOFREE(arena) *arena = arena_new();
	struct requests requests = { .n = 0 };
	const struct error *err =
		store_requests(&requests, arena, service->session.store);

	for (size_t i = 0; !err && i < requests.n; i++) {
		struct log_line line;

		log_begin(&line, service->log, LOG_LEVEL_NOTICE, "request");
		log_text(&line, "pack", requests.v[i].pack);
		log_text(&line, "series", requests.v[i].series);
		log_number(&line, "version", requests.v[i].version);
		log_text(&line, "to", requests.v[i].to);
		log_text(&line, "subject", requests.v[i].subject);
		log_end(&line);
	}
	return err;
}
