#include "address.h"

#include <stdbool.h>
#include <string.h>

#include "arena.h"
#include "limits.h"
#include "mime.h"
#include "span.h"
#include "utf8.h"

/* RFC 5322 3.2.3. */
static bool
is_atext(char c)
{
	char lower = c | 0x20;

	if ((lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9'))
		return true;
	switch (c) {
	case '!':
	case '#':
	case '$':
	case '%':
	case '&':
	case '\'':
	case '*':
	case '+':
	case '-':
	case '/':
	case '=':
	case '?':
	case '^':
	case '_':
	case '`':
	case '{':
	case '|':
	case '}':
	case '~':
		return true;
	default:
		return false;
	}
}

/* Length of the dot-atom at @s; 0: none there. */
static size_t
dot_atom(const char *s)
{
	size_t n = 0;

	while (is_atext(s[n]) ||
	       (s[n] == '.' && n && is_atext(s[n - 1]) && is_atext(s[n + 1])))
		n++;
	return n;
}

/* Length of "local@domain" at @s; 0: none there. */
static size_t
addr_spec(const char *s)
{
	size_t local = dot_atom(s), domain;

	if (!local || s[local] != '@')
		return 0;
	domain = dot_atom(s + local + 1);
	return domain ? local + 1 + domain : 0;
}

/* Length of a display name of words and dots, single blanks between. */
static size_t
words(const char *s)
{
	size_t n = 0;

	while (is_atext(s[n]) || (s[n] == '.' && n) ||
	       (s[n] == ' ' && n && s[n - 1] != ' '))
		n++;
	while (n && s[n - 1] == ' ')
		n--;
	return n;
}

/* Length of what stands in the quotes at @s when it needs no decoding. */
static size_t
quoted(const char *s)
{
	size_t n = strcspn(s + 1, "\"\\");

	return s[n + 1] == '"' && n && s[1] != ' ' && s[n] != ' ' ? n : 0;
}

static const char *
skip_blanks(const char *s)
{
	return s + strspn(s, " ");
}

/* One mailbox of the plainest sort; NULL: it takes a real parser. */
static const char *
plain_mailbox(struct address *out, struct arena *arena, const char *s)
{
	bool in_quotes = *s == '"';
	size_t n = in_quotes ? quoted(s) : addr_spec(s);
	const char *name = s + in_quotes;

	out->name = "";
	if (!in_quotes && n && strchr(" ,", s[n])) {
		out->addr = arena_strndup(arena, s, n);
		return skip_blanks(s + n);
	}
	if (!in_quotes)
		n = words(s);
	s = skip_blanks(name + n + in_quotes);
	if (!n || *s != '<')
		return NULL;
	out->name = arena_strndup(arena, name, n);
	n = addr_spec(s + 1);
	if (!n || s[n + 1] != '>')
		return NULL;
	out->addr = arena_strndup(arena, s + 1, n);
	return skip_blanks(s + n + 2);
}

/*
 * The plain lists that nearly every mail has, without GMime's cost. Whatever
 * is out of the ordinary makes it give up: false.
 */
static bool
plain_list(struct addresses *out, struct arena *arena, const char *text)
{
	const char *s = skip_blanks(text);

	if (strstr(text, "=?") || strstr(text, "xn--"))
		return false;
	while (*s && out->n < LIMIT_MAIL_ADDRESSES) {
		struct address address;

		s = plain_mailbox(&address, arena, s);
		if (!s || (*s && *s != ','))
			return false;
		addresses_add(out, arena, address);
		if (*s)
			s = skip_blanks(s + 1);
	}
	return true;
}

void
addresses_add(struct addresses *list, struct arena *arena,
	      struct address address)
{
	ARENA_GROW(arena, list->v, list->cap, list->n);
	list->v[list->n++] = address;
}

/* @text as far as it is read: whole mailboxes. */
static struct span
readable(const char *text)
{
	struct span span = { text, strnlen(text, LIMIT_ADDRESS_BYTES + 1) };
	const char *comma;

	if (span.len <= LIMIT_ADDRESS_BYTES)
		return span;
	comma = memrchr(text, ',', span.len);
	span.len = comma ? (size_t)(comma - text) : 0;
	return span;
}

void
address_parse(struct addresses *out, struct arena *arena, const char *text)
{
	struct span span = readable(text);

	*out = (struct addresses){ .v = NULL };
	if (text[span.len] || !utf8_is_clean(span))
		text = utf8_clean(arena, span);
	if (plain_list(out, arena, text))
		return;
	*out = (struct addresses){ .v = NULL };
	mime_addresses(out, arena, text);
}

static bool
is_bare_name(const char *name)
{
	for (; *name; name++)
		if (!is_atext(*name) && *name != ' ' &&
		    (unsigned char)*name < 128)
			return false;
	return true;
}

const char *
address_format(struct arena *arena, struct address address)
{
	char *quoted_name, *to;

	if (!address.name[0])
		return address.addr;
	if (is_bare_name(address.name))
		return arena_printf(arena, "%s <%s>", address.name,
				    address.addr);
	quoted_name = to = arena_array(arena, strlen(address.name) + 1, 2);
	for (const char *s = address.name; *s; s++) {
		if (*s == '"' || *s == '\\')
			*to++ = '\\';
		*to++ = *s;
	}
	return arena_printf(arena, "\"%s\" <%s>", quoted_name, address.addr);
}
