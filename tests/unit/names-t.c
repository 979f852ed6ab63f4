/* What a transaction remembers of names, and that it forgets them. */
#include "db/names.h"

#include "db/db.h"
#include "tests/unit/store-fixture.h"

static int64_t
find(const struct names *names, int table, const char *a, const char *b)
{
	return names_find(names, table, VALUES(V(a), V(b)));
}

static void
test_names(void)
{
	AUTOFREE(arena) *arena = arena_new();
	struct names *names = names_new();
	int lost = 0, wrong = 0;

	is_int(find(names, 1, "a@x", "A"), 0, "nothing is known at first");
	names_keep(names, 1, VALUES(V("a@x"), V("A")), 7);
	is_int(find(names, 1, "a@x", "A"), 7, "a name that was kept");
	is_int(find(names, 2, "a@x", "A"), 0, "not of another table");
	is_int(find(names, 1, "a@x", ""), 0, "both columns count");
	is_int(find(names, 1, "a@", "xA"), 0, "each for itself");
	names_forget(names);
	is_int(find(names, 1, "a@x", "A"), 0, "forgotten");
	for (int i = 1; i <= 20000; i++)
		names_keep(names, 1,
			   VALUES(V(arena_printf(arena, "%d@x", i)), V("")), i);
	for (int i = 1; i <= 20000; i++) {
		int64_t id = find(names, 1, arena_printf(arena, "%d@x", i), "");

		lost += !id;
		wrong += id && id != i;
	}
	is_int(wrong, 0, "of too many none is taken for another");
	ok(lost > 0 && lost < 20000, "some are pushed out, some are left");
	names_free(names);
}

/* The id that a name had in a transaction that was undone is another's. */
static void
test_undone(struct arena *arena)
{
	AUTOFREE(store) *store = NULL;
	struct verdict verdict;
	struct fixture f;
	int64_t id;

	succeeds(store_open(&store, fixture_path(arena, "names.db"),
			    STORE_WRITE),
		 "open");
	succeeds(store_begin(store), "begin");
	fixture_init(&f, "first@example.org");
	succeeds(fixture_add(&id, store, &f), "add");
	store_rollback(store);
	fixture_init(&f, "second@example.org");
	f.verdict.author = (struct address){ "Other", "other@example.org" };
	f.to = f.cc = f.mail.from = f.verdict.author;
	succeeds(fixture_add(&id, store, &f), "another, by another");
	succeeds(store_begin(store), "begin again");
	fixture_init(&f, "first@example.org");
	succeeds(fixture_add(&id, store, &f), "the first again");
	succeeds(store_commit(store), "commit");
	succeeds(store_verdict(&verdict, arena, store, id), "read");
	is_str(verdict.author.addr, "author@example.org", "is its author's");
}

int
main(void)
{
	AUTOFREE(arena) *arena = arena_new();

	test_names();
	test_undone(arena);
	return done_testing();
}
