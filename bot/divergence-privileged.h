/*
 * divergence-privileged.h - which functions do what only the hypervisor may
 *
 * By name ("native_write_cr4") and by instruction ("lgdt"), as the Platform:
 * stanza says. A wrapper is not meant: a function that is called so itself,
 * or that guest code replaces.
 */
#ifndef BOT_DIVERGENCE_PRIVILEGED_H
#define BOT_DIVERGENCE_PRIVILEGED_H

#include <stdbool.h>

struct arena;
struct code_file;
struct divergence;
struct divergence_view;
struct platform;
struct regex_scratch;

/* Of each definition of @file, whether its assembly holds such an
   instruction; NULL: none does. In @arena. */
bool *privileged_instructions(struct arena *arena, const struct code_file *file,
			      const struct platform *platform,
			      struct regex_scratch *scratch);

/* Add the facts; each file's instructions were looked for. */
void divergence_add_privileged(struct divergence *map,
			       const struct divergence_view *view);

#endif
