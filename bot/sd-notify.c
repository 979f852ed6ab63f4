#include "sd-notify.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "alloc.h"

/* Connected, so that a message needs no address; -1 when it cannot be. */
static int
connect_to(const char *name)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t n = strlen(name);
	socklen_t len;
	int fd;

	if ((name[0] != '/' && name[0] != '@') || !name[1] ||
	    n >= sizeof(to.sun_path))
		return -1;
	memcpy(to.sun_path, name, n);
	if (name[0] == '@')
		to.sun_path[0] = '\0';
	/* The length tells an abstract name's end; a path has its NUL. */
	len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n +
			  (name[0] == '/'));
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (connect(fd, (const struct sockaddr *)&to, len) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* A number in the environment; 0: none. */
static int64_t
number_of(const char *name)
{
	const char *text = getenv(name);
	int64_t n;
	char *end;

	if (!text || !*text)
		return 0;
	n = strtoll(text, &end, 10);
	return *end || n < 0 ? 0 : n;
}

void
sd_notify_open(struct sd_notify *out)
{
	const char *name = getenv("NOTIFY_SOCKET");
	int64_t pid = number_of("WATCHDOG_PID");

	*out = (struct sd_notify){ .fd = name ? connect_to(name) : -1 };
	/* Meant for another process when it names one. */
	if (out->fd >= 0 && (!pid || pid == getpid()))
		out->watchdog_us = number_of("WATCHDOG_USEC");
}

void
sd_notify_close(struct sd_notify *notify)
{
	if (notify->fd >= 0)
		close(notify->fd);
	notify->fd = -1;
}

void
sd_notify(const struct sd_notify *notify, const char *fmt, ...)
{
	CLEANUP(xfree) char *text = NULL;
	va_list ap;

	if (notify->fd < 0)
		return;
	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		abort();
	va_end(ap);
	/* A full queue must not hold the service up. */
	if (send(notify->fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT) <
	    0)
		return;
}

void
sd_notify_reloading(const struct sd_notify *notify)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	sd_notify(notify, "RELOADING=1\nMONOTONIC_USEC=%" PRId64,
		  (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000);
}
