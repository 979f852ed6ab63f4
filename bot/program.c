#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "buf.h"
#include "error.h"

extern char **environ;

enum {
	TICK_MS = 100,
	LAST_TICK_MS = 5,   /* it is about to end */
	PATIENCE_MS = 2000, /* between asking it to end and killing it */
	NOT_RUN = 127,
};

struct running {
	const struct program *program;
	pid_t pid;
	int out; /* our end of what it says; -1: it has closed its */
	int64_t begun_ms;
	int64_t ending_ms; /* when it was told to end; 0: it was not */
	enum program_end why;
	struct buf *said;
};

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/*
 * In the new process, where other threads of ours are not, but their locks
 * may be: system calls only. SIGTERM, since git then removes its lock files.
 */
static void
settle_in(const struct program *program, int out, pid_t parent)
{
	const struct rlimit no_core = { 0, 0 };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	bool keeps_stdout = program->keep == PROGRAM_STDOUT;
	sigset_t none;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(1);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	setrlimit(RLIMIT_CORE, &no_core);
	if (program->file_max) {
		const struct rlimit max = { (rlim_t)program->file_max,
					    (rlim_t)program->file_max };

		setrlimit(RLIMIT_FSIZE, &max);
	}
	if (dup2(null, STDIN_FILENO) < 0 ||
	    dup2(keeps_stdout ? out : null, STDOUT_FILENO) < 0 ||
	    dup2(keeps_stdout ? null : out, STDERR_FILENO) < 0)
		_exit(1);
}

NORETURN static void
become(const struct program *program, int out, pid_t parent)
{
	char *const *argv, *const *envp = environ;

	/* exec(3) promises to leave them alone; its type does not. */
	memcpy(&argv, &program->argv, sizeof(argv));
	if (program->envp)
		memcpy(&envp, &program->envp, sizeof(envp));
	settle_in(program, out, parent);
	execvpe(argv[0], argv, envp);
	_exit(NOT_RUN);
}

static const struct error *
start(struct running *running)
{
	const struct program *program = running->program;
	pid_t parent = getpid();
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_errno("%s", program->argv[0]);
	running->pid = fork();
	if (!running->pid)
		become(program, ends[1], parent);
	close(ends[1]);
	running->out = ends[0];
	running->begun_ms = now_ms();
	if (running->pid < 0) {
		close(ends[0]);
		return error_errno("%s", program->argv[0]);
	}
	setpgid(running->pid, running->pid); /* whoever of us is first */
	return NULL;
}

/* What it said within @ms; false: nothing. */
static bool
hear(struct running *running, int ms)
{
	struct pollfd poller = { .fd = running->out, .events = POLLIN };
	char bytes[4096];
	ssize_t n;

	/* Without a pipe this is a pause. */
	if (poll(&poller, 1, ms) <= 0)
		return false;
	n = read(running->out, bytes, sizeof(bytes));
	if (n > 0) {
		buf_add(running->said, bytes, (size_t)n);
	} else if (n == 0 || errno != EINTR) {
		close(running->out);
		running->out = -1;
	}
	return n > 0;
}

/* Is it time to end it? First kindly, then not. */
static void
watch(struct running *running)
{
	const struct program *program = running->program;
	int64_t now = now_ms();

	if (running->ending_ms) {
		if (now - running->ending_ms > PATIENCE_MS)
			kill(-running->pid, SIGKILL);
		return;
	}
	if (program->stop && program->stop(program->arg))
		running->why = PROGRAM_STOPPED;
	else if (program->deadline_ms &&
		 now - running->begun_ms > program->deadline_ms)
		running->why = PROGRAM_LATE;
	else
		return;
	running->ending_ms = now;
	kill(-running->pid, SIGTERM);
}

/* It has ended; what it left behind in its group has not, perhaps. */
static bool
has_ended(const struct running *running)
{
	siginfo_t info = { .si_pid = 0 };

	if (waitid(P_PID, (id_t)running->pid, &info,
		   WEXITED | WNOHANG | WNOWAIT) < 0)
		return errno == ECHILD;
	return info.si_pid != 0;
}

static const struct error *
collect(int *status, struct running *running)
{
	const char *name = running->program->argv[0];
	int how = 0;

	kill(-running->pid, SIGKILL);
	while (hear(running, 0))
		;
	if (running->out >= 0)
		close(running->out);
	if (waitpid(running->pid, &how, 0) < 0)
		return error_errno("%s", name);
	if (running->ending_ms)
		return NULL;
	running->why = WIFEXITED(how) ? PROGRAM_EXITED : PROGRAM_DIED;
	*status = WIFEXITED(how) ? WEXITSTATUS(how) : -1;
	if (*status == NOT_RUN)
		return error_new(ERROR_UNAVAILABLE, "%s cannot be run", name);
	return NULL;
}

const struct error *
program_run(enum program_end *end, int *status, struct buf *said,
	    const struct program *program)
{
	struct running running = { .program = program, .said = said };
	const struct error *err = start(&running);

	if (err)
		return err;
	while (!has_ended(&running)) {
		hear(&running, running.out >= 0 ? TICK_MS : LAST_TICK_MS);
		watch(&running);
	}
	*status = -1;
	err = collect(status, &running);
	*end = running.why;
	return err;
}
