/*
 * A search at lore.kernel.org, or whatever public-inbox: all mails that match,
 * newest first, in one gzipped mboxrd.
 *
 * The cursor is "rt:<time> <query>": when the newest mail was received that
 * such a search has brought to its end. Mail is indexed late, so the next one
 * begins two days before; who takes it knows what is in.
 */
#include "source-ops.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "arena.h"
#include "error.h"
#include "gunzip.h"
#include "header.h"
#include "http.h"
#include "limits.h"
#include "lines.h"
#include "mbox.h"
#include "mime.h"
#include "network.h"

enum {
	OVERLAP_S = 2 * 24 * 60 * 60,
	NOTHING_BYTES = 1000, /* "No results found" is shorter */
};

struct source_lore {
	struct source base;
	struct network *network;
	char *query, *name;
	struct strlist origins; /* to be asked in this order */
	int64_t from;		/* received then, or later; 0: whenever */
	bool begun, over;
	struct http *http;
	struct gunzip *gunzip;
	struct source *mbox;
	int64_t newest; /* received, of those that came */
	char *cursor;	/* once it is over; NULL */
};

/* When a mail was received by the last relay, which is what rt: means; 0: it
   does not say. */
static int64_t
received(struct arena *arena, struct span raw)
{
	struct header header;
	struct span body, value;
	const struct error *err = header_read(&header, &body, arena, raw);
	const char *text, *date;
	int64_t when = 0;

	if (err) {
		error_free(err);
		return 0;
	}
	value = header_find(&header, "Received");
	text = header_text(arena, value.ptr ? value : SPAN(""));
	date = strrchr(text, ';');
	if (date && mime_date(&when, date + 1) && when > 0)
		return when;
	value = header_find(&header, "Date");
	if (value.ptr && mime_date(&when, header_text(arena, value)))
		return when > 0 ? when : 0;
	return 0;
}

static char *
search_url(const struct source_lore *lore, const char *origin)
{
	CLEANUP(xfree) char *query = NULL, *escaped = NULL;
	size_t n = strlen(origin);

	if (lore->from)
		query = xasprintf("(%s) AND rt:%" PRId64 "..", lore->query,
				  lore->from);
	else
		query = xstrdup(lore->query);
	escaped = http_escape(query);
	return xasprintf("%s%s?q=%s&x=m", origin,
			 n && origin[n - 1] == '/' ? "" : "/", escaped);
}

/* A 404 that is no fault: nothing matches. */
static bool
is_nothing(struct http *http)
{
	char text[NOTHING_BYTES + 1];
	size_t len = 0, got = 0;

	if (http_answer(http)->status != 404 || http_is_html(http))
		return false;
	do {
		const struct error *err =
			http_read(&got, http, text + len, NOTHING_BYTES - len);

		if (err) {
			error_free(err);
			return false;
		}
		len += got;
	} while (got && len < NOTHING_BYTES);
	text[len] = '\0';
	return strstr(text, "No results found");
}

static const struct error *
open_mbox(struct source_lore *lore)
{
	AUTOFREE(lines) *lines = NULL;
	const struct error *err;
	struct line first;

	lore->gunzip =
		gunzip_new(&(struct input){ http_read, lore->http },
			   (int64_t)LIMIT_HTTP_BYTES * LIMIT_HTTP_INFLATION);
	lines = lines_from(&(struct input){ gunzip_read, lore->gunzip },
			   lore->name);
	err = lines_peek(&first, lines);
	if (err || !first.text.ptr)
		return err;
	if (!mbox_separator(first.text))
		return error_new(ERROR_UNAVAILABLE, "the answer is no mbox");
	source_mbox_open(&lore->mbox, TAKE(lines), lore->name);
	return NULL;
}

/* What is to be read of an answer; lore->mbox stays NULL when nothing is. */
static const struct error *
begin_mbox(struct source_lore *lore)
{
	const struct error *err;

	if (is_nothing(lore->http))
		return NULL;
	err = http_check(lore->http);
	return err ? err : open_mbox(lore);
}

