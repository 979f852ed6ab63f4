/* pvwatch: which kernel patches need the eyes of the Xen maintainers. */
#include <malloc.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "error.h"
#include "options.h"
#include "version.h"

const struct cmd cmds[] = {
	{ "check", cmd_check, "[OPTION]... [FILE|DIR|-|REV..REV|SOURCE]...",
	  "judge patches before they are sent",
	  "  FILE, DIR, -       patch files, mails, mboxes, Maildirs, standard input\n"
	  "  REV..REV           commits of the repository around the current\n"
	  "                     directory; without any argument @{upstream}..HEAD\n"
	  "  --format FORMAT    text, json, or line: one for each finding\n"
	  "  --header FILE      a header to be sent: its To and Cc are asked\n",
	  "header" },
	{ "cc", cmd_cc, "[OPTION]... [FILE|-]...",
	  "print the addresses to add, for git send-email --cc-cmd",
	  "  --header FILE      a header to be sent: its To and Cc are asked\n",
	  "header" },
	{ "scan", cmd_scan, "[OPTION]... SOURCE...",
	  "judge an archive into the database",
	  "  --since, --until TIME   leave mail outside of these alone\n"
	  "  --format json           print every verdict\n",
	  "since until" },
	{ "rejudge", cmd_rejudge, "[OPTION]... [FILTER]...",
	  "judge stored mail again, and say what changed",
	  "  --since, --until TIME   mail of that time only\n",
	  "since until limit" },
	{ "run", cmd_run, "[OPTION]...",
	  "take in all configured sources, compose and send requests; the daemon",
	  "  --once       each source once, then end\n"
	  "  --dry-run    judge what is new, say what would be flagged; nothing is\n"
	  "               stored, nothing composed\n"
	  "  --replay SINCE..UNTIL  say what would be requested of the mail of that\n"
	  "               time, known or not; nothing is stored\n"
	  "  --name NAME  this source only (repeatable)\n"
	  "SIGTERM ends it, SIGHUP makes it read configuration and rules again.\n",
	  "once dry-run replay name" },
	{ "status", cmd_status, "[OPTION]...",
	  "how the sources and the daemon do",
	  "  --format text|json\n"
	  "Exit status 75 when a source has been failing for longer than four of its\n"
	  "intervals.\n",
	  "" },
	{ "query", cmd_query, "[OPTION]... [FILTER]...",
	  "list what was flagged",
	  "  FILTER: pack: rule: area: path: function: author: list: kind: state:\n"
	  "          since: until: or words of the subject or the findings;\n"
	  "          not-path:, not-rule: ... and not:WORD for what must not hold\n"
	  "  --format text|json|msgid|mbox\n"
	  "  --sort date|score|author|subject  -date, -score ...: turned around\n"
	  "  --limit N\n",
	  "limit sort since until" },
	{ "show", cmd_show, "[OPTION]... ID|MSGID|COMMIT...",
	  "show one patch: findings, rules, base, what became of it",
	  "  -v   every rule that nearly held, not three\n"
	  "  -q   no rules: what the database knows, and nothing judged anew\n"
	  "  --format text|json\n",
	  "" },
	{ "outbox", cmd_outbox,
	  "[OPTION]... [list|show ID|approve ID|hold ID|edit ID|drop ID|send]",
	  "the requests that wait for a person, or for a server",
	  "  list          all of them, and what became of them (without a verb)\n"
	  "  show ID       the mail\n"
	  "  approve ID    say yes; --all: to all that are queued\n"
	  "  hold ID       not now; approve takes it back\n"
	  "  edit ID       subject and body, with $EDITOR\n"
	  "  drop ID       never\n"
	  "  send [ID]     what is approved, and what was put off and is due\n"
	  "  --dry-run     send: only say what would be sent\n",
	  "all dry-run" },
	{ "map", cmd_map, "[OPTION]... [NAME]... | --diff REV REV",
	  "where a guest runs differently from bare metal",
	  "  NAME          what the map says of a function, macro, variable, member\n"
	  "  --kind KIND   list its facts of this kind (repeatable)\n"
	  "  --write FILE  write the whole map, for --map\n"
	  "  --diff REV REV  what changed between two trees, or two written maps\n"
	  "  --format FORMAT  text, json or dot\n",
	  "kind write diff" },
	{ "rules", cmd_rules,
	  "[OPTION]... [list|lint|test|explain PATCH...|try RULE SOURCE...]",
	  "list, check, test, explain and try the rules",
	  "  explain PATCH      why each rule held, or nearly did, on a file, or on a\n"
	  "                     stored mail by number, Message-ID or commit (-v: all)\n"
	  "  try RULE SOURCE    what a rule, or a file of them, would have flagged\n"
	  "                     (-v: wherever it held)\n"
	  "  --jobs N           threads of try\n"
	  "  --format FORMAT    of these two: text or json\n",
	  "" },
	{ "backtest", cmd_backtest,
	  "[OPTION]... --labels FILE [--core FILE] SOURCE...",
	  "measure the rules on an archive of which something is known",
	  "  --labels FILE      Message-ID, tab, label: what should be found\n"
	  "  --core FILE        Message-IDs: a second rate, of these alone\n"
	  "  --at-least LIST    exit 1 unless met: recall.LABEL=0.8,rate.core=0.04\n"
	  "                     (recalls are floors, rates ceilings)\n"
	  "  --format FORMAT    text, json or html; --html FILE: a page as well\n"
	  "  --jobs N           threads\n"
	  "  -v                 every rule and every miss\n",
	  "labels core at-least html" },
	{ "db", cmd_db, "[OPTION]... check|vacuum|export [FILE]|import [FILE]",
	  "care for the database",
	  "  check          is it what it should be? Exit status 65: it is not\n"
	  "  vacuum         give back the room of what was removed\n"
	  "  export [FILE]  all of it as JSON Lines\n"
	  "  import [FILE]  a database made of these; there must be none yet\n",
	  "" },
	{ "config", cmd_config, "[OPTION]... [check|list|get KEY|keys]",
	  "check or show the configuration", "", "" },
	{ "hook", cmd_hook,
	  "[OPTION]... [list|install [NAME]...|remove NAME...]",
	  "install hooks into the repository around the current directory",
	  "  NAME: sendemail-validate (the default), cc-cmd or b4\n", "" },
	{ "help", cmd_help, "[COMMAND]", "say how a command is used", "", "" },
};
const size_t ncmds = sizeof(cmds) / sizeof(cmds[0]);

/* What was printed has arrived: a full disk is no success. */
static int
finish(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	return exit_status_worse(status,
				 cmd_fail(error_errno("standard output")));
}

int
main(int argc, char **argv)
{
	const struct cmd *cmd;

	/* With a heap for each thread memory grows from source to source, as
	   batches are made by one and freed by another. */
	mallopt(M_ARENA_MAX, 2);
	if (argc < 2) {
		fputs("usage: pvwatch COMMAND [OPTION]... [ARGUMENT]...\n"
		      "\"pvwatch help\" lists the commands.\n",
		      stderr);
		return ERROR_USAGE;
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "version")) {
		printf("pvwatch %s\n", version);
		return finish(0);
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		return finish(cmd_help(NULL, 1, argv + 1));
	cmd = cmd_find(argv[1]);
	if (!cmd)
		return cmd_fail(error_new(
			ERROR_USAGE,
			"there is no command %s; \"pvwatch help\" lists them",
			argv[1]));
	return finish(cmd->run(cmd, argc - 1, argv + 1));
}
