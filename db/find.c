#include <stdlib.h>
#include <string.h>

#include "bot/arena.h"
#include "bot/error.h"
#include "db.h"
#include "oid.h"
#include "pattern.h"
#include "store.h"

/* Ways to find one mail; *id stays 0 when it is not there. */

MUST_CHECK static const struct error *
find_number(int64_t *id, struct store *store, const char *name)
{
	size_t n = strspn(name, "0123456789");

	if (!n || n > 18 || name[n])
		return NULL;
	return db_get(id, store, SQL_MAIL_BY_ID,
		      VALUES(V(strtoll(name, NULL, 10))));
}

MUST_CHECK static const struct error *
ambiguous(const char *name)
{
	return error_new(ERROR_USAGE, "%s: several commits begin so", name);
}

/* The newest mail of the commit, if they are all of the same. */
MUST_CHECK static const struct error *
read_commit(int64_t *id, struct arena *arena, struct db_rows *rows,
	    const char *name)
{
	const char *commit = NULL, *next;
	const struct error *err;
	bool row = false;

	while (!(err = db_next(&row, rows)) && row) {
		next = oid_column(rows, arena, 1);
		if (commit && strcmp(commit, next))
			return ambiguous(name);
		if (!commit)
			*id = db_int(rows, 0);
		commit = next;
	}
	return err;
}

MUST_CHECK static const struct error *
find_commit(int64_t *id, struct store *store, const char *name)
{
	AUTOFREE(arena) *arena = NULL;
	AUTOFREE(db_rows) *rows = NULL;
	const struct error *err;
	struct oid_range range;
	struct span first, last;
	const char *end;

	if (!oid_range(&range, name))
		return NULL;
	first = (struct span){ range.first.bytes, range.nfirst };
	last = (struct span){ range.last.bytes, sizeof(range.last.bytes) };
	arena = arena_new();
	/* "g" follows the last digit of hex. */
	end = arena_printf(arena, "%sg", name);
	err = db_query(&rows, store, SQL_MAIL_BY_COMMIT,
		       VALUES(V(first), V(last), V(name), V(end)));
	if (!err)
		err = read_commit(id, arena, rows, name);
	return err;
}

const struct error *
store_find(int64_t *id, struct store *store, const char *name)
{
	AUTOFREE(arena) *arena = arena_new();
	const char *key = pattern_msgid(arena, name);
	const struct error *err;
	int64_t found = 0;

	err = find_number(&found, store, name);
	if (!err && !found)
		err = db_get(&found, store, SQL_MAIL_BY_KEY, VALUES(V(key)));
	if (!err && !found)
		err = find_commit(&found, store, name);
	if (err)
		return err;
	if (!found)
		return error_new(ERROR_NOINPUT, "%s: no such mail in %s", name,
				 db_path(store));
	*id = found;
	return NULL;
}
