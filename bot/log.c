#include "log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "limits.h"
#include "printable.h"

enum log_to
log_target(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat st;

	/* A child whose stderr was sent elsewhere inherits the variable. */
	if (stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
	    !fstat(STDERR_FILENO, &st) && st.st_dev == device &&
	    st.st_ino == inode)
		return LOG_TO_JOURNAL;
	return LOG_TO_STDERR;
}

void
log_begin(struct log_line *line, enum log_to to, enum log_level level,
	  const char *event)
{
	*line = (struct log_line){ .text = BUF(LIMIT_LOG_LINE), .to = to };
	if (to == LOG_TO_JOURNAL)
		buf_addf(&line->text, "<%d>", (int)level);
	buf_addf(&line->text, "event=%s", event);
}

static bool
needs_quotes(const char *value)
{
	return !*value || strpbrk(value, " \"\\='");
}

void
log_text(struct log_line *line, const char *key, const char *value)
{
	AUTOFREE(arena) *arena = arena_new();
	const char *clean;

	if (!value)
		return;
	clean = printable(arena, span_of(value), LIMIT_LOG_VALUE);
	buf_addf(&line->text, " %s=", key);
	if (!needs_quotes(clean)) {
		buf_addstr(&line->text, clean);
		return;
	}
	buf_addch(&line->text, '"');
	for (; *clean; clean++) {
		if (*clean == '"' || *clean == '\\')
			buf_addch(&line->text, '\\');
		buf_addch(&line->text, *clean);
	}
	buf_addch(&line->text, '"');
}

void
log_number(struct log_line *line, const char *key, long long value)
{
	buf_addf(&line->text, " %s=%lld", key, value);
}

void
log_end(struct log_line *line)
{
	struct span text;
	ssize_t n;

	buf_addch(&line->text, '\n');
	text = buf_span(&line->text);
	do {
		n = write(STDERR_FILENO, text.ptr, text.len);
		if (n > 0) {
			text.ptr += n;
			text.len -= (size_t)n;
		}
	} while (n > 0 && text.len);
	buf_free(&line->text);
}

void
log_event(enum log_to to, enum log_level level, const char *event,
	  const char *key, const char *value)
{
	struct log_line line;

	log_begin(&line, to, level, event);
	if (key)
		log_text(&line, key, value);
	log_end(&line);
}
