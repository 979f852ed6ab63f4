/*
 * threads.h - what is known of each thread while judging
 *
 * Who wrote or received any mail of it, and which parts of a series came. A
 * mail belongs to the thread of its parent, when that was seen, else to the
 * one that the first of References names, else it begins one. Patches that
 * nobody has sent yet have no Message-ID: those of one author are a thread.
 * The whole of b4's series model comes later; its place is here.
 */
#ifndef BOT_THREADS_H
#define BOT_THREADS_H

#include <stdbool.h>

#include "address.h"
#include "attr.h"

struct arena;
struct mail;
struct threads;

struct threads *threads_new(void);
void threads_free(struct threads *threads);
DEFINE_AUTOFREE(threads, threads_free);

/* Remember a mail; what is kept of it is a copy. */
void threads_add(struct threads *threads, const struct mail *mail);
/* Append all who wrote, or were on To or Cc of, a mail of @mail's thread. */
void threads_asked(struct addresses *out, struct arena *arena,
		   const struct threads *threads, const struct mail *mail);
/* All parts of the series version that @mail belongs to were seen; a patch
   that is not numbered is complete. */
bool threads_complete(const struct threads *threads, const struct mail *mail);

/* The two are patches of one posting: thread, author, version and number. */
bool threads_same_series(const struct threads *threads, const struct mail *a,
			 const struct mail *b);

#endif
