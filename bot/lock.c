#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alloc.h"
#include "error.h"

/* Two names of one database, a link say, have one lock. */
static char *
lock_path(const char *database)
{
	char *real = realpath(database, NULL);
	char *path = xasprintf("%s.lock", real ? real : database);

	free(real);
	return path;
}

static struct flock
whole_file(short type)
{
	return (struct flock){ .l_type = type, .l_whence = SEEK_SET };
}

/* -1: nothing that is a process id. */
static long
read_pid(int fd)
{
	char text[32];
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
	long pid;

	if (n <= 0)
		return -1;
	text[n] = '\0';
	pid = strtol(text, NULL, 10);
	return pid > 0 ? pid : -1;
}

static const struct error *
write_pid(int fd, const char *path)
{
	char text[32];
	int n = snprintf(text, sizeof(text), "%ld\n", (long)getpid());

	if (ftruncate(fd, 0) < 0 || pwrite(fd, text, (size_t)n, 0) != n)
		return error_errno("%s", path);
	return NULL;
}

static const struct error *
acquire(int fd, const char *path)
{
	struct flock lock = whole_file(F_WRLCK);

	if (fcntl(fd, F_OFD_SETLK, &lock) == 0)
		return write_pid(fd, path);
	if (errno != EAGAIN && errno != EACCES)
		return error_errno("%s", path);
	return error_new(ERROR_TEMPORARY,
			 "%s: another pvwatch is running on it (process %ld)",
			 path, read_pid(fd));
}

const struct error *
lock_take(struct lock *out, const char *database)
{
	CLEANUP(xfree) char *path = lock_path(database);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	const struct error *err;

	if (fd < 0)
		return error_errno("%s", path);
	err = acquire(fd, path);
	if (err) {
		close(fd);
		return err;
	}
	*out = (struct lock){ .fd = fd, .path = TAKE(path) };
	return NULL;
}

bool
lock_is_of(const struct lock *lock, const char *database)
{
	CLEANUP(xfree) char *path = lock_path(database);

	return lock->fd >= 0 && !strcmp(lock->path, path);
}

void
lock_drop(struct lock *lock)
{
	if (lock->fd >= 0)
		close(lock->fd);
	free(lock->path);
	*lock = (struct lock){ .fd = -1 };
}

const struct error *
lock_holder(long *pid, const char *database)
{
	CLEANUP(xfree) char *path = lock_path(database);
	struct flock lock = whole_file(F_WRLCK);
	const struct error *err = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	*pid = 0;
	if (fd < 0)
		return errno == ENOENT ? NULL : error_errno("%s", path);
	if (fcntl(fd, F_OFD_GETLK, &lock) < 0)
		err = error_errno("%s", path);
	else if (lock.l_type != F_UNLCK)
		*pid = read_pid(fd);
	close(fd);
	return err;
}
