/*
 * store-fixture.h - mails and verdicts to put into a database, and a place
 */
#ifndef TESTS_UNIT_STORE_FIXTURE_H
#define TESTS_UNIT_STORE_FIXTURE_H

#include <ftw.h>
#include <unistd.h>

#include "bot/arena.h"
#include "bot/patch.h"
#include "db/compress.h"
#include "db/db.h"
#include "db/store.h"
#include "tests/unit/tap.h"

static char fixture_dir[] = "/tmp/pvwatch-store-XXXXXX";

static int
fixture_unlink(const char *path, const struct stat *st, int type,
	       struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

static inline void
fixture_remove(void)
{
	nftw(fixture_dir, fixture_unlink, 8, FTW_DEPTH | FTW_PHYS);
}

/* A file name in a directory that goes when the test ends. */
static inline const char *
fixture_path(struct arena *arena, const char *name)
{
	static bool made;

	if (!made) {
		if (!mkdtemp(fixture_dir))
			abort();
		atexit(fixture_remove);
		made = true;
	}
	return arena_printf(arena, "%s/%s", fixture_dir, name);
}

/* One mail with everything that belongs to it; change it before adding. */
struct fixture {
	struct mail mail;
	struct verdict verdict;
	struct patch patch;
	struct patch_file file;
	struct pack_verdict pack;
	struct finding finding;
	struct address to, cc;
};

#define FIXTURE_OID "0123456789abcdef0123456789abcdef01234567"

static inline void
fixture_mail(struct fixture *f, const char *msgid)
{
	f->to = (struct address){ "Some List", "list@example.org" };
	f->cc = (struct address){ "", "person@example.org" };
	f->mail = (struct mail){
		.raw = span_of("Subject: [PATCH] a\n\nbody\n"),
		.msgid = msgid,
		.subject = "[PATCH] a",
		.from = { "A. Author", "author@example.org" },
		.author = { "A. Author", "author@example.org" },
		.to = { &f->to, 1, 1 },
		.cc = { &f->cc, 1, 1 },
		.date = 1400000000,
		.list_id = "list.example.org",
	};
	f->file = (struct patch_file){ .old_path = "arch/x86/kernel/head64.c",
				       .new_path = "arch/x86/kernel/head64.c",
				       .added = 3,
				       .removed = 1 };
	f->patch = (struct patch){ &f->file, 1, false };
}

static inline void
fixture_init(struct fixture *f, const char *msgid)
{
	fixture_mail(f, msgid);
	f->verdict = (struct verdict){
		.key = msgid,
		.kind = KIND_PATCH,
		.msgid = msgid,
		.subject = f->mail.subject,
		.author = f->mail.author,
		.date = f->mail.date,
		.source = "/archive/0.git@" FIXTURE_OID,
		.version = 1,
		.decision = DECISION_FLAGGED,
		.score = 20,
		.program = "0.1",
	};
	f->pack = (struct pack_verdict){ .pack = "xen",
					 .version = "1.0",
					 .hash = "0011223344556677",
					 .score = 20,
					 .decision = DECISION_FLAGGED };
	f->finding = (struct finding){ .pack = "xen",
				       .rule = "early-boot",
				       .title = "Early boot",
				       .area = "boot",
				       .points = 20,
				       .path = "arch/x86/kernel/head64.c",
				       .line = 187,
				       .function = "x86_64_start_kernel",
				       .text = "+\tkasan_map_early_shadow();",
				       .why = "the guest starts elsewhere" };
	f->verdict.packs = &f->pack;
	f->verdict.npacks = 1;
	f->verdict.findings = &f->finding;
	f->verdict.nfindings = 1;
}

/* Nothing was found in it. */
static inline void
fixture_clear(struct fixture *f)
{
	f->verdict.decision = f->pack.decision = DECISION_CLEAR;
	f->verdict.score = f->pack.score = 0;
	f->verdict.nfindings = 0;
}

MUST_CHECK static inline const struct error *
fixture_add(int64_t *id, struct store *store, const struct fixture *f)
{
	AUTOFREE(arena) *arena = arena_new();
	AUTOFREE(compressor) *compressor = compressor_new();
	char hex[PATCH_ID_SIZE];
	struct store_mail in = { .mail = &f->mail,
				 .verdict = &f->verdict,
				 .patch = &f->patch };

	if (patch_id(hex, &f->patch))
		in.patch_id = hex;
	if (f->mail.raw.len)
		compress(&in.packed, arena, compressor, f->mail.raw);
	return store_add(id, store, &in);
}

/* A new database, whose time stands still. */
static inline struct store *
fixture_store(struct arena *arena, const char *name)
{
	struct store *store = NULL;

	succeeds(store_open(&store, fixture_path(arena, name), STORE_WRITE),
		 name);
	if (!store)
		abort();
	store_set_now(store, 1500000000);
	return store;
}

/* The first column of the first row; -1: there is none. */
static inline int64_t
fixture_count(struct store *store, const char *sql)
{
	AUTOFREE(db_rows) *rows = NULL;
	bool row = false;

	if (db_query_text(&rows, store, sql, NULL, 0) || db_next(&row, rows))
		abort();
	return row ? db_int(rows, 0) : -1;
}

static inline int64_t
fixture_added(struct store *store, const struct fixture *f)
{
	int64_t id = 0;

	succeeds(fixture_add(&id, store, f), f->verdict.key);
	return id;
}

static inline struct verdict
fixture_verdict(struct arena *arena, struct store *store, int64_t id)
{
	struct verdict verdict = { 0 };

	succeeds(store_verdict(&verdict, arena, store, id), "read a verdict");
	return verdict;
}

#endif
