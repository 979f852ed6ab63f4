/*
 * divergence-override.h - which members of structures guest code replaces
 *
 * A member is known by its path from a variable of the kernel:
 * "smp_ops.cpu_die", "pv_ops.mmu.set_pte"; a pointer to a function by its own
 * name. Guest code overrides one by an assignment, by copying a structure of
 * its own over (a part of) the variable, or by having an instance of a
 * structure of which one is in use at a time.
 */
#ifndef BOT_DIVERGENCE_OVERRIDE_H
#define BOT_DIVERGENCE_OVERRIDE_H

#include <stdbool.h>
#include <stddef.h> /* size_t */
#include <stdint.h>

struct codegraph;
struct divergence_code;

struct override {
	uint32_t path;	/* symbol */
	uint32_t guest; /* node of the function that guest code puts in; 0:
			   one that was not read, or a macro for nothing */
	bool by_mode;	/* only where the guest boots as bare metal does */
	/* Nodes of the functions that native code puts in; those that stand
	   for nothing (one function for many members) are left out. */
	uint32_t *natives;
	size_t nnatives, cap;
};

struct overrides {
	struct override *v;
	size_t n, cap;
	uint32_t *by_path; /* of each symbol: 1 + index, 0: none */
	/* The same by the end of the path from its second name on, where that
	   has a dot: macros are given it ("mmu.set_pte"). */
	uint32_t *by_tail;
	size_t nsymbols;
	/* Of each reference of the graph that gives native code's value to an
	   overridden member: the path; else 0. */
	uint32_t *by_ref;
};

void overrides_find(struct overrides *out, struct divergence_code *code);

/* The one of @path, which may be a tail; NULL: no guest overrides that. */
const struct override *override_of(const struct overrides *overrides,
				   uint32_t path);

#endif
