#include "lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alloc.h"
#include "error.h"

enum { WINDOW_BYTES = 128 << 10 };

struct lines {
	struct input input;
	int fd; /* that input reads; -1: none of ours */
	char *name;
	bool eof, midline; /* the piece before had no newline */
	size_t start, end; /* what was read but not yet given out */
	uint64_t offset;   /* of start */
	char window[WINDOW_BYTES];
};

static const struct error *
read_fd(size_t *got, void *arg, char *buf, size_t n)
{
	const struct lines *lines = arg;
	ssize_t len;

	do
		len = read(lines->fd, buf, n);
	while (len < 0 && errno == EINTR);
	if (len < 0)
		return error_errno("%s", lines->name);
	*got = (size_t)len;
	return NULL;
}

struct lines *
lines_from(const struct input *input, const char *name)
{
	struct lines *lines = xmalloc(sizeof(*lines));

	lines->input = *input;
	lines->fd = -1;
	lines->name = xstrdup(name);
	lines->eof = lines->midline = false;
	lines->start = lines->end = 0;
	lines->offset = 0;
	return lines;
}

struct lines *
lines_new(int fd, const char *name)
{
	struct lines *lines =
		lines_from(&(struct input){ .read = read_fd }, name);

	lines->fd = fd;
	lines->input.arg = lines;
	return lines;
}

void
lines_free(struct lines *lines)
{
	if (!lines)
		return;
	if (lines->fd >= 0)
		close(lines->fd);
	free(lines->name);
	free(lines);
}

/* Read once more into the window, which has room. */
static const struct error *
fill(struct lines *in)
{
	size_t got = 0;
	const struct error *err =
		in->input.read(&got, in->input.arg, in->window + in->end,
			       WINDOW_BYTES - in->end);

	if (err)
		return err;
	in->eof = !got;
	in->end += got;
	return NULL;
}

const struct error *
lines_peek(struct line *out, struct lines *in)
{
	size_t seen = 0, have;
	const char *nl;

	for (;;) {
		have = in->end - in->start;
		nl = memchr(in->window + in->start + seen, '\n', have - seen);
		if (nl || in->eof || have == WINDOW_BYTES)
			break;
		seen = have;
		memmove(in->window, in->window + in->start, have);
		in->start = 0;
		in->end = have;
		const struct error *err = fill(in);
		if (err)
			return err;
	}
	out->text.ptr = have ? in->window + in->start : NULL;
	out->text.len = nl ? (size_t)(nl + 1 - out->text.ptr) : have;
	out->begins = !in->midline;
	out->offset = in->offset;
	return NULL;
}

const struct error *
lines_next(struct line *out, struct lines *in)
{
	const struct error *err = lines_peek(out, in);
	size_t n;

	if (err || !out->text.ptr)
		return err;
	n = out->text.len;
	in->midline = out->text.ptr[n - 1] != '\n';
	in->start += n;
	in->offset += n;
	return NULL;
}
