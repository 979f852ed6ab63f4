/*
 * error.h - a failure as a value
 *
 * Functions that can fail return "const struct error *": NULL is success. The
 * message is built outward, each caller wrapping what it knows (the file, the
 * mail). Who receives an error either returns it, wrapped or not, or ends it
 * with error_free(). Only the commands print one.
 *
 * A bug is not a failure (assert), nor is an answer that somebody does not
 * like (an enum): a patch that does not apply is no error.
 */
#ifndef BOT_ERROR_H
#define BOT_ERROR_H

#include <stdbool.h>

#include "attr.h"

/* The values are the exit statuses of sysexits(3). */
enum error_class {
	ERROR_USAGE = 64,	/* a command line that makes no sense */
	ERROR_INPUT = 65,	/* input that breaks its format's rules */
	ERROR_NOINPUT = 66,	/* input that is not there */
	ERROR_UNAVAILABLE = 69, /* a peer or service that does not serve */
	ERROR_BUG = 70,		/* our own fault */
	ERROR_IO = 74,		/* the system failed to read or write */
	ERROR_TEMPORARY = 75,	/* try again later */
	ERROR_CONFIG = 78,	/* configuration or rules that are wrong */
};

struct error {
	enum error_class class;
	char *message; /* one line, no newline, lower case, owned */
};

const struct error *error_new(enum error_class class, const char *fmt, ...)
	PRINTF(2, 3) MUST_CHECK;

/*
 * As error_new(), with ": " and what errno says at the end. ENOENT and ENOTDIR
 * are ERROR_NOINPUT, all else is ERROR_IO.
 */
const struct error *error_errno(const char *fmt, ...) PRINTF(1, 2) MUST_CHECK;

/* Put "<fmt>: " before @err's message; @err is consumed. */
const struct error *error_wrap(const struct error *err, const char *fmt, ...)
	PRINTF(2, 3) MUST_CHECK;

void error_free(const struct error *err);

/*
 * The exit status that wins when both have happened: design.md 7, "everything
 * is judged before it is decided": 70 or 74, then 65, 66, 64, 78, then 69, 75,
 * then 1, then 0.
 */
int exit_status_worse(int a, int b);

#endif
