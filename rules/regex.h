/*
 * regex.h - PCRE2, byte mode, JIT, one line at a time
 *
 * pcre2.h is included by regex.c only. A compiled regex may be shared between
 * threads; a regex_scratch is for one thread.
 */
#ifndef RULES_REGEX_H
#define RULES_REGEX_H

#include <stdbool.h>

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
DEFINE_AUTOFREE(regex_scratch, regex_scratch_free);

/*
 * From now on all matches with @scratch together may take about @ms of this
 * thread's CPU time (0: any); past it they answer REGEX_LIMIT. PCRE2's match
 * limit counts anew from every byte of a line, so it alone bounds nothing. The
 * clock starts, and is read, every 64 KiB of text only.
 */
void regex_scratch_budget(struct regex_scratch *scratch, unsigned ms);
bool regex_scratch_spent(const struct regex_scratch *scratch);

enum regex_result {
	REGEX_NO,
	REGEX_YES,
	REGEX_LIMIT, /* LIMIT_REGEX_STEPS, heap, stack or budget was met */
};

/*
 * Search @line. One longer than LIMIT_REGEX_WINDOW is searched piece by piece,
 * so that time grows with its length only; of a match longer than a quarter of
 * that, an end at such a seam may be missed.
 */
enum regex_result regex_match(const struct regex *regex,
			      struct regex_scratch *scratch, struct span line);

/*
 * May any line of @block match? Lines end in a newline. False is certain, true
 * is not: one search over many lines, nearly all of which match nothing, costs
 * a fraction of a search in each.
 */
bool regex_may_match(const struct regex *regex, struct regex_scratch *scratch,
		     struct span block);

#endif
