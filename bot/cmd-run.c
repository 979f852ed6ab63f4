#include "cmd.h"

#include <stddef.h>

#include "daemon.h"
#include "error.h"
#include "options.h"
#include "service.h"

/* What every reload reads again. */
struct command_line {
	const struct cmd *cmd;
	int argc;
	char **argv;
};

static const struct error *
open_service(struct service **out, const struct service_watch *watch, void *arg)
{
	const struct command_line *line = arg;
	struct options options = OPTIONS;
	const struct error *err = options_parse(&options, line->argc,
						line->argv, line->cmd->extra);

	if (!err)
		return service_open(out, &options, watch);
	options_free(&options);
	return err;
}

int
cmd_run(const struct cmd *cmd, int argc, char **argv)
{
	struct command_line line = { cmd, argc, argv };
	struct daemon_setup setup = { .open = open_service, .arg = &line };
	struct options options = OPTIONS;
	const struct error *err;
	int nargs, status = 0;

	if (!cmd_begin(&status, &options, cmd, argc, argv))
		return status;
	setup.once = options.once || options.replay;
	nargs = options.nargs;
	options_free(&options);
	if (nargs)
		return cmd_usage(cmd, "takes no arguments");
	err = daemon_run(&status, &setup);
	return err ? cmd_fail(err) : status;
}
