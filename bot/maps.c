#include "maps.h"

#include <glob.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "divergence.h"
#include "divergence-build.h"
#include "divergence-text.h"
#include "error.h"
#include "repo.h"
#include "rules/pack.h"

/* What a pack ships, the oldest first. */
struct shipped {
	struct divergence **v;
	size_t n, cap;
};

/* One that was made of a tree. */
struct made {
	size_t pack;
	char commit[OID_HEX_SIZE];
	struct divergence *map;
};

struct maps {
	const struct packs *packs;
	struct divergence *given; /* NULL: none */
	struct shipped *shipped;  /* one per pack */
	size_t npacks;
	enum maps_use use;
	char *cache; /* NULL: none */
	pthread_mutex_t lock;
	struct made *made; /* under the lock */
	size_t nmade, made_cap;
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

static bool
is_wanted(const struct maps *maps, size_t nth)
{
	return maps->use == MAPS_SHOW ||
	       pack_asks(maps->packs->v[nth], FIELD_MAP);
}

static const struct error *
read_shipped(struct shipped *out, const struct pack *pack, enum maps_use use)
{
	const struct error *err = NULL;

	if (use == MAPS_TEST)
		err = read_dir(out, pack->dir, "examples");
	if (err || out->n)
		return err;
	return read_dir(out, pack->dir, "maps");
}

const struct error *
maps_open(struct maps **out, const struct packs *packs,
	  const struct maps_options *options)
{
	AUTOFREE(maps) *maps = xcalloc(1, sizeof(*maps));
	const struct error *err = NULL;

	pthread_mutex_init(&maps->lock, NULL);
	maps->packs = packs;
	maps->npacks = packs->n;
	maps->shipped = xcalloc(packs->n, sizeof(*maps->shipped));
	maps->use = options->use;
	if (options->cache)
		maps->cache = xstrdup(options->cache);
	if (options->file)
		err = divergence_read(&maps->given, options->file);
	for (size_t i = 0; !err && !options->file && i < packs->n; i++)
		if (is_wanted(maps, i) && *packs->v[i]->dir)
			err = read_shipped(&maps->shipped[i], packs->v[i],
					   options->use);
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
		for (size_t j = 0; j < maps->shipped[i].n; j++)
			divergence_free(maps->shipped[i].v[j]);
		free(maps->shipped[i].v);
	}
	for (size_t i = 0; i < maps->nmade; i++)
		divergence_free(maps->made[i].map);
	free(maps->made);
	free(maps->shipped);
	free(maps->cache);
	divergence_free(maps->given);
	pthread_mutex_destroy(&maps->lock);
	free(maps);
}

bool
maps_lacking(const struct maps *maps, size_t nth, bool tree)
{
	const struct pack *pack = maps->packs->v[nth];

	return pack_asks(pack, FIELD_MAP) && !maps->given &&
	       !maps->shipped[nth].n && !(tree && pack->platform);
}

/* The lock is held. Others that want the same wait rather than make it, too. */
static const struct error *
find_or_make(const struct divergence **out, struct maps *maps, size_t nth,
	     const struct map_wanted *wanted)
{
	struct divergence_options options = { .cache = maps->cache };
	const struct error *err;
	struct made *made;

	for (size_t i = 0; i < maps->nmade; i++) {
		made = &maps->made[i];
		if (made->pack != nth || strcmp(made->commit, wanted->commit))
			continue;
		*out = made->map;
		return NULL;
	}
	GROW(maps->made, maps->made_cap, maps->nmade);
	made = &maps->made[maps->nmade];
	*made = (struct made){ .pack = nth };
	snprintf(made->commit, sizeof(made->commit), "%s", wanted->commit);
	err = divergence_of_tree(&made->map, wanted->repo, wanted->commit,
				 maps->packs->v[nth]->platform, &options);
	if (err)
		return err;
	maps->nmade++;
	*out = made->map;
	return NULL;
}

const struct error *
maps_of_tree(const struct divergence **out, struct maps *maps, size_t nth,
	     const struct map_wanted *wanted)
{
	const struct error *err;

	*out = NULL;
	if (!maps->packs->v[nth]->platform)
		return NULL;
	pthread_mutex_lock(&maps->lock);
	err = find_or_make(out, maps, nth, wanted);
	pthread_mutex_unlock(&maps->lock);
	return err;
}

static void
choose_shipped(struct map_choice *out, const struct shipped *shipped,
	       int64_t date)
{
	size_t i = 0;

	if (!shipped->n)
		return;
	while (i + 1 < shipped->n && shipped->v[i + 1]->date <= date)
		i++;
	*out = (struct map_choice){ shipped->v[i], MAP_SHIPPED };
}

const struct error *
maps_choose(struct map_choice *out, struct maps *maps, size_t nth,
	    const struct map_wanted *wanted)
{
	const struct divergence *made = NULL;
	const struct error *err = NULL;

	*out = (struct map_choice){ .how = MAP_NONE };
	if (!is_wanted(maps, nth))
		return NULL;
	if (maps->given) {
		*out = (struct map_choice){ maps->given, MAP_FILE };
		return NULL;
	}
	if (wanted->repo && maps->use != MAPS_TEST)
		err = maps_of_tree(&made, maps, nth, wanted);
	if (err)
		return err;
	if (made && made->nfacts)
		*out = (struct map_choice){ made, MAP_TREE };
	else
		choose_shipped(out, &maps->shipped[nth], wanted->date);
	return NULL;
}
