#include "cmd.h"

#include <stdio.h>
#include <string.h>

#include "config.h"
#include "config-key.h"
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

static void
list_keys(void)
{
	size_t n;
	const struct config_key *keys = config_keys(&n);

	for (size_t i = 0; i < n; i++)
		puts(keys[i].name);
}

/* For scripts: the value in effect, booleans as true or false; 1 when nothing
   is set, as git config does. */
static int
get(const struct config *config, const char *key)
{
	const struct config_key *known = config_key_find(key);
	const char *value = config_get(config, key);
	bool yes = false;

	if (!known)
		return cmd_fail(error_new(ERROR_USAGE, "%s: no such key", key));
	if (!value)
		return 1;
	if (known->type == CONFIG_BOOL) {
		const struct error *err = config_bool(&yes, config, key);

		if (err)
			return cmd_fail(err);
		value = yes ? "true" : "false";
	}
	puts(value);
	return 0;
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
	if (!strcmp(what, "keys")) {
		list_keys();
		options_free(&session.options);
		return 0;
	}
	err = session_open(&session, NEEDS_CONFIG);
	if (err)
		status = cmd_fail(err);
	else if (!strcmp(what, "list"))
		list(session.config);
	else if (!strcmp(what, "get") && session.options.nargs == 2)
		status = get(session.config, session.options.args[1]);
	else if (!strcmp(what, "check"))
		status = check(&session);
	else
		status = cmd_usage(cmd, "check, list, get KEY or keys");
	session_close(&session);
	return status;
}
