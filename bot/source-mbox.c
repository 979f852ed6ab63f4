#include "source-ops.h"

#include <stdlib.h>

#include "alloc.h"
#include "arena.h"
#include "buf.h"
#include "error.h"
#include "limits.h"
#include "lines.h"
#include "mbox.h"

struct source_mbox {
	struct source base;
	struct lines *lines;
	char *name;
	struct buf mail;
	/* The separator that was read last: its mail comes next. */
	enum mbox_separator separator;
	uint64_t offset; /* of that separator */
	bool begun, ended;
};

/*
 * Does @line separate two mails? A blank line stands before a separator, but
 * git's is too peculiar to need one: patches are concatenated.
 */
static enum mbox_separator
separates(const struct line *line, const struct buf *mail, bool behind_blank)
{
	enum mbox_separator found;

	if (!line->begins || (!mail->len && !mail->toobig))
		return MBOX_NONE;
	found = mbox_separator(line->text);
	return found == MBOX_GIT || behind_blank ? found : MBOX_NONE;
}

static bool
is_blank(const struct line *line)
{
	return line->begins && (span_equal(line->text, SPAN("\n")) ||
				span_equal(line->text, SPAN("\r\n")));
}

/* Collect one mail in ->mail, down to the next separator or the end. */
static const struct error *
collect(struct source_mbox *mbox)
{
	/* git quotes nothing, so there is nothing to take off. */
	bool quoted = mbox->separator != MBOX_GIT, blank = false;
	enum mbox_separator found;
	const struct error *err;
	struct line line;

	buf_clear(&mbox->mail);
	while (!(err = lines_next(&line, mbox->lines)) && line.text.ptr) {
		found = separates(&line, &mbox->mail, blank);
		if (found) {
			mbox->separator = found;
			mbox->offset = line.offset;
			return NULL;
		}
		blank = is_blank(&line);
		if (quoted && line.begins)
			line.text = mbox_unquote(line.text);
		buf_addspan(&mbox->mail, line.text);
	}
	mbox->ended = true;
	return err;
}

/* The empty line before a separator is the mbox's, not the mail's. */
static struct span
without_last_blank(struct span raw)
{
	if (raw.len >= 2 && raw.ptr[raw.len - 1] == '\n' &&
	    raw.ptr[raw.len - 2] == '\n')
		raw.len--;
	else if (raw.len >= 4 && !memcmp(raw.ptr + raw.len - 4, "\r\n\r\n", 4))
		raw.len -= 2;
	return raw;
}

/* The line that makes the file an mbox. */
static const struct error *
begin(struct source_mbox *mbox)
{
	const struct error *err;
	struct line line;

	err = lines_next(&line, mbox->lines);
	if (err)
		return err;
	mbox->begun = true;
	mbox->separator = mbox_separator(line.text);
	mbox->offset = line.offset;
	return NULL;
}

static const struct error *
mbox_next(struct source_item *item, struct arena *arena, struct source *source)
{
	struct source_mbox *mbox = (struct source_mbox *)source;
	const struct error *err = NULL;
	const char *where;
	struct span raw;

	if (mbox->ended)
		return NULL;
	if (!mbox->begun)
		err = begin(mbox);
	if (err)
		return err;
	where = source_where(arena, mbox->name, mbox->offset);
	err = collect(mbox);
	if (err)
		return err;
	err = buf_check(&mbox->mail, where);
	if (err) {
		source_fault(item, where, err);
		return NULL;
	}
	raw = without_last_blank(buf_span(&mbox->mail));
	item->kind = SOURCE_MAIL;
	item->where = where;
	item->raw.ptr =
		memcpy(arena_alloc(arena, raw.len + 1), raw.ptr, raw.len);
	item->raw.len = raw.len;
	return NULL;
}

static void
mbox_close(struct source *source)
{
	struct source_mbox *mbox = (struct source_mbox *)source;

	lines_free(mbox->lines);
	free(mbox->name);
	buf_free(&mbox->mail);
	free(mbox);
}

void
source_mbox_open(struct source **out, struct lines *lines, const char *name)
{
	static const struct source_ops ops = {
		.next = mbox_next,
		.close = mbox_close,
	};
	struct source_mbox *mbox = xcalloc(1, sizeof(*mbox));

	mbox->base.ops = &ops;
	mbox->lines = lines;
	mbox->name = xstrdup(name);
	mbox->mail = (struct buf)BUF(LIMIT_MAIL_BYTES);
	*out = &mbox->base;
}
