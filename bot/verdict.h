/*
 * verdict.h - what pvwatch found about one mail: the record
 *
 * Plain data between review, outputs and the database: review fills it, the
 * store keeps it and fills it again for query, the outputs print it. Strings
 * live in the arena of whoever filled it.
 */
#ifndef BOT_VERDICT_H
#define BOT_VERDICT_H

#include <stdbool.h>
#include <stddef.h> /* size_t */
#include <stdint.h>

#include "address.h"
#include "apply.h"
#include "kind.h"

enum decision {
	DECISION_SKIPPED, /* not judged */
	DECISION_CLEAR,
	DECISION_NOTED,
	DECISION_COVERED,
	DECISION_FLAGGED, /* ordered: the worst of the packs wins */
};
const char *decision_name(enum decision decision);
int decision_by_name(const char *name); /* -1: no such */

/* What the place of a finding is known from. */
enum finding_basis {
	BASIS_UNKNOWN, /* of a stored one, when its patch had both */
	BASIS_TREE,    /* the file before and after */
	BASIS_DIFF,    /* the diff alone: no tree, or it does not apply */
};
const char *finding_basis_name(enum finding_basis basis); /* NULL: unknown */

/* Where the divergence map came from; of a database, too. */
enum map_how { MAP_NONE, MAP_TREE, MAP_SHIPPED, MAP_FILE };
const char *map_how_name(enum map_how how); /* "none", "tree" ... */

/* What the map said, where a rule asked it. Strings are "" when there is
   nothing to say. */
struct finding_map {
	const char *kind;
	const char *member;	 /* or the macro, the variable */
	const char *counterpart; /* "file:function" */
	const char *const *chain;
	size_t nchain;
};

struct finding {
	const char *pack, *rule, *title, *area; /* title, area: "" if none */
	int points;				/* tenths */
	const char *path;
	uint32_t line;	      /* 0: the whole file */
	bool old_side;	      /* line counts in the pre-image */
	const char *function; /* NULL: none known */
	const char *text;     /* the line, its marker in front; "" */
	const char *why;      /* placeholders filled in */
	enum finding_basis basis;
	const struct finding_map *map; /* NULL: the rule does not ask it */
};

struct pack_verdict {
	const char *pack, *version, *hash;
	int score; /* tenths */
	enum decision decision;
	struct addresses needed, present; /* the audience, by who was asked */
};

#define VERDICT_MISSING_MAX 100

struct verdict {
	int64_t id;	 /* of the mail in the database; 0 */
	const char *key; /* what identifies it: the Message-ID, "git:<oid>" or
			    "raw:<digest of the raw mail>" */
	enum mail_kind kind;
	const char *msgid, *commit; /* NULL */
	const char *subject;
	struct address author;
	int64_t date;
	const char *source; /* where it was found */
	unsigned version, part, total;
	bool series_complete;
	/* Parts that are not there, the first VERDICT_MISSING_MAX of them. */
	unsigned *missing;
	size_t nmissing;
	enum decision decision;
	const char *skipped; /* why; NULL when judged */
	int score;	     /* tenths, the highest of the packs */
	struct pack_verdict *packs;
	size_t npacks;
	struct base base;
	const char *map_of; /* NULL: there was no map */
	enum map_how map_how;
	size_t hunks[NPLACINGS];
	struct finding *findings;
	size_t nfindings;
	const char **errors; /* what went wrong on the way, whole sentences */
	size_t nerrors, errors_cap;
	const char *program; /* version that judged; NULL: not judged */
};

/* That of all findings of @verdict, as far as its hunks tell. */
enum finding_basis verdict_basis(const struct verdict *verdict);

/*
 * Say which parts of its series are there: @parts, in any order, perhaps with
 * others twice. Sets series_complete and missing, in @arena.
 */
struct arena;
void verdict_parts(struct verdict *verdict, struct arena *arena,
		   const unsigned *parts, size_t n);

/* Append to verdict->errors; the message is copied into @arena. */
void verdict_error(struct verdict *verdict, struct arena *arena,
		   const char *message);

#endif
