#include "bot/verdict.h"

#include "bot/limits.h"
#include "tests/unit/store-fixture.h"

static void
test_round_trip(struct arena *arena)
{
	AUTOFREE(store) *store = fixture_store(arena, "round.db");
	struct address needed[] = { { "First", "first@example.org" },
				    { "", "second@example.org" } };
	struct address present[] = { { "Third", "third@example.org" } };
	struct base_attempt attempts[] = {
		{ BASE_COMMIT, FIXTURE_OID, "not in the repository" },
		{ BASE_REF, "refs/tags/v6.1", "chosen" },
	};
	const char *errors[] = { "one thing.", "another: \"thing\"." };
	struct fixture f;
	struct verdict v;

	fixture_init(&f, "trip@example.org");
	f.pack.needed = (struct addresses){ needed, 2, 2 };
	f.pack.present = (struct addresses){ present, 1, 1 };
	f.verdict.base = (struct base){ BASE_REF, FIXTURE_OID, attempts, 2 };
	for (int i = 0; i < NPLACINGS; i++)
		f.verdict.hunks[i] = (size_t)i + 1;
	f.verdict.errors = errors;
	f.verdict.nerrors = 2;
	f.verdict.version = 9;
	f.verdict.part = 2;
	f.verdict.total = 17;
	f.verdict.series_complete = true;
	f.finding.old_side = true;
	v = fixture_verdict(arena, store, fixture_added(store, &f));

	is_str(v.key, "trip@example.org", "key");
	is_str(v.msgid, "trip@example.org", "msgid");
	is_str(v.commit, NULL, "no commit");
	is_int(v.kind, KIND_PATCH, "kind");
	is_str(v.subject, "[PATCH] a", "subject");
	is_str(v.author.name, "A. Author", "author's name");
	is_str(v.author.addr, "author@example.org", "author's address");
	is_int(v.date, 1400000000, "date");
	is_str(v.source, "/archive/0.git@" FIXTURE_OID, "source");
	ok(v.version == 9 && v.part == 2 && v.total == 17 && v.series_complete,
	   "series");
	is_int(v.decision, DECISION_FLAGGED, "decision");
	is_str(v.skipped, NULL, "not skipped");
	is_int(v.score, 20, "score");
	is_str(v.program, "0.1", "program");

	is_int((int)v.npacks, 1, "one pack");
	is_str(v.packs[0].pack, "xen", "its name");
	is_str(v.packs[0].version, "1.0", "its version");
	is_str(v.packs[0].hash, "0011223344556677", "its hash");
	is_int(v.packs[0].decision, DECISION_FLAGGED, "its decision");
	is_int(v.packs[0].score, 20, "its score");
	is_int((int)v.packs[0].needed.n, 2, "needed");
	is_str(v.packs[0].needed.v[1].addr, "second@example.org", "in order");
	is_str(v.packs[0].needed.v[1].name, "", "without a name");
	is_int((int)v.packs[0].present.n, 1, "present");
	is_str(v.packs[0].present.v[0].name, "Third", "who is present");

	is_int(v.base.how, BASE_REF, "base");
	is_str(v.base.commit, FIXTURE_OID, "base commit");
	is_int((int)v.base.nattempts, 2, "base attempts");
	is_str(v.base.attempts[0].rev, FIXTURE_OID, "an oid was tried");
	is_str(v.base.attempts[1].rev, "refs/tags/v6.1", "a ref was tried");
	is_str(v.base.attempts[1].outcome, "chosen", "and chosen");
	ok(!memcmp(v.hunks, f.verdict.hunks, sizeof(v.hunks)), "hunks");
	is_int((int)v.nerrors, 2, "errors");
	is_str(v.errors[1], errors[1], "an error");

	is_int((int)v.nfindings, 1, "one finding");
	is_str(v.findings[0].pack, "xen", "its pack");
	is_str(v.findings[0].rule, "early-boot", "its rule");
	is_str(v.findings[0].title, "Early boot", "its title");
	is_str(v.findings[0].area, "boot", "its area");
	is_int(v.findings[0].points, 20, "its points");
	is_str(v.findings[0].path, "arch/x86/kernel/head64.c", "its path");
	is_int(v.findings[0].line, 187, "its line");
	ok(v.findings[0].old_side, "its side");
	is_str(v.findings[0].function, "x86_64_start_kernel", "its function");
	is_str(v.findings[0].text, f.finding.text, "its text");
	is_str(v.findings[0].why, f.finding.why, "its reason");
}

