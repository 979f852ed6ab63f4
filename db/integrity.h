/*
 * integrity.h - is the database what it should be; and as small
 */
#ifndef DB_INTEGRITY_H
#define DB_INTEGRITY_H

#include <stddef.h> /* size_t */
#include <stdint.h>

#include "bot/attr.h"

struct arena;
struct error;
struct store;

/* What is wrong, a sentence each; of one kind a hundred at most. */
struct integrity {
	const char **v;
	size_t n, cap;
};
/*
 * The file as SQLite sees it, foreign keys, what must hold beyond them (each
 * mail has a verdict of its own and says what it says, raw mail is readable),
 * and that words can be found. For a store that is open to write.
 */
MUST_CHECK
const struct error *store_check(struct integrity *out, struct arena *arena,
				struct store *store);

/* Give the room of what was removed back, and put indexes in order. Bytes of
   the file before and after. ERROR_TEMPORARY: it is being used. */
MUST_CHECK
const struct error *store_vacuum(int64_t *before, int64_t *after,
				 struct store *store);

#endif
