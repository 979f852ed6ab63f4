#include "bot/buf.h"
#include "bot/filter.h"
#include "bot/limits.h"
#include "bot/options.h"
#include "db/pattern.h"
#include "db/query.h"
#include "db/schema.h"
#include "db/store.h"
#include "tests/unit/store-fixture.h"

/*
 * Letters stand for mails, in the order of their dates:
 * a  flagged  boot      head64.c    Alice  a patch; its request is queued
 * b  noted    iommu     amd_iommu.c Bob    to another list
 * c  clear    -         arch_x86.c  Alice
 * d  skipped  -         -           Bob    a reply
 * e  covered  boot      head64.c    Carol  two findings
 * f  flagged by pack "kvm", clear for "xen"  vmx.c  Alice
 */
static void
add(struct store *store, struct fixture *f, char letter)
{
	char key[] = "X@example.org";
	int64_t id;

	key[0] = letter;
	f->verdict.key = f->verdict.msgid = f->mail.msgid = key;
	f->verdict.date = 1000 + 10 * (letter - 'a');
	succeeds(fixture_add(&id, store, f), key);
}

static void
set_path(struct fixture *f, const char *path)
{
	f->file.new_path = f->file.old_path = path;
	f->finding.path = path;
}

static void
add_bob(struct store *store)
{
	struct fixture f;

	fixture_init(&f, NULL);
	f.verdict.decision = f.pack.decision = DECISION_NOTED;
	f.verdict.score = f.pack.score = 15;
	f.verdict.subject = "iommu/amd: 100%_sure \\o/";
	f.verdict.author = (struct address){ "Bob_B", "bob@example.net" };
	f.mail.from = f.verdict.author;
	f.finding.rule = "iommu-order";
	f.finding.area = "IOMMU";
	f.finding.function = "amd_iommu_init";
	f.finding.why = "detection order [matters]?";
	f.finding.text = "+	detect();";
	set_path(&f, "drivers/iommu/amd_iommu.c");
	f.to = (struct address){ "", "iommu@lists.example.com" };
	f.mail.list_id = "iommu.lists.example.com";
	f.verdict.commit = "0123456aaaabbbbccccddddeeeeffff000011112";
	add(store, &f, 'b');
}

static void
add_rest(struct store *store)
{
	struct finding two[2];
	struct pack_verdict packs[2];
	struct fixture f;

	fixture_init(&f, NULL);
	fixture_clear(&f);
	set_path(&f, "arch_x86.c");
	add(store, &f, 'c');

	fixture_init(&f, NULL);
	fixture_clear(&f);
	f.verdict.kind = KIND_REPLY;
	f.verdict.decision = DECISION_SKIPPED;
	f.verdict.skipped = "a reply";
	f.verdict.program = NULL;
	f.verdict.npacks = 0;
	f.verdict.author = (struct address){ "Bob_B", "bob@example.net" };
	f.patch.nfiles = 0;
	f.verdict.commit = FIXTURE_OID;
	add(store, &f, 'd');

	fixture_init(&f, NULL);
	f.verdict.decision = f.pack.decision = DECISION_COVERED;
	f.verdict.author = (struct address){ "Carol", "carol@example.org" };
	two[0] = two[1] = f.finding;
	two[1].rule = "iommu-order";
	two[1].function = NULL;
	f.verdict.findings = two;
	f.verdict.nfindings = 2;
	add(store, &f, 'e');

	fixture_init(&f, NULL);
	packs[0] = packs[1] = f.pack;
	packs[0].decision = DECISION_CLEAR;
	packs[1].pack = f.finding.pack = "kvm";
	f.finding.rule = "kvm-vmx";
	f.verdict.packs = packs;
	f.verdict.npacks = 2;
	f.verdict.score = 30;
	set_path(&f, "arch/x86/kvm/vmx.c");
	add(store, &f, 'f');
}

