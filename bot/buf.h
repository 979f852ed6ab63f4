/*
 * buf.h - text that grows up to a ceiling
 *
 * Past the ceiling nothing more is added and "toobig" stays set, so that a
 * row of additions needs one test at its end (curl's dynbuf has the idea).
 * data is always NUL-terminated once something was added; it may hold NULs.
 */
#ifndef BOT_BUF_H
#define BOT_BUF_H

#include <stdbool.h>
#include <stddef.h> /* size_t */

#include "attr.h"
#include "span.h"

struct error;

struct buf {
	char *data; /* NULL while nothing was added; owned */
	size_t len; /* bytes, without the NUL */
	size_t cap, max;
	bool toobig;
};

/* A buffer that holds @max bytes at most. */
#define BUF(max_bytes) \
	{ \
		.max = (max_bytes) \
	}

void buf_add(struct buf *buf, const void *bytes, size_t n);
void buf_addch(struct buf *buf, char c);
void buf_addstr(struct buf *buf, const char *s);
void buf_addspan(struct buf *buf, struct span s);
void buf_addf(struct buf *buf, const char *fmt, ...) PRINTF(2, 3);

struct span buf_span(const struct buf *buf);
/* As a C string, "" when empty; borrowed. */
const char *buf_str(const struct buf *buf);

/* ERROR_INPUT "<what>: larger than <max> bytes" when the ceiling was met. */
MUST_CHECK
const struct error *buf_check(const struct buf *buf, const char *what);

/* Empty, memory kept. */
void buf_clear(struct buf *buf);
void buf_free(struct buf *buf);

/*
 * Read the rest of the stream or file descriptor into @buf. ERROR_IO when the
 * system says so, ERROR_INPUT past the ceiling. @name is for the message.
 */
MUST_CHECK
const struct error *buf_read_fd(struct buf *buf, int fd, const char *name);
/* A whole file; "-" is standard input. */
MUST_CHECK
const struct error *buf_read_file(struct buf *buf, const char *path);

#endif
