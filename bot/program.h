/*
 * program.h - another program, run to its end or to a deadline
 *
 * It has a process group of its own, which ends as a whole. When we are killed
 * the program is told to end; what it started may notice later. No shell is
 * between.
 */
#ifndef BOT_PROGRAM_H
#define BOT_PROGRAM_H

#include <stdbool.h>

#include "attr.h"

struct buf;
struct error;

enum program_output {
	PROGRAM_STDOUT, /* what it prints is kept, what it complains is not */
	PROGRAM_STDERR, /* the other way round */
};

struct program {
	const char *const *argv; /* argv[0] is looked for in $PATH */
	const char *const *envp; /* NULL: our environment */
	enum program_output keep;
	long deadline_ms; /* 0: none */
	/* Bytes that no file it writes may exceed; 0: any number. */
	long long file_max;
	/* Called every 100 ms or so: true ends the program; NULL. */
	bool (*stop)(void *arg);
	void *arg;
};

enum program_end {
	PROGRAM_EXITED,
	PROGRAM_DIED,	 /* of a signal */
	PROGRAM_LATE,	 /* killed at its deadline */
	PROGRAM_STOPPED, /* killed, since stop() said so */
};

/*
 * Run it. *status is its exit status when it exited; what it said is added to
 * @said, up to its ceiling, and thrown away past it. ERROR_UNAVAILABLE: there
 * is no such program.
 */
MUST_CHECK
const struct error *program_run(enum program_end *end, int *status,
				struct buf *said,
				const struct program *program);

#endif
