#include "cmd-rules.h"

#include <stdio.h>
#include <string.h>

#include "alloc.h"
#include "arena.h"
#include "cmd.h"
#include "error.h"
#include "options.h"
#include "output-try.h"
#include "output.h"
#include "review.h"
#include "session.h"
#include "strlist.h"
#include "sweep.h"
#include "trial.h"
#include "rules/pack.h"

struct trying {
	struct session *session;
	struct trial trial;
	struct strlist specs;
	int status;
};

static void
fail(void *arg, const struct error *err)
{
	struct trying *t = arg;

	t->status = exit_status_worse(t->status, cmd_fail(err));
}

static void
print_mail(const struct verdict *verdict, const struct trial_mail *mail)
{
	AUTOFREE(arena) *arena = arena_new();
	const char *date = output_time(arena, verdict->date);

	printf("%.10s  %2d.%d -> %2d.%d %s  %s\n", *date ? date : "----------",
	       mail->without / 10, mail->without % 10, mail->with / 10,
	       mail->with % 10, mail->alone ? "*" : " ", verdict->subject);
}

/* What it would have flagged; with -v wherever it held. */
static void
take(void *arg, const struct batch *batch)
{
	struct trying *t = arg;
	const struct options *options = &t->session->options;

	for (size_t i = 0; i < batch->n; i++) {
		const struct review *review = &batch->reviews[i];
		struct trial_mail mail;

		if (review->left_alone || !trial_add(&mail, &t->trial, review))
			continue;
		if (options->format == FORMAT_JSON)
			output_try_json(stdout, &review->verdict, &mail);
		else if (mail.found || options->verbose > 0)
			print_mail(&review->verdict, &mail);
	}
}

static void
print_summary(const struct trial *trial)
{
	for (size_t i = 0; i < trial->nrules; i++)
		printf("%s%s", i ? ", " : "\n", trial->rules[i]->id);
	printf(": held on %zu of %zu patches, %zu of them flagged, %zu (*) by "
	       "nothing else\n",
	       trial->held, trial->judged, trial->found, trial->alone);
	for (size_t i = 0; i < trial->nmonths; i++) {
		const struct trial_month *m = &trial->months[i];

		printf("  %04d-%02d  %4zu held, %4zu alone\n", m->year,
		       m->month, m->held, m->alone);
	}
}

static void
add_rule(struct trial *trial, struct rule *rule)
{
	/* Who asks for a rule wants to see it, disabled or not. */
	rule->disabled = false;
	trial->rules = xrealloc(trial->rules,
				(trial->nrules + 1) * sizeof(*trial->rules));
	trial->rules[trial->nrules++] = rule;
}

/* "id", "pack/id", or all of the file of rules that was added. */
static bool
is_meant(const struct session *session, const struct pack *pack,
	 const struct rule *rule, const char *name)
{
	size_t n = strlen(pack->name);

	if (session->try_rules)
		return !strcmp(rule->file, session->try_rules);
	return !strcmp(rule->id, name) ||
	       (!strncmp(name, pack->name, n) && name[n] == '/' &&
		!strcmp(rule->id, name + n + 1));
}

static const struct error *
find_rules(struct trial *trial, struct session *session, const char *name)
{
	for (size_t i = 0; i < session->packs.n; i++) {
		struct pack *pack = session->packs.v[i];

		for (size_t j = 0; j < pack->nrules; j++)
			if (is_meant(session, pack, &pack->rules[j], name))
				add_rule(trial, &pack->rules[j]);
	}
	if (!trial->nrules)
		return error_new(ERROR_NOINPUT, "rules try: no rule %s", name);
	return NULL;
}

static const struct error *
prepare(struct trying *t)
{
	struct session *session = t->session;
	char **args = session->options.args;
	const struct error *err = find_rules(&t->trial, session, args[1]);

	for (int i = 2; i < session->options.nargs && !err; i++) {
		CLEANUP(xfree) char *spec = NULL;

		err = session_source(&spec, session, args[i]);
		if (!err)
			strlist_add(&t->specs, spec);
	}
	return err ? err : session_reviewers(session);
}

static void
run(struct trying *t)
{
	const struct error *err = prepare(t);
	const struct sweep_setup setup = {
		.reviewers = t->session->reviewers,
		.njobs = t->session->nreviewers,
		.network = &t->session->network,
		.deliver = take,
		.fault = fail,
		.arg = t,
	};

	if (!err) {
		cmd_warn_maps(t->session);
		err = sweep(&setup, (const char *const *)t->specs.v,
			    t->specs.n);
	}
	if (err) {
		fail(t, err);
		return;
	}
	trial_finish(&t->trial);
	if (t->session->options.format == FORMAT_JSON)
		output_try_summary_json(stdout, &t->trial);
	else
		print_summary(&t->trial);
}

int
cmd_rules_try(struct session *session)
{
	struct trying t = { .session = session,
			    .trial = { .packs = &session->packs,
				       .flag_at = session->flag_at } };

	if (session->options.nargs < 3)
		return cmd_fail(error_new(ERROR_USAGE,
					  "rules try: want a rule and an "
					  "archive"));
	if (session->options.format > FORMAT_JSON)
		return cmd_fail(error_new(
			ERROR_USAGE, "rules try: --format is text or json"));
	run(&t);
	trial_clear(&t.trial);
	strlist_free(&t.specs);
	return t.status;
}