/* Ask one; *again: the next one may know. */
static const struct error *
ask(bool *again, struct source_lore *lore, const char *origin)
{
	CLEANUP(xfree) char *url = NULL;
	const struct error *err = network_check_url(origin);

	*again = false;
	if (err)
		return err;
	url = search_url(lore, origin);
	err = http_open(&lore->http, lore->network,
			&(struct http_request){ .url = url, .post = true });
	if (err) {
		*again = true;
		return err;
	}
	*again = http_answer(lore->http)->status >= 500;
	err = begin_mbox(lore);
	if (!err)
		return NULL;
	gunzip_free(lore->gunzip);
	lore->gunzip = NULL;
	http_close(lore->http);
	lore->http = NULL;
	return error_wrap(err, "%s", origin);
}

static const struct error *
begin(struct source_lore *lore)
{
	const struct error *err = NULL;
	bool again = true;

	lore->begun = true;
	for (size_t i = 0; again && i < lore->origins.n &&
			   !network_is_stopping(lore->network);
	     i++) {
		error_free(err);
		err = ask(&again, lore, lore->origins.v[i]);
	}
	return err;
}

/* The server's clock is the bound: a mail from the future must not make us
   pass over all that comes until then. */
static void
end(struct source_lore *lore)
{
	int64_t now = http_answer(lore->http)->date;
	int64_t newest = lore->newest < now ? lore->newest : now;
	int64_t before = lore->from ? lore->from + OVERLAP_S : 0;

	lore->over = true;
	if (newest < before)
		newest = before;
	if (newest)
		lore->cursor =
			xasprintf("rt:%" PRId64 " %s", newest, lore->query);
}

static const struct error *
read_mail(struct source_item *item, struct arena *arena,
	  struct source_lore *lore)
{
	const struct error *err = source_next(item, arena, lore->mbox);
	int64_t when;

	if (err)
		return error_wrap(err, "%s", lore->name);
	if (item->kind == SOURCE_END) {
		end(lore);
	} else if (item->kind == SOURCE_MAIL) {
		when = received(arena, item->raw);
		if (when > lore->newest)
			lore->newest = when;
	}
	return NULL;
}

static const struct error *
step(struct source_item *item, struct arena *arena, struct source_lore *lore)
{
	if (!lore->begun)
		return begin(lore);
	if (lore->mbox)
		return read_mail(item, arena, lore);
	lore->over = true;
	return NULL;
}

static const struct error *
lore_next(struct source_item *item, struct arena *arena, struct source *source)
{
	struct source_lore *lore = (struct source_lore *)source;
	const struct error *err = NULL;

	while (!err && item->kind == SOURCE_END && !lore->over &&
	       !network_is_stopping(lore->network))
		err = step(item, arena, lore);
	return network_failure(lore->network, err);
}

/* None until the search is over: newest first, there is no going on from the
   middle of it. */
static const char *
lore_cursor(const struct source *source)
{
	return ((const struct source_lore *)source)->cursor;
}

static void
lore_close(struct source *source)
{
	struct source_lore *lore = (struct source_lore *)source;

	source_close(lore->mbox);
	gunzip_free(lore->gunzip);
	http_close(lore->http);
	strlist_free(&lore->origins);
	free(lore->query);
	free(lore->name);
	free(lore->cursor);
	free(lore);
}

/* A cursor of another query says nothing of this one. */
static int64_t
cursor_time(const char *cursor, const char *query)
{
	char *end;
	int64_t when;

	if (!cursor || strncmp(cursor, "rt:", 3) != 0)
		return 0;
	when = strtoll(cursor + 3, &end, 10);
	return *end == ' ' && !strcmp(end + 1, query) && when > OVERLAP_S
		       ? when - OVERLAP_S
		       : 0;
}

const struct error *
source_lore_open(struct source **out, const char *query,
		 const struct source_begin *from)
{
	static const struct source_ops ops = {
		.next = lore_next,
		.cursor = lore_cursor,
		.close = lore_close,
	};
	struct source_lore *lore;

	if (!*query)
		return error_new(ERROR_USAGE, "lore: needs a query");
	lore = xcalloc(1, sizeof(*lore));
	lore->base.ops = &ops;
	lore->network = from->network;
	lore->query = xstrdup(query);
	lore->name = xasprintf("lore:%s", query);
	lore->from = cursor_time(from->cursor, query);
	if (!lore->from)
		lore->from = from->since;
	network_origins(&lore->origins, from->network, from->name);
	*out = &lore->base;
	return NULL;
}
