#include "buf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alloc.h"
#include "error.h"

static bool
reserve(struct buf *buf, size_t n)
{
	size_t want = buf->cap ? buf->cap : 256;

	if (buf->toobig || n > buf->max - buf->len) {
		buf->toobig = true;
		return false;
	}
	while (want < buf->len + n + 1)
		want *= 2;
	if (want != buf->cap) {
		buf->data = xrealloc(buf->data, want);
		buf->cap = want;
	}
	return true;
}

void
buf_add(struct buf *buf, const void *bytes, size_t n)
{
	if (!reserve(buf, n))
		return;
	if (n)
		memcpy(buf->data + buf->len, bytes, n);
	buf->len += n;
	buf->data[buf->len] = '\0';
}

void
buf_addch(struct buf *buf, char c)
{
	buf_add(buf, &c, 1);
}

void
buf_addstr(struct buf *buf, const char *s)
{
	buf_add(buf, s, strlen(s));
}

void
buf_addspan(struct buf *buf, struct span s)
{
	buf_add(buf, s.ptr, s.len);
}

void
buf_addf(struct buf *buf, const char *fmt, ...)
{
	va_list ap;
	char *s;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&s, fmt, ap);
	va_end(ap);
	if (n < 0)
		abort();
	buf_add(buf, s, (size_t)n);
	free(s);
}

struct span
buf_span(const struct buf *buf)
{
	return (struct span){ buf->data ? buf->data : "", buf->len };
}

const char *
buf_str(const struct buf *buf)
{
	return buf->data ? buf->data : "";
}

const struct error *
buf_check(const struct buf *buf, const char *what)
{
	if (!buf->toobig)
		return NULL;
	return error_new(ERROR_INPUT, "%s: larger than %zu bytes", what,
			 buf->max);
}

void
buf_clear(struct buf *buf)
{
	buf->len = 0;
	buf->toobig = false;
	if (buf->data)
		buf->data[0] = '\0';
}

void
buf_free(struct buf *buf)
{
	free(buf->data);
	buf->data = NULL;
	buf->len = buf->cap = 0;
	buf->toobig = false;
}

const struct error *
buf_read_fd(struct buf *buf, int fd, const char *name)
{
	char block[64 << 10];
	ssize_t n;

	for (;;) {
		n = read(fd, block, sizeof(block));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_errno("%s", name);
		if (!n)
			return NULL;
		buf_add(buf, block, (size_t)n);
		if (buf->toobig)
			return buf_check(buf, name);
	}
}

const struct error *
buf_read_file(struct buf *buf, const char *path)
{
	const struct error *err;
	int fd;

	if (!strcmp(path, "-"))
		return buf_read_fd(buf, STDIN_FILENO, "standard input");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return error_errno("%s", path);
	err = buf_read_fd(buf, fd, path);
	close(fd);
	return err;
}
