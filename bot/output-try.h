/*
 * output-try.h - "rules try" as JSON Lines
 */
#ifndef BOT_OUTPUT_TRY_H
#define BOT_OUTPUT_TRY_H

#include <stdio.h>

struct trial;
struct trial_mail;
struct verdict;

/* One mail on which a tried rule held. */
void output_try_json(FILE *out, const struct verdict *verdict,
		     const struct trial_mail *mail);
/* The last line, after trial_finish(). */
void output_try_summary_json(FILE *out, const struct trial *trial);

#endif
