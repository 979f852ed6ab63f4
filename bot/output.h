/*
 * output.h - verdicts printed: for people, and as JSON Lines (design.md 7)
 */
#ifndef BOT_OUTPUT_H
#define BOT_OUTPUT_H

#include <stdbool.h>
#include <stddef.h> /* size_t */
#include <stdint.h>
#include <stdio.h>

#include "attr.h"
#include "span.h"

struct arena;
struct verdict;

enum output_detail {
	OUTPUT_BRIEF,	/* what needs a look: flagged, covered, noted */
	OUTPUT_ALL,	/* every place; a line for clear and skipped ones */
	OUTPUT_EXPLAIN, /* and how the base was chosen */
};

/* As a compiler would: path:line: rule (points): what. Errors of the mail go
   to standard error. */
void output_text(FILE *out, struct arena *arena, const struct verdict *verdict,
		 enum output_detail detail, bool color);

/* For programs that read lines: one for each finding of a flagged patch, with
   those who should be asked at its end; nothing for any other. */
void output_findings(FILE *out, struct arena *arena,
		     const struct verdict *verdict);

/* What went wrong with the mail, to standard error. */
void output_errors(const struct verdict *verdict);

/* One object, one line. */
void output_json(FILE *out, const struct verdict *verdict);

/* One line for a list: number, date, decision, score, rules, subject. */
void output_line(FILE *out, struct arena *arena, const struct verdict *verdict,
		 bool color);

/*
 * A raw mail as one of an mbox, in the manner of mboxrd: each line of ">"s and
 * "From " has one ">" more, so that whoever reads it takes one away and has
 * what came in. A mail that ends without a newline gets one.
 */
void output_mbox(FILE *out, struct span raw);

/* "2015-01-21T16:51:30Z", or "" for 0; in @arena. */
const char *output_time(struct arena *arena, int64_t when);

#endif
