/*
 * git-program.h - git itself, for what libgit2 is not asked to do
 *
 * Where git and the tools around it keep their own settings, git knows best
 * how they are found and written.
 */
#ifndef BOT_GIT_PROGRAM_H
#define BOT_GIT_PROGRAM_H

#include "attr.h"

struct error;

enum { GIT_PROGRAM_ARGS = 8 };

/*
 * Run git with @args, GIT_PROGRAM_ARGS at most, NULL-terminated. *status is
 * its exit status, *out what it printed without newlines at the end, owned;
 * what it says on standard error is not shown. ERROR_UNAVAILABLE: there is no
 * git.
 */
MUST_CHECK
const struct error *git_program(char **out, int *status,
				const char *const *args);

#endif
