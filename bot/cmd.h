/*
 * cmd.h - the commands: one table, one function each
 */
#ifndef BOT_CMD_H
#define BOT_CMD_H

#include <stdbool.h>
#include <stddef.h> /* size_t */

struct error;
struct options;

struct cmd {
	const char *name;
	int (*run)(const struct cmd *cmd, int argc, char **argv);
	const char *synopsis; /* what follows the name */
	const char *summary;  /* one line for "help" */
	const char *help;     /* its own options and a remark; "" */
	const char *extra;    /* its options: see options_parse() */
};

extern const struct cmd cmds[];
extern const size_t ncmds;

/* Each returns the exit status. */
typedef int cmd_fn(const struct cmd *cmd, int argc, char **argv);
cmd_fn cmd_check, cmd_cc, cmd_scan, cmd_rejudge, cmd_run, cmd_query, cmd_show,
	cmd_map, cmd_outbox, cmd_rules, cmd_backtest, cmd_status, cmd_config,
	cmd_hook, cmd_db, cmd_help;

/* Print "pvwatch: message" and free it; the exit status of its class. */
int cmd_fail(const struct error *err);
/* As error_new(ERROR_USAGE, ...) printed, with a pointer to the help. */
int cmd_usage(const struct cmd *cmd, const char *message);

/*
 * Parse options; true when the command is to go on. False: *status is the
 * exit status (help was asked for, or the usage is wrong).
 */
bool cmd_begin(int *status, struct options *options, const struct cmd *cmd,
	       int argc, char **argv);
/* Say, unless -q, which packs ask for a map where there is none. */
struct session;
void cmd_warn_maps(const struct session *session);
void cmd_print_help(const struct cmd *cmd);
const struct cmd *cmd_find(const char *name);

#endif
