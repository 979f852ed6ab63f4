#include "threads.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "arena.h"
#include "mail.h"

/* Parts past this are not counted: such a series is never complete. */
enum { PARTS_MAX = 1024 };

struct series_seen {
	unsigned version, total, nparts;
	bool parts[PARTS_MAX + 1];
	struct series_seen *next;
};

struct thread {
	const char *root; /* first: the tree's comparison reads it */
	struct addresses asked;
	struct series_seen *series;
};

struct threads {
	struct arena *arena;
	void *by_root; /* tsearch(3) */
};

static int
compare(const void *a, const void *b)
{
	const struct thread *left = a, *right = b;

	return strcmp(left->root, right->root);
}

static void
keep(void *node UNUSED)
{
	/* Threads live in the arena. */
}

struct threads *
threads_new(void)
{
	struct threads *threads = xcalloc(1, sizeof(*threads));

	threads->arena = arena_new();
	return threads;
}

void
threads_free(struct threads *threads)
{
	if (!threads)
		return;
	tdestroy(threads->by_root, keep);
	arena_free(threads->arena);
	free(threads);
}

const char *
thread_root(const struct mail *mail)
{
	if (mail->references.n)
		return mail->references.v[0];
	return mail->in_reply_to ? mail->in_reply_to : mail->msgid;
}

static struct thread *
find(const struct threads *threads, const char *root)
{
	struct thread key = { .root = root };
	void *const *node = tfind(&key, &threads->by_root, compare);

	return node ? *node : NULL;
}

static struct thread *
find_or_add(struct threads *threads, const char *root)
{
	struct thread *thread = find(threads, root);

	if (thread)
		return thread;
	thread = ARENA_NEW(threads->arena, struct thread);
	thread->root = arena_strdup(threads->arena, root);
	if (!tsearch(thread, &threads->by_root, compare))
		abort();
	return thread;
}

static bool
knows(const struct thread *thread, const char *addr)
{
	for (size_t i = 0; i < thread->asked.n; i++)
		if (!strcmp(thread->asked.v[i].addr, addr))
			return true;
	return false;
}

static void
remember(struct threads *threads, struct thread *thread, struct address who)
{
	struct address copy;

	if (!who.addr || !*who.addr || knows(thread, who.addr))
		return;
	copy.addr = arena_strdup(threads->arena, who.addr);
	copy.name = arena_strdup(threads->arena, who.name);
	addresses_add(&thread->asked, threads->arena, copy);
}

static struct series_seen *
series_of(const struct thread *thread, const struct subject *prefix)
{
	struct series_seen *s = thread->series;

	while (s &&
	       (s->version != prefix->version || s->total != prefix->total))
		s = s->next;
	return s;
}

static void
count_part(struct threads *threads, struct thread *thread,
	   const struct subject *prefix)
{
	struct series_seen *s = series_of(thread, prefix);

	if (!prefix->total || prefix->reply || prefix->total > PARTS_MAX ||
	    !prefix->part || prefix->part > prefix->total)
		return;
	if (!s) {
		s = ARENA_NEW(threads->arena, struct series_seen);
		s->version = prefix->version;
		s->total = prefix->total;
		s->next = thread->series;
		thread->series = s;
	}
	s->nparts += !s->parts[prefix->part];
	s->parts[prefix->part] = true;
}

void
threads_add(struct threads *threads, const struct mail *mail)
{
	const char *root = thread_root(mail);
	struct thread *thread;

	if (!root)
		return;
	thread = find_or_add(threads, root);
	remember(threads, thread, mail->from);
	remember(threads, thread, mail->author);
	for (size_t i = 0; i < mail->to.n; i++)
		remember(threads, thread, mail->to.v[i]);
	for (size_t i = 0; i < mail->cc.n; i++)
		remember(threads, thread, mail->cc.v[i]);
	count_part(threads, thread, &mail->prefix);
}

void
threads_asked(struct addresses *out, struct arena *arena,
	      const struct threads *threads, const struct mail *mail)
{
	const char *root = thread_root(mail);
	const struct thread *thread = root ? find(threads, root) : NULL;

	for (size_t i = 0; thread && i < thread->asked.n; i++)
		addresses_add(out, arena, thread->asked.v[i]);
}

bool
threads_complete(const struct threads *threads, const struct mail *mail)
{
	const char *root = thread_root(mail);
	const struct thread *thread = root ? find(threads, root) : NULL;
	const struct series_seen *s;

	if (mail->prefix.total <= 1)
		return true;
	s = thread ? series_of(thread, &mail->prefix) : NULL;
	return s && s->nparts == s->total;
}
