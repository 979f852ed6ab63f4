#include "labels.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "buf.h"
#include "error.h"
#include "limits.h"

enum { LABEL_BYTES = 64 };

static struct span
column(struct span *rest)
{
	const char *tab = memchr(rest->ptr, '\t', rest->len);
	struct span one = { rest->ptr,
			    tab ? (size_t)(tab - rest->ptr) : rest->len };

	rest->ptr += one.len + (tab != NULL);
	rest->len -= one.len + (tab != NULL);
	return span_trim(one);
}

/* The id, as mails have it; empty when it is none. */
static struct span
id_of(struct span text)
{
	if (text.len > 2 && text.ptr[0] == '<' && text.ptr[text.len - 1] == '>')
		text = (struct span){ text.ptr + 1, text.len - 2 };
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] <= ' ' || text.ptr[i] == 0x7f)
			return (struct span){ text.ptr, 0 };
	if (text.len > LIMIT_MSGID_BYTES)
		text.len = 0;
	return text;
}

static bool
is_label(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!text.ptr[i] ||
		    !strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVW"
			    "XYZ0123456789._-",
			    text.ptr[i]))
			return false;
	return text.len && text.len <= LABEL_BYTES;
}

static const struct error *
find_or_add_name(size_t *out, struct labels *labels, struct span name)
{
	size_t i = 0;

	while (i < labels->nnames &&
	       !span_equal(span_of(labels->names[i]), name))
		i++;
	if (i == LABELS_MAX)
		return error_new(ERROR_INPUT, "more than %d different labels",
				 LABELS_MAX);
	if (i == labels->nnames)
		labels->names[labels->nnames++] =
			arena_span(labels->arena, name);
	*out = i;
	return NULL;
}

static const struct error *
add_line(struct labels *labels, struct span line, unsigned number,
	 enum labels_form form)
{
	struct span id = id_of(column(&line));
	struct span name = { "", 0 };
	const struct error *err;
	size_t which = 0;

	if (!id.len)
		return error_new(ERROR_INPUT,
				 "does not begin with a Message-ID");
	if (form == LABELS_NAMED) {
		name = column(&line);
		if (!is_label(name))
			return error_new(ERROR_INPUT,
					 "want a label of letters, digits, "
					 "'.', '_' and '-' behind the "
					 "Message-ID and a tab");
	}
	err = find_or_add_name(&which, labels, name);
	if (err)
		return err;
	ARENA_GROW(labels->arena, labels->v, labels->cap, labels->n);
	labels->v[labels->n++] =
		(struct labelled){ arena_span(labels->arena, id), 1u << which,
				   number };
	return NULL;
}

static int
by_msgid(const void *a, const void *b)
{
	const struct labelled *left = a, *right = b;
	int order = strcmp(left->msgid, right->msgid);

	return order ? order
		     : (left->line > right->line) - (left->line < right->line);
}

/* Each mail once, with all its labels. */
static void
unite(struct labels *labels)
{
	size_t n = 0;

	qsort(labels->v, labels->n, sizeof(*labels->v), by_msgid);
	for (size_t i = 0; i < labels->n; i++) {
		const struct labelled *one = &labels->v[i];

		if (n && !strcmp(labels->v[n - 1].msgid, one->msgid))
			labels->v[n - 1].set |= one->set;
		else
			labels->v[n++] = *one;
	}
	labels->n = n;
}

const struct error *
labels_parse(struct labels **out, const char *file, struct span text,
	     enum labels_form form)
{
	struct arena *arena = arena_new();
	AUTOFREE(labels) *labels = ARENA_NEW(arena, struct labels);
	const struct error *err = NULL;
	unsigned number = 0;
	struct span line;

	labels->arena = arena;
	labels->names = ARENA_ARRAY(arena, LABELS_MAX, const char *);
	while (!err && span_line(&line, &text)) {
		number++;
		if (line.len && line.ptr[0] != '#' && span_trim(line).len)
			err = add_line(labels, line, number, form);
	}
	if (err)
		return error_wrap(err, "%s:%u", file, number);
	if (!labels->n)
		return error_new(ERROR_INPUT, "%s: names no mail", file);
	unite(labels);
	*out = TAKE(labels);
	return NULL;
}

const struct error *
labels_read(struct labels **out, const char *path, enum labels_form form)
{
	struct buf buf = BUF(LIMIT_LABELS_BYTES);
	const struct error *err = buf_read_file(&buf, path);

	if (!err)
		err = labels_parse(out, path, buf_span(&buf), form);
	buf_free(&buf);
	return err;
}

void
labels_free(struct labels *labels)
{
	if (labels)
		arena_free(labels->arena);
}

static int
compare_key(const void *key, const void *element)
{
	return strcmp(key, ((const struct labelled *)element)->msgid);
}

const struct labelled *
labels_of(const struct labels *labels, const char *msgid)
{
	if (!msgid)
		return NULL;
	return bsearch(msgid, labels->v, labels->n, sizeof(*labels->v),
		       compare_key);
}

int
labels_by_name(const struct labels *labels, const char *name)
{
	for (size_t i = 0; i < labels->nnames; i++)
		if (!strcmp(labels->names[i], name))
			return (int)i;
	return -1;
}
