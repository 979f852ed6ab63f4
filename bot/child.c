#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "error.h"

enum {
	DONE = 'd', /* what the child writes when work() has returned */
	TICK_MS = 100,
};

void *
child_share(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		abort();
	return p;
}

void
child_unshare(void *p, size_t size)
{
	if (p)
		munmap(p, size);
}

static long
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000L + t.tv_nsec / 1000000;
}

/* Nothing of the child may outlive us, or reach our terminal. */
static void
settle_in(pid_t parent)
{
	const struct rlimit no_core = { 0, 0 };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	setrlimit(RLIMIT_CORE, &no_core);
	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
	}
}

NORETURN static void
live(const struct child_work *work, int out, pid_t parent)
{
	const char done = DONE;

	settle_in(parent);
	work->work(work->arg);
	/* Not exit(): buffers and handlers are our parent's. */
	_exit(write(out, &done, 1) == 1 ? 0 : 1);
}

/* Until the pipe says something, which it does at the latest when the process
   ends; false: nothing was heard for too long. */
static bool
hear(int in, const struct child_work *work)
{
	struct pollfd poller = { .fd = in, .events = POLLIN };
	unsigned beats = atomic_load(work->beats);
	long since = now_ms();

	while (poll(&poller, 1, TICK_MS) <= 0) {
		if (beats != atomic_load(work->beats)) {
			beats = atomic_load(work->beats);
			since = now_ms();
		} else if (now_ms() - since > work->silence_ms) {
			return false;
		}
	}
	return true;
}

static enum child_end
attend(pid_t pid, int in, const struct child_work *work)
{
	enum child_end end = CHILD_DIED;
	char said = 0;

	if (!hear(in, work)) {
		end = CHILD_SILENT;
		kill(pid, SIGKILL);
	} else if (read(in, &said, 1) == 1 && said == DONE) {
		end = CHILD_DONE;
	}
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return end;
}

const struct error *
child_run(enum child_end *end, const struct child_work *work)
{
	const struct error *err = NULL;
	pid_t pid, parent = getpid();
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_errno("pipe");
	pid = fork();
	if (pid < 0)
		err = error_errno("fork");
	if (!pid)
		live(work, ends[1], parent);
	close(ends[1]);
	if (!err)
		*end = attend(pid, ends[0], work);
	close(ends[0]);
	return err;
}
