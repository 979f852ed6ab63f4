#include "cmd.h"

#include <stdio.h>
#include <string.h>

#include "error.h"
#include "maps.h"
#include "options.h"
#include "session.h"

static const char common[] =
	"Common options:\n"
	"  --tree DIR[:REV]   kernel to apply patches to (repeatable)\n"
	"  --rules PATH       a pack, or a directory of packs (repeatable)\n"
	"  --disable RULE     leave this rule out (repeatable)\n"
	"  --threshold N      points that flag a patch (2)\n"
	"  --map FILE         the divergence map to judge by\n"
	"  --db FILE          the database\n"
	"  --config FILE      read this configuration as well\n"
	"  --format FORMAT    text, json, msgid, mbox, line\n"
	"  --color WHEN       auto, always, never\n"
	"  -q, -v, -h         say less, say more, this help\n";

const struct cmd *
cmd_find(const char *name)
{
	for (size_t i = 0; i < ncmds; i++)
		if (!strcmp(cmds[i].name, name))
			return &cmds[i];
	return NULL;
}

int
cmd_fail(const struct error *err)
{
	int status = (int)err->class;

	fflush(stdout);
	fprintf(stderr, "pvwatch: %s\n", err->message);
	error_free(err);
	return status;
}

int
cmd_usage(const struct cmd *cmd, const char *message)
{
	return cmd_fail(error_new(ERROR_USAGE,
				  "%s: %s; see \"pvwatch help %s\"", cmd->name,
				  message, cmd->name));
}

/* A rule that cannot hold would otherwise look like one that never did. */
void
cmd_warn_maps(const struct session *session)
{
	if (session->options.verbose < 0)
		return;
	for (size_t i = 0; i < session->packs.n; i++)
		if (maps_lacking(session->maps, i, session->trees != NULL))
			fprintf(stderr,
				"pvwatch: pack %s: there is no map: its rules "
				"with Map: do not hold\n",
				session->packs.v[i]->name);
}

void
cmd_print_help(const struct cmd *cmd)
{
	printf("usage: pvwatch %s %s\n%s\n\n%s%s%s", cmd->name, cmd->synopsis,
	       cmd->summary, cmd->help, *cmd->help ? "\n" : "", common);
}

bool
cmd_begin(int *status, struct options *options, const struct cmd *cmd, int argc,
	  char **argv)
{
	const struct error *err =
		options_parse(options, argc, argv, cmd->extra);

	if (err)
		*status = cmd_fail(error_wrap(err, "%s", cmd->name));
	else if (options->help)
		cmd_print_help(cmd);
	else
		return true;
	options_free(options);
	return false;
}

int
cmd_help(const struct cmd *self, int argc, char **argv)
{
	const struct cmd *cmd;

	(void)self;
	if (argc > 1) {
		cmd = cmd_find(argv[1]);
		if (!cmd)
			return cmd_fail(error_new(ERROR_USAGE,
						  "there is no command %s",
						  argv[1]));
		cmd_print_help(cmd);
		return 0;
	}
	puts("usage: pvwatch COMMAND [OPTION]... [ARGUMENT]...\n");
	for (size_t i = 0; i < ncmds; i++)
		printf("  %-8s  %s\n", cmds[i].name, cmds[i].summary);
	printf("\n%s\nExit status: 0 nothing to look at, 1 something was flagged, 64 usage,\n"
	       "65 bad input, 66 no such input, 69 unavailable, 70 a bug, 74 I/O, 75 try\n"
	       "again later, 78 configuration.\n",
	       common);
	return 0;
}
