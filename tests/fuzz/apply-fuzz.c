/*
 * Any patch on any file: the input is the file, a line "====", the patch,
 * which finds that file under every path.
 */
#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#include "bot/apply.h"
#include "bot/arena.h"
#include "bot/place.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct error *
read_file(struct span *out, struct arena *arena, const void *files,
	  const char *path)
{
	const struct span *file = files;

	(void)arena;
	/* Names that end in "new" are free. */
	if (strlen(path) < 3 || strcmp(path + strlen(path) - 3, "new"))
		*out = *file;
	else
		*out = (struct span){ 0 };
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
	struct apply_files files = { read_file, &file->postimage };

	if (applied->patch->nfiles != 1 || !file->postimage.ptr ||
	    file->file->nhunks != 1 || file->file->op != FILE_MODIFY ||
	    file->hunks[0].how != PLACING_EXACT ||
	    joins_lines(&file->file->hunks[0]))
		return;
	if (apply_patch_to(&again, arena, applied->patch, &files))
		abort();
	assert(!again.hunks[PLACING_MISSING] || !again.files[0].postimage.len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char mark[] = "\n====\n";
	const uint8_t *at = memmem(data, size, mark, sizeof(mark) - 1);
	AUTOFREE(arena) *arena = arena_new();
	struct applied applied = { 0 };
	struct places places;
	struct span file, text;
	struct patch patch;

	if (!at)
		return 0;
	file = (struct span){ (const char *)data, (size_t)(at - data) + 1 };
	text = (struct span){ (const char *)at + 6,
			      size - (size_t)(at - data) - 6 };
	patch_parse(&patch, arena, text);
	if (apply_patch_to(&applied, arena, &patch,
			   &(struct apply_files){ read_file, &file }))
		abort();
	check(&applied);
	check_again(arena, &applied);
	places_find(&places, arena, &applied);
	return 0;
}
