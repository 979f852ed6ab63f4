/*
 * numstat.c - what our diff parser makes of each mail, for parity.sh
 *
 *   numstat SOURCE DIR [EVERY]
 *
 * For every EVERY-th mail with a diff in it or not: DIR/N.body is the decoded
 * body that git gets to see, DIR/N.ours our "added<TAB>removed<TAB>path" lines
 * as git-apply(1) --numstat -z prints them, a line each. DIR/ids has "N id" of
 * our patch-id.
 */
#include <stdio.h>
#include <stdlib.h>

#include "bot/alloc.h"
#include "bot/arena.h"
#include "bot/error.h"
#include "bot/mail.h"
#include "bot/patch.h"
#include "bot/source.h"

static FILE *
create(const char *dir, long n, const char *suffix)
{
	CLEANUP(xfree) char *path = xasprintf("%s/%ld.%s", dir, n, suffix);
	FILE *file = fopen(path, "w");

	if (!file) {
		perror(path);
		exit(ERROR_IO);
	}
	return file;
}

static void
print_numstat(FILE *out, const struct patch *patch)
{
	for (size_t i = 0; i < patch->nfiles; i++) {
		const struct patch_file *f = &patch->files[i];

		if (f->fault)
			fprintf(out, "fault\t%s\t", f->fault);
		else if (f->binary)
			fputs("-\t-\t", out);
		else
			fprintf(out, "%u\t%u\t", f->added, f->removed);
		fprintf(out, "%s\n", patch_file_path(f));
	}
}

static void
compare(const char *dir, long n, FILE *ids, struct arena *arena,
	struct span raw)
{
	struct mail mail;
	struct patch patch;
	char id[PATCH_ID_SIZE];
	const struct error *err = mail_parse(&mail, arena, raw);
	FILE *out;

	if (err) {
		error_free(err);
		return;
	}
	out = create(dir, n, "body");
	fwrite(mail.body.ptr, 1, mail.body.len, out);
	fclose(out);
	patch_parse(&patch, arena, mail.diff);
	out = create(dir, n, "ours");
	print_numstat(out, &patch);
	fclose(out);
	if (patch_id(id, &patch))
		fprintf(ids, "%ld %s\n", n, id);
}

int
main(int argc, char **argv)
{
	AUTOFREE(arena) *arena = arena_new();
	struct source *source = NULL;
	struct source_item item = { .kind = SOURCE_MAIL };
	const struct error *err;
	long every, n = 0;
	FILE *ids;

	if (argc < 3)
		return ERROR_USAGE;
	every = argc > 3 ? strtol(argv[3], NULL, 10) : 1;
	err = source_open(&source, argv[1], NULL);
	{
		CLEANUP(xfree) char *path = xasprintf("%s/ids", argv[2]);

		ids = fopen(path, "w");
	}
	while (!err && ids && every > 0) {
		err = source_next(&item, arena, source);
		if (err || item.kind == SOURCE_END)
			break;
		if (item.kind == SOURCE_MAIL && n++ % every == 0)
			compare(argv[2], n, ids, arena, item.raw);
		arena_clear(arena);
	}
	if (ids)
		fclose(ids);
	source_close(source);
	if (err)
		fprintf(stderr, "%s\n", err->message);
	return err ? (int)err->class : 0;
}
