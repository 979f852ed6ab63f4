/*
 * filter.h - the filters of a query as SQL
 *
 * SQL is put together from constant pieces only; what a person wrote is
 * bound. In a query the mail is "m".
 */
#ifndef DB_FILTER_H
#define DB_FILTER_H

#include <stdbool.h>

#include "bot/buf.h"
#include "db.h"
#include "states.h"

struct arena;

/* A statement on its way: its text, and the values of its "?" so far. */
struct filter_sql {
	struct buf sql;
	struct db_value *values;
	size_t n, cap;
	struct arena *arena;
	const struct query *query;
	struct states states; /* of the query */
	bool denied;	      /* put the values that must not hold */
	size_t word;	      /* value that a leader of words goes by */
};

void filter_sql_start(struct filter_sql *b, const char *piece);
void filter_sql_add(struct filter_sql *b, const char *piece);
/* A piece with one "?" in it, and its value. */
void filter_sql_value(struct filter_sql *b, const char *piece,
		      struct db_value value);

/* Is there such a value, of those that are put now? */
bool filter_has(const struct filter_sql *b, enum filter_field field);
/* What a word is looked for by. */
void filter_put_word(struct filter_sql *b, const char *piece, const char *word);
bool filter_is_msgid(const char *word);
void filter_put_msgid(struct filter_sql *b, const char *word);
/* " AND (...)": any of the values of @field, of those whose values are
   conditions on columns; nothing when there are none. */
void filter_put(struct filter_sql *b, enum filter_field field);
/* The same for all that looks at finding f and rule r: they hold for one and
   the same finding. */
void filter_put_finding(struct filter_sql *b);
/* "@column_in (...)" of the members of a set of bits. */
void filter_put_set(struct filter_sql *b, const char *column_in, unsigned set);
void filter_put_dates(struct filter_sql *b);
/* Everything that must hold of mail m. */
void filter_put_tests(struct filter_sql *b);

#endif
