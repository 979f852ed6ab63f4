/* The words of query. */
#include "tap.h"

#include "bot/arena.h"
#include "bot/filter.h"
#include "bot/options.h"
#include "db/store.h"

static struct query query;

static const struct error *
parse(struct arena *arena, char *word)
{
	char *args[] = { word, NULL };
	struct options options = OPTIONS;

	options.args = args;
	options.nargs = 1;
	query = (struct query){ .limit = -1 };
	return filter_parse(&query, arena, &options);
}

static void
test_fields(struct arena *arena)
{
	static const struct {
		char word[40];
		enum filter_field field;
		const char *value;
	} table[] = {
		{ "pack:xen", FILTER_PACK, "xen" },
		{ "rule:msi-mask", FILTER_RULE, "msi-mask" },
		{ "area:msi", FILTER_AREA, "msi" },
		{ "path:arch/x86/", FILTER_PATH, "arch/x86/" },
		{ "function:setup_arch", FILTER_FUNCTION, "setup_arch" },
		{ "author:Ann", FILTER_AUTHOR, "Ann" },
		{ "list:x86", FILTER_LIST, "x86" },
		{ "kind:commit", FILTER_KIND, "commit" },
		{ "state:flagged", FILTER_STATE, "flagged" },
		{ "shadow", FILTER_WORD, "shadow" },
		{ "x86/mm: add", FILTER_WORD, "x86/mm: add" },
		{ "id@host:8", FILTER_WORD, "id@host:8" },
		{ "not-a-word", FILTER_WORD, "not-a-word" },
		{ "not:", FILTER_WORD, "not:" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char word[40];

		memcpy(word, table[i].word, sizeof(word));
		succeeds(parse(arena, word), word);
		ok(query.n == 1 && query.values[0].field == table[i].field,
		   "the field");
		is_str(query.n ? query.values[0].value : NULL, table[i].value,
		       "the value");
	}
}

static void
test_denied(struct arena *arena)
{
	static const struct {
		char word[40];
		enum filter_field field;
		const char *value;
	} table[] = {
		{ "not-path:drivers/", FILTER_PATH, "drivers/" },
		{ "not-state:clear", FILTER_STATE, "clear" },
		{ "not:shadow", FILTER_WORD, "shadow" },
		{ "not:x86/mm: add", FILTER_WORD, "x86/mm: add" },
		{ "not:rule:x", FILTER_WORD, "rule:x" },
	};
	char when[] = "not-since:2020", slip[] = "not-pth:x";

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char word[40];

		memcpy(word, table[i].word, sizeof(word));
		succeeds(parse(arena, word), word);
		ok(query.n == 1 && query.values[0].denied &&
			   query.values[0].field == table[i].field,
		   "the field, denied");
		is_str(query.n ? query.values[0].value : NULL, table[i].value,
		       "the value");
	}
	fails(parse(arena, when), ERROR_USAGE, "denied", "no time");
	fails(parse(arena, slip), ERROR_USAGE, "did you mean not-path:?",
	      "the nearest filter is named");
}

static void
test_faults(struct arena *arena)
{
	char slip[] = "rul:x", empty[] = "rule:", when[] = "since:soon";
	char good[] = "until:2020";

	fails(parse(arena, slip), ERROR_USAGE, "did you mean rule:?",
	      "the nearest filter is named");
	fails(parse(arena, empty), ERROR_USAGE, "no value", "no value");
	fails(parse(arena, when), ERROR_USAGE, "not a time", "no time");
	succeeds(parse(arena, good), "a year");
	is_int(query.until, 1609459199, "until its last second");
}

int
main(void)
{
	AUTOFREE(arena) *arena = arena_new();

	test_fields(arena);
	test_denied(arena);
	test_faults(arena);
	return done_testing();
}
