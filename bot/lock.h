/*
 * lock.h - one daemon a database
 *
 * A lock on "<database>.lock", which dies with its process however that dies;
 * the file stays, and holds the process id for people. It is a lock of
 * fcntl(2) for open files (F_OFD_SETLK): unlike flock(2)'s it can be asked
 * for without being taken, so that "status" never stands in the way of a
 * daemon that starts.
 */
#ifndef BOT_LOCK_H
#define BOT_LOCK_H

#include <stdbool.h>

#include "attr.h"

struct error;

struct lock {
	int fd;	    /* -1: not held */
	char *path; /* of the lock; owned */
};

/* ERROR_TEMPORARY, with the process id, when somebody has it. */
MUST_CHECK const struct error *lock_take(struct lock *out,
					 const char *database);
/* Is it that of @database? */
bool lock_is_of(const struct lock *lock, const char *database);
void lock_drop(struct lock *lock);

/* The process that holds it; 0: none does, -1: one that did not say. */
MUST_CHECK const struct error *lock_holder(long *pid, const char *database);

#endif
