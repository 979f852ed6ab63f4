/*
 * placings.c - where our applier puts the hunks of each mail, for apply.sh
 *
 *   placings SOURCE DIR SINCE UNTIL TREE...
 *
 * For the patches and commit notices dated from SINCE to UNTIL (seconds since
 * 1970): DIR/N.patch is the diff that git gets to see, DIR/N.ours our verdict,
 * a line for each hunk that was found elsewhere, and the name of each blob
 * that came of it. Prints how many there were and the CPU seconds that parsing
 * and placing them took.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bot/alloc.h"
#include "bot/apply.h"
#include "bot/arena.h"
#include "bot/digest.h"
#include "bot/error.h"
#include "bot/kind.h"
#include "bot/mail.h"
#include "bot/patch.h"
#include "bot/source.h"
#include "bot/strlist.h"
#include "bot/tree.h"

struct run {
	const char *dir;
	int64_t since, until;
	struct trees *trees;
	struct arena *arena;
	long n;
	double seconds;
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
	fprintf(stderr, "placings: %s\n", err->message);
	exit((int)err->class);
}

static FILE *
create(const struct run *run, const char *suffix)
{
	CLEANUP(xfree)
	char *path = xasprintf("%s/%ld.%s", run->dir, run->n, suffix);
	FILE *file = fopen(path, "w");

	if (!file)
		check(error_errno("%s", path));
	return file;
}

static void
print_blob(FILE *out, const struct applied_file *af)
{
	AUTOFREE(sha1) *sha1 = sha1_new();
	char head[32];
	uint8_t oid[SHA1_SIZE];
	int len = snprintf(head, sizeof(head), "blob %zu", af->postimage.len);

	if (!af->postimage.ptr) {
		fprintf(out, "gone %s\n", patch_file_path(af->file));
		return;
	}
	sha1_add(sha1, (struct span){ head, (size_t)len + 1 });
	sha1_add(sha1, af->postimage);
	sha1_end(oid, sha1);
	for (size_t i = 0; i < sizeof(oid); i++)
		fprintf(out, "%02x", oid[i]);
	fprintf(out, " %s\n", patch_file_path(af->file));
}

static void
print_offsets(FILE *out, const struct applied_file *af)
{
	for (size_t i = 0; i < af->file->nhunks; i++) {
		long at = (long)af->hunks[i].new_line;
		long said = (long)af->file->hunks[i].new_start;

		if (af->hunks[i].how == PLACING_OFFSET)
			fprintf(out, "hunk %zu at %ld offset %ld\n", i + 1, at,
				at - (said ? said : 1));
	}
}

/* As git would say it of the patch as a whole. */
static const char *
verdict(const struct applied *applied)
{
	bool offset = applied->hunks[PLACING_OFFSET];

	for (size_t i = 0; i < applied->patch->nfiles; i++)
		if (applied->files[i].problem || applied->files[i].file->fault)
			return "refused";
	if (applied->hunks[PLACING_MISSING])
		return "refused";
	if (applied->hunks[PLACING_FUZZY])
		return "fuzzy";
	if (applied->hunks[PLACING_MERGED])
		return "merged";
	if (applied->hunks[PLACING_PRESENT])
		return "present";
	return offset ? "offset" : "exact";
}

static void
print(struct run *run, const struct mail *mail, const struct applied *applied)
{
	FILE *out = create(run, "patch");

	fwrite(mail->diff.ptr, 1, mail->diff.len, out);
	fclose(out);
	out = create(run, "ours");
	fprintf(out, "%s\n", verdict(applied));
	for (size_t i = 0; i < applied->patch->nfiles; i++) {
		print_offsets(out, &applied->files[i]);
		print_blob(out, &applied->files[i]);
	}
	fclose(out);
}

static void
place(struct run *run, struct span raw)
{
	struct tree tree = { .repo = NULL };
	struct applied applied = { 0 };
	struct patch patch;
	const struct patch *patches = &patch;
	struct base base;
	struct mail mail;
	const struct error *err;
	const char *why;
	double start;

	err = mail_parse(&mail, run->arena, raw);
	if (err || mail.date < run->since || mail.date >= run->until) {
		error_free(err);
		return;
	}
	start = cpu();
	patch_parse(&patch, run->arena, mail.diff);
	if (!kind_is_judged(kind_of_mail(&why, &mail, &patch)) || !patch.nfiles)
		return;
	check(trees_base(&tree, &base, run->arena, run->trees,
			 &(struct base_query){ &mail, &patches, 1 }));
	check(apply_patch(&applied, run->arena, &patch, &tree));
	run->seconds += cpu() - start;
	run->n++;
	print(run, &mail, &applied);
}

int
main(int argc, char **argv)
{
	struct source_item item = { .kind = SOURCE_MAIL };
	struct strlist specs = STRLIST;
	struct source *source = NULL;
	struct run run;

	if (argc < 6)
		return ERROR_USAGE;
	run = (struct run){ .dir = argv[2],
			    .since = strtoll(argv[3], NULL, 10),
			    .until = strtoll(argv[4], NULL, 10),
			    .arena = arena_new() };
	for (int i = 5; i < argc; i++)
		strlist_add(&specs, argv[i]);
	check(trees_open(&run.trees, &specs));
	check(source_open(&source, argv[1], NULL));
	while (item.kind != SOURCE_END) {
		check(source_next(&item, run.arena, source));
		if (item.kind == SOURCE_MAIL)
			place(&run, item.raw);
		arena_clear(run.arena);
	}
	printf("%ld %.3f\n", run.n, run.seconds);
	source_close(source);
	trees_free(run.trees);
	strlist_free(&specs);
	arena_free(run.arena);
	return 0;
}
