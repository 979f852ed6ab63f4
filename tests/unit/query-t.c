#include "bot/buf.h"
#include "bot/limits.h"
#include "db/pattern.h"
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
static const char letters[] = "abcdef";

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

struct row {
	const char *want; /* letters in order */
	struct filter_value values[4];
	int64_t since, until;
	long limit; /* 0: none */
	enum query_sort sort;
	bool all;
};

static const struct row rows[] = {
	{ "feba", { { 0, NULL } }, 0, 0, 0, 0, false },
	{ "fedcba", { { 0, NULL } }, 0, 0, 0, 0, true },
	{ "fedcba", { { FILTER_STATE, "all" } }, 0, 0, 0, 0, false },
	{ "fe", { { 0, NULL } }, 0, 0, 2, 0, false },
	{ "abef", { { 0, NULL } }, 0, 0, 0, SORT_DATE, false },
	{ "ab", { { 0, NULL } }, 0, 0, 2, SORT_DATE, false },
	{ "feab", { { 0, NULL } }, 0, 0, 0, SORT_SCORE, false },
	{ "f", { { 0, NULL } }, 0, 0, 1, SORT_SCORE, false },
	{ "eb", { { 0, NULL } }, 1010, 1040, 0, 0, false },
	{ "dcb", { { FILTER_STATE, "all" } }, 1010, 1030, 0, 0, false },

	{ "fa", { { FILTER_STATE, "flagged" } }, 0, 0, 0, 0, false },
	{ "c", { { FILTER_STATE, "clear" } }, 0, 0, 0, 0, false },
	{ "dcb",
	  { { FILTER_STATE, "clear" },
	    { FILTER_STATE, "skipped" },
	    { FILTER_STATE, "noted" } },
	  0,
	  0,
	  0,
	  0,
	  false },
	{ "a", { { FILTER_STATE, "queued" } }, 0, 0, 0, 0, false },
	{ "", { { FILTER_STATE, "sent" } }, 0, 0, 0, 0, false },
	{ "ba",
	  { { FILTER_STATE, "queued" }, { FILTER_STATE, "noted" } },
	  0,
	  0,
	  0,
	  0,
	  false },

	{ "eba", { { FILTER_PACK, "xen" } }, 0, 0, 0, 0, false },
	{ "f", { { FILTER_PACK, "kvm" } }, 0, 0, 0, 0, false },
	{ "feba",
	  { { FILTER_PACK, "kvm" }, { FILTER_PACK, "xen" } },
	  0,
	  0,
	  0,
	  0,
	  false },
	{ "fc",
	  { { FILTER_PACK, "xen" }, { FILTER_STATE, "clear" } },
	  0,
	  0,
	  0,
	  0,
	  false },
	{ "fecba",
	  { { FILTER_PACK, "xen" }, { FILTER_STATE, "all" } },
	  0,
	  0,
	  0,
	  0,
	  false },
	{ "a",
	  { { FILTER_PACK, "xen" }, { FILTER_STATE, "queued" } },
	  0,
	  0,
	  0,
	  0,
	  false },
	{ "",
	  { { FILTER_PACK, "kvm" }, { FILTER_STATE, "queued" } },
	  0,
	  0,
	  0,
	  0,
	  false },
	{ "", { { FILTER_PACK, "none" } }, 0, 0, 0, 0, true },

	{ "ea", { { FILTER_RULE, "early-boot" } }, 0, 0, 0, 0, false },
	{ "eb", { { FILTER_RULE, "iommu*" } }, 0, 0, 0, 0, false },
	{ "", { { FILTER_RULE, "iommu" } }, 0, 0, 0, 0, false },
	{ "b", { { FILTER_AREA, "iommu" } }, 0, 0, 0, 0, false },
	{ "fea", { { FILTER_AREA, "boot" } }, 0, 0, 0, 0, false },
	{ "feba",
	  { { FILTER_AREA, "boot" }, { FILTER_AREA, "IOMMU" } },
	  0,
	  0,
	  0,
	  0,
	  false },
	{ "fea",
	  { { FILTER_FUNCTION, "x86_64_start_kernel" } },
	  0,
	  0,
	  0,
	  0,
	  false },
	{ "b", { { FILTER_FUNCTION, "*_init" } }, 0, 0, 0, 0, false },
	/* "e" has both, but not in one finding. */
	{ "b",
	  { { FILTER_RULE, "iommu-order" }, { FILTER_FUNCTION, "*" } },
	  0,
	  0,
	  0,
	  0,
	  false },
	{ "",
	  { { FILTER_RULE, "kvm-vmx" }, { FILTER_PACK, "xen" } },
	  0,
	  0,
	  0,
	  0,
	  false },

	{ "fea", { { FILTER_PATH, "arch/x86/" } }, 0, 0, 0, 0, false },
	{ "feca", { { FILTER_PATH, "arch" } }, 0, 0, 0, 0, true },
	{ "c", { { FILTER_PATH, "arch_" } }, 0, 0, 0, 0, true },
	{ "ea", { { FILTER_PATH, "arch/*64.c" } }, 0, 0, 0, 0, false },
	{ "ea", { { FILTER_PATH, "*/head64.c" } }, 0, 0, 0, 0, false },
	{ "", { { FILTER_PATH, "arch/*64" } }, 0, 0, 0, 0, false },
	{ "",
	  { { FILTER_PATH, "arch/x86/kernel/head6?.c" } },
	  0,
	  0,
	  0,
	  0,
	  false },
	{ "", { { FILTER_PATH, "*/head6[4].c" } }, 0, 0, 0, 0, false },
	{ "", { { FILTER_PATH, "*/head6?.c" } }, 0, 0, 0, 0, false },
	{ "", { { FILTER_PATH, "\xff\xff" } }, 0, 0, 0, 0, false },
	{ "feba", { { FILTER_PATH, "" } }, 0, 0, 0, 0, false },

	{ "db", { { FILTER_AUTHOR, "bob" } }, 0, 0, 0, 0, true },
	{ "db", { { FILTER_AUTHOR, "EXAMPLE.NET" } }, 0, 0, 0, 0, true },
	{ "db", { { FILTER_AUTHOR, "b_b" } }, 0, 0, 0, 0, true },
	{ "", { { FILTER_AUTHOR, "b%b" } }, 0, 0, 0, 0, true },
	{ "eb",
	  { { FILTER_AUTHOR, "bob" }, { FILTER_AUTHOR, "Carol" } },
	  0,
	  0,
	  0,
	  0,
	  false },

	{ "b",
	  { { FILTER_LIST, "iommu@lists.example.com" } },
	  0,
	  0,
	  0,
	  0,
	  false },
	{ "b", { { FILTER_LIST, "iommu" } }, 0, 0, 0, 0, false },
	{ "b",
	  { { FILTER_LIST, "IOMMU.lists.example.com" } },
	  0,
	  0,
	  0,
	  0,
	  false },
	{ "fea", { { FILTER_LIST, "list@example.org" } }, 0, 0, 0, 0, false },
	{ "fea", { { FILTER_LIST, "list" } }, 0, 0, 0, 0, false },
	{ "feba",
	  { { FILTER_LIST, "person@example.org" } },
	  0,
	  0,
	  0,
	  0,
	  false },
	{ "", { { FILTER_LIST, "lis" } }, 0, 0, 0, 0, true },

	{ "d", { { FILTER_KIND, "reply" } }, 0, 0, 0, 0, true },
	{ "", { { FILTER_KIND, "reply" } }, 0, 0, 0, 0, false },
	{ "fedcba",
	  { { FILTER_KIND, "reply" }, { FILTER_KIND, "patch" } },
	  0,
	  0,
	  0,
	  0,
	  true },

	{ "b", { { FILTER_WORD, "100%" } }, 0, 0, 0, 0, true },
	{ "b", { { FILTER_WORD, "\\O/" } }, 0, 0, 0, 0, true },
	{ "b", { { FILTER_WORD, "[matters]?" } }, 0, 0, 0, 0, true },
	{ "e", { { FILTER_WORD, "e@example" } }, 0, 0, 0, 0, true },
	{ "e", { { FILTER_WORD, "<e@example.org>" } }, 0, 0, 0, 0, true },
	{ "b",
	  { { FILTER_WORD, "amd" }, { FILTER_WORD, "order" } },
	  0,
	  0,
	  0,
	  0,
	  true },
	{ "",
	  { { FILTER_WORD, "amd" }, { FILTER_WORD, "kasan" } },
	  0,
	  0,
	  0,
	  0,
	  true },
	{ "", { { FILTER_WORD, "' OR 1 --" } }, 0, 0, 0, 0, true },

	{ "a",
	  { { FILTER_RULE, "early-boot" },
	    { FILTER_AUTHOR, "author@" },
	    { FILTER_PATH, "arch/x86/kernel" },
	    { FILTER_LIST, "list" } },
	  0,
	  0,
	  10,
	  0,
	  false },
};

