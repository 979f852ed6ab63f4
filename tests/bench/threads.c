/*
 * threads.c - what we make of the series of an archive, for series.sh
 *
 *   threads SOURCE DIR COUNT [SEED]
 *
 * Of COUNT threads with a patch in them, chosen at random by SEED: DIR/N.mbox
 * is all of the thread in the order of the archive, DIR/N.ours the series that
 * we take out of it: "v2", then the Message-IDs of its patches. DIR/N.what has
 * a line for each series in it: version, patches, submitter and title, by tabs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot/alloc.h"
#include "bot/arena.h"
#include "bot/error.h"
#include "bot/mail.h"
#include "bot/patch.h"
#include "bot/series.h"
#include "bot/source.h"

struct archive {
	struct arena *arena;
	struct series_mail *mails;
	size_t n, cap;
	const char **root; /* of the thread of each */
	size_t *order;	   /* by root, then as they came */
};

static FILE *
create(const char *dir, size_t n, const char *suffix)
{
	CLEANUP(xfree) char *path = xasprintf("%s/%zu.%s", dir, n, suffix);
	FILE *file = fopen(path, "w");

	if (!file) {
		perror(path);
		exit(ERROR_IO);
	}
	return file;
}

static void
die(const struct error *err)
{
	fprintf(stderr, "threads: %s\n", err->message);
	exit(err->class);
}

static void
add(struct archive *archive, struct span raw)
{
	struct mail *mail = ARENA_NEW(archive->arena, struct mail);
	const struct error *err = mail_parse(mail, archive->arena, raw);
	struct patch patch;
	const char *why;

	if (err || !mail->msgid) {
		error_free(err);
		return;
	}
	GROW(archive->mails, archive->cap, archive->n);
	patch_parse(&patch, archive->arena, mail->diff);
	archive->mails[archive->n].mail = mail;
	archive->mails[archive->n++].kind = kind_of_mail(&why, mail, &patch);
}

static void
read_archive(struct archive *archive, const char *spec)
{
	struct source_item item = { .kind = SOURCE_MAIL };
	struct source *source = NULL;
	const struct error *err = source_open(&source, spec, NULL);

	while (!err && item.kind != SOURCE_END) {
		err = source_next(&item, archive->arena, source);
		if (!err && item.kind == SOURCE_MAIL)
			add(archive, item.raw);
	}
	if (err)
		die(err);
	source_close(source);
}

static int
compare_roots(const void *a, const void *b, void *arg)
{
	const struct archive *archive = arg;
	size_t left = *(const size_t *)a, right = *(const size_t *)b;
	int order = strcmp(archive->root[left], archive->root[right]);

	return order ? order : (left > right) - (left < right);
}

/* A thread is what has the same mail, or the same missing one, at its top. */
static void
find_threads(struct archive *archive)
{
	struct series_list list;
	size_t n = archive->n;

	series_find(&list, archive->arena, archive->mails, n);
	archive->root = ARENA_ARRAY(archive->arena, n, const char *);
	archive->order = ARENA_ARRAY(archive->arena, n, size_t);
	for (size_t i = 0; i < n; i++) {
		size_t top = i;

		for (int level = 0; level < 1000; level++)
			if (list.parent[top] != SERIES_NONE)
				top = list.parent[top];
		archive->root[i] = mail_thread_root(archive->mails[top].mail);
		archive->order[i] = i;
	}
	qsort_r(archive->order, n, sizeof(size_t), compare_roots, archive);
}

static size_t
thread_length(const struct archive *archive, size_t from)
{
	size_t n = 0;

	while (from + n < archive->n &&
	       !strcmp(archive->root[archive->order[from + n]],
		       archive->root[archive->order[from]]))
		n++;
	return n;
}

static bool
has_patch(const struct archive *archive, size_t from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (archive->mails[archive->order[from + i]].kind == KIND_PATCH)
			return true;
	return false;
}

static void
write_mail(FILE *out, struct span raw)
{
	struct span line;

	fputs("From mboxrd@z Thu Jan  1 00:00:00 1970\n", out);
	while (span_line(&line, &raw)) {
		struct span rest = line;

		while (span_starts(rest, ">"))
			rest.ptr++, rest.len--;
		if (span_starts(rest, "From "))
			putc('>', out);
		fwrite(line.ptr, 1, line.len, out);
		putc('\n', out);
	}
	putc('\n', out);
}

static void
write_choice(FILE *out, FILE *what, struct archive *archive,
	     const struct series_mail *mails, size_t n)
{
	struct series_list list;
	const struct series *series;
	const size_t *patches;
	size_t npatches;

	series_find(&list, archive->arena, mails, n);
	series_link(&list);
	series = series_newest(&list, list.v[0]);
	patches = series_patches(&npatches, archive->arena, &list, series);
	fprintf(out, "v%u\n", series->version);
	for (size_t i = 0; i < npatches; i++)
		fprintf(out, "%s\n", mails[patches[i]].mail->msgid);
	for (size_t i = 0; i < list.n; i++)
		fprintf(what, "v%u\t%zu/%u\t%s\t%s\n", list.v[i]->version,
			list.v[i]->npatches, list.v[i]->total,
			list.v[i]->submitter, list.v[i]->title);
}

static void
write_thread(struct archive *archive, const char *dir, size_t number,
	     size_t from, size_t n)
{
	struct series_mail *mails =
		ARENA_ARRAY(archive->arena, n, struct series_mail);
	FILE *mbox = create(dir, number, "mbox");
	FILE *ours = create(dir, number, "ours");
	FILE *what = create(dir, number, "what");

	for (size_t i = 0; i < n; i++) {
		mails[i] = archive->mails[archive->order[from + i]];
		write_mail(mbox, mails[i].mail->raw);
	}
	write_choice(ours, what, archive, mails, n);
	fclose(mbox);
	fclose(ours);
	fclose(what);
}

/* A generator of our own: the same threads on every machine. */
static uint64_t
next_random(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + 1;
	return *state >> 33;
}

int
main(int argc, char **argv)
{
	struct archive archive = { .arena = arena_new() };
	uint64_t seed = argc > 4 ? strtoull(argv[4], NULL, 10) : 1;
	size_t count, left = 0, number = 0;

	if (argc < 4) {
		fputs("usage: threads SOURCE DIR COUNT [SEED]\n", stderr);
		return ERROR_USAGE;
	}
	count = strtoul(argv[3], NULL, 10);
	read_archive(&archive, argv[1]);
	find_threads(&archive);
	for (size_t i = 0, n; i < archive.n; i += n) {
		n = thread_length(&archive, i);
		left += has_patch(&archive, i, n);
	}
	/* Knuth's algorithm S: each has the same chance. */
	for (size_t i = 0, n; i < archive.n && count; i += n) {
		n = thread_length(&archive, i);
		if (has_patch(&archive, i, n) &&
		    next_random(&seed) % left-- < count) {
			write_thread(&archive, argv[2], number++, i, n);
			count--;
		}
	}
	free(archive.mails);
	arena_free(archive.arena);
	return 0;
}
