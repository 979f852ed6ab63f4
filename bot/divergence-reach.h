/*
 * divergence-reach.h - what the guest reaches, and what bare metal alone does
 *
 * The guest reaches what its own code names, what code names that both run,
 * and what initialised data names, but for the native values of members that
 * it overrides and the tables it does not load. Bare metal alone reaches the
 * rest of what its entries, those values and those tables lead to.
 */
#ifndef BOT_DIVERGENCE_REACH_H
#define BOT_DIVERGENCE_REACH_H

#include <stddef.h> /* size_t */
#include <stdint.h>

struct divergence_code;
struct overrides;

/* How a node is reached; all but the first is of native-only ones. */
struct reach_step {
	uint32_t from;	/* the node that leads here; 0: a beginning */
	uint16_t depth; /* calls from an entry or half */
	uint16_t entry; /* 1 + index into platform->entries; 0: none */
	uint32_t half;	/* path of the overridden member; 0: none */
};

struct reach {
	struct reach_step *steps; /* of each node */
};

/* Set NODE_REACHED and NODE_SKIPPED in code->flags. */
void reach_find(struct reach *out, struct divergence_code *code,
		const struct overrides *overrides);

#endif
