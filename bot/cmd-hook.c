#include "cmd.h"

#include <stdio.h>
#include <string.h>

#include "error.h"
#include "hook.h"
#include "options.h"
#include "session.h"

typedef const struct error *verb_fn(const struct hook_item *item);

static void
list(const struct hooks *hooks)
{
	for (size_t i = 0; i < NHOOK_ITEMS; i++)
		printf("%-18s  %-15s  %s\n", hooks->items[i].hook,
		       hook_state_name(hooks->items[i].state),
		       hooks->items[i].place);
}

/* Says what became of each; one that fails stops no other. */
static int
each(const struct hooks *hooks, const char *name, verb_fn *verb, bool quiet)
{
	int status = 0;

	for (size_t i = 0; i < NHOOK_ITEMS; i++) {
		const struct hook_item *item = &hooks->items[i];
		const struct error *err;

		if (strcmp(item->hook, name))
			continue;
		err = verb(item);
		if (err)
			status = exit_status_worse(status, cmd_fail(err));
		else if (!quiet && verb == hook_install)
			printf("%s: installed%s%s\n", item->place,
			       item->key ? ": " : "",
			       item->key ? item->want : "");
		else if (!quiet && (item->state == HOOK_INSTALLED ||
				    item->state == HOOK_OUTDATED))
			printf("%s: removed\n", item->place);
		else if (!quiet)
			printf("%s: left alone, %s\n", item->place,
			       hook_state_name(item->state));
	}
	return status;
}

static int
run(const struct cmd *cmd, const struct hooks *hooks,
    const struct options *options, verb_fn *verb)
{
	int status = 0;

	for (int i = 1; i < options->nargs; i++)
		if (!hooks_has(hooks, options->args[i]))
			return cmd_usage(cmd, "the hooks are "
					      "sendemail-validate, cc-cmd, b4");
	for (int i = 1; i < options->nargs; i++)
		status = exit_status_worse(status,
					   each(hooks, options->args[i], verb,
						options->verbose < 0));
	if (options->nargs == 1)
		status = each(hooks, "sendemail-validate", verb,
			      options->verbose < 0);
	return status;
}

static int
hook(const struct cmd *cmd, struct session *session, const char *what)
{
	struct hooks hooks = { .items[0].hook = NULL };
	const struct error *err = session_open(session, NEEDS_RULES);
	int status = 0;

	if (!err)
		err = hooks_open(&hooks, &session->packs);
	if (err)
		status = cmd_fail(err);
	else if (!strcmp(what, "list"))
		list(&hooks);
	else
		status = run(cmd, &hooks, &session->options,
			     strcmp(what, "install") ? hook_remove
						     : hook_install);
	hooks_free(&hooks);
	return status;
}

int
cmd_hook(const struct cmd *cmd, int argc, char **argv)
{
	struct session session = { .options = OPTIONS };
	const char *what;
	int status = 0;

	if (!cmd_begin(&status, &session.options, cmd, argc, argv))
		return status;
	what = session.options.nargs ? session.options.args[0] : "list";
	if (strcmp(what, "list") && strcmp(what, "install") &&
	    (strcmp(what, "remove") || session.options.nargs < 2))
		status = cmd_usage(cmd, "list, install [NAME]... or "
					"remove NAME...");
	else
		status = hook(cmd, &session, what);
	session_close(&session);
	return status;
}
