/*
 * Any patch on any file: the input is the file, a line "====", the patch,
 * which finds that file under every path. A third part, if there is one, is
 * the blob that every index line names, and makes the patch merge.
 */
#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#include "bot/apply.h"
#include "bot/arena.h"
#include "bot/place.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct texts {
	struct span file, blob;
};

static const struct error *
read_file(struct tree_file *out, struct arena *arena, const void *files,
	  const char *path)
{
	const struct texts *texts = files;

	(void)arena;
	*out = (struct tree_file){ .mode = 0100644 };
	/* Names that end in "new" are free. */
	if (strlen(path) < 3 || strcmp(path + strlen(path) - 3, "new"))
		out->text = texts->file;
	return NULL;
}

static const struct error *
read_blob(struct span *out, struct arena *arena, const void *files,
	  const char *prefix)
{
	(void)arena;
	(void)prefix;
	*out = ((const struct texts *)files)->blob;
	return NULL;
}

static void
check(const struct applied *applied)
{
	size_t total = 0, counted = 0;

	for (size_t i = 0; i < applied->patch->nfiles; i++)
		total += applied->files[i].file->nhunks;
	for (int how = 0; how < NPLACINGS; how++)
		counted += applied->hunks[how];
	assert(counted == total);
}

/* A hunk may take the newline off a line in the middle of a file: what is
   behind it then is one line with it. */
static bool
joins_lines(const struct hunk *hunk)
{
	for (size_t i = 0; i < hunk->nlines; i++)
		if (hunk->lines[i].no_newline)
			return true;
	return false;
}

/* A hunk that was applied is there when it is applied again. */
static void
check_again(struct arena *arena, const struct applied *applied)
{
	const struct applied_file *file = &applied->files[0];
	struct applied again = { 0 };
	struct texts texts = { .file = file->postimage };
	struct apply_files files = { .read = read_file,
				     .blob = read_blob,
				     .files = &texts };

	if (applied->patch->nfiles != 1 || !file->postimage.ptr ||
	    file->file->nhunks != 1 || file->file->op != FILE_MODIFY ||
	    file->hunks[0].how != PLACING_EXACT ||
	    joins_lines(&file->file->hunks[0]))
		return;
	if (apply_patch_to(&again, arena, applied->patch, &files))
		abort();
	assert(!again.hunks[PLACING_MISSING] || !again.files[0].postimage.len);
}

/* The next part of the input; what is left of *@rest stands behind the mark. */
static struct span
take_part(struct span *rest)
{
	static const char mark[] = "\n====\n";
	const char *at = memmem(rest->ptr, rest->len, mark, sizeof(mark) - 1);
	struct span part = *rest;

	if (!at) {
		*rest = (struct span){ NULL, 0 };
		return part;
	}
	part.len = (size_t)(at - part.ptr) + 1;
	rest->len -= part.len + sizeof(mark) - 2;
	rest->ptr += part.len + sizeof(mark) - 2;
	return part;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = { (const char *)data, size }, text;
	AUTOFREE(arena) *arena = arena_new();
	struct applied applied = { 0 };
	struct texts texts = { 0 };
	struct apply_files files = { .read = read_file,
				     .blob = read_blob,
				     .files = &texts };
	struct places places;
	struct patch patch;

	texts.file = take_part(&rest);
	if (!rest.ptr)
		return 0;
	text = take_part(&rest);
	texts.blob = rest;
	patch_parse(&patch, arena, text);
	if (apply_patch_to(&applied, arena, &patch, &files))
		abort();
	check(&applied);
	check_again(arena, &applied);
	places_find(&places, arena, &applied);
	return 0;
}