static void
fill(struct store *store)
{
	struct fixture f;
	struct request request = { .msgid = "r@example.org",
				   .mail_id = 1,
				   .pack = "xen",
				   .series = "a@example.org",
				   .to = "x@example.org",
				   .subject = "s",
				   .text = SPAN("t") };
	bool added;

	fixture_init(&f, NULL);
	add(store, &f, 'a');
	succeeds(store_find(&request.mail_id, store, "a@example.org"), "a");
	succeeds(store_request(&added, store, &request), "its request");
	add_bob(store);
	add_rest(store);
}

/* Words with "|" between them, as a person writes them. */
static const struct {
	const char *want; /* letters in order */
	const char *words;
} rows[] = {
	{ "feba", "" },
	{ "fedcba", "state:all" },
	{ "eb", "since:@1010|until:@1040" },
	{ "dcb", "state:all|since:@1010|until:@1030" },
	{ "fa", "state:flagged" },
	{ "c", "state:clear" },
	{ "dcb", "state:clear|state:skipped|state:noted" },
	{ "a", "state:queued" },
	{ "", "state:sent" },
	{ "ba", "state:queued|state:noted" },
	{ "eba", "pack:xen" },
	{ "f", "pack:kvm" },
	{ "feba", "pack:kvm|pack:xen" },
	{ "fc", "pack:xen|state:clear" },
	{ "fecba", "pack:xen|state:all" },
	{ "a", "pack:xen|state:queued" },
	{ "", "pack:kvm|state:queued" },
	{ "", "pack:none|state:all" },
	{ "ea", "rule:early-boot" },
	{ "eb", "rule:iommu*" },
	{ "", "rule:iommu" },
	{ "b", "area:iommu" },
	{ "fea", "area:boot" },
	{ "feba", "area:boot|area:IOMMU" },
	{ "fea", "function:x86_64_start_kernel" },
	{ "b", "function:*_init" },
	/* "e" has both, but not in one finding. */
	{ "b", "rule:iommu-order|function:*" },
	{ "", "rule:kvm-vmx|pack:xen" },
	{ "fea", "path:arch/x86/" },
	{ "feca", "path:arch|state:all" },
	{ "c", "path:arch_|state:all" },
	{ "ea", "path:arch/*64.c" },
	{ "ea", "path:*/head64.c" },
	{ "", "path:arch/*64" },
	{ "", "path:arch/x86/kernel/head6?.c" },
	{ "", "path:*/head6[4].c" },
	{ "", "path:*/head6?.c" },
	{ "", "path:\xff\xff" },
	{ "db", "author:bob|state:all" },
	{ "db", "author:EXAMPLE.NET|state:all" },
	{ "db", "author:b_b|state:all" },
	{ "", "author:b%b|state:all" },
	{ "eb", "author:bob|author:Carol" },
	{ "b", "list:iommu@lists.example.com" },
	{ "b", "list:iommu" },
	{ "b", "list:IOMMU.lists.example.com" },
	{ "fea", "list:list@example.org" },
	{ "fea", "list:list" },
	{ "feba", "list:person@example.org" },
	{ "", "list:lis|state:all" },
	{ "d", "kind:reply|state:all" },
	{ "", "kind:reply" },
	{ "fedcba", "kind:reply|kind:patch|state:all" },
	{ "b", "100%|state:all" },
	{ "b", "\\O/|state:all" },
	{ "b", "[matters]?|state:all" },
	{ "b", "amd|order|state:all" },
	{ "", "amd|kasan|state:all" },
	/* A word of the excerpt, of the function, in another form. */
	{ "fea", "shadow" },
	{ "fea", "kasan_map_early_shadow" },
	{ "fea", "shadows" },
	{ "fea", "kasan-map" },
	{ "", "map-kasan" },
	{ "", "shado" },
	{ "fea", "shado*" },
	{ "b", "iommu/am*" },
	{ "fea", "start-kernel" },
	/* Nothing that FTS5 has a meaning for. */
	{ "", "' OR 1 --" },
	{ "", "amd OR kasan|state:all" },
	{ "", "amd AND order|state:all" },
	{ "", "\"amd\" OR \"kasan|state:all" },
	{ "", "subject : amd|state:all" },
	{ "", "{subject} : amd|state:all" },
	{ "", "NEAR(amd order)|state:all" },
	{ "b", "^amd|state:all" },
	{ "b", "amd\"|state:all" },
	{ "b", "amd)|state:all" },
	{ "", "amd + order|state:all" },
	{ "", "\xff\xfe|state:all" },
	/* Message-IDs, from their beginning. */
	{ "e", "e@example|state:all" },
	{ "e", "<e@example.org>|state:all" },
	{ "", "xample.org|state:all" },
	{ "", "@example|state:all" },

	{ "b", "not-path:arch/" },
	{ "fb", "not-path:*/head64.c|not-path:*/amd_*.h" },
	{ "ea", "path:arch/|not-path:arch/x86/kvm/" },
	{ "fb", "not-rule:early-boot" },
	{ "f", "not-rule:early-boot|not-area:iommu" },
	{ "b", "not-function:x86_64_start_kernel" },
	{ "feca", "not-author:bob|state:all" },
	{ "fea", "not-list:iommu" },
	{ "b", "not-list:list@example.org" },
	{ "d", "not-kind:patch|state:all" },
	{ "fba", "not-state:covered" },
	{ "fedba", "state:all|not-state:clear" },
	{ "feb", "not-state:queued" },
	{ "", "state:noted|not-state:noted" },
	{ "eba", "not-pack:kvm" },
	{ "feba", "state:all|not-state:skipped|not-state:clear" },
	{ "b", "not:kasan" },
	{ "b", "not:kasan|not:x86_64" },
	{ "f", "shadow|not:a@example.org|not:e@example.org" },
	{ "f", "rule:*|not-pack:xen|state:flagged" },

	{ "a",
	  "rule:early-boot|author:author@|path:arch/x86/kernel|list:list" },
};

