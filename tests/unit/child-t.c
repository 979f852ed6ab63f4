#include "bot/child.h"

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/tap.h"

struct shared {
	_Atomic unsigned beats;
	_Atomic int told;
	_Atomic pid_t pid;
};

static void
tell(void *arg)
{
	struct shared *shared = arg;

	shared->told = 7;
	puts("not ok - what a child prints is seen");
	fflush(stdout);
}

static void
leave(void *arg)
{
	(void)arg;
	exit(0); /* as a library might */
}

static void
crash(void *arg)
{
	(void)arg;
	abort();
}

static void
hang(void *arg)
{
	struct shared *shared = arg;

	signal(SIGTERM, SIG_IGN);
	shared->pid = getpid();
	for (;;)
		pause();
}

/* Longer in all than it may be silent. */
static void
plod(void *arg)
{
	struct shared *shared = arg;

	for (int i = 0; i < 12; i++) {
		usleep(50000);
		shared->beats++;
	}
}

static int
end_of(struct shared *shared, void (*work)(void *arg))
{
	const struct child_work w = { work, shared, &shared->beats, 400 };
	enum child_end end = CHILD_DIED;

	fflush(stdout);
	succeeds(child_run(&end, &w), "it runs");
	return (int)end;
}

/* Who runs a child is killed: the child goes as well. */
static void
test_orphan(struct shared *shared)
{
	pid_t parent;
	int status;

	prctl(PR_SET_CHILD_SUBREAPER, 1); /* orphans come to us */
	shared->pid = 0;
	fflush(stdout);
	parent = fork();
	if (!parent) {
		end_of(shared, hang);
		_exit(0);
	}
	while (!shared->pid)
		usleep(1000);
	kill(parent, SIGKILL);
	waitpid(parent, NULL, 0);
	ok(waitpid(shared->pid, &status, 0) == shared->pid &&
		   WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL,
	   "no child outlives us");
}

int
main(void)
{
	struct shared *shared = child_share(sizeof(*shared));

	is_int(end_of(shared, tell), CHILD_DONE, "work that returns");
	is_int(shared->told, 7, "and told something");
	is_int(end_of(shared, leave), CHILD_DIED, "work that exits");
	is_int(end_of(shared, crash), CHILD_DIED, "work that aborts");
	is_int(end_of(shared, hang), CHILD_SILENT, "work that hangs");
	ok(kill(shared->pid, 0) < 0, "is killed and reaped");
	is_int(end_of(shared, plod), CHILD_DONE, "work that takes its time");
	test_orphan(shared);
	child_unshare(shared, sizeof(*shared));
	return done_testing();
}
