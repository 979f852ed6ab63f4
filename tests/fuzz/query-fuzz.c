/*
 * Any words asked of a database: an error, if one, is that of who wrote them.
 * The first byte is the order and the limit, lines are words.
 */
#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "bot/arena.h"
#include "bot/error.h"
#include "bot/filter.h"
#include "bot/mail.h"
#include "bot/options.h"
#include "db/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WORDS_MAX = 30 };

static struct store *
open_store(void)
{
	static struct finding finding = { .pack = "xen",
					  .rule = "early-boot",
					  .title = "",
					  .area = "boot",
					  .path = "arch/x86/kernel/head64.c",
					  .function = "x86_64_start_kernel",
					  .text = "+\tkasan();",
					  .why = "the guest starts elsewhere" };
	static struct mail mail = { .msgid = "a@example.org",
				    .subject = "[PATCH] x86/mm: a" };
	static struct verdict verdict = { .key = "a@example.org",
					  .subject = "[PATCH] x86/mm: a",
					  .decision = DECISION_FLAGGED,
					  .findings = &finding,
					  .nfindings = 1 };
	struct store_mail in = { .mail = &mail, .verdict = &verdict };
	struct store *store;
	int64_t id;

	if (store_open(&store, "", STORE_WRITE) || store_add(&id, store, &in))
		abort();
	return store;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const sorts[] = { NULL, "date", "-score", "author",
					     "-subject" };
	static struct store *store;
	AUTOFREE(arena) *arena = arena_new();
	struct options options = OPTIONS;
	struct query query = { .limit = -1 };
	const struct error *err;
	struct ids ids = { 0 };
	char *text, *word;

	if (!store)
		store = open_store();
	if (!size)
		return 0;
	options.sort = sorts[data[0] % (sizeof(sorts) / sizeof(sorts[0]))];
	options.limit = data[0] & 0x80 ? 1 : -1;
	text = arena_strndup(arena, (const char *)data + 1, size - 1);
	options.args = ARENA_ARRAY(arena, WORDS_MAX, char *);
	while (options.nargs < WORDS_MAX && (word = strsep(&text, "\n")))
		options.args[options.nargs++] = word;
	err = filter_parse(&query, arena, &options);
	if (!err)
		err = store_query(&ids, arena, store, &query);
	assert(!err || err->class == ERROR_USAGE);
	error_free(err);
	return 0;
}
