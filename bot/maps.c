#include "maps.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "divergence.h"
#include "divergence-text.h"
#include "error.h"
#include "rules/pack.h"

/* What a pack ships, the oldest first. */
struct shipped {
	struct divergence **v;
	size_t n, cap;
};

struct maps {
	struct divergence *given; /* NULL: none */
	struct shipped *packs;	  /* one per pack */
	size_t npacks;
};

static int
by_date(const void *left, const void *right)
{
	const struct divergence *a = *(struct divergence *const *)left;
	const struct divergence *b = *(struct divergence *const *)right;

	return (a->date > b->date) - (a->date < b->date);
}

static const struct error *
read_dir(struct shipped *out, const char *dir, const char *below)
{
	CLEANUP(xfree) char *pattern = xasprintf("%s/%s/*.map", dir, below);
	const struct error *err = NULL;
	glob_t files;

	if (glob(pattern, 0, NULL, &files))
		return NULL;
	for (size_t i = 0; i < files.gl_pathc && !err; i++) {
		GROW(out->v, out->cap, out->n);
		err = divergence_read(&out->v[out->n], files.gl_pathv[i]);
		out->n += !err;
	}
	globfree(&files);
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), by_date);
	return err;
}

static const struct error *
read_shipped(struct shipped *out, const struct pack *pack, enum maps_use use)
{
	const struct error *err = NULL;

	if (!pack_asks(pack, FIELD_MAP) || !*pack->dir)
		return NULL;
	if (use == MAPS_TEST)
		err = read_dir(out, pack->dir, "examples");
	if (err || out->n)
		return err;
	return read_dir(out, pack->dir, "maps");
}

const struct error *
maps_open(struct maps **out, const struct packs *packs, const char *file,
	  enum maps_use use)
{
	AUTOFREE(maps) *maps = xcalloc(1, sizeof(*maps));
	const struct error *err = NULL;

	maps->npacks = packs->n;
	maps->packs = xcalloc(packs->n, sizeof(*maps->packs));
	if (file)
		err = divergence_read(&maps->given, file);
	for (size_t i = 0; !err && !file && i < packs->n; i++)
		err = read_shipped(&maps->packs[i], packs->v[i], use);
	if (!err)
		*out = TAKE(maps);
	return err;
}

void
maps_free(struct maps *maps)
{
	if (!maps)
		return;
	for (size_t i = 0; i < maps->npacks; i++) {
		for (size_t j = 0; j < maps->packs[i].n; j++)
			divergence_free(maps->packs[i].v[j]);
		free(maps->packs[i].v);
	}
	free(maps->packs);
	divergence_free(maps->given);
	free(maps);
}

void
maps_choose(struct map_choice *out, const struct maps *maps, size_t nth,
	    int64_t date)
{
	const struct shipped *shipped = &maps->packs[nth];
	size_t i = 0;

	*out = (struct map_choice){ .how = MAP_NONE };
	if (maps->given)
		*out = (struct map_choice){ maps->given, MAP_FILE };
	if (maps->given || !shipped->n)
		return;
	while (i + 1 < shipped->n && shipped->v[i + 1]->date <= date)
		i++;
	*out = (struct map_choice){ shipped->v[i], MAP_SHIPPED };
}
