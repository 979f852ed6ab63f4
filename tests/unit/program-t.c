/* program: another program, its end, and the end that it is given */
#include "bot/program.h"

#include <time.h>
#include <unistd.h>

#include "bot/attr.h"
#include "bot/buf.h"
#include "tests/unit/scratch.h"
#include "tests/unit/tap.h"

static bool
stop_at_once(void *arg)
{
	int *asked = arg;

	return ++*asked > 1;
}

/* Run @command with a shell; what is said and how it ends. */
static enum program_end
run(struct buf *said, int *status, struct program program, const char *command)
{
	const char *const argv[] = { "sh", "-c", command, NULL };
	enum program_end end = PROGRAM_EXITED;

	program.argv = argv;
	buf_clear(said);
	succeeds(program_run(&end, status, said, &program), command);
	return end;
}

static void
test_ends(struct buf *said)
{
	const char *const none[] = { "no-such-program", NULL };
	const char *const env[] = { "A=b", "PATH=/usr/bin:/bin", NULL };
	const struct program out = { .keep = PROGRAM_STDOUT };
	const struct program complaints = { .keep = PROGRAM_STDERR };
	const struct program own = { .envp = env };
	enum program_end end;
	int status;

	is_int(run(said, &status, out, "echo a; echo b >&2; exit 3"),
	       PROGRAM_EXITED, "it exits");
	is_int(status, 3, "with a status");
	is_str(buf_str(said), "a\n", "what it prints is kept");
	run(said, &status, complaints, "echo a; echo b >&2; cat");
	is_str(buf_str(said), "b\n", "or what it complains of");
	run(said, &status, own, "echo $A$HOME");
	is_str(buf_str(said), "b\n", "its environment");
	is_int(run(said, &status, out, "kill -9 $$"), PROGRAM_DIED, "it dies");
	run(said, &status, out, "yes | head -c 100000");
	ok(said->len > 1000 && said->len <= 10000,
	   "no more than the buffer holds");
	fails(program_run(&end, &status, said,
			  &(struct program){ .argv = none }),
	      ERROR_UNAVAILABLE, "no-such-program", "there is none");
}

static void
test_killed(struct buf *said)
{
	const struct program late = { .deadline_ms = 300 };
	const struct program large = { .file_max = 1000 };
	int asked = 0, status;
	const struct program stopped = { .stop = stop_at_once, .arg = &asked };
	time_t begun = time(NULL);

	/* What it starts keeps the pipe open, and goes with it. */
	is_int(run(said, &status, late, "sleep 60 & echo $!; wait"),
	       PROGRAM_LATE, "the deadline");
	/* A zombie is, when nobody has buried it. */
	sh("! grep -s '^State:.[^Z]' /proc/%ld/status",
	   strtol(buf_str(said), NULL, 10));
	is_int(run(said, &status, late, "trap '' TERM; sleep 60"), PROGRAM_LATE,
	       "it may not refuse");
	is_int(run(said, &status, stopped, "sleep 60"), PROGRAM_STOPPED,
	       "told to stop");
	is_int(run(said, &status, (struct program){ .keep = PROGRAM_STDOUT },
		   "sleep 60 & exit 0"),
	       PROGRAM_EXITED, "nothing is left behind");
	ok(time(NULL) - begun < 30, "nobody waited for a minute");
	run(said, &status, large, "head -c 5000 /dev/zero >large");
	sh("test $(wc -c <large) -le 1000");
	ok(status != 0, "no file larger than it may be");
}

int
main(void)
{
	CLEANUP(buf_free) struct buf said = BUF(10000);

	scratch_enter();
	test_ends(&said);
	test_killed(&said);
	return done_testing();
}
