#include "db/store.h"

#include "tests/unit/store-fixture.h"

static size_t
ndue(struct arena *arena, struct store *store, struct tags_due *due)
{
	succeeds(store_tags_due(due, arena, store, 0, 10), "what is due");
	return due->n;
}

static void
test_tags(struct arena *arena)
{
	AUTOFREE(store) *store = fixture_store(arena, "tags.db");
	struct tags_due due = { 0 };
	struct fixture f;
	int64_t id, clear;

	fixture_init(&f, "t@example.org");
	succeeds(fixture_add(&id, store, &f), "a flagged mail");
	fixture_init(&f, "c@example.org");
	f.verdict.decision = DECISION_CLEAR;
	succeeds(fixture_add(&clear, store, &f), "a clear one");
	is_int((int)ndue(arena, store, &due), 0, "nobody asked for tags");

	succeeds(store_tag_want(store, "none@example.org", "x", true),
		 "one that is not in");
	succeeds(store_tag_want(store, "t@example.org", "sha1-x", false),
		 "want");
	succeeds(store_tag_want(store, "c@example.org", "c@example.org", false),
		 "want");
	is_int((int)ndue(arena, store, &due), 1, "the flagged one is due");
	is_int(due.v[0].mail, id, "its number");
	is_str(due.v[0].id, "sha1-x", "its name there");
	succeeds(store_tags_due(&due, arena, store, id, 10), "behind it");
	is_int((int)due.n, 0, "there is none");
	ndue(arena, store, &due);
	succeeds(store_tag_done(store, &due.v[0]), "done");
	is_int((int)ndue(arena, store, &due), 0, "no longer due");
	succeeds(store_tag_want(store, "t@example.org", "sha1-x", false),
		 "seen again");
	is_int((int)ndue(arena, store, &due), 0, "not due for that");
	succeeds(store_tag_want(store, "t@example.org", "sha1-x", true),
		 "in a new database");
	is_int((int)ndue(arena, store, &due), 1, "due again");

	f.verdict.id = id;
	succeeds(store_rejudge(store, &f.verdict), "judged meanwhile");
	succeeds(store_tag_done(store, &due.v[0]), "tags of the old verdict");
	is_int((int)ndue(arena, store, &due), 1, "still due");
	succeeds(store_tag_done(store, &due.v[0]), "of the new one");
	f.verdict.id = clear;
	f.verdict.decision = DECISION_FLAGGED;
	succeeds(store_rejudge(store, &f.verdict), "the clear one is flagged");
	is_int((int)ndue(arena, store, &due), 1, "due");
	is_str(due.v[0].id, "c@example.org", "by its Message-ID");
}

int
main(void)
{
	AUTOFREE(arena) *arena = arena_new();

	test_tags(arena);
	return done_testing();
}
