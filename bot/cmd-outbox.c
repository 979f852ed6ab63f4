#include "cmd.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "address.h"
#include "arena.h"
#include "config.h"
#include "deliver.h"
#include "editor.h"
#include "error.h"
#include "options.h"
#include "output.h"
#include "recipient.h"
#include "session.h"
#include "db/store.h"

struct outbox {
	struct session session;
	struct arena *arena;
	struct ids ids; /* of the arguments */
	int status;	/* of what was sent */
};

static const struct error *
print_recipients(struct outbox *outbox, const struct request *request)
{
	struct recipients to = { .n = 0 };
	const struct error *err;

	err = store_recipients(&to, outbox->arena, outbox->session.store,
			       request->id);
	for (size_t i = 0; !err && i < to.n; i++) {
		const struct recipient *r = &to.v[i];

		printf("        %s %s", recipient_state_name(r->state),
		       r->addr);
		if (r->code)
			printf(": %d", r->code);
		printf("%s%s\n", r->reply[0] ? " " : "", r->reply);
	}
	return err;
}

static const struct error *
list(struct outbox *outbox)
{
	struct arena *arena = outbox->arena;
	struct requests requests = { .n = 0 };
	const struct error *err =
		store_requests(&requests, arena, outbox->session.store);

	for (size_t i = 0; !err && i < requests.n; i++) {
		const struct request *r = &requests.v[i];

		printf("%6" PRId64 "  %.10s  %-9s  %s  %s\n        to %s\n",
		       r->id, output_time(arena, r->created),
		       request_state_name(r->state), r->pack, r->subject,
		       r->to);
		if (r->state == REQUEST_DEFERRED)
			printf("        next attempt %s\n",
			       output_time(arena, r->due));
		err = print_recipients(outbox, r);
	}
	return err;
}

static const struct error *
show(struct outbox *outbox)
{
	const struct error *err = NULL;

	for (size_t i = 0; !err && i < outbox->ids.n; i++) {
		struct request request;

		err = store_request_get(&request, outbox->arena,
					outbox->session.store,
					outbox->ids.v[i]);
		if (!err)
			fwrite(request.text.ptr, 1, request.text.len, stdout);
	}
	return err;
}

#define BIT(state) (1u << REQUEST_##state)

static const struct error *
check_state(const struct request *request, unsigned allowed)
{
	if (allowed & (1u << request->state))
		return NULL;
	return error_new(ERROR_USAGE, "request %" PRId64 " is %s", request->id,
			 request_state_name(request->state));
}

static struct deliver
deliver_of(struct outbox *outbox)
{
	return (struct deliver){ .store = outbox->session.store,
				 .config = outbox->session.config };
}

/* Whom it goes to is checked when a person can still do something. */
static const struct error *
check_sendable(struct outbox *outbox, const struct request *request)
{
	struct deliver deliver = deliver_of(outbox);
	struct recipients to = { .n = 0 };
	const struct error *err;

	/* Those who refused are asked again: their state does not count. */
	if (request->state == REQUEST_REFUSED ||
	    request->state == REQUEST_PARTLY)
		return NULL;
	err = deliver_check(&to, outbox->arena, &deliver, request);
	return err ? error_wrap(err, "request %" PRId64, request->id) : NULL;
}

/*
 * One request to another state. What is uncertain may be on its way at this
 * moment: only who may send can tell.
 */
static const struct error *
move(struct outbox *outbox, int64_t id, unsigned allowed,
     enum request_state state)
{
	struct store *store = outbox->session.store;
	struct request request = { .id = 0 };
	const struct error *err;
	int lock = -1;

	err = store_request_get(&request, outbox->arena, store, id);
	if (!err)
		err = check_state(&request, allowed);
	if (!err && state == REQUEST_APPROVED)
		err = check_sendable(outbox, &request);
	if (!err && request.state == REQUEST_UNCERTAIN)
		err = store_delivery_lock(&lock, store);
	if (!err)
		err = store_request_move(store, id, request.state, state, NULL);
	if (lock >= 0)
		close(lock);
	return err;
}

static const struct error *
move_all(struct outbox *outbox, unsigned allowed, enum request_state state)
{
	const struct error *err = NULL;

	for (size_t i = 0; !err && i < outbox->ids.n; i++)
		err = move(outbox, outbox->ids.v[i], allowed, state);
	return err;
}

/* A person says yes, also to what failed before. */
static const struct error *
approve(struct outbox *outbox)
{
	unsigned allowed = BIT(QUEUED) | BIT(HELD) | BIT(PARTLY) |
			   BIT(REFUSED) | BIT(DEFERRED) | BIT(UNCERTAIN);
	const struct error *err = NULL;

	if (outbox->session.options.all)
		err = store_requests_ready(&outbox->ids, outbox->arena,
					   outbox->session.store,
					   REQUEST_QUEUED, INT64_MAX);
	return err ? err : move_all(outbox, allowed, REQUEST_APPROVED);
}

static const struct error *
hold(struct outbox *outbox)
{
	return move_all(outbox, BIT(QUEUED) | BIT(APPROVED) | BIT(DEFERRED),
			REQUEST_HELD);
}

