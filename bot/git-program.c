#include "git-program.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "alloc.h"
#include "buf.h"
#include "error.h"
#include "limits.h"

extern char **environ;

/* Start it with @fd as its standard output. */
static int
spawn(pid_t *pid, int fd, const char *const *args)
{
	char git[] = "git", *argv[GIT_PROGRAM_ARGS + 2] = { git };
	posix_spawn_file_actions_t files;
	int rc;

	for (size_t i = 0; args[i]; i++) {
		assert(i < GIT_PROGRAM_ARGS);
		/* exec(3) promises to leave them alone; its type does not */
		memcpy(&argv[i + 1], &args[i], sizeof(argv[0]));
	}
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, fd, 1);
	posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
	rc = posix_spawnp(pid, git, &files, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&files);
	return rc;
}

static const struct error *
wait_for(int *status, pid_t pid)
{
	int how;

	while (waitpid(pid, &how, 0) < 0)
		if (errno != EINTR)
			return error_errno("git");
	if (!WIFEXITED(how))
		return error_new(ERROR_IO, "git was killed by a signal");
	*status = WEXITSTATUS(how);
	if (*status == 127)
		return error_new(ERROR_UNAVAILABLE, "git cannot be run");
	return NULL;
}

const struct error *
git_program(char **out, int *status, const char *const *args)
{
	CLEANUP(buf_free) struct buf text = BUF(LIMIT_OUTPUT_BYTES);
	const struct error *err, *waited;
	int fds[2], rc;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return error_errno("pipe");
	rc = spawn(&pid, fds[1], args);
	close(fds[1]);
	if (rc) {
		close(fds[0]);
		return error_new(ERROR_UNAVAILABLE, "git: %s", strerror(rc));
	}
	err = buf_read_fd(&text, fds[0], "git");
	close(fds[0]);
	waited = wait_for(status, pid);
	if (err) {
		error_free(waited);
		return err;
	}
	if (waited)
		return waited;
	while (text.len && text.data[text.len - 1] == '\n')
		text.data[--text.len] = '\0';
	*out = xstrdup(buf_str(&text));
	return NULL;
}
