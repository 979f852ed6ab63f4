#include "intern.h"

#include "bot/buf.h"
#include "bot/error.h"
#include "bot/limits.h"
#include "db.h"
#include "names.h"

/* @find, and behind it in the enum the statement that adds the same. */
MUST_CHECK static const struct error *
look_up(int64_t *out, struct store *store, enum sql find,
	const struct db_value *values, size_t n)
{
	const struct error *err;

	err = db_get(out, store, find, values, n);
	if (err || *out)
		return err;
	err = db_run(store, (enum sql)(find + 1), values, n);
	if (err)
		return err;
	*out = db_last_id(store);
	return NULL;
}

MUST_CHECK static const struct error *
intern(int64_t *out, struct store *store, enum sql find,
       const struct db_value *values, size_t n)
{
	struct names *names = db_names(store);
	const struct error *err;

	*out = names ? names_find(names, find, values, n) : 0;
	if (*out)
		return NULL;
	err = look_up(out, store, find, values, n);
	if (!err && names)
		names_keep(names, find, values, n, *out);
	return err;
}

MUST_CHECK static const struct error *
intern_text(int64_t *out, struct store *store, enum sql find, const char *text)
{
	if (text)
		return intern(out, store, find, VALUES(V(text)));
	*out = 0;
	return NULL;
}

/* Ids of mails seldom come twice: they would push out what does. */
const struct error *
intern_ident(int64_t *out, struct store *store, const char *name)
{
	if (name)
		return look_up(out, store, SQL_IDENT_FIND, VALUES(V(name)));
	*out = 0;
	return NULL;
}

const struct error *
intern_term(int64_t *out, struct store *store, const char *text)
{
	return intern_text(out, store, SQL_TERM_FIND, text);
}

const struct error *
intern_path(int64_t *out, struct store *store, const char *path)
{
	return intern_text(out, store, SQL_PATH_FIND, path);
}

static const char *
text_of(const char *s)
{
	return s ? s : "";
}

const struct error *
intern_address(int64_t *out, struct store *store, struct address address)
{
	const char *addr = text_of(address.addr), *name = text_of(address.name);

	if (*addr || *name)
		return intern(out, store, SQL_ADDRESS_FIND,
			      VALUES(V(addr), V(name)));
	*out = 0;
	return NULL;
}

const struct error *
intern_pack(int64_t *out, struct store *store, const struct pack_verdict *pack)
{
	return intern(out, store, SQL_PACK_FIND,
		      VALUES(V(text_of(pack->pack)), V(text_of(pack->version)),
			     V(text_of(pack->hash))));
}

const struct error *
intern_fact(int64_t *out, struct store *store, const struct finding_map *map)
{
	struct buf chain = BUF(LIMIT_EXCERPT_BYTES);
	const struct error *err;

	*out = 0;
	if (!map)
		return NULL;
	for (size_t i = 0; i < map->nchain; i++)
		buf_addf(&chain, "%s%s", i ? ">" : "", map->chain[i]);
	err = intern(out, store, SQL_FACT_FIND,
		     VALUES(V(map->kind), V(map->member), V(map->counterpart),
			    V(buf_str(&chain))));
	buf_free(&chain);
	return err;
}

const struct error *
intern_rule(int64_t *out, struct store *store, const struct finding *finding)
{
	return intern(
		out, store, SQL_RULE_FIND,
		VALUES(V(text_of(finding->pack)), V(text_of(finding->rule)),
		       V(text_of(finding->title)), V(text_of(finding->area))));
}
