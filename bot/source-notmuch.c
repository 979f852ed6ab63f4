#include "source-ops.h"

#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "arena.h"
#include "error.h"
#include "notmuch.h"

/*
 * The messages of a query, oldest first. Revisions do not grow with dates:
 * only at the end of the list is everything of its state read. Until then the
 * cursor stays where it was, and what was taken comes again if need be.
 */
struct source_notmuch {
	struct source base;
	struct nm_list *list;
	struct strlist files;
	char *old_cursor, *new_cursor; /* "UUID REVISION QUERY" */
	bool ended;
};

/* A cursor of another query says nothing of this one. */
static bool
parse_cursor(struct nm_state *out, const char *cursor, const char *query)
{
	size_t n = cursor ? strcspn(cursor, " ") : 0;
	char *end;

	if (!n || n >= sizeof(out->uuid) || cursor[n] != ' ')
		return false;
	memcpy(out->uuid, cursor, n);
	out->uuid[n] = '\0';
	out->revision = strtoul(cursor + n + 1, &end, 10);
	return end > cursor + n + 1 && *end == ' ' && !strcmp(end + 1, query);
}

/* The first file that can be read; a mail was moved, perhaps. */
static const struct error *
read_files(struct source_item *item, struct arena *arena,
	   const struct strlist *files)
{
	const struct error *err = NULL;

	for (size_t i = 0; i < files->n; i++) {
		const struct error *problem;

		item->where = source_where(arena, files->v[i], 0);
		problem = source_read_mail(&item->raw, arena, files->v[i],
					   item->where);
		if (!problem && item->raw.ptr) {
			error_free(err);
			return NULL;
		}
		if (err)
			error_free(problem);
		else
			err = problem;
	}
	return err ? err : error_new(ERROR_NOINPUT, "no file");
}

static const struct error *
notmuch_next(struct source_item *item, struct arena *arena,
	     struct source *source)
{
	struct source_notmuch *notmuch = (struct source_notmuch *)source;
	const struct error *err;
	const char *id;

	err = nm_list_next(&id, &notmuch->files, notmuch->list);
	if (err || !id) {
		notmuch->ended = !err;
		return err;
	}
	item->tag_id = arena_strdup(arena, id);
	item->anew = nm_list_is_whole(notmuch->list);
	if (source->known && source->known(source->known_arg, id)) {
		item->kind = SOURCE_KNOWN;
		return NULL;
	}
	item->kind = SOURCE_MAIL;
	err = read_files(item, arena, &notmuch->files);
	if (err)
		source_fault(
			item, source_where(arena, id, 0),
			error_wrap(err, "id:%s", source_where(arena, id, 0)));
	return NULL;
}

static const char *
notmuch_cursor(const struct source *source)
{
	const struct source_notmuch *notmuch =
		(const struct source_notmuch *)source;

	return notmuch->ended ? notmuch->new_cursor : notmuch->old_cursor;
}

static long
notmuch_left(const struct source *source)
{
	return (long)nm_list_left(
		((const struct source_notmuch *)source)->list);
}

static void
notmuch_close(struct source *source)
{
	struct source_notmuch *notmuch = (struct source_notmuch *)source;

	nm_list_free(notmuch->list);
	strlist_free(&notmuch->files);
	free(notmuch->old_cursor);
	free(notmuch->new_cursor);
	free(notmuch);
}

/* What is left open would take the rest of the question into it. */
static bool
is_balanced(const char *query)
{
	bool quoted = false;
	long depth = 0;

	for (; *query && depth >= 0; query++) {
		if (*query == '"')
			quoted = !quoted;
		else if (!quoted)
			depth += (*query == '(') - (*query == ')');
	}
	return !quoted && !depth;
}

const struct error *
source_notmuch_open(struct source **out, const char *query, const char *cursor)
{
	static const struct source_ops ops = {
		.next = notmuch_next,
		.cursor = notmuch_cursor,
		.left = notmuch_left,
		.close = notmuch_close,
		.asks_known = true,
	};
	struct source_notmuch *notmuch;
	struct nm_state state;
	bool known = parse_cursor(&state, cursor, query);
	struct nm_list *list = NULL;
	const struct error *err;

	if (!query[strspn(query, " \t\n")] || !is_balanced(query))
		return error_new(ERROR_USAGE, "notmuch:%s: %s", query,
				 is_balanced(query) ? "a query is missing"
						    : "a quote or parenthesis "
						      "is open");
	err = nm_search(&list, query, known ? &state : NULL);
	if (err)
		return err;
	notmuch = xcalloc(1, sizeof(*notmuch));
	notmuch->base.ops = &ops;
	notmuch->list = list;
	/* One of no database: the next time everything is listed again. */
	notmuch->old_cursor =
		known ? xstrdup(cursor) : xasprintf("- 0 %s", query);
	notmuch->new_cursor = xasprintf("%s %lu %s", nm_list_state(list)->uuid,
					nm_list_state(list)->revision, query);
	*out = &notmuch->base;
	return NULL;
}