static const struct {
	const char *want, *sort; /* NULL: not said */
	long limit;		 /* -1: none */
} orders[] = {
	{ "feba", NULL, -1 },	   { "fe", NULL, 2 },
	{ "feba", "-date", -1 },   { "abef", "date", -1 },
	{ "ab", "date", 2 },	   { "feab", "score", -1 },
	{ "f", "score", 1 },	   { "beaf", "-score", -1 },
	{ "fabe", "author", -1 },  { "ebfa", "-author", -1 },
	{ "feab", "subject", -1 }, { "bfea", "-subject", -1 },
};

static void
parse(struct query *out, struct arena *arena, struct options *options,
      const char *text)
{
	char *words = arena_strdup(arena, text), *word;

	options->args = ARENA_ARRAY(arena, LIMIT_FILTERS, char *);
	while ((word = strsep(&words, "|")) && *word)
		options->args[options->nargs++] = word;
	succeeds(filter_parse(out, arena, options), text);
}

static const char *
ask(struct arena *arena, struct store *store, struct options *options,
    const char *text)
{
	struct query query = { .limit = -1 };
	struct ids ids = { 0 };
	char *got;

	parse(&query, arena, options, text);
	succeeds(store_query(&ids, arena, store, &query), text);
	got = arena_alloc(arena, ids.n + 1);
	for (size_t i = 0; i < ids.n; i++) {
		struct verdict v;

		succeeds(store_verdict(&v, arena, store, ids.v[i]),
			 "its verdict");
		got[i] = v.key[0];
	}
	return got;
}

static void
test_rows(struct arena *arena, struct store *store)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct options options = OPTIONS;

		is_str(ask(arena, store, &options, rows[i].words), rows[i].want,
		       rows[i].words);
	}
}

static void
test_orders(struct arena *arena, struct store *store)
{
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		struct options options = OPTIONS;

		options.sort = orders[i].sort;
		options.limit = orders[i].limit;
		is_str(ask(arena, store, &options, ""), orders[i].want,
		       options.sort ? options.sort : "not sorted");
	}
}

/*
 * No plan reads all of a large table. A walk in order, which ends at the limit
 * or is what was asked for, goes by an index.
 */
