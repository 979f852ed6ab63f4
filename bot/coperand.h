/*
 * coperand.h - what was read last in a body of C, as far as it may go on:
 * "a", "a.b", "a[i]->b"
 *
 * Private to csource*.c.
 */
#ifndef BOT_COPERAND_H
#define BOT_COPERAND_H

#include <stdbool.h>
#include <stddef.h> /* size_t */
#include <stdint.h>

#include "span.h"

struct arena;
struct csource_reader;

enum { COPERAND_PATH = 256 }; /* bytes of a path; longer ones: the last name */

struct coperand {
	bool open;	 /* there is one */
	bool local;	 /* its root is, or no name at all */
	bool designator; /* ".b" of an initialiser */
	bool called;	 /* behind the ")" of a call */
	bool starred;	 /* "(*x)" */
	uint32_t line;
	const char *start, *end;
	struct span last; /* its last member; len 0: none */
	size_t ref;	  /* of its root, from 1; 0: none */
};

/* "a [i] -> b" from ->start to ->end as "a.b" or, without a root, ".b". */
struct span coperand_path(struct arena *arena, const struct coperand *operand);

/* Its root is written. */
void coperand_write(const struct coperand *operand, struct csource_reader *r);

/* Nothing more will be known of it: mention its members, and forget it. */
void coperand_end(struct coperand *operand, struct csource_reader *r);

#endif
