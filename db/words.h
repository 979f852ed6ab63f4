/*
 * words.h - what a transaction has still to put into the indexes of words
 *
 * FTS5 gathers words in memory, and writes them out whenever a statement of the
 * transaction begins that may be undone alone. Most that insert a mail do, and
 * writing so often costs ten times the indexing: the words of all mails of a
 * transaction go in by one statement at its end.
 */
#ifndef DB_WORDS_H
#define DB_WORDS_H

#include <stdint.h>

#include "bot/attr.h"

struct error;
struct store;
struct words;

struct words *words_new(void);
void words_free(struct words *words);

/* Subjects and findings that are rows now. */
void words_of_mail(struct words *words, int64_t mail);
void words_of_verdict(struct words *words, int64_t verdict);

/* Before the commit; nothing is left to be written then. */
MUST_CHECK
const struct error *words_write(struct words *words, struct store *store);
/* The rows are gone. */
void words_forget(struct words *words);

#endif
