#include "cmd.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "address.h"
#include "alloc.h"
#include "arena.h"
#include "config.h"
#include "error.h"
#include "options.h"
#include "request.h"
#include "session.h"
#include "take.h"

struct running {
	struct session session;
	struct arena *arena;
	struct request_sender sender;
	struct taker taker;
	int status;
};

/* One key=value line an event, for the journal. */
static void
log_source(const char *name, const struct take_stats *s)
{
	fprintf(stderr,
		"event=source name=%s seen=%zu taken=%zu known=%zu flagged=%zu "
		"covered=%zu noted=%zu clear=%zu skipped=%zu removed=%zu "
		"unreadable=%zu requests=%zu\n",
		name, s->seen, s->taken, s->known,
		s->decisions[DECISION_FLAGGED], s->decisions[DECISION_COVERED],
		s->decisions[DECISION_NOTED], s->decisions[DECISION_CLEAR],
		s->decisions[DECISION_SKIPPED], s->removed, s->faults,
		s->requests);
}

static void
log_fault(void *arg, const char *message)
{
	(void)arg;
	fprintf(stderr, "event=unreadable message=\"%s\"\n", message);
}

static struct address
configured_address(struct running *r, const char *key, const char *otherwise)
{
	const char *text = config_get(r->session.config, key);
	struct addresses list = { .n = 0 };

	address_parse(&list, r->arena, text ? text : otherwise);
	return list.n ? list.v[0] : (struct address){ "", otherwise };
}

/*
 * Who asks. The outbox is for a person to read, so that an installation that
 * did not say who it is can still be tried.
 */
static void
set_sender(struct running *r)
{
	static const char nobody[] = "pvwatch <pvwatch@localhost>";

	r->sender.from = configured_address(r, "notify.from", nobody);
	r->sender.reply_to = configured_address(
		r, "notify.replyTo", address_format(r->arena, r->sender.from));
	r->sender.now = (int64_t)time(NULL);
}

static bool
wants_requests(const struct running *r)
{
	const char *mode = config_get(r->session.config, "notify.mode");

	return !r->session.options.dry_run &&
	       !(mode && (!strcmp(mode, "off") || !strcmp(mode, "dry-run")));
}

static const struct error *
set_since(struct taker *taker, const struct running *r, const char *name)
{
	CLEANUP(xfree) char *key = xasprintf("source.%s.since", name);
	const char *since = config_get(r->session.config, key);

	taker->since = 0;
	if (since && !options_time(&taker->since, since))
		return error_new(ERROR_CONFIG, "%s: %s: not a time", key,
				 since);
	return NULL;
}

static const struct error *
take(struct running *r, const char *name)
{
	CLEANUP(xfree) char *at = xasprintf("@%s", name);
	CLEANUP(xfree) char *spec = NULL;
	struct take_stats stats = { 0 };
	struct taker taker = r->taker;
	const struct error *err = session_source(&spec, &r->session, at);

	if (!err)
		err = set_since(&taker, r, name);
	if (!err)
		err = take_source(&stats, &taker, spec, at);
	log_source(name, &stats);
	return err;
}

static bool
is_enabled(const struct running *r, const char *name)
{
	CLEANUP(xfree) char *key = xasprintf("source.%s.enabled", name);
	const char *only = r->session.options.name;
	bool enabled = true;

	/* A value that is no boolean was a fault when the session opened. */
	error_free(config_bool(&enabled, r->session.config, key));
	return only ? !strcmp(only, name) : enabled;
}

/* A source that fails stops no other. */
static void
take_all(struct running *r)
{
	struct strlist names = STRLIST;
	size_t n = 0;

	config_subsections(&names, r->session.config, "source");
	for (size_t i = 0; i < names.n; i++) {
		const struct error *err;

		if (!is_enabled(r, names.v[i]))
			continue;
		n++;
		err = take(r, names.v[i]);
		if (!err)
			continue;
		fprintf(stderr, "event=failed name=%s message=\"%s\"\n",
			names.v[i], err->message);
		r->status = exit_status_worse(r->status, (int)err->class);
		error_free(err);
	}
	strlist_free(&names);
	if (!n) {
		fprintf(stderr,
			"event=idle message=\"no source is configured\"\n");
		r->status = exit_status_worse(r->status, ERROR_CONFIG);
	}
}

int
cmd_run(const struct cmd *cmd, int argc, char **argv)
{
	struct running r = { .session.options = OPTIONS };
	const struct error *err;

	if (!cmd_begin(&r.status, &r.session.options, cmd, argc, argv))
		return r.status;
	if (!r.session.options.once || r.session.options.nargs) {
		r.status = cmd_usage(cmd,
				     r.session.options.once
					     ? "takes no arguments"
					     : "only --once is available yet");
		session_close(&r.session);
		return r.status;
	}
	r.arena = arena_new();
	err = session_open(&r.session, NEEDS_REVIEWER | NEEDS_STORE_WRITE);
	if (err) {
		r.status = cmd_fail(err);
	} else {
		set_sender(&r);
		r.taker = (struct taker){
			.reviewer = r.session.reviewer,
			.store = r.session.store,
			.sender = wants_requests(&r) ? &r.sender : NULL,
			.fault = log_fault,
		};
		take_all(&r);
	}
	session_close(&r.session);
	arena_free(r.arena);
	return r.status;
}