/* What the divergence map had to say, and where it came from. */
static void
test_map(struct arena *arena)
{
	AUTOFREE(store) *store = fixture_store(arena, "map.db");
	static const char *const chain[] = { "start", "middle", "end" };
	struct finding_map map = { .kind = "entry",
				   .member = "",
				   .counterpart = "guest/head.c:guest_start",
				   .chain = chain,
				   .nchain = 3 };
	struct finding_map bare = { .kind = "privileged",
				    .member = "lcr3",
				    .counterpart = "" };
	struct fixture f;
	struct verdict v;

	fixture_init(&f, "map@example.org");
	v = fixture_verdict(arena, store, fixture_added(store, &f));
	is_str(v.map_of, NULL, "judged without a map");
	ok(!v.findings[0].map, "a rule that asks none");
	fixture_init(&f, "map2@example.org");
	f.verdict.map_of = "v6.12";
	f.verdict.map_how = MAP_SHIPPED;
	f.finding.map = &map;
	v = fixture_verdict(arena, store, fixture_added(store, &f));
	is_str(v.map_of, "v6.12", "what the map is of");
	is_str(map_how_name(v.map_how), "shipped", "how it was come by");
	is_str(v.findings[0].map->kind, "entry", "the kind");
	is_str(v.findings[0].map->member, "", "no member");
	is_str(v.findings[0].map->counterpart, map.counterpart, "counterpart");
	is_int((int)v.findings[0].map->nchain, 3, "the chain");
	is_str(v.findings[0].map->chain[1], "middle", "in its order");
	fixture_init(&f, "map3@example.org");
	f.finding.map = &bare;
	v = fixture_verdict(arena, store, fixture_added(store, &f));
	is_str(v.findings[0].map->member, "lcr3", "what a line says");
	is_int((int)v.findings[0].map->nchain, 0, "without a chain");
	fixture_init(&f, "map4@example.org");
	f.finding.map = &map;
	fixture_added(store, &f);
	is_int(fixture_count(store, "SELECT count(*) FROM fact"), 2,
	       "a fact stands once");
}

/* A commit of a repository, and a mail of which nothing is known. */
static void
test_sparse(struct arena *arena)
{
	AUTOFREE(store) *store = fixture_store(arena, "sparse.db");
	static const char *const sources[] = {
		NULL,
		"",
		"a@" FIXTURE_OID,
		"@" FIXTURE_OID,
		"/m/box:0",
		"/m/box:12345",
		"/m/box:012",
		"/m/cur/1.host:2,S",
		"person@host",
		"a@0123456789ABCDEF0123456789ABCDEF01234567",
		"/m/box:99999999999999999999",
	};
	struct fixture f;
	struct verdict v;

	fixture_init(&f, NULL);
	f.mail = (struct mail){ .raw = { NULL, 0 } };
	f.verdict = (struct verdict){ .key = "git:" FIXTURE_OID,
				      .kind = KIND_OTHER,
				      .commit = FIXTURE_OID,
				      .skipped = "an empty commit" };
	f.patch.nfiles = 0;
	v = fixture_verdict(arena, store, fixture_added(store, &f));
	is_str(v.msgid, NULL, "no Message-ID");
	is_str(v.commit, FIXTURE_OID, "commit");
	is_str(v.subject, "", "no subject");
	is_str(v.author.addr, "", "no author");
	is_str(v.source, NULL, "no source");
	is_str(v.skipped, "an empty commit", "why it was skipped");
	is_str(v.program, NULL, "nobody judged it");
	is_str(v.base.commit, NULL, "no base");

	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		f.verdict.key = arena_printf(arena, "sha1:%zu", i);
		f.verdict.commit = "v6.1-rc1"; /* no oid: kept as it is */
		f.verdict.source = sources[i];
		v = fixture_verdict(arena, store, fixture_added(store, &f));
		is_str(v.source, sources[i], "a source comes back");
		is_str(v.commit, "v6.1-rc1", "an odd commit comes back");
	}
	f.verdict.key = "sha1:x";
	f.verdict.msgid = "not-the-key@example.org";
	v = fixture_verdict(arena, store, fixture_added(store, &f));
	is_str(v.key, "sha1:x", "a key of its own");
	is_str(v.msgid, "not-the-key@example.org", "beside the Message-ID");
}

