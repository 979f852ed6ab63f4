/*
 * divergence-read.h - the source that a platform's map is made from
 */
#ifndef BOT_DIVERGENCE_READ_H
#define BOT_DIVERGENCE_READ_H

#include <stdbool.h>
#include <stddef.h> /* size_t */

#include "attr.h"
#include "csource.h"

struct arena;
struct code_file;
struct error;
struct platform;
struct regex_scratch;
struct repo;

/* C or assembly, in a path of the Platform: stanza. */
bool code_is_wanted(const struct platform *platform, const char *path);

/* Reads one file after another; for one thread. */
struct code_reader {
	const struct platform *platform;
	struct csource_symbols symbols;
	struct arena *arena;   /* the caller's, for what stays */
	struct arena *scratch; /* of one file */
	struct regex_scratch *regex;
};
void code_reader_init(struct code_reader *reader,
		      const struct platform *platform, struct arena *arena);
void code_reader_clear(struct code_reader *reader);

/* Read @file, whose path and text are set, for codegraph_build(). */
void code_read(struct code_file *file, struct code_reader *reader);

/*
 * All files of commit @commit that are wanted, in the order of their paths,
 * read by @nthreads threads with repository handles of their own. In @arena.
 * ERROR_INPUT past LIMIT_TREE_BYTES.
 */
MUST_CHECK
const struct error *code_read_tree(struct code_file **out, size_t *n,
				   struct arena *arena, struct repo *repo,
				   const char *commit,
				   const struct platform *platform,
				   unsigned nthreads);

#endif
