#include "msgid.h"

#include "arena.h"
#include "limits.h"
#include "utf8.h"

static const char *
make(struct arena *arena, struct span id)
{
	char *text = arena_alloc(arena, id.len + 1), *to = text;

	for (size_t i = 0; i < id.len; i++)
		if (id.ptr[i] && !strchr(" \t\r\n", id.ptr[i]))
			*to++ = id.ptr[i];
	id = (struct span){ text, (size_t)(to - text) };
	return utf8_is_clean(id) ? text : utf8_clean(arena, id);
}

/* The next "<id>" of *@rest that looks like one. */
static bool
next_bracketed(struct span *id, struct span *rest)
{
	const char *open, *close;

	while ((open = memchr(rest->ptr, '<', rest->len))) {
		rest->len -= (size_t)(open + 1 - rest->ptr);
		rest->ptr = open + 1;
		close = memchr(rest->ptr, '>', rest->len);
		if (!close)
			return false;
		*id = (struct span){ rest->ptr, (size_t)(close - rest->ptr) };
		rest->ptr = close + 1;
		rest->len -= id->len + 1;
		if (id->len && id->len <= LIMIT_MSGID_BYTES)
			return true;
	}
	return false;
}

/* The next word that holds an @, for lists of ids without <>. */
static bool
next_word(struct span *id, struct span *rest)
{
	while (rest->len) {
		size_t n = 0;

		while (n < rest->len && !strchr(" \t\r\n,", rest->ptr[n]))
			n++;
		*id = (struct span){ rest->ptr, n };
		n += n < rest->len;
		rest->ptr += n;
		rest->len -= n;
		if (id->len && id->len <= LIMIT_MSGID_BYTES &&
		    memchr(id->ptr, '@', id->len))
			return true;
	}
	return false;
}

static bool
next_id(struct span *id, struct span *rest, bool bracketed)
{
	return bracketed ? next_bracketed(id, rest) : next_word(id, rest);
}

const char *
msgid_first(struct arena *arena, struct span value)
{
	struct span id, first = value;
	size_t n = 0;

	if (!value.len)
		return NULL;
	if (next_bracketed(&id, &first) ||
	    (first = value, next_word(&id, &first)))
		return make(arena, id);
	while (n < value.len && !strchr(" \t\r\n", value.ptr[n]))
		n++;
	if (n > LIMIT_MSGID_BYTES || memchr(value.ptr, '<', value.len))
		return NULL;
	return make(arena, (struct span){ value.ptr, n });
}

void
msgids_parse(struct msgids *out, struct arena *arena, struct span value)
{
	bool bracketed = value.len && memchr(value.ptr, '<', value.len);
	struct span id, rest = value;
	size_t n = 0, skip = 0;

	*out = (struct msgids){ .v = NULL };
	while (rest.len && next_id(&id, &rest, bracketed))
		n++;
	if (!n)
		return;
	if (n > LIMIT_REFERENCES)
		skip = n - LIMIT_REFERENCES;
	out->v = ARENA_ARRAY(arena, n - skip, const char *);
	rest = value;
	for (size_t i = 0; i < n && next_id(&id, &rest, bracketed); i++)
		if (!i || i > skip)
			out->v[out->n++] = make(arena, id);
}
