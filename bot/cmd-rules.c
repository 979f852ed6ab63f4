#include "cmd.h"

#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "alloc.h"
#include "arena.h"
#include "cmd-rules.h"
#include "error.h"
#include "options.h"
#include "review.h"
#include "session.h"
#include "source.h"
#include "rules/pack.h"

static int
list(struct session *session)
{
	for (size_t i = 0; i < session->packs.n; i++) {
		const struct pack *pack = session->packs.v[i];

		printf("pack %s %s (%zu rules, %zu mutes)\n", pack->name,
		       pack->version, pack->nrules, pack->nmutes);
		for (size_t j = 0; j < pack->nrules; j++) {
			const struct rule *r = &pack->rules[j];

			printf("  %-28s %2d.%d  %-10s %s%s\n", r->id,
			       r->points / 10, r->points % 10, r->area,
			       r->title, r->disabled ? " (disabled)" : "");
		}
	}
	return 0;
}

struct linting {
	size_t warnings, notes;
	bool quiet;
};

static void
print_remark(void *arg, enum lint_severity severity, const char *file,
	     unsigned line, const char *message)
{
	struct linting *linting = arg;

	if (severity == LINT_WARNING)
		linting->warnings++;
	else
		linting->notes++;
	if (severity == LINT_WARNING || !linting->quiet)
		printf(line ? "%s:%u: %s: %s\n" : "%s:%.0u %s: %s\n", file,
		       line, severity == LINT_WARNING ? "warning" : "note",
		       message);
}

/* Faults that stop a pack from loading were errors already. */
static int
lint(struct session *session)
{
	struct linting linting = { .quiet = session->options.verbose < 0 };

	for (size_t i = 0; i < session->packs.n; i++)
		pack_lint(session->packs.v[i], print_remark, &linting);
	if (!linting.quiet)
		fprintf(stderr, "%zu warnings, %zu notes\n", linting.warnings,
			linting.notes);
	return linting.warnings ? 1 : 0;
}

/* Did rule @id of pack @which hold in any mail of the file? */
static const struct error *
holds(bool *out, struct session *session, const char *file, size_t which,
      const char *id)
{
	struct batch batch = { .arena = arena_new() };
	struct source_item item = { .kind = SOURCE_MAIL };
	struct source *source = NULL;
	const struct error *err = source_open(&source, file, NULL);

	*out = false;
	while (!err && item.kind != SOURCE_END) {
		err = source_next(&item, batch.arena, source);
		if (!err && item.kind == SOURCE_FAULT)
			err = item.fault;
		else if (!err && item.kind == SOURCE_MAIL)
			review_add(&batch, session->reviewer, source, &item);
	}
	if (!err)
		err = review_judge(session->reviewer, &batch);
	for (size_t i = 0; !err && i < batch.n; i++) {
		const struct match_result *m = batch.reviews[i].matches;

		for (size_t j = 0; m && j < m[which].nhits; j++)
			*out |= !strcmp(m[which].hits[j].rule->id, id);
	}
	source_close(source);
	batch_free(&batch);
	reviewer_forget(session->reviewer);
	return err;
}

/* Run one example; false when it comes out the wrong way, said so. */
static bool
passes(struct session *session, size_t which, const struct rule *rule,
       const char *file, bool want)
{
	bool held = false;
	const struct error *err = holds(&held, session, file, which, rule->id);

	if (err)
		printf("%s: %s\n", file, err->message);
	else if (held != want)
		printf("%s: %s %s\n", file, rule->id,
		       want ? "does not hold" : "holds");
	error_free(err);
	return !err && held == want;
}

/* All examples of a pack, in the order of their names. */
static size_t
test_pack(size_t *ran, struct session *session, size_t which)
{
	const struct pack *pack = session->packs.v[which];
	CLEANUP(xfree)
	char *pattern = xasprintf("%s/examples/*.patch", pack->dir);
	size_t failed = 0;
	glob_t files;

	if (glob(pattern, 0, NULL, &files))
		return 0;
	for (size_t i = 0; i < files.gl_pathc; i++) {
		const char *file = files.gl_pathv[i];
		bool want;
		const struct rule *rule =
			pack_example(&want, pack, strrchr(file, '/') + 1);

		if (!rule || rule->disabled)
			continue;
		++*ran;
		failed += !passes(session, which, rule, file, want);
	}
	globfree(&files);
	return failed;
}

static int
test(struct session *session)
{
	size_t ran = 0, failed = 0;

	for (size_t i = 0; i < session->packs.n; i++)
		failed += test_pack(&ran, session, i);
	printf("%zu examples, %zu failed\n", ran, failed);
	return failed ? 1 : 0;
}

static const struct {
	const char *name;
	int (*run)(struct session *session);
	unsigned needs;
} verbs[] = {
	{ "list", list, NEEDS_RULES },
	{ "lint", lint, NEEDS_RULES },
	{ "test", test, NEEDS_REVIEWER },
	{ "explain", cmd_rules_explain, NEEDS_REVIEWER | NEEDS_STORE_IF_ANY },
	{ "try", cmd_rules_try, NEEDS_REVIEWER },
};

/* No id of a rule has a dot or a slash. */
static bool
is_rule_file(const char *arg)
{
	return strstr(arg, ".rules");
}

int
cmd_rules(const struct cmd *cmd, int argc, char **argv)
{
	struct session session = { .options = OPTIONS };
	const struct error *err;
	const char *what;
	int status = 0;
	size_t i, n = sizeof(verbs) / sizeof(verbs[0]);

	if (!cmd_begin(&status, &session.options, cmd, argc, argv))
		return status;
	what = session.options.nargs ? session.options.args[0] : "list";
	for (i = 0; i < n && strcmp(verbs[i].name, what); i++)
		continue;
	if (i == n) {
		status = cmd_usage(cmd, "list, lint, test, explain or try");
		session_close(&session);
		return status;
	}
	if (verbs[i].run == cmd_rules_try && session.options.nargs > 1 &&
	    is_rule_file(session.options.args[1]))
		session.try_rules = session.options.args[1];
	session.testing = verbs[i].run == test;
	err = session_open(&session, verbs[i].needs);
	status = err ? cmd_fail(err) : verbs[i].run(&session);
	session_close(&session);
	return status;
}