/* Only what nobody has got can be dropped: the rest is history. */
static const struct error *
drop(struct outbox *outbox)
{
	return move_all(outbox,
			BIT(QUEUED) | BIT(HELD) | BIT(APPROVED) |
				BIT(DEFERRED) | BIT(UNCERTAIN) | BIT(REFUSED),
			REQUEST_DROPPED);
}

static const struct error *
edit(struct outbox *outbox)
{
	struct store *store = outbox->session.store;
	const char *from = config_get(outbox->session.config, "notify.from");
	struct addresses us = { .n = 0 };
	struct request was, now;
	const struct error *err;

	if (outbox->ids.n != 1)
		return error_new(ERROR_USAGE, "one request at a time");
	if (from)
		address_parse(&us, outbox->arena, from);
	err = store_request_get(&was, outbox->arena, store, outbox->ids.v[0]);
	if (!err)
		err = check_state(&was,
				  BIT(QUEUED) | BIT(HELD) | BIT(APPROVED));
	if (err)
		return err;
	now = was;
	err = editor_request(&now, outbox->arena, us.n ? &us.v[0] : NULL);
	if (err || span_equal(now.text, was.text))
		return err;
	return store_request_edit(store, &was, now.subject, now.text);
}

static int
exit_status_of(enum request_state state)
{
	switch ((int)state) {
	case REQUEST_DEFERRED:
		return ERROR_TEMPORARY;
	case REQUEST_PARTLY:
	case REQUEST_REFUSED:
	case REQUEST_UNCERTAIN:
	case REQUEST_HELD:
		return ERROR_UNAVAILABLE;
	default:
		return 0;
	}
}

static void
tell(void *arg, const struct delivered *what)
{
	struct outbox *outbox = arg;

	printf("%6" PRId64 "  %s  %s\n", what->request->id, what->note,
	       what->request->to);
	fflush(stdout);
	outbox->status =
		exit_status_worse(outbox->status, exit_status_of(what->state));
}

static const struct error *
send(struct outbox *outbox)
{
	struct deliver deliver = deliver_of(outbox);
	enum deliver_mode mode = deliver_mode(outbox->session.config);

	if (mode == DELIVER_OFF)
		return error_new(ERROR_CONFIG, "notify.mode is off");
	deliver.dry_run =
		mode == DELIVER_DRY_RUN || outbox->session.options.dry_run;
	deliver.report = tell;
	deliver.arg = outbox;
	return outbox->ids.n ? deliver_ids(&deliver, &outbox->ids)
			     : deliver_ready(&deliver);
}

static const struct verb {
	const char *name;
	const struct error *(*run)(struct outbox *outbox);
	bool writes, needs_id, takes_all;
} verbs[] = {
	{ "list", list, false, false, false },
	{ "show", show, false, true, false },
	{ "approve", approve, true, true, true },
	{ "hold", hold, true, true, false },
	{ "edit", edit, true, true, false },
	{ "drop", drop, true, true, false },
	{ "send", send, true, false, false },
};

static const struct verb *
find_verb(const struct options *options)
{
	const char *name = options->nargs ? options->args[0] : "list";

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		const struct verb *verb = &verbs[i];
		bool has_id = options->nargs > 1;

		if (strcmp(verb->name, name) != 0)
			continue;
		if (options->all && (!verb->takes_all || has_id))
			return NULL;
		return has_id || options->all || !verb->needs_id ? verb : NULL;
	}
	return NULL;
}

static const struct error *
read_ids(struct outbox *outbox)
{
	const struct options *options = &outbox->session.options;
	struct ids *ids = &outbox->ids;

	for (int i = 1; i < options->nargs; i++) {
		char *end;
		long long id = strtoll(options->args[i], &end, 10);

		if (*end || id <= 0)
			return error_new(ERROR_USAGE,
					 "%s: not the number of a request",
					 options->args[i]);
		ARENA_GROW(outbox->arena, ids->v, ids->cap, ids->n);
		ids->v[ids->n++] = id;
	}
	return NULL;
}

int
cmd_outbox(const struct cmd *cmd, int argc, char **argv)
{
	struct outbox outbox = { .session.options = OPTIONS };
	const struct verb *verb;
	const struct error *err;
	int status = 0;

	if (!cmd_begin(&status, &outbox.session.options, cmd, argc, argv))
		return status;
	verb = find_verb(&outbox.session.options);
	if (!verb) {
		status = cmd_usage(cmd,
				   "list, show ID, approve ID or --all, hold "
				   "ID, edit ID, drop ID or send [ID]");
		session_close(&outbox.session);
		return status;
	}
	outbox.arena = arena_new();
	err = read_ids(&outbox);
	if (!err)
		err = session_open(&outbox.session, verb->writes
							    ? NEEDS_STORE_WRITE
							    : NEEDS_STORE);
	if (!err)
		err = verb->run(&outbox);
	status = outbox.status;
	if (err)
		status = exit_status_worse(status, cmd_fail(err));
	arena_free(outbox.arena);
	session_close(&outbox.session);
	return status;
}
