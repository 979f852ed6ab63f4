/*
 * pack-parse.h - the text of rule files to a pack, without touching a disk
 */
#ifndef RULES_PACK_PARSE_H
#define RULES_PACK_PARSE_H

#include <stddef.h> /* size_t */

#include "bot/attr.h"
#include "bot/span.h"

struct error;
struct pack;

struct rules_text {
	const char *file; /* for messages */
	struct span text; /* need not outlive the call */
};

/* All of a pack's files, in order. End it with pack_free(). As pack_load(),
   but pack->dir and pack->maintainers are "". */
MUST_CHECK
const struct error *pack_parse(struct pack **out,
			       const struct rules_text *files, size_t n);

/* Add the Rule: stanzas of one more file, which may hold nothing else, to a
   pack that was parsed; its hash stays. On error rules before the fault are
   in. */
MUST_CHECK
const struct error *pack_extend(struct pack *pack,
				const struct rules_text *file);

#endif
