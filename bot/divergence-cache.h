/*
 * divergence-cache.h - maps that were made, by tree and Platform: data
 *
 * DIR/maps/TREE-PLATFORM-BUILDER.map, in the text of divergence-text.h. A
 * cache never fails: one that cannot be read or written is as good as none.
 */
#ifndef BOT_DIVERGENCE_CACHE_H
#define BOT_DIVERGENCE_CACHE_H

struct divergence;
struct platform;

/* Counts what the builder finds and how: with another number maps are made
   anew. */
enum { DIVERGENCE_BUILDER = 1 };

/* The map of tree @oid (hex); NULL: there is none, or one that is broken. */
struct divergence *divergence_cache_get(const char *dir, const char *oid,
					const struct platform *platform);
void divergence_cache_put(const char *dir, const char *oid,
			  const struct platform *platform,
			  const struct divergence *map);

#endif
