/*
 * finding.h - from a rule that held to a sentence for a person
 */
#ifndef BOT_FINDING_H
#define BOT_FINDING_H

#include <stdbool.h>

#include "verdict.h"

struct arena;
struct match_hit;
struct pack;

/* Fill *out from @hit: path, line, excerpt, and the rule's Why: with its
   placeholders replaced. */
void finding_of_hit(struct finding *out, struct arena *arena,
		    const struct pack *pack, const struct match_hit *hit);

/*
 * Two findings of one rule say the same, but for the name of the function
 * that each is in: the reason needs to be read once.
 */
bool finding_same_reason(const struct finding *a, const struct finding *b);

#endif
