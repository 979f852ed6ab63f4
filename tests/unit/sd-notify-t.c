#include "bot/sd-notify.h"

#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "tests/unit/scratch.h"
#include "tests/unit/tap.h"

/* systemd's end. */
static int
listen_at(const char *name)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	size_t n = strlen(name);
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	memcpy(at.sun_path, name, n);
	if (name[0] == '@')
		at.sun_path[0] = '\0';
	if (fd < 0 ||
	    bind(fd, (const struct sockaddr *)&at,
		 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n)))
		scratch_bail(name);
	return fd;
}

static const char *
received(int fd)
{
	static char text[4096];
	ssize_t n = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);

	if (n < 0)
		return NULL;
	text[n] = '\0';
	return text;
}

static void
test_messages(const char *name, const char *what)
{
	int fd = listen_at(name);
	struct sd_notify notify;
	const char *text;

	setenv("NOTIFY_SOCKET", name, 1);
	sd_notify_open(&notify);
	sd_notify(&notify, "READY=1\nSTATUS=%d sources", 3);
	is_str(received(fd), "READY=1\nSTATUS=3 sources", what);
	sd_notify_reloading(&notify);
	text = received(fd);
	ok(text && !strncmp(text, "RELOADING=1\nMONOTONIC_USEC=", 27) &&
		   strtoll(text + 27, NULL, 10) > 0,
	   "reloading, with the time");
	/* Nobody reads: the queue is full one day. */
	for (int i = 0; i < 10000; i++)
		sd_notify(&notify, "WATCHDOG=1");
	ok(true, "a full queue does not stop us");
	close(fd);
	sd_notify(&notify, "STOPPING=1");
	ok(true, "nor does a manager that left");
	sd_notify_close(&notify);
}

static void
test_nobody(void)
{
	static const char *const names[] = { "", "@", "relative", "/no/such" };
	struct sd_notify notify;
	char *huge = xmalloc(200);

	unsetenv("NOTIFY_SOCKET");
	sd_notify_open(&notify);
	is_int(notify.fd, -1, "nobody asked");
	sd_notify(&notify, "READY=1");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		setenv("NOTIFY_SOCKET", names[i], 1);
		sd_notify_open(&notify);
		is_int(notify.fd, -1, names[i]);
	}
	memset(huge, 'x', 199);
	huge[0] = '/';
	huge[199] = '\0';
	setenv("NOTIFY_SOCKET", huge, 1);
	sd_notify_open(&notify);
	is_int(notify.fd, -1, "longer than an address can be");
	sd_notify_close(&notify);
	free(huge);
}

static int64_t
watchdog(const char *usec, const char *pid)
{
	struct sd_notify notify;

	setenv("WATCHDOG_USEC", usec, 1);
	setenv("WATCHDOG_PID", pid, 1);
	sd_notify_open(&notify);
	sd_notify_close(&notify);
	return notify.watchdog_us;
}

static void
test_watchdog(void)
{
	char *ours = xasprintf("%ld", (long)getpid());
	int fd = listen_at("watched");
	char *name = xasprintf("%s/watched", scratch);

	setenv("NOTIFY_SOCKET", name, 1);
	is_int(watchdog("3000000", ours), 3000000, "ours to feed");
	is_int(watchdog("3000000", "1"), 0, "another process's");
	is_int(watchdog("often", ours), 0, "no number");
	close(fd);
	free(name);
	free(ours);
}

int
main(void)
{
	char *path, *abstract;

	scratch_enter();
	path = xasprintf("%s/socket", scratch);
	abstract = xasprintf("@pvwatch-test-%ld", (long)getpid());
	test_messages(path, "to a path");
	test_messages(abstract, "to an abstract name");
	test_nobody();
	test_watchdog();
	free(path);
	free(abstract);
	return done_testing();
}
