/*
 * oid.h - object ids as bytes, in half the room
 *
 * Only a whole id in lower-case hex is packed: whatever else stands in its
 * place (a tag, an abbreviation) is kept as text, and all come back as they
 * were.
 */
#ifndef DB_OID_H
#define DB_OID_H

#include <stdbool.h>

#include "db.h"

enum { OID_MAX_BYTES = 32 }; /* SHA-256 */
struct oid {
	char bytes[OID_MAX_BYTES];
};

/* Of @hex (NULL: none); the value lives in @oid or is @hex itself. */
struct db_value oid_value(struct oid *oid, const char *hex);
const char *oid_column(struct db_rows *rows, struct arena *arena, int column);

/*
 * All ids that begin with the digits of a prefix, of either case, are between
 * these two. False: it is not hex, or not from 7 to 64 digits.
 */
struct oid_range {
	struct oid first, last;
	size_t nfirst; /* bytes of first: a shorter blob is the lesser one */
};
bool oid_range(struct oid_range *out, const char *prefix);

#endif
