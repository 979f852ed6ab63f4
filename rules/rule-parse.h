/*
 * rule-parse.h - a Rule: or Mute: stanza to what the engine runs
 */
#ifndef RULES_RULE_PARSE_H
#define RULES_RULE_PARSE_H

#include <stdbool.h>

#include "bot/attr.h"
#include "rules/rule.h"

struct arena;
struct error;
struct stanza;

/* Both fill *out only on success, from @stanza of @file; ERROR_CONFIG
   "file:line: what". */
MUST_CHECK
const struct error *rule_parse(struct rule *out, struct arena *arena,
			       const char *file, const struct stanza *stanza);
MUST_CHECK
const struct error *mute_parse(struct mute *out, struct arena *arena,
			       const char *file, const struct stanza *stanza);

/* [a-z0-9-]+, as ids of rules and names of packs are written. */
bool id_is_valid(const char *id);

/* How a reason may speak of what was found: "{function}" and so on. */
extern const char *const why_placeholders[];
enum { NWHY_PLACEHOLDERS = 5 };

#endif
