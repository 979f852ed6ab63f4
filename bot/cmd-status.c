#include "cmd.h"

#include <stdio.h>

#include "arena.h"
#include "error.h"
#include "limits.h"
#include "options.h"
#include "output.h"
#include "printable.h"
#include "session.h"
#include "status.h"

/* Of names and messages nobody knows where they come from. */
static const char *
plain(struct arena *arena, const char *text)
{
	return printable(arena, span_of(text), LIMIT_LOG_VALUE);
}

/* "well", and why not. */
static const char *
state_of(const struct status_source *source)
{
	if (!source->enabled)
		return "disabled";
	if (source->failing)
		return "failing";
	if (source->health.failures)
		return "tried again";
	return source->health.succeeded ? "well" : "not taken yet";
}

static void
print_source(struct arena *arena, const struct status_source *source)
{
	const struct source_health *health = &source->health;

	printf("%s: %s, every %ld s, %lld mails\n", plain(arena, source->name),
	       state_of(source), source->interval_s, (long long)health->mails);
	printf("  last success %s\n",
	       health->succeeded ? output_time(arena, health->succeeded)
				 : "never");
	if (health->failed)
		printf("  last failure %s: %s\n",
		       output_time(arena, health->failed),
		       plain(arena, health->message));
	if (health->failures)
		printf("  failed %lld times since %s\n",
		       (long long)health->failures,
		       output_time(arena, health->since));
	if (source->cursor && *source->cursor)
		printf("  read up to %s\n", plain(arena, source->cursor));
}

static void
print_counts(const struct store_counts *counts)
{
	const char *before = " ";

	fputs("mails:", stdout);
	for (int i = DECISION_FLAGGED; i >= 0; i--)
		printf(" %lld %s%s", (long long)counts->decisions[i],
		       decision_name((enum decision)i), i ? "," : "\n");
	fputs("outbox:", stdout);
	for (int i = 0; i < NREQUEST_STATES; i++) {
		if (!counts->requests[i])
			continue;
		printf("%s%lld %s", before, (long long)counts->requests[i],
		       request_state_name((enum request_state)i));
		before = ", ";
	}
	puts(*before == ' ' ? " empty" : "");
}

static void
print_text(struct arena *arena, const struct status *status)
{
	printf("database: %s, %.1f MB\n", status->database,
	       (double)status->counts.size_bytes / 1e6);
	if (status->pid > 0)
		printf("daemon: process %ld\n", status->pid);
	else
		puts(status->pid ? "daemon: runs" : "daemon: none runs");
	print_counts(&status->counts);
	for (size_t i = 0; i < status->nsources; i++)
		print_source(arena, &status->sources[i]);
}

static const struct error *
show(bool *healthy, const struct session *session)
{
	AUTOFREE(arena) *arena = arena_new();
	struct status status;
	const struct error *err =
		status_read(&status, arena, session->config, session->store);

	if (err)
		return err;
	if (session->options.format == FORMAT_JSON)
		status_json(stdout, &status);
	else
		print_text(arena, &status);
	*healthy = status_is_healthy(&status);
	return NULL;
}

int
cmd_status(const struct cmd *cmd, int argc, char **argv)
{
	struct session session = { .options = OPTIONS };
	const struct error *err;
	bool healthy = true;
	int status = 0;

	if (!cmd_begin(&status, &session.options, cmd, argc, argv))
		return status;
	if (session.options.nargs) {
		status = cmd_usage(cmd, "takes no arguments");
		session_close(&session);
		return status;
	}
	err = session_open(&session, NEEDS_STORE);
	if (!err)
		err = show(&healthy, &session);
	if (err)
		status = cmd_fail(err);
	else if (!healthy)
		status = ERROR_TEMPORARY;
	session_close(&session);
	return status;
}
