/*
 * regex.h - PCRE2, byte mode, JIT, one line at a time
 *
 * pcre2.h is included by regex.c only. A compiled regex may be shared between
 * threads; a regex_scratch is for one thread.
 */
#ifndef RULES_REGEX_H
#define RULES_REGEX_H

#include "bot/attr.h"
#include "bot/span.h"

struct error;
struct regex;
struct regex_scratch;

/* ERROR_CONFIG with PCRE2's message and the offset. */
MUST_CHECK
const struct error *regex_new(struct regex **out, const char *pattern);
void regex_free(struct regex *regex);

struct regex_scratch *regex_scratch_new(void);
void regex_scratch_free(struct regex_scratch *scratch);

enum regex_result {
	REGEX_NO,
	REGEX_YES,
	REGEX_LIMIT, /* LIMIT_REGEX_STEPS, heap or stack: the rule's fault */
};
enum regex_result regex_match(const struct regex *regex,
			      struct regex_scratch *scratch, struct span line);

#endif
