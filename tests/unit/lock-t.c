#include "bot/lock.h"

#include <signal.h>
#include <sys/wait.h>

#include "tests/unit/scratch.h"
#include "tests/unit/tap.h"

/* Another process that holds the lock until it is killed. */
static pid_t
other_holder(const char *database)
{
	int ready[2];
	char c;
	pid_t pid;

	fflush(stdout);
	if (pipe(ready))
		abort();
	pid = fork();
	if (!pid) {
		struct lock lock;

		if (lock_take(&lock, database) || write(ready[1], "x", 1) != 1)
			_exit(1);
		pause();
	}
	close(ready[1]);
	if (read(ready[0], &c, 1) != 1)
		scratch_bail("no other holder");
	close(ready[0]);
	return pid;
}

int
main(void)
{
	struct lock lock = { .fd = -1 };
	char *message;
	long pid = 7;
	pid_t other;

	scratch_enter();
	put("d.db", "");
	sh("ln -s d.db link.db");
	succeeds(lock_holder(&pid, "d.db"), "no lock yet");
	is_int(pid, 0, "nobody holds it");

	other = other_holder("d.db");
	succeeds(lock_holder(&pid, "d.db"), "asked for");
	is_int(pid, other, "the other holds it");
	message = xasprintf("(process %ld)", (long)other);
	fails(lock_take(&lock, "d.db"), ERROR_TEMPORARY, message,
	      "held by the other");
	fails(lock_take(&lock, "link.db"), ERROR_TEMPORARY, message,
	      "under another name as well");
	kill(other, SIGKILL);
	waitpid(other, NULL, 0);
	succeeds(lock_holder(&pid, "d.db"), "it was killed");
	is_int(pid, 0, "a lock dies with its process");

	succeeds(lock_take(&lock, "d.db"), "free again");
	ok(lock_is_of(&lock, "link.db"), "by any name");
	ok(!lock_is_of(&lock, "e.db"), "not another's");
	succeeds(lock_holder(&pid, "d.db"), "asked for");
	is_int(pid, getpid(), "ours; to ask does not drop it");
	lock_drop(&lock);
	succeeds(lock_holder(&pid, "d.db"), "dropped");
	is_int(pid, 0, "is dropped");
	fails(lock_take(&lock, "no/dir.db"), ERROR_NOINPUT, "no/dir.db",
	      "no directory");
	free(message);
	return done_testing();
}
