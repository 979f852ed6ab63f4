/*
 * threads.h - what is known of each thread while judging
 *
 * Who wrote or received any mail of it. A mail belongs to the thread of its
 * parent, when that was seen, else to the one that the first of References
 * names, else it begins one. Patches that nobody has sent yet have no
 * Message-ID: those of one author are a thread. series.h knows their series.
 */
#ifndef BOT_THREADS_H
#define BOT_THREADS_H

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

#endif
