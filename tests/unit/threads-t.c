/* What is known of a thread while its mails are judged. */
#include "tap.h"

#include "bot/arena.h"
#include "bot/mail.h"
#include "bot/threads.h"

static const char *root[] = { "cover@x" };

static struct mail
part(const char *msgid, unsigned n, unsigned total)
{
	return (struct mail){
		.in_reply_to = "cover@x",
		.msgid = msgid,
		.references = { root, 1 },
		.from = { "A", "a@example.org" },
		.author = { "A", "a@example.org" },
		.prefix = { .version = 1, .part = n, .total = total },
	};
}

static bool
asked(const struct threads *threads, struct arena *arena,
      const struct mail *mail, const char *addr)
{
	struct addresses who = { .n = 0 };

	threads_asked(&who, arena, threads, mail);
	for (size_t i = 0; i < who.n; i++)
		if (!strcmp(who.v[i].addr, addr))
			return true;
	return false;
}

static void
test_asked(struct arena *arena)
{
	AUTOFREE(threads) *threads = threads_new();
	struct mail cover = { .msgid = "cover@x",
			      .from = { "", "a@example.org" } };
	struct mail one = part("one@x", 1, 2), other = part("other@x", 1, 2);
	static const char *elsewhere[] = { "else@x" };

	other.references = (struct msgids){ elsewhere, 1 };
	other.in_reply_to = elsewhere[0];
	addresses_add(&cover.cc, arena, (struct address){ "", "xen@list" });
	threads_add(threads, &cover);
	ok(asked(threads, arena, &one, "xen@list"),
	   "the cover letter's Cc counts for a patch");
	ok(!asked(threads, arena, &other, "xen@list"),
	   "but not for one of another thread");
	ok(asked(threads, arena, &cover, "a@example.org"),
	   "who wrote was asked");
}

/* Mail comes in any order, and answers name their parent alone. */
static void
test_merge(struct arena *arena)
{
	AUTOFREE(threads) *threads = threads_new();
	struct mail one = part("one@x", 1, 2), two = part("two@x", 2, 2);
	struct mail reply = { .msgid = "reply@x",
			      .in_reply_to = "one@x",
			      .from = { "", "eve@example.org" } };

	addresses_add(&reply.cc, arena, (struct address){ "", "xen@list" });
	threads_add(threads, &two);
	threads_add(threads, &reply);
	ok(!asked(threads, arena, &two, "xen@list"), "not known to belong yet");
	threads_add(threads, &one);
	ok(asked(threads, arena, &two, "xen@list"),
	   "a reply to another part counts, once that part came");
}

static void
test_hostile(struct arena *arena)
{
	AUTOFREE(threads) *threads = threads_new();
	struct mail self = { .msgid = "a@x", .in_reply_to = "a@x" };
	struct mail loop = { .msgid = "b@x", .in_reply_to = "a@x" };
	struct mail back = { .msgid = "a@x", .in_reply_to = "b@x" };
	struct mail none = { .from = { "", "eve@example.org" },
			     .author = { "", "eve@example.org" } };
	struct addresses who = { .n = 0 };

	threads_add(threads, &self);
	threads_add(threads, &loop);
	threads_add(threads, &back);
	threads_asked(&who, arena, threads, &loop);
	ok(!who.n, "a mail that answers itself, in a circle");
	threads_add(threads, &none);
	ok(asked(threads, arena, &none, "eve@example.org"),
	   "without an id, those of one author are together");
}

static void
test_root(void)
{
	struct mail mail = { .msgid = "m@x" };

	is_str(mail_thread_root(&mail), "m@x", "its own id");
	mail.in_reply_to = "p@x";
	is_str(mail_thread_root(&mail), "p@x", "In-Reply-To");
	mail.references = (struct msgids){ root, 1 };
	is_str(mail_thread_root(&mail), "cover@x", "the first of References");
}

int
main(void)
{
	AUTOFREE(arena) *arena = arena_new();

	test_asked(arena);
	test_merge(arena);
	test_hostile(arena);
	test_root();
	return done_testing();
}
