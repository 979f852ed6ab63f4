#include "cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "error.h"
#include "options.h"
#include "output.h"
#include "session.h"
#include "db/store.h"

static const struct error *
list(struct session *session)
{
	AUTOFREE(arena) *arena = arena_new();
	struct requests requests = { .n = 0 };
	const struct error *err =
		store_requests(&requests, arena, session->store);

	for (size_t i = 0; !err && i < requests.n; i++) {
		const struct request *r = &requests.v[i];

		printf("%6lld  %.10s  %-9s  %s  %s\n        to %s\n",
		       (long long)r->id, output_time(arena, r->created),
		       request_state_name(r->state), r->pack, r->subject,
		       r->to);
	}
	return err;
}

static const struct error *
show(struct session *session, int64_t id)
{
	AUTOFREE(arena) *arena = arena_new();
	struct request request;
	const struct error *err =
		store_request_get(&request, arena, session->store, id);

	if (!err)
		fwrite(request.text.ptr, 1, request.text.len, stdout);
	return err;
}

/* Only what was never sent can be dropped: the rest is history. */
static const struct error *
drop(struct session *session, int64_t id)
{
	AUTOFREE(arena) *arena = arena_new();
	struct request request;
	const struct error *err =
		store_request_get(&request, arena, session->store, id);

	if (err)
		return err;
	if (request.state != REQUEST_QUEUED && request.state != REQUEST_HELD &&
	    request.state != REQUEST_APPROVED &&
	    request.state != REQUEST_DEFERRED)
		return error_new(ERROR_USAGE, "request %lld is %s already",
				 (long long)id,
				 request_state_name(request.state));
	return store_request_set(session->store, id, REQUEST_DROPPED);
}

static const struct error *
each(struct session *session,
     const struct error *(*verb)(struct session *session, int64_t id))
{
	const struct error *err = NULL;

	for (int i = 1; !err && i < session->options.nargs; i++) {
		char *end;
		long long id = strtoll(session->options.args[i], &end, 10);

		if (*end || id <= 0)
			err = error_new(ERROR_USAGE,
					"%s: not the number of a request",
					session->options.args[i]);
		else
			err = verb(session, id);
	}
	return err;
}

int
cmd_outbox(const struct cmd *cmd, int argc, char **argv)
{
	struct session session = { .options = OPTIONS };
	const struct error *err;
	const char *verb;
	int status = 0;
	bool dropping, showing;

	if (!cmd_begin(&status, &session.options, cmd, argc, argv))
		return status;
	verb = session.options.nargs ? session.options.args[0] : "list";
	dropping = !strcmp(verb, "drop");
	showing = !strcmp(verb, "show");
	if ((!dropping && !showing && strcmp(verb, "list")) ||
	    ((dropping || showing) && session.options.nargs < 2)) {
		status = cmd_usage(cmd, "list, show ID or drop ID");
		session_close(&session);
		return status;
	}
	err = session_open(&session,
			   dropping ? NEEDS_STORE_WRITE : NEEDS_STORE);
	if (!err)
		err = dropping	? each(&session, drop)
		      : showing ? each(&session, show)
				: list(&session);
	if (err)
		status = cmd_fail(err);
	session_close(&session);
	return status;
}
