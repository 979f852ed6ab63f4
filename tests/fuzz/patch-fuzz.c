/*
 * Any bytes as a diff: what comes out must be true of the text.
 */
#include <assert.h>
#include <stdint.h>

#include "bot/apply.h"
#include "bot/arena.h"
#include "bot/patch.h"
#include "bot/place.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_hunk(const struct hunk *hunk, struct span text)
{
	size_t old = 0, new = 0;

	for (size_t i = 0; i < hunk->nlines; i++) {
		const struct patch_line *line = &hunk->lines[i];

		old += line->kind != LINE_ADDED;
		new += line->kind != LINE_REMOVED;
		assert(line->text.ptr >= text.ptr &&
		       line->text.ptr + line->text.len <= text.ptr + text.len);
	}
	assert(old == hunk->old_count && new == hunk->new_count);
}

static void
check_file(const struct patch_file *file, struct span text)
{
	assert(file->old_path || file->new_path);
	assert((file->op == FILE_CREATE) == !file->old_path);
	assert((file->op == FILE_DELETE) == !file->new_path);
	assert(file->old_oid && file->new_oid);
	for (size_t i = 0; i < file->nhunks; i++)
		check_hunk(&file->hunks[i], text);
}

static void
check_places(struct arena *arena, const struct patch *patch)
{
	struct applied applied = { 0 };
	struct places places;

	if (apply_patch_to(&applied, arena, patch, NULL))
		abort();
	places_find(&places, arena, &applied);
	for (size_t i = 0; i < places.n; i++)
		if (places.v[i].nlines)
			place_line(&places.v[i], places.v[i].nlines - 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { (const char *)data, size };
	AUTOFREE(arena) *arena = arena_new();
	char id[PATCH_ID_SIZE];
	struct patch patch;

	patch_parse(&patch, arena, text);
	for (size_t i = 0; i < patch.nfiles; i++)
		check_file(&patch.files[i], text);
	if (patch_id(id, &patch))
		assert(strlen(id) == PATCH_ID_SIZE - 1);
	check_places(arena, &patch);
	return 0;
}
