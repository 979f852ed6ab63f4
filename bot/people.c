#include "people.h"

#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "arena.h"
#include "audience.h"
#include "config.h"
#include "error.h"
#include "identity.h"
#include "maintainers.h"
#include "strlist.h"
#include "tree.h"
#include "rules/pack.h"

struct people {
	const struct packs *packs;
	const struct trees *trees;
	const struct config *config;
	struct arena *arena;
	struct identity *identity;
	struct audience *audiences; /* one per pack; NULL: not read yet */
};

/* Configuration's and packs' tables of addresses that are one. */
static void
learn_aliases(struct people *people)
{
	const struct packs *packs = people->packs;
	struct strlist names = STRLIST;

	for (size_t i = 0; i < packs->n; i++)
		for (size_t j = 0; j < packs->v[i]->naliases; j++)
			identity_alias(people->identity,
				       packs->v[i]->aliases[j].canonical,
				       packs->v[i]->aliases[j].alias);
	if (people->config)
		config_subsections(&names, people->config, "alias");
	for (size_t i = 0; i < names.n; i++) {
		CLEANUP(xfree) char *key = xasprintf("alias.%s", names.v[i]);
		struct strlist same = STRLIST;

		config_get_all(&same, people->config, key);
		for (size_t j = 1; j < same.n; j++)
			identity_alias(people->identity, same.v[0], same.v[j]);
		strlist_free(&same);
	}
	strlist_free(&names);
}

/* True when @m has every section that the pack notifies. */
static bool
knows_sections(const struct maintainers *m, const struct pack *pack)
{
	for (size_t i = 0; i < pack->nnotify; i++)
		if (!strchr(pack->notify[i], '@') &&
		    !maintainers_section(m, pack->notify[i]))
			return false;
	return true;
}

/*
 * The audience of each pack, from the newer of the tree's MAINTAINERS and the
 * pack's own copy: never from a patch's base, old trees name people long gone.
 */
static const struct error *
find_audiences(struct people *people, const struct maintainers *tree)
{
	const struct packs *packs = people->packs;
	struct audience *audiences =
		ARENA_ARRAY(people->arena, packs->n, struct audience);

	for (size_t i = 0; i < packs->n; i++) {
		const struct pack *pack = packs->v[i];
		struct maintainers shipped = { .n = 0 };
		bool use_tree;
		const struct error *err;

		maintainers_parse(&shipped, people->arena,
				  span_of(pack->maintainers));
		use_tree = tree->n && knows_sections(tree, pack) &&
			   (tree->date >= shipped.date ||
			    !knows_sections(&shipped, pack));
		err = audience_of_pack(&audiences[i], people->arena, pack,
				       use_tree ? tree : &shipped,
				       people->identity);
		if (err)
			return error_wrap(err, "pack %s", pack->name);
	}
	people->audiences = audiences;
	return NULL;
}

static const struct error *
learn(struct people *people)
{
	const struct trees *trees = people->trees;
	struct maintainers tree = { .n = 0 };
	struct span text = { 0 };
	const struct error *err;
	int64_t date = 0;

	if (people->audiences)
		return NULL;
	if (trees) {
		err = trees_newest_file(&text, &date, people->arena, trees,
					".mailmap");
		if (err)
			return err;
		if (text.ptr)
			identity_mailmap(people->identity, text);
		err = trees_newest_file(&text, &date, people->arena, trees,
					"MAINTAINERS");
		if (err)
			return err;
		if (text.ptr)
			maintainers_parse(&tree, people->arena, text);
		if (!tree.date)
			tree.date = date;
	}
	return find_audiences(people, &tree);
}

/* A section that only the tree can know is looked for at once: that it does
   not is a fault of the configuration. */
static const struct error *
check_sections(struct people *people)
{
	const struct packs *packs = people->packs;
	AUTOFREE(arena) *arena = arena_new();

	for (size_t i = 0; i < packs->n; i++) {
		struct maintainers shipped = { .n = 0 };

		maintainers_parse(&shipped, arena,
				  span_of(packs->v[i]->maintainers));
		if (!knows_sections(&shipped, packs->v[i]))
			return learn(people);
	}
	return NULL;
}

const struct error *
people_new(struct people **out, const struct packs *packs,
	   const struct trees *trees, const struct config *config)
{
	AUTOFREE(people) *people = xcalloc(1, sizeof(*people));
	const struct error *err;

	people->packs = packs;
	people->trees = trees;
	people->config = config;
	people->arena = arena_new();
	people->identity = identity_new();
	learn_aliases(people);
	err = check_sections(people);
	if (!err)
		*out = TAKE(people);
	return err;
}

void
people_free(struct people *people)
{
	if (!people)
		return;
	identity_free(people->identity);
	arena_free(people->arena);
	free(people);
}

const struct error *
people_split(struct people_split *out, struct arena *arena,
	     struct people *people, size_t i, const struct addresses *asked)
{
	const struct error *err = learn(people);

	if (err)
		return err;
	*out = (struct people_split){ .known = false };
	out->known =
		audience_split(&out->needed, &out->present, arena,
			       &people->audiences[i], asked, people->identity);
	return NULL;
}
