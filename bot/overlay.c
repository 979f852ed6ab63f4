#include "overlay.h"

#include <stdlib.h>
#include <string.h>

#include "alloc.h"

enum { SLOTS_MIN = 16 };

void
overlay_free(struct overlay *overlay)
{
	free(overlay->slots);
	*overlay = (struct overlay){ 0 };
}

/* The slot of @path, or the free one where it would be. */
static struct overlay_file *
slot_of(const struct overlay *overlay, const char *path)
{
	size_t i = 5381;

	for (const char *p = path; *p; p++)
		i = i * 33 + (unsigned char)*p;
	for (i &= overlay->nslots - 1;
	     overlay->slots[i].path && strcmp(overlay->slots[i].path, path);)
		i = (i + 1) & (overlay->nslots - 1);
	return &overlay->slots[i];
}

static void
make_room(struct overlay *overlay)
{
	struct overlay old = *overlay;

	if (2 * (old.n + 1) <= old.nslots)
		return;
	overlay->nslots = old.nslots ? 2 * old.nslots : SLOTS_MIN;
	overlay->slots = xcalloc(overlay->nslots, sizeof(*overlay->slots));
	for (size_t i = 0; i < old.nslots; i++)
		if (old.slots[i].path)
			*slot_of(overlay, old.slots[i].path) = old.slots[i];
	free(old.slots);
}

struct overlay_file *
overlay_at(struct overlay *overlay, const char *path)
{
	struct overlay_file *slot;

	make_room(overlay);
	slot = slot_of(overlay, path);
	if (!slot->path) {
		slot->path = path;
		overlay->n++;
	}
	return slot;
}

const struct overlay_file *
overlay_find(const struct overlay *overlay, const char *path)
{
	const struct overlay_file *slot;

	if (!overlay->nslots)
		return NULL;
	slot = slot_of(overlay, path);
	return slot->path ? slot : NULL;
}

void
overlay_put(struct overlay *overlay, const char *path,
	    const struct tree_file *file)
{
	struct overlay_file *slot = overlay_at(overlay, path);

	slot->file = *file;
	slot->known = true;
}
