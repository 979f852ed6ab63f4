/*
 * divergence-code.h - the code of a tree, seen with the eyes of a platform
 *
 * The graph of codegraph.h and what a Platform: stanza says of its nodes: whose
 * code they are, where bare metal enters.
 */
#ifndef BOT_DIVERGENCE_CODE_H
#define BOT_DIVERGENCE_CODE_H

#include <stdbool.h>
#include <stddef.h> /* size_t */
#include <stdint.h>

#include "codegraph.h"

struct arena;
struct platform;
struct regex_scratch;

/* Roles of files. */
enum code_role {
	CODE_NATIVE, /* facts are about it */
	CODE_COMMON, /* both run it */
	CODE_GUEST,
	CODE_UNREAD, /* none of the three */
};
enum code_role code_role_of(const struct platform *platform, const char *path);

enum node_flag {
	NODE_GUEST = 1 << 0,	/* of the guest's files */
	NODE_MODE = 1 << 1,	/* ... that serves where it boots natively */
	NODE_NATIVE = 1 << 2,	/* of native files */
	NODE_STRANGER = 1 << 3, /* another guest's */
	NODE_ENTRY = 1 << 4,	/* where bare metal enters */
	NODE_TABLE = 1 << 5,	/* a variable that the guest does not use */
	NODE_ASM = 1 << 6,	/* of assembly */
	NODE_REACHED = 1 << 7,	/* the guest gets there */
	NODE_SKIPPED = 1 << 8,	/* only bare metal does */
};

struct divergence_code {
	struct codegraph graph;
	const struct platform *platform;
	struct arena *arena;
	uint16_t *flags; /* of each node: a set of node_flag */
	uint32_t *joins; /* symbols where both go on */
	size_t njoins, joins_cap;
};

/* @files as codegraph_build() takes them, their role an enum code_role. */
void divergence_code_build(struct divergence_code *out, struct arena *arena,
			   const struct platform *platform,
			   struct code_file *files, size_t n);

/* What a CSOURCE_SET, number @ref, of @node sets its member to: the value, or
   the argument of a macro around it. *last is the last reference that belongs
   to the value. 0: no name. */
uint32_t code_set_value(uint32_t *last, const struct codegraph *graph,
			uint32_t node, uint32_t ref);

#endif
