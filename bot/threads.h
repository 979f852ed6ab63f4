/*
 * threads.h - what is known of each thread while judging
 *
 * Who wrote or received any mail of it, and which parts of a series came.
 * The thread of a mail is named by its root: the first of References, else
 * In-Reply-To, else its own Message-ID (store_thread_root() has the same).
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

/* The id of the thread; NULL when @mail has none at all. */
const char *thread_root(const struct mail *mail);

#endif
