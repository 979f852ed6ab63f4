#include "error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"

static char *
format(const char *fmt, va_list ap)
{
	char *s;

	if (vasprintf(&s, fmt, ap) < 0)
		s = xstrdup("(a message that cannot be formatted)");
	return s;
}

static struct error *
make(enum error_class class, char *message)
{
	struct error *err = xmalloc(sizeof(*err));

	err->class = class;
	err->message = message;
	return err;
}

const struct error *
error_new(enum error_class class, const char *fmt, ...)
{
	va_list ap;
	char *message;

	va_start(ap, fmt);
	message = format(fmt, ap);
	va_end(ap);
	return make(class, message);
}

const struct error *
error_errno(const char *fmt, ...)
{
	int code = errno;
	va_list ap;
	char *what, *message;

	va_start(ap, fmt);
	what = format(fmt, ap);
	va_end(ap);
	message = xasprintf("%s: %s", what, strerror(code));
	free(what);
	return make(code == ENOENT || code == ENOTDIR ? ERROR_NOINPUT
						      : ERROR_IO,
		    message);
}

const struct error *
error_wrap(const struct error *err, const char *fmt, ...)
{
	enum error_class class = err->class;
	va_list ap;
	char *what, *message;

	va_start(ap, fmt);
	what = format(fmt, ap);
	va_end(ap);
	message = xasprintf("%s: %s", what, err->message);
	free(what);
	error_free(err);
	return make(class, message);
}

void
error_free(const struct error *err)
{
	struct error *mine;

	if (!err)
		return;
	memcpy(&mine, &err, sizeof(mine));
	free(mine->message);
	free(mine);
}

static int
severity(int status)
{
	static const int order[] = { 0,
				     1,
				     ERROR_TEMPORARY,
				     ERROR_UNAVAILABLE,
				     ERROR_CONFIG,
				     ERROR_USAGE,
				     ERROR_NOINPUT,
				     ERROR_INPUT,
				     ERROR_IO,
				     ERROR_BUG };
	int n = sizeof(order) / sizeof(order[0]);

	for (int i = 0; i < n; i++)
		if (order[i] == status)
			return i;
	return n;
}

int
exit_status_worse(int a, int b)
{
	return severity(a) >= severity(b) ? a : b;
}
