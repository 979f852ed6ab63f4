#include "source-ops.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alloc.h"
#include "arena.h"
#include "buf.h"
#include "error.h"
#include "limits.h"

/* cur/ and new/ together, by name: names begin with the time of delivery. */
struct source_maildir {
	struct source base;
	struct strlist paths;
	size_t at;
};

static bool
any_name(UNUSED const char *name)
{
	return true;
}

static const char *
name_of(const char *path)
{
	return strrchr(path, '/') + 1;
}

static int
by_name(const void *a, const void *b)
{
	char *const *left = a, *const *right = b;

	return strcmp(name_of(*left), name_of(*right));
}

static const struct error *
read_fd(struct span *raw, struct arena *arena, int fd, const char *where)
{
	CLEANUP(buf_free) struct buf mail = BUF(LIMIT_MAIL_BYTES);
	const struct error *err = buf_read_fd(&mail, fd, where);

	if (err)
		return err;
	if (!mail.len)
		return error_new(ERROR_INPUT, "%s: empty", where);
	raw->ptr =
		memcpy(arena_alloc(arena, mail.len + 1), mail.data, mail.len);
	raw->len = mail.len;
	return NULL;
}

const struct error *
source_read_mail(struct span *raw, struct arena *arena, const char *path,
		 const char *where)
{
	const struct error *err = NULL;
	struct stat st;
	/* Without O_NONBLOCK a pipe in the directory would hold us up. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return error_errno("%s", where);
	if (fstat(fd, &st) < 0)
		err = error_errno("%s", where);
	else if (S_ISREG(st.st_mode))
		err = read_fd(raw, arena, fd, where);
	close(fd);
	return err;
}

static const struct error *
maildir_next(struct source_item *item, struct arena *arena,
	     struct source *source)
{
	struct source_maildir *maildir = (struct source_maildir *)source;

	while (maildir->at < maildir->paths.n) {
		const char *path = maildir->paths.v[maildir->at++];
		const char *where = source_where(arena, path, 0);
		const struct error *err;

		err = source_read_mail(&item->raw, arena, path, where);
		if (err) {
			source_fault(item, where, err);
			return NULL;
		}
		if (!item->raw.ptr)
			continue;
		item->kind = SOURCE_MAIL;
		item->where = where;
		return NULL;
	}
	return NULL;
}

static long
maildir_left(const struct source *source)
{
	const struct source_maildir *maildir =
		(const struct source_maildir *)source;

	return (long)(maildir->paths.n - maildir->at);
}

static void
maildir_close(struct source *source)
{
	struct source_maildir *maildir = (struct source_maildir *)source;

	strlist_free(&maildir->paths);
	free(maildir);
}

/* Either may be missing: an archive that is no longer delivered to. */
static const struct error *
list_part(struct strlist *out, const char *dir, const char *part)
{
	CLEANUP(xfree) char *path = xasprintf("%s/%s", dir, part);
	const struct error *err;

	if (access(path, F_OK) < 0 && errno == ENOENT)
		return NULL;
	err = source_list(out, path, any_name);
	return err;
}

const struct error *
source_maildir_open(struct source **out, const char *dir)
{
	static const struct source_ops ops = {
		.next = maildir_next,
		.left = maildir_left,
		.close = maildir_close,
	};
	struct source_maildir *maildir = xcalloc(1, sizeof(*maildir));
	const struct error *err;

	maildir->base.ops = &ops;
	err = list_part(&maildir->paths, dir, "cur");
	if (!err)
		err = list_part(&maildir->paths, dir, "new");
	if (err) {
		maildir_close(&maildir->base);
		return err;
	}
	if (maildir->paths.n)
		qsort(maildir->paths.v, maildir->paths.n,
		      sizeof(maildir->paths.v[0]), by_name);
	*out = &maildir->base;
	return NULL;
}