static void
test_plans(struct arena *arena, struct store *store)
{
	static const char *const large[] = {
		"mail ", "m\n",	      "ident",	 "patch_path", "p\n",
		"f\n",	 "finding\n", "verdict", "v\n",	       "addressee",
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct options options = OPTIONS;
		struct query query = { .limit = -1 };
		const char *plan = "";

		parse(&query, arena, &options, rows[i].words);
		succeeds(query_plan(&plan, arena, store, &query), "plan");
		for (size_t j = 0; j < sizeof(large) / sizeof(large[0]); j++)
			ok(!strstr(plan,
				   arena_printf(arena, "SCAN %s", large[j])),
			   arena_printf(arena, "%s: no scan of %s:\n%s",
					rows[i].words, large[j], plan));
	}
}

/* So many that none of the filters is narrow: those asked for stand at the
   newest end, or all at the oldest. */
static void
test_many(struct arena *arena)
{
	AUTOFREE(store) *store = fixture_store(arena, "many.db");
	static const struct {
		const char *words, *sort;
		int64_t first, last;
	} table[] = {
		{ "author:ann|common|state:all", NULL, 30000, 29996 },
		{ "author:ann|common|state:all", "date", 1, 5 },
		{ "author:ann|common|state:all", "subject", 100, 96 },
		{ "author:ann|common|not:late|state:all", NULL, 100, 96 },
		{ "author:ann|common|not:late|state:all", "date", 1, 5 },
		{ "author:ann|late|state:all", "date", 101, 105 },
		{ "author:ann|kind:patch|until:@50|state:all", NULL, 50, 46 },
	};

	succeeds(db_script(store, "test",
			   "INSERT INTO address VALUES (1, 'a@x', 'Ann');"
			   "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL"
			   " SELECT i + 1 FROM n WHERE i < 30000)"
			   " INSERT INTO ident SELECT i, i || '@x' FROM n;"
			   "INSERT INTO mail (id, kind, date, author, subject)"
			   " SELECT id, 0, id, 1, iif(id > 100,"
			   " 'common late', 'common') FROM ident"),
		 "many mails");
	succeeds(db_script(store, "test", schema_index_words), "their words");
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct options options = OPTIONS;
		struct query query = { .limit = -1 };
		struct ids ids = { 0 };

		options.limit = 5;
		options.sort = table[i].sort;
		parse(&query, arena, &options, table[i].words);
		succeeds(store_query(&ids, arena, store, &query), "query");
		is_int((int)ids.n, 5, table[i].words);
		is_int(ids.n ? ids.v[0] : 0, table[i].first, "the first");
		is_int(ids.n == 5 ? ids.v[4] : 0, table[i].last, "the last");
	}
}

/* Each index of words holds just what the rows hold, rejudged ones too. */
static void
test_in_step(struct store *store)
{
	succeeds(db_script(store, "test",
			   "INSERT INTO subject_words (subject_words, rank)"
			   " VALUES ('integrity-check', 1);"
			   "INSERT INTO finding_words (finding_words, rank)"
			   " VALUES ('integrity-check', 1)"),
		 "words are in step");
	fails(db_script(store, "test",
			"UPDATE mail SET subject = 'other' WHERE id = 1;"
			"INSERT INTO subject_words (subject_words, rank)"
			" VALUES ('integrity-check', 1);"),
	      ERROR_INPUT, "malformed", "and it is told when they are not");
}

static void
test_wrong(struct arena *arena, struct store *store)
{
	struct filter_value value = { FILTER_STATE, "flaged", false };
	struct query query = { .values = &value, .n = 1, .limit = -1 };
	struct filter_value *many;
	struct ids ids = { 0 };
	char *large;

	fails(store_query(&ids, arena, store, &query), ERROR_USAGE,
	      "did you mean \"flagged\"", "a state that is none");
	value = (struct filter_value){ FILTER_KIND, "nonsense", false };
	fails(store_query(&ids, arena, store, &query), ERROR_USAGE,
	      "kind:nonsense", "a kind that is none");
	value = (struct filter_value){ FILTER_WORD, "\"*\" /", false };
	fails(store_query(&ids, arena, store, &query), ERROR_USAGE, "no letter",
	      "a word without any letter");
	value = (struct filter_value){ FILTER_STATE, "all", true };
	fails(store_query(&ids, arena, store, &query), ERROR_USAGE, "nothing",
	      "nothing is left");
	large = arena_alloc(arena, 100001);
	memset(large, '%', 100000);
	value = (struct filter_value){ FILTER_WORD, large, false };
	fails(store_query(&ids, arena, store, &query), ERROR_USAGE, "bytes",
	      "an endless word");
	many = ARENA_ARRAY(arena, LIMIT_FILTERS + 1, struct filter_value);
	for (int i = 0; i <= LIMIT_FILTERS; i++)
		many[i] = (struct filter_value){ FILTER_PATH, "a*b*c", false };
	query.values = many;
	query.n = LIMIT_FILTERS + 1;
	fails(store_query(&ids, arena, store, &query), ERROR_USAGE, "filters",
	      "too many");
	query.n = LIMIT_FILTERS;
	succeeds(store_query(&ids, arena, store, &query), "as many as may be");
}

