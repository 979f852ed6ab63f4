#include "cmd.h"

#include <stdio.h>
#include <string.h>

#include "config.h"
#include "error.h"
#include "options.h"
#include "session.h"

static void
print_fault(void *arg, const char *message)
{
	(void)arg;
	fprintf(stderr, "pvwatch: %s\n", message);
}

static void
list(const struct config *config)
{
	size_t n;
	const struct config_entry *entries = config_entries(config, &n);

	for (size_t i = 0; i < n; i++)
		printf("%s=%s\n", entries[i].key, entries[i].value);
}

static int
check(struct session *session)
{
	if (config_check(session->config, print_fault, NULL))
		return ERROR_CONFIG;
	if (session->options.verbose >= 0)
		puts("the configuration is in order");
	return 0;
}

int
cmd_config(const struct cmd *cmd, int argc, char **argv)
{
	struct session session = { .options = OPTIONS };
	const struct error *err;
	const char *what;
	int status = 0;

	if (!cmd_begin(&status, &session.options, cmd, argc, argv))
		return status;
	what = session.options.nargs ? session.options.args[0] : "check";
	err = session_open(&session, NEEDS_CONFIG);
	if (err)
		status = cmd_fail(err);
	else if (!strcmp(what, "list"))
		list(session.config);
	else if (!strcmp(what, "check"))
		status = check(&session);
	else
		status = cmd_usage(cmd, "check or list");
	session_close(&session);
	return status;
}
