/*
 * stack.h - the patches of a batch laid on trees, those of a series one on the
 * other
 *
 * A series has one base, chosen for all of its patches; each of them is laid on
 * what those before it made of the tree. Parts that are not here are done
 * without, and the base's attempts say so. A commit is laid on its parent.
 */
#ifndef BOT_STACK_H
#define BOT_STACK_H

#include <stdbool.h>

#include "attr.h"

struct batch;
struct error;
struct review;
struct trees;

/*
 * Fill in applied, places and subject of each review that @wanted holds for.
 * The series must have been found (batch.h). @trees may be NULL. An error only
 * when a repository cannot be read.
 */
MUST_CHECK
const struct error *stack_apply(struct batch *batch, const struct trees *trees,
				bool (*wanted)(const struct review *review,
					       void *arg),
				void *arg);

#endif