static void
test_find(struct arena *arena, struct store *store)
{
	int64_t a = 0, b = 0, d = 0, id = 0;

	succeeds(store_find(&a, store, "a@example.org"), "a Message-ID");
	succeeds(store_find(&id, store, "<a@example.org>"), "with <>");
	is_int(id, a, "the same");
	succeeds(store_find(&id, store, arena_printf(arena, "%" PRId64, a)),
		 "a number");
	is_int(id, a, "the same");
	succeeds(store_find(&b, store, "b@example.org"), "b");
	succeeds(store_find(&d, store, "d@example.org"), "d");
	succeeds(store_find(&id, store, FIXTURE_OID), "a commit");
	is_int(id, d, "its mail");
	succeeds(store_find(&id, store, "01234567"), "8 digits of it");
	is_int(id, d, "its mail");
	succeeds(store_find(&id, store, "0123456AAA"), "an odd one, capitals");
	is_int(id, b, "the other");
	fails(store_find(&id, store, "0123456"), ERROR_USAGE, "several",
	      "7 digits of two commits");
	fails(store_find(&id, store, "012345"), ERROR_NOINPUT, "012345",
	      "6 digits");
	fails(store_find(&id, store, "01234568"), ERROR_NOINPUT, "query.db",
	      "of none");
	fails(store_find(&id, store, "99999999999999999999"), ERROR_NOINPUT,
	      "99999", "a number that is none");
	fails(store_find(&id, store, ""), ERROR_NOINPUT, "", "nothing");
	fails(store_find(&id, store, "<>"), ERROR_NOINPUT, "<>", "empty");
	fails(store_find(&id, store, "' OR 1"), ERROR_NOINPUT, "OR", "SQL");
}

static void
test_pattern(struct arena *arena)
{
	const char *first, *end;

	is_str(pattern_like(arena, "%", "a%b_c\\d", ""), "%a\\%b\\_c\\\\d",
	       "LIKE is quoted");
	is_str(pattern_glob(arena, "a*[b]?"), "a*[[]b][?]", "GLOB is quoted");
	is_str(pattern_words(arena, "a\"b* c"), "\"a\"\"b* c\"",
	       "a phrase is quoted");
	is_str(pattern_words(arena, "a*"), "\"a*\" *", "or cut short");
	pattern_range(&first, &end, arena, "ab*c");
	is_str(first, "ab", "from the prefix");
	is_str(end, "ac", "up to the next");
	pattern_range(&first, &end, arena, "a\xff");
	is_str(end, "b", "the last byte cannot be raised");
	pattern_range(&first, &end, arena, "*");
	is_str(end, NULL, "everything");
	pattern_range(&first, &end, arena, "\xff");
	is_str(end, NULL, "no end");
}

int
main(void)
{
	AUTOFREE(arena) *arena = arena_new();
	AUTOFREE(store) *store = NULL;

	succeeds(store_open(&store, fixture_path(arena, "query.db"),
			    STORE_WRITE),
		 "open");
	fill(store);
	test_rows(arena, store);
	test_orders(arena, store);
	test_plans(arena, store);
	test_wrong(arena, store);
	test_find(arena, store);
	test_pattern(arena);
	test_in_step(store);
	test_many(arena);
	return done_testing();
}
