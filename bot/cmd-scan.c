#include "cmd.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "alloc.h"
#include "approxidate.h"
#include "error.h"
#include "options.h"
#include "output.h"
#include "progress.h"
#include "session.h"
#include "signals.h"
#include "take.h"

static void
print_judged(void *arg, const struct verdict *verdict)
{
	(void)arg;
	output_json(stdout, verdict);
}

static void
print_fault(void *arg, const char *message)
{
	(void)arg;
	fprintf(stderr, "pvwatch: %s\n", message);
}

static void
print_tags_wait(void *arg, const char *message)
{
	(void)arg;
	fprintf(stderr, "pvwatch: tags wait: %s\n", message);
}

static void
summarize(const struct take_stats *s)
{
	fprintf(stderr,
		"%zu mails: %zu taken, %zu known already; %zu flagged, "
		"%zu covered, %zu noted, %zu clear, %zu skipped",
		s->seen, s->taken, s->known, s->decisions[DECISION_FLAGGED],
		s->decisions[DECISION_COVERED], s->decisions[DECISION_NOTED],
		s->decisions[DECISION_CLEAR], s->decisions[DECISION_SKIPPED]);
	if (s->removed)
		fprintf(stderr, "; %zu removed", s->removed);
	if (s->faults)
		fprintf(stderr, "; %zu not readable", s->faults);
	if (s->tagged)
		fprintf(stderr, "; %zu tagged", s->tagged);
	if (s->unfinished)
		fputs("; interrupted, the next scan goes on from here", stderr);
	fputc('\n', stderr);
}

static int
scan_all(struct session *session, const struct taker *taker)
{
	struct take_stats stats = { 0 };
	int status = 0;

	for (int i = 0; i < session->options.nargs && !stats.unfinished; i++) {
		CLEANUP(xfree) char *spec = NULL;
		const char *name = session->options.args[i];
		const struct error *err = session_source(&spec, session, name);

		if (!err)
			err = take_source(&stats, taker, spec, name);
		progress_end(taker->arg);
		if (err)
			status = exit_status_worse(status, cmd_fail(err));
	}
	if (stats.faults)
		status = exit_status_worse(status, ERROR_INPUT);
	if (stats.decisions[DECISION_FLAGGED])
		status = exit_status_worse(status, 1);
	if (stats.unfinished)
		status = exit_status_worse(status, ERROR_TEMPORARY);
	if (session->options.verbose >= 0)
		summarize(&stats);
	return status;
}

static bool
set_times(struct taker *taker, const struct options *options)
{
	int64_t now = time(NULL);
	struct approxidate since = { 0, 0 }, until = { 0, 0 };

	if ((options->since && !approxidate(&since, options->since, now)) ||
	    (options->until && !approxidate(&until, options->until, now)))
		return false;
	taker->since = since.begin;
	taker->until = until.end;
	return true;
}

int
cmd_scan(const struct cmd *cmd, int argc, char **argv)
{
	struct session session = { .options = OPTIONS };
	struct progress progress = { .shown = false };
	struct taker taker = { .fault = print_fault,
			       .tags_wait = print_tags_wait,
			       .arg = &progress };
	const struct error *err;
	int status = 0;

	if (!cmd_begin(&status, &session.options, cmd, argc, argv))
		return status;
	if (!session.options.nargs || !set_times(&taker, &session.options)) {
		status = cmd_usage(cmd,
				   session.options.nargs
					   ? "--since or --until: not a time"
					   : "which source?");
		session_close(&session);
		return status;
	}
	signals_catch_end();
	session.hits_only = true;
	err = session_open(&session, NEEDS_REVIEWER | NEEDS_STORE_WRITE);
	if (!err)
		err = session_reviewers(&session);
	if (err) {
		status = cmd_fail(err);
	} else {
		cmd_warn_maps(&session);
		taker.reviewer = session.reviewer;
		taker.originals = session.originals;
		taker.reviewers = session.reviewers;
		taker.nreviewers = session.nreviewers;
		taker.store = session.store;
		taker.network = &session.network;
		taker.tagger = session.tagger;
		taker.stop = signals_stop();
		if (session.options.format == FORMAT_JSON)
			taker.judged = print_judged;
		if (session.options.verbose >= 0 && isatty(STDERR_FILENO))
			taker.progress = progress_show;
		status = scan_all(&session, &taker);
	}
	session_close(&session);
	return status;
}
