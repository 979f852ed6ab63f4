/*
 * log.h - what the service says: one key=value line an event
 *
 * On standard error, which the journal reads: there each line begins with the
 * "<N>" of sd-daemon(3). Values are printable, in double quotes (with \" and \\
 * inside) when they hold more than a word. Only cmd-run.c,
 * service.c and daemon.c log.
 */
#ifndef BOT_LOG_H
#define BOT_LOG_H

#include <stddef.h> /* size_t */

#include "buf.h"

enum log_level { /* syslog(3)'s */
		 LOG_LEVEL_ERROR = 3,
		 LOG_LEVEL_WARNING = 4,
		 LOG_LEVEL_NOTICE = 5,
		 LOG_LEVEL_INFO = 6,
};

enum log_to {
	LOG_TO_STDERR,
	LOG_TO_JOURNAL, /* stderr is a pipe of the journal's */
};

/* Where standard error goes: JOURNAL_STREAM of systemd.exec(5). */
enum log_to log_target(void);

struct log_line {
	struct buf text;
	enum log_to to;
};

void log_begin(struct log_line *line, enum log_to to, enum log_level level,
	       const char *event);
/* @key is a plain word of ours; @value NULL is left out. A long value is cut
   at LIMIT_LOG_VALUE. */
void log_text(struct log_line *line, const char *key, const char *value);
void log_number(struct log_line *line, const char *key, long long value);
/* Written at once, by one write(2); what cannot be written is lost. */
void log_end(struct log_line *line);

/* A whole line of one text, or none (@key NULL). */
void log_event(enum log_to to, enum log_level level, const char *event,
	       const char *key, const char *value);

#endif
