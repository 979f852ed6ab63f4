#include "cmd.h"

#include <stdio.h>
#include <unistd.h>

#include "arena.h"
#include "error.h"
#include "explain.h"
#include "options.h"
#include "review.h"
#include "session.h"
#include "show.h"
#include "transcript.h"
#include "verdict.h"
#include "db/store.h"
#include "rules/regex.h"

enum { NEARLY_SHOWN = 3 };

static void
print(struct session *session, struct arena *arena, const struct show *show)
{
	if (session->options.format == FORMAT_JSON)
		output_show_json(stdout, arena, show);
	else
		output_show_text(
			stdout, arena, show,
			options_color(&session->options, STDOUT_FILENO));
}

/* Judged once more: what the rules of today say, and what nearly held. A raw
   mail that is gone is no reason to show nothing. */
MUST_CHECK static const struct error *
add_transcript(struct show *show, struct transcript *transcript,
	       struct batch *batch, struct session *session,
	       struct regex_scratch *scratch)
{
	const struct error *err =
		explain_stored(batch, session, show->verdict.id);

	if (err && err->class == ERROR_NOINPUT) {
		fprintf(stderr, "pvwatch: %s\n", err->message);
		error_free(err);
		return NULL;
	}
	if (err || !batch->n || !batch->reviews[0].matches)
		return err;
	transcript_make(transcript, batch->arena, &session->packs,
			&batch->reviews[0], scratch,
			session->options.verbose > 0 ? SIZE_MAX : NEARLY_SHOWN);
	show->transcript = transcript;
	return NULL;
}

MUST_CHECK static const struct error *
print_explained(struct session *session, struct arena *arena, struct show *show)
{
	struct batch batch = { .arena = arena_new() };
	AUTOFREE(regex_scratch) *scratch = regex_scratch_new();
	struct transcript transcript;
	const struct error *err =
		add_transcript(show, &transcript, &batch, session, scratch);

	if (!err)
		print(session, arena, show);
	batch_free(&batch);
	reviewer_forget(session->reviewer);
	return err;
}

MUST_CHECK static const struct error *
show_one(struct session *session, const char *name)
{
	AUTOFREE(arena) *arena = arena_new();
	const struct error *err;
	struct show show;
	int64_t id;

	err = store_find(&id, session->store, name);
	if (!err)
		err = show_read(&show, arena, session->store, id);
	if (err)
		return err;
	if (session->reviewer && !show.verdict.skipped)
		return print_explained(session, arena, &show);
	print(session, arena, &show);
	return NULL;
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
	err = session_open(&session, session.options.verbose < 0
					     ? NEEDS_STORE
					     : NEEDS_STORE | NEEDS_REVIEWER);
	if (err)
		status = cmd_fail(err);
	for (int i = 0; !err && i < session.options.nargs; i++) {
		const struct error *one;

		if (i && session.options.format == FORMAT_TEXT)
			putchar('\n');
		one = show_one(&session, session.options.args[i]);
		if (one)
			status = exit_status_worse(status, cmd_fail(one));
	}
	session_close(&session);
	return status;
}
