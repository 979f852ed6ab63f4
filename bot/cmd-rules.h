/*
 * cmd-rules.h - the verbs of "rules" that have files of their own
 *
 * Arguments are session->options.args, the verb itself first; each returns
 * the exit status.
 */
#ifndef BOT_CMD_RULES_H
#define BOT_CMD_RULES_H

struct session;

int cmd_rules_explain(struct session *session);
int cmd_rules_try(struct session *session);

#endif
