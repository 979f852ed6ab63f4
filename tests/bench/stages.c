/*
 * stages.c - where the time of a scan goes, stage by stage
 *
 *   stages SOURCE [TREE]
 *
 * Reads all of SOURCE in batches as a scan does, without threads, and prints
 * the CPU time of each stage: in all, and of one mail.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "bot/alloc.h"
#include "bot/apply.h"
#include "bot/arena.h"
#include "bot/error.h"
#include "bot/kind.h"
#include "bot/mail.h"
#include "bot/options.h"
#include "bot/patch.h"
#include "bot/place.h"
#include "bot/session.h"
#include "bot/source.h"
#include "bot/tree.h"
#include "bot/verdict.h"
#include "db/compress.h"
#include "db/store.h"
#include "rules/match.h"
#include "rules/regex.h"

enum { BATCH = 500 };

enum stage {
	READ,
	MAIL,
	DIFF,
	APPLY,
	PLACES,
	MATCH,
	PATCH_ID,
	COMPRESS,
	NSTAGES,
};

static const char *const names[NSTAGES] = {
	"read",	  "parse mail", "parse diff", "apply",
	"places", "match",	"patch-id",   "compress",
};

struct one {
	struct source_item item;
	struct mail mail;
	struct patch patch;
	struct applied applied;
	struct places places;
	bool judged;
};

struct bench {
	struct session session;
	struct regex_scratch *scratch;
	struct arena *arena;
	struct compressor *compressor;
	struct source *source;
	struct one v[BATCH];
	size_t n, total, judged;
	double seconds[NSTAGES];
};

static double
cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
check(const struct error *err)
{
	if (!err)
		return;
	fprintf(stderr, "stages: %s\n", err->message);
	exit((int)err->class);
}

static void
run_one(struct bench *b, enum stage stage, struct one *one)
{
	struct tree tree = { .repo = NULL };
	const struct patch *patch = &one->patch;
	struct base base;
	struct subject_patch subject = { one->mail.subject, one->mail.message,
					 &one->applied, &one->places };
	struct match_input input = { .patch = &subject };
	struct match_result result;
	char id[PATCH_ID_SIZE];
	const char *why;
	struct span packed;

	switch (stage) {
	case MAIL:
		error_free(mail_parse(&one->mail, b->arena, one->item.raw));
		break;
	case DIFF:
		patch_parse(&one->patch, b->arena, one->mail.diff);
		one->judged = kind_is_judged(
			kind_of_mail(&why, &one->mail, &one->patch));
		break;
	case APPLY:
		if (b->session.trees)
			check(trees_base(&tree, &base, b->arena,
					 b->session.trees,
					 &(struct base_query){ &one->mail,
							       &patch, 1 }));
		check(apply_patch(&one->applied, b->arena, &one->patch,
				  tree.repo ? &tree : NULL));
		break;
	case PLACES:
		places_find(&one->places, b->arena, &one->applied);
		break;
	case MATCH:
		for (size_t i = 0; i < b->session.packs.n; i++)
			match_pack(&result, b->arena, b->session.packs.v[i],
				   &input, b->scratch);
		break;
	case PATCH_ID:
		patch_id(id, &one->patch);
		break;
	case COMPRESS:
		compress(&packed, b->arena, b->compressor, one->item.raw);
		break;
	case READ:
	case NSTAGES:
		break;
	}
}

static void
run_stage(struct bench *b, enum stage stage)
{
	double start = cpu();

	for (size_t i = 0; i < b->n; i++)
		if (b->v[i].judged || stage < APPLY)
			run_one(b, stage, &b->v[i]);
	b->seconds[stage] += cpu() - start;
}

static bool
read_batch(struct bench *b)
{
	double start = cpu();
	struct source_item item = { .kind = SOURCE_MAIL };

	for (b->n = 0; b->n < BATCH && item.kind != SOURCE_END;) {
		check(source_next(&item, b->arena, b->source));
		if (item.kind == SOURCE_MAIL)
			b->v[b->n++] = (struct one){ .item = item };
	}
	b->seconds[READ] += cpu() - start;
	return b->n;
}

int
main(int argc, char **argv)
{
	static struct bench b = { .session.options = OPTIONS };
	double sum = 0;

	if (argc < 2)
		return ERROR_USAGE;
	if (argc > 2)
		strlist_add(&b.session.options.trees, argv[2]);
	check(session_open(&b.session, NEEDS_REVIEWER));
	check(source_open(&b.source, argv[1], NULL));
	b.scratch = regex_scratch_new();
	b.arena = arena_new();
	b.compressor = compressor_new();
	while (read_batch(&b)) {
		for (int stage = MAIL; stage < NSTAGES; stage++)
			run_stage(&b, (enum stage)stage);
		for (size_t i = 0; i < b.n; i++)
			b.judged += b.v[i].judged;
		b.total += b.n;
		arena_clear(b.arena);
	}
	printf("%zu mails, %zu judged\n", b.total, b.judged);
	for (int i = 0; i < NSTAGES; i++) {
		printf("%-12s %6.2f s %7.1f us/mail\n", names[i], b.seconds[i],
		       b.seconds[i] * 1e6 / (double)b.total);
		sum += b.seconds[i];
	}
	printf("%-12s %6.2f s\n", "all", sum);
	source_close(b.source);
	regex_scratch_free(b.scratch);
	compressor_free(b.compressor);
	arena_free(b.arena);
	session_close(&b.session);
	return 0;
}
