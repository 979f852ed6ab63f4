#include "threads.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "arena.h"
#include "limits.h"
#include "mail.h"

/* A thread that claims more readers is hostile. */
enum { ASKED_MAX = LIMIT_MAIL_ADDRESSES };

struct thread {
	struct addresses asked;
	void *known;	     /* tsearch(3) over the addr of asked */
	struct thread *into; /* it turned out to be a part of this one; NULL */
	struct thread *next; /* of all, to be freed */
};

/* A mail, or the root that others name: which thread it is in. */
struct member {
	const char *msgid; /* first: the comparison reads it */
	struct thread *thread;
};

struct threads {
	struct arena *arena;
	void *members; /* tsearch(3) */
	struct thread *all;
};

/* Both begin with the string that they are known by. */
static int
compare(const void *a, const void *b)
{
	const struct member *left = a, *right = b;

	return strcmp(left->msgid, right->msgid);
}

static int
compare_addr(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void
keep(void *node UNUSED)
{
	/* What the trees point at lives in the arena. */
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
	for (struct thread *t = threads->all; t; t = t->next)
		tdestroy(t->known, keep);
	tdestroy(threads->members, keep);
	arena_free(threads->arena);
	free(threads);
}

static struct thread *
find(const struct threads *threads, const char *msgid)
{
	struct member key = { .msgid = msgid };
	void *const *node =
		msgid ? tfind(&key, &threads->members, compare) : NULL;
	const struct member *member = node ? *node : NULL;
	struct thread *thread = member ? member->thread : NULL;

	while (thread && thread->into)
		thread = thread->into;
	return thread;
}

/* The thread that @mail belongs to by what it answers; NULL: not seen. */
static struct thread *
thread_above(const struct threads *threads, const struct mail *mail)
{
	size_t n = mail->references.n;
	struct thread *thread = find(threads, mail->in_reply_to);

	if (!thread && n)
		thread = find(threads, mail->references.v[n - 1]);
	if (!thread)
		thread = find(threads, mail_thread_root(mail));
	if (!thread && !mail_thread_root(mail))
		thread = find(threads, mail->author.addr);
	return thread;
}

static struct thread *
thread_of(const struct threads *threads, const struct mail *mail)
{
	struct thread *thread = find(threads, mail->msgid);

	return thread ? thread : thread_above(threads, mail);
}

static void
join(struct threads *threads, struct thread *thread, const char *msgid)
{
	struct member *member;

	if (!msgid || find(threads, msgid))
		return;
	member = ARENA_NEW(threads->arena, struct member);
	member->msgid = arena_strdup(threads->arena, msgid);
	member->thread = thread;
	if (!tsearch(member, &threads->members, compare))
		abort();
}

static void
remember(struct threads *threads, struct thread *thread, struct address who)
{
	struct address copy;

	if (!who.addr || !*who.addr || thread->asked.n >= ASKED_MAX ||
	    tfind(who.addr, &thread->known, compare_addr))
		return;
	copy.addr = arena_strdup(threads->arena, who.addr);
	copy.name = arena_strdup(threads->arena, who.name);
	addresses_add(&thread->asked, threads->arena, copy);
	if (!tsearch(copy.addr, &thread->known, compare_addr))
		abort();
}

/* @part came first, and belongs to @thread as a mail between them shows. */
static void
merge(struct threads *threads, struct thread *thread, struct thread *part)
{
	for (size_t i = 0; i < part->asked.n; i++)
		remember(threads, thread, part->asked.v[i]);
	part->into = thread;
}

static struct thread *
find_or_add(struct threads *threads, const struct mail *mail)
{
	struct thread *named = find(threads, mail->msgid);
	struct thread *thread = thread_above(threads, mail);

	if (thread && named && named != thread)
		merge(threads, thread, named);
	if (!thread)
		thread = named;
	if (!thread) {
		thread = ARENA_NEW(threads->arena, struct thread);
		thread->next = threads->all;
		threads->all = thread;
	}
	join(threads, thread, mail->msgid);
	join(threads, thread, mail->in_reply_to);
	join(threads, thread, mail_thread_root(mail));
	if (!mail_thread_root(mail))
		join(threads, thread, mail->author.addr);
	return thread;
}

void
threads_add(struct threads *threads, const struct mail *mail)
{
	struct thread *thread = find_or_add(threads, mail);

	remember(threads, thread, mail->from);
	remember(threads, thread, mail->author);
	remember(threads, thread, mail->submitter);
	for (size_t i = 0; i < mail->to.n; i++)
		remember(threads, thread, mail->to.v[i]);
	for (size_t i = 0; i < mail->cc.n; i++)
		remember(threads, thread, mail->cc.v[i]);
}

void
threads_asked(struct addresses *out, struct arena *arena,
	      const struct threads *threads, const struct mail *mail)
{
	const struct thread *thread = thread_of(threads, mail);

	for (size_t i = 0; thread && i < thread->asked.n; i++)
		addresses_add(out, arena, thread->asked.v[i]);
}
