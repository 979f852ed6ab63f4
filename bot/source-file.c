#include "source-ops.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "alloc.h"
#include "arena.h"
#include "buf.h"
#include "error.h"
#include "limits.h"
#include "lines.h"

/* A file that is one mail or patch. */
struct source_file {
	struct source base;
	struct lines *lines;
	char *name;
	bool ended;
};

static const struct error *
collect(struct buf *mail, struct lines *lines)
{
	const struct error *err;
	struct line line;

	while (!(err = lines_next(&line, lines)) && line.text.ptr) {
		buf_addspan(mail, line.text);
		if (mail->toobig)
			return NULL;
	}
	return err;
}

static const struct error *
file_next(struct source_item *item, struct arena *arena, struct source *source)
{
	CLEANUP(buf_free) struct buf mail = BUF(LIMIT_MAIL_BYTES);
	struct source_file *file = (struct source_file *)source;
	const struct error *err;
	const char *where;

	if (file->ended)
		return NULL;
	file->ended = true;
	where = source_where(arena, file->name, 0);
	err = collect(&mail, file->lines);
	if (err || (!mail.len && !mail.toobig))
		return err; /* an empty file is a mailbox without mail */
	err = buf_check(&mail, where);
	if (err) {
		source_fault(item, where, err);
		return NULL;
	}
	item->kind = SOURCE_MAIL;
	item->where = where;
	item->raw.ptr =
		memcpy(arena_alloc(arena, mail.len + 1), mail.data, mail.len);
	item->raw.len = mail.len;
	return NULL;
}

static void
file_close(struct source *source)
{
	struct source_file *file = (struct source_file *)source;

	lines_free(file->lines);
	free(file->name);
	free(file);
}

static const struct error *
lines_of(struct lines **out, const char *path)
{
	AUTOFREE(arena) *arena = arena_new();
	const char *where = source_where(arena, path, 0);
	/* Standard input stays open, for whoever asks a person there. */
	int fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC)
				   : fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);

	if (fd < 0)
		return error_errno("%s", where);
	*out = lines_new(fd, where);
	return NULL;
}

static bool
is_blank(const struct line *line)
{
	return line->text.ptr && line->text.ptr[line->text.len - 1] == '\n' &&
	       !span_trim(line->text).len;
}

/* Blank lines before everything are nobody's; git-mailinfo(1) skips them. */
static const struct error *
first_line(struct line *out, struct lines *lines)
{
	const struct error *err = lines_peek(out, lines);

	while (!err && is_blank(out)) {
		err = lines_next(out, lines);
		if (!err)
			err = lines_peek(out, lines);
	}
	return err;
}

const struct error *
source_file_open(struct source **out, const char *path)
{
	static const struct source_ops ops = {
		.next = file_next,
		.close = file_close,
	};
	AUTOFREE(lines) *lines = NULL;
	const struct error *err;
	struct source_file *file;
	struct line line;

	err = lines_of(&lines, path);
	if (!err)
		err = first_line(&line, lines);
	if (err)
		return err;
	/* No header field can begin so, whatever else the line says. */
	if (span_starts(line.text, "From ")) {
		source_mbox_open(out, TAKE(lines), path);
		return NULL;
	}
	file = xcalloc(1, sizeof(*file));
	file->base.ops = &ops;
	file->lines = TAKE(lines);
	file->name = xstrdup(path);
	*out = &file->base;
	return NULL;
}