static const char *
describe(struct arena *arena, const struct row *row)
{
	static const char *const fields[] = {
		"pack",	  "rule", "area", "path",  "function",
		"author", "list", "kind", "state", "word",
	};
	char *text = arena_printf(arena, "limit %ld%s", row->limit,
				  row->all ? " all" : "");

	for (size_t i = 0; i < 4 && row->values[i].value; i++)
		text = arena_printf(arena, "%s %s:%s", text,
				    fields[row->values[i].field],
				    row->values[i].value);
	return text;
}

static struct query
query_of(struct filter_value values[4], const struct row *row)
{
	struct query query = { .values = values,
			       .since = row->since,
			       .until = row->until,
			       .limit = row->limit ? row->limit : -1,
			       .sort = row->sort,
			       .all_states = row->all };

	memcpy(values, row->values, sizeof(row->values));
	while (query.n < 4 && values[query.n].value)
		query.n++;
	return query;
}

static void
test_rows(struct arena *arena, struct store *store)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct filter_value values[4];
		struct query query = query_of(values, &rows[i]);
		struct ids ids = { 0 };
		char got[sizeof(letters)] = "";

		succeeds(store_query(&ids, arena, store, &query), "query");
		for (size_t j = 0; j < ids.n && j < sizeof(got) - 1; j++) {
			struct verdict v;

			succeeds(store_verdict(&v, arena, store, ids.v[j]),
				 "its verdict");
			got[j] = v.key[0];
		}
		is_str(got, rows[i].want, describe(arena, &rows[i]));
	}
}

static void
test_wrong(struct arena *arena, struct store *store)
{
	struct filter_value value = { FILTER_STATE, "flaged" };
	struct query query = { .values = &value, .n = 1, .limit = -1 };
	struct filter_value *many;
	struct ids ids = { 0 };
	char *large;

	fails(store_query(&ids, arena, store, &query), ERROR_USAGE,
	      "did you mean \"flagged\"", "a state that is none");
	value = (struct filter_value){ FILTER_KIND, "nonsense" };
	fails(store_query(&ids, arena, store, &query), ERROR_USAGE,
	      "kind:nonsense", "a kind that is none");
	large = arena_alloc(arena, 100001);
	memset(large, '%', 100000);
	value = (struct filter_value){ FILTER_WORD, large };
	fails(store_query(&ids, arena, store, &query), ERROR_USAGE, "bytes",
	      "an endless word");
	many = ARENA_ARRAY(arena, LIMIT_FILTERS + 1, struct filter_value);
	for (int i = 0; i <= LIMIT_FILTERS; i++)
		many[i] = (struct filter_value){ FILTER_PATH, "a*b*c" };
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
	test_wrong(arena, store);
	test_find(arena, store);
	test_pattern(arena);
	return done_testing();
}