/* Texts as hostile mail has them; what the columns hold is bytes. */
static void
test_hostile(struct arena *arena)
{
	AUTOFREE(store) *store = fixture_store(arena, "hostile.db");
	static const char *const texts[] = {
		"\xff\xfe\x80 not UTF-8",
		"'; DROP TABLE mail; --",
		"?1 %s %n \\ \" ` \x01\x1b[31m",
		"\xed\xa0\x80\xf4\x90\x80\x80",
	};
	struct fixture f;
	struct verdict v;
	char *large;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		fixture_init(&f, texts[i]);
		f.verdict.subject = f.verdict.author.name = texts[i];
		f.verdict.author.addr = f.verdict.source = texts[i];
		f.finding.path = f.finding.text = f.finding.why = texts[i];
		f.finding.function = f.file.new_path = texts[i];
		v = fixture_verdict(arena, store, fixture_added(store, &f));
		is_str(v.key, texts[i], "a hostile key");
		is_str(v.subject, texts[i], "subject");
		is_str(v.author.name, texts[i], "author");
		is_str(v.source, texts[i], "source");
		is_str(v.findings[0].path, texts[i], "path");
		is_str(v.findings[0].text, texts[i], "text");
		is_str(v.findings[0].function, texts[i], "function");
	}
	large = arena_alloc(arena, LIMIT_LINE_BYTES + 1);
	memset(large, 'x', LIMIT_LINE_BYTES);
	memcpy(large + LIMIT_EXCERPT_BYTES - 1, "\xc3\xa4", 2);
	fixture_init(&f, "large@example.org");
	f.finding.text = large;
	v = fixture_verdict(arena, store, fixture_added(store, &f));
	is_int((int)strlen(v.findings[0].text), LIMIT_EXCERPT_BYTES - 1,
	       "an endless line is cut, not inside of a character");
	is_int(fixture_count(store, "SELECT count(*) FROM mail"), 5,
	       "all are in");
}

static void
test_rejudge(struct arena *arena)
{
	AUTOFREE(store) *store = fixture_store(arena, "rejudge.db");
	struct store_events events = { 0 };
	struct fixture f;
	struct verdict v;
	int64_t id;

	fixture_init(&f, "again@example.org");
	fixture_clear(&f);
	id = fixture_added(store, &f);
	fixture_init(&f, "again@example.org");
	f.verdict.id = id;
	f.verdict.program = "0.2";
	f.verdict.kind = KIND_COMMIT;
	store_set_now(store, 1500000010);
	succeeds(store_rejudge(store, &f.verdict), "clear -> flagged");
	v = fixture_verdict(arena, store, id);
	is_int(v.decision, DECISION_FLAGGED, "the new one is current");
	is_int(v.kind, KIND_COMMIT, "its kind too");
	is_str(v.program, "0.2", "and its program");
	is_int((int)v.nfindings, 1, "with its findings");
	store_set_now(store, 1500000020);
	succeeds(store_rejudge(store, &f.verdict), "the same again");
	f.finding.line = 188;
	store_set_now(store, 1500000030);
	succeeds(store_rejudge(store, &f.verdict), "another line");

	succeeds(store_history(&events, arena, store, id), "history");
	is_int((int)events.n, 6, "four verdicts, two changes");
	is_str(events.v[0].what, "judged", "first it was judged");
	is_str(events.v[0].detail, "clear, 0.0 points, by 0.1 (xen 1.0)",
	       "by whom");
	is_int(events.v[0].at, 1500000000, "when");
	is_str(events.v[2].what, "rejudged", "then again");
	is_str(events.v[2].detail, "clear -> flagged", "what changed");
	is_str(events.v[5].detail, "flagged, for other findings",
	       "what changed last");
	is_int(events.v[5].at, 1500000030, "when that was");
	f.verdict.id = 999;
	fails(store_rejudge(store, &f.verdict), ERROR_NOINPUT, "999",
	      "no such mail");
	fails(store_verdict(&v, arena, store, 999), ERROR_NOINPUT, "999",
	      "no such verdict");
}

int
main(void)
{
	AUTOFREE(arena) *arena = arena_new();

	test_round_trip(arena);
	test_map(arena);
	test_sparse(arena);
	test_hostile(arena);
	test_rejudge(arena);
	return done_testing();
}
