#include "editor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "address.h"
#include "addrspec.h"
#include "alloc.h"
#include "arena.h"
#include "buf.h"
#include "draft.h"
#include "error.h"
#include "limits.h"
#include "db/store.h"

static const char *
editor(void)
{
	static const char *const names[] = { "VISUAL", "EDITOR" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return value;
	}
	return "vi";
}

static const struct error *
write_file(int fd, const char *path, struct span text)
{
	while (text.len) {
		ssize_t n = write(fd, text.ptr, text.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_errno("%s", path);
		text.ptr += n;
		text.len -= (size_t)n;
	}
	return NULL;
}

/* $EDITOR may hold options: a shell takes it apart, as git has it. */
static const struct error *
run_editor(const char *path)
{
	CLEANUP(xfree) char *command = xasprintf("%s \"$@\"", editor());
	int status;
	pid_t pid = fork();

	if (pid < 0)
		return error_errno("fork");
	if (!pid) {
		execl("/bin/sh", "sh", "-c", command, editor(), path,
		      (char *)NULL);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return error_errno("%s", editor());
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		return error_new(ERROR_UNAVAILABLE,
				 "%s did not end well; nothing was changed",
				 editor());
	return NULL;
}

/* @text as a person leaves it; *path is the file, the caller's. */
static const struct error *
edit_text(struct buf *out, char **path, struct span text)
{
	const char *dir = getenv("TMPDIR");
	const struct error *err;
	int fd;

	*path = xasprintf("%s/pvwatch-XXXXXX", dir && *dir ? dir : "/tmp");
	fd = mkstemp(*path);
	if (fd < 0)
		return error_errno("%s", *path);
	err = write_file(fd, *path, text);
	if (close(fd) && !err)
		err = error_errno("%s", *path);
	if (!err)
		err = run_editor(*path);
	if (!err)
		err = buf_read_file(out, *path);
	if (err)
		unlink(*path);
	return err;
}

static const struct error *
apply(struct request *request, struct arena *arena, struct span text,
      const struct address *from)
{
	struct address us = { "", NULL };
	struct draft draft;
	const struct error *err = draft_read(&draft, arena, text);

	if (from && addrspec_valid(span_of(from->addr)))
		us = *from;
	if (!err)
		err = draft_apply(&request->text, arena, request->text, &draft,
				  us);
	if (!err)
		request->subject = draft.subject;
	return err;
}

const struct error *
editor_request(struct request *request, struct arena *arena,
	       const struct address *from)
{
	CLEANUP(xfree) char *path = NULL;
	CLEANUP(buf_free) struct buf was = BUF(LIMIT_MAIL_BYTES);
	CLEANUP(buf_free) struct buf now = BUF(LIMIT_MAIL_BYTES);
	struct draft draft;
	const struct error *err = draft_of(&draft, arena, request->text);

	if (err)
		return err;
	draft_write(&was, &draft);
	err = edit_text(&now, &path, buf_span(&was));
	if (err)
		return err;
	err = apply(request, arena, buf_span(&now), from);
	if (err)
		return error_wrap(err, "the text is kept in %s", path);
	unlink(path);
	return NULL;
}
