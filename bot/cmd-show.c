#include "cmd.h"

#include <stdio.h>
#include <unistd.h>

#include "arena.h"
#include "error.h"
#include "explain.h"
#include "options.h"
#include "output-transcript.h"
#include "output.h"
#include "review.h"
#include "session.h"
#include "transcript.h"
#include "verdict.h"
#include "db/store.h"
#include "rules/regex.h"

enum { NEARLY_SHOWN = 3 };

/* "incomplete: 2, 5 missing" */
static void
print_missing(const struct verdict *verdict)
{
	if (verdict->series_complete)
		return;
	fputs(", incomplete", stdout);
	for (size_t i = 0; i < verdict->nmissing; i++)
		printf("%s%u", i ? ", " : ": ", verdict->missing[i]);
	if (verdict->nmissing)
		fputs(verdict->nmissing == VERDICT_MISSING_MAX
			      ? " and perhaps more missing"
			      : " missing",
		      stdout);
}

static void
print_series(const struct verdict *verdict)
{
	if (!verdict->total)
		return;
	printf("Series: version %u, part %u of %u", verdict->version,
	       verdict->part, verdict->total);
	print_missing(verdict);
	putchar('\n');
}

static void
print_head(struct arena *arena, const struct verdict *verdict)
{
	printf("%lld  %s\n", (long long)verdict->id, verdict->subject);
	printf("From: %s\n", address_format(arena, verdict->author));
	printf("Date: %s\n", output_time(arena, verdict->date));
	if (verdict->msgid)
		printf("Message-ID: <%s>\n", verdict->msgid);
	if (verdict->commit)
		printf("Commit: %s\n", verdict->commit);
	printf("Source: %s\n", verdict->source);
	print_series(verdict);
	printf("Kind: %s, %s%s%s\n", kind_name(verdict->kind),
	       decision_name(verdict->decision), verdict->skipped ? ": " : "",
	       verdict->skipped ? verdict->skipped : "");
	for (size_t i = 0; i < verdict->npacks; i++)
		printf("Judged: pack %s %s (%s), pvwatch %s\n",
		       verdict->packs[i].pack, verdict->packs[i].version,
		       verdict->packs[i].hash,
		       verdict->program ? verdict->program : "");
	putchar('\n');
}

static void
print_history(struct arena *arena, const struct store_events *events)
{
	for (size_t i = 0; i < events->n; i++)
		printf("%s  %s%s%s\n", output_time(arena, events->v[i].at),
		       events->v[i].what, *events->v[i].detail ? ": " : "",
		       events->v[i].detail);
}

/* With -v: judged once more, by the rules of today. */
static const struct error *
print_transcript(struct session *session, int64_t id)
{
	struct batch batch = { .arena = arena_new() };
	AUTOFREE(regex_scratch) *scratch = regex_scratch_new();
	struct transcript transcript;
	const struct error *err = explain_stored(&batch, session, id);

	if (!err && batch.n && batch.reviews[0].matches) {
		transcript_make(&transcript, batch.arena, &session->packs,
				&batch.reviews[0], scratch, NEARLY_SHOWN);
		puts("\nWhy, by the rules as they are now");
		output_transcript_text(stdout, batch.arena, &transcript);
	}
	batch_free(&batch);
	reviewer_forget(session->reviewer);
	return err;
}

static const struct error *
show(struct session *session, const char *name)
{
	AUTOFREE(arena) *arena = arena_new();
	struct store_events events = { .n = 0 };
	struct verdict verdict;
	const struct error *err;
	int64_t id;

	err = store_find(&id, session->store, name);
	if (!err)
		err = store_verdict(&verdict, arena, session->store, id);
	if (!err)
		err = store_history(&events, arena, session->store, id);
	if (err)
		return err;
	if (session->options.format == FORMAT_JSON) {
		output_json(stdout, &verdict, &events);
		return NULL;
	}
	print_head(arena, &verdict);
	output_text(stdout, arena, &verdict, OUTPUT_EXPLAIN,
		    options_color(&session->options, STDOUT_FILENO));
	print_history(arena, &events);
	return session->reviewer ? print_transcript(session, id) : NULL;
}

int
cmd_show(const struct cmd *cmd, int argc, char **argv)
{
	struct session session = { .options = OPTIONS };
	const struct error *err;
	int status = 0;

	if (!cmd_begin(&status, &session.options, cmd, argc, argv))
		return status;
	if (!session.options.nargs) {
		status = cmd_usage(cmd, "which patch?");
		session_close(&session);
		return status;
	}
	err = session_open(&session, session.options.verbose > 0
					     ? NEEDS_STORE | NEEDS_REVIEWER
					     : NEEDS_STORE);
	if (err)
		status = cmd_fail(err);
	for (int i = 0; !err && i < session.options.nargs; i++) {
		const struct error *one =
			show(&session, session.options.args[i]);

		if (one)
			status = exit_status_worse(status, cmd_fail(one));
	}
	session_close(&session);
	return status;
}
