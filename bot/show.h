/*
 * show.h - all that the database knows of one mail
 */
#ifndef BOT_SHOW_H
#define BOT_SHOW_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "attr.h"
#include "verdict.h"
#include "db/store.h"

struct arena;
struct error;
struct transcript;

/* A posting, of which there may be several. */
struct show_version {
	struct series series;
	struct members mails;
};

/* Lives in the arena of show_read(). */
struct show {
	struct verdict verdict;
	struct series series;	       /* id 0: it is in none */
	struct members parts;	       /* of its posting, the mail itself too */
	struct show_version *versions; /* all of them, the oldest first */
	size_t nversions;
	struct members replies;
	struct store_events history;
	struct requests requests;      /* about it, or about its posting */
	struct recipients *recipients; /* of each of them */
	/* By the rules of today; NULL: not asked for, or not to be had. Set by
	   who shows. */
	const struct transcript *transcript;
};

/* ERROR_NOINPUT: no mail @id. */
MUST_CHECK
const struct error *show_read(struct show *out, struct arena *arena,
			      struct store *store, int64_t id);

/* A subject without what stands in brackets in front. */
const char *show_title(const char *subject);

/* For a terminal of 80 columns, but for what must not be broken: paths, ids
   and excerpts. */
void output_show_text(FILE *out, struct arena *arena, const struct show *show,
		      bool color);
/* Parts of it: a line of the head, and two sections. */
void output_show_part(FILE *out, const struct verdict *verdict);
void output_show_series(FILE *out, struct arena *arena, const struct show *show,
			bool color);
void output_heading(FILE *out, const char *text, bool color);
/* The object of output_json(), and more keys. */
void output_show_json(FILE *out, struct arena *arena, const struct show *show);

#endif
