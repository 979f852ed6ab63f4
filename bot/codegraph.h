/*
 * codegraph.h - the definitions of many files of source, and who names whom
 *
 * What csource.h says of each file, put together: a node for each definition,
 * names interned. A name means the definition in the same file, else every one
 * that is not static; there is no preprocessor and no linker, so one name may
 * have several.
 */
#ifndef BOT_CODEGRAPH_H
#define BOT_CODEGRAPH_H

#include <stdbool.h>
#include <stddef.h> /* size_t */
#include <stdint.h>

#include "csource.h"
#include "span.h"

struct arena;

/* A file to put into the graph; borrowed. All but the nodes is the caller's. */
struct code_file {
	const char *path;
	struct span text;
	struct csource source;
	unsigned role;		/* the caller's */
	bool is_asm;		/* the caller sets it */
	const bool *privileged; /* the caller's, of each definition; NULL */
	uint32_t first_node, nnodes;
};

/* Numbers of symbols and nodes count from 1; 0 is none. */
struct code_symbol {
	struct span name;
	uint32_t hash;
	uint32_t nodes; /* the first definition; others by node->next */
	uint32_t users; /* definitions that name it */
	uint32_t calls; /* how often it is called */
	uint32_t last_user;
};

struct code_ref {
	uint32_t symbol; /* of the name; 0: csource had none */
	uint32_t path;	 /* symbol of the whole path; 0: no path */
	enum csource_ref_kind kind;
};

struct code_node {
	uint32_t symbol; /* 0: what a file has outside of definitions */
	uint32_t file;	 /* index into graph->files */
	enum csource_kind kind;
	bool is_static, falls_through;
	uint32_t type; /* symbol of a variable's struct tag; 0: none */
	uint32_t first_line, last_line;
	uint32_t refs, nrefs;
	uint32_t next; /* of the same name */
};

struct codegraph {
	struct arena *arena;
	struct code_file *files; /* borrowed */
	size_t nfiles;
	struct code_symbol *symbols;
	size_t nsymbols, symbols_cap;
	struct code_node *nodes;
	size_t nnodes, nodes_cap;
	struct code_ref *refs;
	size_t nrefs, refs_cap;
	uint32_t *buckets; /* of symbols; a power of two */
	size_t nbuckets;
};

/* @files stay the caller's and must live as long as the graph. */
void codegraph_build(struct codegraph *out, struct arena *arena,
		     struct code_file *files, size_t n);

/* The number of @name; 0: nothing is called so. */
uint32_t codegraph_symbol(const struct codegraph *graph, struct span name);
/* The same, and it is added when it is new. */
uint32_t codegraph_intern(struct codegraph *graph, struct span name);

static inline struct span
codegraph_name(const struct codegraph *graph, uint32_t symbol)
{
	return graph->symbols[symbol].name;
}

/*
 * All that @symbol may mean in file number @file:
 *
 *	struct code_meaning m = codegraph_meaning(graph, symbol, file);
 *	for (uint32_t node; (node = codegraph_next(&m)) != 0;)
 *
 * Functions, macros and variables.
 */
struct code_meaning {
	const struct codegraph *graph;
	uint32_t at, file;
	bool local;
};
struct code_meaning codegraph_meaning(const struct codegraph *graph,
				      uint32_t symbol, uint32_t file);
uint32_t codegraph_next(struct code_meaning *meaning);

/* The first meaning of this kind; 0: none. */
uint32_t codegraph_find(const struct codegraph *graph, uint32_t symbol,
			uint32_t file, enum csource_kind kind);

#endif
