/*
 * intern.h - what repeats stands once: the numbers of names, paths, addresses
 */
#ifndef DB_INTERN_H
#define DB_INTERN_H

#include <stdint.h>

#include "bot/address.h"
#include "bot/attr.h"
#include "bot/verdict.h"
#include "store.h"

struct error;

/*
 * The number of a thing, which is added when it is new. What is not there (a
 * NULL string or fact, an address without any text) has the number 0.
 */
MUST_CHECK
const struct error *intern_ident(int64_t *out, struct store *store,
				 const char *name);
MUST_CHECK
const struct error *intern_term(int64_t *out, struct store *store,
				const char *text);
MUST_CHECK
const struct error *intern_path(int64_t *out, struct store *store,
				const char *path);
MUST_CHECK
const struct error *intern_address(int64_t *out, struct store *store,
				   struct address address);
MUST_CHECK
const struct error *intern_pack(int64_t *out, struct store *store,
				const struct pack_verdict *pack);
MUST_CHECK
const struct error *intern_fact(int64_t *out, struct store *store,
				const struct finding_map *map);
MUST_CHECK
const struct error *intern_rule(int64_t *out, struct store *store,
				const struct finding *finding);

#endif
