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

/* Lives in the arena of show_read(). */
struct show {
	struct verdict verdict;
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

/* For a terminal of 80 columns, but for what must not be broken: paths, ids
   and excerpts. */
void output_show_text(FILE *out, struct arena *arena, const struct show *show,
		      bool color);
/* The object of output_json(), and more keys. */
void output_show_json(FILE *out, struct arena *arena, const struct show *show);

#endif
