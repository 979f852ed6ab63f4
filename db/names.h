/*
 * names.h - the ids of names that a transaction has met
 *
 * The same people, lists and paths come with each mail of a batch. While a
 * transaction lasts nobody else can remove their rows, so that an id found
 * once needs no second look; when it ends all is forgotten.
 */
#ifndef DB_NAMES_H
#define DB_NAMES_H

#include <stddef.h> /* size_t */
#include <stdint.h>

#include "bot/attr.h"

struct db_value;
struct names;

struct names *names_new(void);
void names_free(struct names *names);
void names_forget(struct names *names);

/* The row of @table (any number) that holds the @n texts of @values; 0: not
   known here. */
int64_t names_find(const struct names *names, int table,
		   const struct db_value *values, size_t n);
/* It pushes out another name that happens to want the same place. */
void names_keep(struct names *names, int table, const struct db_value *values,
		size_t n, int64_t id);

#endif
