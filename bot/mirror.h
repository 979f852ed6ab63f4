/*
 * mirror.h - a bare repository of ours that follows one of a server's
 *
 * git itself fetches: it knows proxies, TLS 1.3, shallow clones and how to end
 * when a server is silent. It runs with a deadline, with nobody's
 * configuration, and speaks http and https only. libgit2 reads what came.
 */
#ifndef BOT_MIRROR_H
#define BOT_MIRROR_H

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"

struct error;
struct network;

struct mirror {
	const char *dir; /* below a directory that is there, or is made */
	const char *url;
	/* What is wanted of its history: from this time on; 0: all. One that
	   is whole stays whole. */
	int64_t since;
	/* See to it that the mirror goes back as far; else it goes on from
	   where it is. */
	bool deepen;
};

/*
 * Bring the mirror's HEAD to the server's, whatever became of history there.
 * Nobody else may work on it meanwhile. ERROR_UNAVAILABLE: the server was not
 * reached, said no, was silent, or the deadline came; the mirror is as before.
 */
MUST_CHECK
const struct error *mirror_fetch(const struct mirror *mirror,
				 struct network *network);

#endif
