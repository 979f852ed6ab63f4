#include "cmd.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "alloc.h"
#include "arena.h"
#include "backtest.h"
#include "error.h"
#include "goal.h"
#include "options.h"
#include "output-backtest.h"
#include "session.h"
#include "strlist.h"
#include "sweep.h"

struct testing {
	struct session session;
	struct labels *labels, *core;
	struct goals goals;
	struct strlist specs;
	struct backtest *backtest;
	struct arena *arena;
	int status; /* the worst so far */
};

static void
fail(void *arg, const struct error *err)
{
	struct testing *t = arg;

	t->status = exit_status_worse(t->status, cmd_fail(err));
}

static void
take(void *arg, const struct batch *batch)
{
	backtest_add(((struct testing *)arg)->backtest, batch);
}

static const struct error *
find_sources(struct testing *t)
{
	const struct options *options = &t->session.options;
	const struct error *err = NULL;

	for (int i = 0; i < options->nargs && !err; i++) {
		CLEANUP(xfree) char *spec = NULL;

		err = session_source(&spec, &t->session, options->args[i]);
		if (!err)
			strlist_add(&t->specs, spec);
	}
	return err;
}

/* All that can be wrong is said before anything is judged. */
static const struct error *
prepare(struct testing *t)
{
	const struct options *o = &t->session.options;
	const struct error *err =
		labels_read(&t->labels, o->labels, LABELS_NAMED);

	if (!err && o->core)
		err = labels_read(&t->core, o->core, LABELS_BARE);
	if (!err && o->at_least)
		err = goals_parse(&t->goals, t->arena, o->at_least, t->labels,
				  t->core != NULL);
	if (!err)
		err = session_open(&t->session, NEEDS_REVIEWER);
	if (!err)
		err = find_sources(t);
	if (!err)
		err = session_reviewers(&t->session);
	return err;
}

static const struct error *
judge_all(struct testing *t)
{
	const struct sweep_setup setup = {
		.reviewers = t->session.reviewers,
		.njobs = t->session.nreviewers,
		.network = &t->session.network,
		.deliver = take,
		.fault = fail,
		.arg = t,
	};
	const struct error *err;

	backtest_new(&t->backtest, &t->session.packs, t->session.flag_at,
		     t->labels, t->core);
	err = sweep(&setup, (const char *const *)t->specs.v, t->specs.n);
	backtest_finish(t->backtest);
	return err;
}

static const struct error *
write_html(const struct testing *t, const char *path)
{
	FILE *out = fopen(path, "w");
	bool bad;

	if (!out)
		return error_errno("%s", path);
	output_backtest_html(out, t->backtest);
	bad = ferror(out);
	if (fclose(out) || bad)
		return error_errno("%s", path);
	return NULL;
}

static const struct error *
print(const struct testing *t)
{
	const struct options *o = &t->session.options;

	if (o->format == FORMAT_JSON)
		output_backtest_json(stdout, t->backtest);
	else if (o->format == FORMAT_HTML)
		output_backtest_html(stdout, t->backtest);
	else
		output_backtest_text(stdout, t->backtest, o->verbose > 0);
	return o->html ? write_html(t, o->html) : NULL;
}

static void
check_goals(struct testing *t)
{
	for (size_t i = 0; i < t->goals.n; i++) {
		const char *why;

		if (goal_is_met(&why, t->arena, &t->goals.v[i], t->backtest))
			continue;
		fflush(stdout);
		fprintf(stderr, "pvwatch: backtest: %s\n", why);
		t->status = exit_status_worse(t->status, 1);
	}
}

static void
run(struct testing *t)
{
	const struct error *err = prepare(t);

	if (!err) {
		cmd_warn_maps(&t->session);
		err = judge_all(t);
	}
	if (!err)
		err = print(t);
	if (err)
		fail(t, err);
	else
		check_goals(t);
}

static const char *
misuse(const struct options *o)
{
	if (!o->labels)
		return "--labels FILE is wanted";
	if (!o->nargs)
		return "which archive?";
	if (o->format != FORMAT_TEXT && o->format != FORMAT_JSON &&
	    o->format != FORMAT_HTML)
		return "--format is text, json or html";
	return NULL;
}

int
cmd_backtest(const struct cmd *cmd, int argc, char **argv)
{
	struct testing t = { .session.options = OPTIONS };
	const char *wrong;

	if (!cmd_begin(&t.status, &t.session.options, cmd, argc, argv))
		return t.status;
	t.arena = arena_new();
	wrong = misuse(&t.session.options);
	if (wrong)
		t.status = cmd_usage(cmd, wrong);
	else
		run(&t);
	backtest_free(t.backtest);
	strlist_free(&t.specs);
	labels_free(t.core);
	labels_free(t.labels);
	session_close(&t.session);
	arena_free(t.arena);
	return t.status;
}
