/*
 * divergence-build.h - making the divergence map from a tree
 */
#ifndef BOT_DIVERGENCE_BUILD_H
#define BOT_DIVERGENCE_BUILD_H

#include <stddef.h> /* size_t */

#include "attr.h"
#include "span.h"

struct divergence;
struct error;
struct platform;
struct repo;

/* A file of source, in memory. */
struct build_file {
	const char *path;
	struct span text;
};

/* The map of these files, sealed; of and commit are "". */
struct divergence *divergence_of_files(const struct platform *platform,
				       const struct build_file *files,
				       size_t n);

/*
 * The map of commit @commit (hex) of @repo, sealed. Files are read and parsed
 * by @nthreads threads, each with a handle of its own; how many there are
 * changes nothing but the time.
 *
 * With @cache, a directory, a map that was made of the same tree with the same
 * Platform: data is read from there, else the new one is left there. A cache
 * that cannot be read or written is as good as none. NULL: no cache.
 */
struct divergence_options {
	const char *cache;
	unsigned nthreads; /* 0: as many as there are CPUs, up to 4 */
};
MUST_CHECK
const struct error *divergence_of_tree(
	struct divergence **out, struct repo *repo, const char *commit,
	const struct platform *platform,
	const struct divergence_options *options);

#endif
