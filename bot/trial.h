/*
 * trial.h - what some rules add to the others: scores with and without them
 */
#ifndef BOT_TRIAL_H
#define BOT_TRIAL_H

#include <stdbool.h>
#include <stddef.h> /* size_t */
#include <stdint.h>

#include "attr.h"

struct packs;
struct review;
struct rule;

struct trial_month {
	int year, month; /* 1 to 12; 0: of mails without a date */
	size_t held, alone;
};

struct trial {
	const struct packs *packs;
	int flag_at; /* tenths */
	/* Which rules are tried: NULL-terminated, borrowed. */
	const struct rule **rules;
	size_t nrules;

	size_t judged;
	size_t held;  /* mails on which one of them held */
	size_t found; /* and that are flagged, or covered */
	size_t alone; /* that would not be without them */
	struct trial_month *months;
	size_t nmonths, cap;
};

void trial_clear(struct trial *trial);

/* One mail on which a tried rule held; scores in tenths. */
struct trial_mail {
	int without, with;
	bool found, alone;
};
/* Count @review, which was judged with trial->packs; true: a tried rule held,
   and *out is filled in. */
bool trial_add(struct trial_mail *out, struct trial *trial,
	       const struct review *review);

/* Sort and unite trial->months, of which there is one per mail until then. */
void trial_finish(struct trial *trial);

#endif
