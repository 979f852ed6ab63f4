#include "cmd-rules.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "alloc.h"
#include "arena.h"
#include "cmd.h"
#include "error.h"
#include "explain.h"
#include "options.h"
#include "output-transcript.h"
#include "output.h"
#include "review.h"
#include "session.h"
#include "source.h"
#include "transcript.h"
#include "db/store.h"
#include "rules/regex.h"

enum { NEARLY_SHOWN = 10 };

static void
print_head(struct arena *arena, const struct verdict *verdict)
{
	const char *date = output_time(arena, verdict->date);
	int score = verdict->score;

	printf("%s\n", verdict->subject);
	if (verdict->msgid)
		printf("<%s>  ", verdict->msgid);
	printf("%s%s%s", date, *date ? "  " : "",
	       decision_name(verdict->decision));
	if (verdict->skipped)
		printf(": %s\n", verdict->skipped);
	else
		printf(score % 10 ? " with %d.%d points\n"
				  : " with %d points\n",
		       score / 10, score % 10);
}

static void
print(struct session *session, const struct review *review)
{
	AUTOFREE(arena) *arena = arena_new();
	AUTOFREE(regex_scratch) *scratch = regex_scratch_new();
	struct transcript transcript;

	transcript_make(&transcript, arena, &session->packs, review, scratch,
			session->options.verbose > 0 ? SIZE_MAX : NEARLY_SHOWN);
	if (session->options.format == FORMAT_JSON) {
		output_transcript_json(stdout, arena, &review->verdict,
				       &transcript);
		return;
	}
	print_head(arena, &review->verdict);
	if (!review->verdict.skipped)
		output_transcript_text(stdout, arena, &transcript);
	putchar('\n');
}

/* Read the whole source: the patches of a series explain one another. */
static const struct error *
read_all(struct batch *batch, struct session *session, const char *spec)
{
	struct source_item item = { .kind = SOURCE_MAIL };
	struct source *source = NULL;
	const struct error *err = source_open(&source, spec, NULL);

	while (!err && item.kind != SOURCE_END) {
		err = source_next(&item, batch->arena, source);
		if (!err && item.kind == SOURCE_FAULT)
			err = item.fault;
		else if (!err && (item.kind == SOURCE_MAIL ||
				  item.kind == SOURCE_COMMIT))
			review_add(batch, session->reviewer, source, &item);
	}
	if (!err)
		err = review_judge(session->reviewer, batch);
	source_close(source);
	return err;
}

static const struct error *
explain_source(struct batch *batch, struct session *session, const char *arg)
{
	CLEANUP(xfree) char *spec = NULL;
	const struct error *err = session_source(&spec, session, arg);

	return err ? err : read_all(batch, session, spec);
}

static bool
is_source(const struct session *session, const char *arg)
{
	return !access(arg, F_OK) || !strcmp(arg, "-") ||
	       session_names_source(session, arg);
}

/* Judge what @arg names into @batch: a mail of the database when it has it,
   else a file or another source. */
static const struct error *
find_and_judge(struct batch *batch, struct session *session, const char *arg)
{
	const struct error *err;
	int64_t id;

	if (!session->store)
		return explain_source(batch, session, arg);
	err = store_find(&id, session->store, arg);
	if (err && err->class == ERROR_NOINPUT && is_source(session, arg)) {
		error_free(err);
		return explain_source(batch, session, arg);
	}
	if (err)
		return err;
	err = explain_stored(batch, session, id);
	if (!err && !batch->n)
		err = error_new(ERROR_NOINPUT, "%s: its raw text was not kept",
				arg);
	return err;
}

static const struct error *
explain(struct session *session, const char *arg)
{
	struct batch batch = { .arena = arena_new() };
	const struct error *err = find_and_judge(&batch, session, arg);

	for (size_t i = 0; !err && i < batch.n; i++)
		print(session, &batch.reviews[i]);
	batch_free(&batch);
	reviewer_forget(session->reviewer);
	return err;
}

int
cmd_rules_explain(struct session *session)
{
	const struct options *options = &session->options;
	int status = 0;

	if (options->nargs < 2)
		return cmd_fail(
			error_new(ERROR_USAGE, "rules explain: which patch?"));
	if (options->format > FORMAT_JSON)
		return cmd_fail(error_new(ERROR_USAGE,
					  "rules explain: --format is text or "
					  "json"));
	for (int i = 1; i < options->nargs; i++) {
		const struct error *err = explain(session, options->args[i]);

		if (err)
			status = exit_status_worse(status, cmd_fail(err));
	}
	return status;
}
