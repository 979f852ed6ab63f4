/*
 * timed.c - how long a command takes, and how much memory
 *
 *   timed RUNS COMMAND [ARGUMENT]...
 *
 * Prints the medians of RUNS runs, wall time and CPU time in milliseconds, and
 * the largest resident set in KiB. Output of the command is thrown away; one
 * that cannot be started, or dies of a signal, is an error.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { RUNS_MAX = 1000 };

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double
cpu_ms(const struct rusage *usage)
{
	return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1e3 +
	       (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) /
		       1e3;
}

static void
run(char **argv)
{
	int null = open("/dev/null", O_WRONLY);

	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	execvp(argv[0], argv);
	_exit(127);
}

static int
by_value(const void *a, const void *b)
{
	const double *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

int
main(int argc, char **argv)
{
	static double wall[RUNS_MAX], cpu[RUNS_MAX];
	struct rusage usage;
	long kib = 0;
	long n = argc > 2 ? strtol(argv[1], NULL, 10) : 0;

	if (n < 1 || n > RUNS_MAX)
		return 64;
	for (long i = 0; i < n; i++) {
		double start = now_ms();
		pid_t child = fork();
		int status;

		if (!child)
			run(argv + 2);
		if (child < 0 || wait4(child, &status, 0, &usage) < 0 ||
		    !WIFEXITED(status) || WEXITSTATUS(status) >= 126) {
			fprintf(stderr, "timed: %s failed\n", argv[2]);
			return 70;
		}
		wall[i] = now_ms() - start;
		cpu[i] = cpu_ms(&usage);
		kib = usage.ru_maxrss > kib ? usage.ru_maxrss : kib;
	}
	qsort(wall, (size_t)n, sizeof(wall[0]), by_value);
	qsort(cpu, (size_t)n, sizeof(cpu[0]), by_value);
	printf("%.1f %.1f %ld\n", wall[n / 2], cpu[n / 2], kib);
	return 0;
}
