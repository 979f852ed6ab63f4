#include "words.h"

#include <inttypes.h>
#include <stdlib.h>

#include "bot/alloc.h"
#include "bot/buf.h"
#include "bot/error.h"
#include "db.h"

struct rows {
	int64_t *v;
	size_t n, cap;
};

struct words {
	struct rows mails, verdicts;
};

enum { ARRAY_MAX = 1 << 30 }; /* bytes */

struct words *
words_new(void)
{
	return xcalloc(1, sizeof(struct words));
}

void
words_free(struct words *words)
{
	if (!words)
		return;
	free(words->mails.v);
	free(words->verdicts.v);
	free(words);
}

static void
add(struct rows *rows, int64_t id)
{
	GROW(rows->v, rows->cap, rows->n);
	rows->v[rows->n++] = id;
}

void
words_of_mail(struct words *words, int64_t mail)
{
	add(&words->mails, mail);
}

void
words_of_verdict(struct words *words, int64_t verdict)
{
	add(&words->verdicts, verdict);
}

/* As an array of JSON: SQLite binds no other. */
MUST_CHECK static const struct error *
write_rows(const struct rows *rows, struct store *store, enum sql id)
{
	struct buf array = BUF(ARRAY_MAX);
	const struct error *err;

	if (!rows->n)
		return NULL;
	for (size_t i = 0; i < rows->n; i++)
		buf_addf(&array, "%c%" PRId64, i ? ',' : '[', rows->v[i]);
	buf_addch(&array, ']');
	err = buf_check(&array, "rows to index");
	if (!err)
		err = db_run(store, id, VALUES(V(buf_str(&array))));
	buf_free(&array);
	return err;
}

const struct error *
words_write(struct words *words, struct store *store)
{
	const struct error *err;

	err = write_rows(&words->mails, store, SQL_WORDS_OF_MAIL);
	if (!err)
		err = write_rows(&words->verdicts, store, SQL_WORDS_OF_VERDICT);
	words_forget(words);
	return err;
}

void
words_forget(struct words *words)
{
	words->mails.n = words->verdicts.n = 0;
}
