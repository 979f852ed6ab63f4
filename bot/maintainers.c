#include "maintainers.h"

#include <stdbool.h>
#include <strings.h>
#include <time.h>

#include "addrspec.h"
#include "arena.h"
#include "limits.h"
#include "printable.h"

enum { TITLE_MAX = 400, NAME_MAX_CHARS = 200 };

struct parser {
	struct maintainers *out;
	struct arena *arena;
	size_t cap;	   /* of out->sections */
	struct span prose; /* the last line that was no field: a title when
			      fields follow */
	bool in_section;
};

/* As get_maintainer.pl has it: ^[A-Z]: at the very start of a line. */
static bool
is_field(struct span line)
{
	return line.len >= 2 && line.ptr[0] >= 'A' && line.ptr[0] <= 'Z' &&
	       line.ptr[1] == ':';
}

static struct section *
section_open(struct parser *p)
{
	struct section *section;

	ARENA_GROW(p->arena, p->out->sections, p->cap, p->out->n);
	section = &p->out->sections[p->out->n++];
	*section = (struct section){
		.title = printable(p->arena, span_trim(p->prose), TITLE_MAX),
	};
	p->in_section = true;
	return section;
}

/* "Lee, Chun-Yi" with its quotes, or a plain name, which here may have
   commas and dots that RFC 5322 would want quoted. */
static const char *
name_of(struct arena *arena, struct span s)
{
	char *name;
	size_t n = 0;

	s = span_trim(s);
	if (s.len < 2 || s.ptr[0] != '"' || s.ptr[s.len - 1] != '"')
		return printable(arena, s, NAME_MAX_CHARS);
	name = arena_alloc(arena, s.len);
	for (size_t i = 1; i + 1 < s.len; i++) {
		if (s.ptr[i] == '\\' && i + 2 < s.len)
			i++;
		name[n++] = s.ptr[i];
	}
	return printable(arena, span_trim((struct span){ name, n }),
			 NAME_MAX_CHARS);
}

/* How much of @s stands before the first of @stops. */
static size_t
length_before(struct span s, const char *stops)
{
	size_t n = 0;

	while (n < s.len && (!s.ptr[n] || !strchr(stops, s.ptr[n])))
		n++;
	return n;
}

/*
 * One field holds one mailbox: "Name <addr>" or "addr", each perhaps with a
 * remark in parentheses behind it.
 */
static bool
mailbox_parse(struct address *out, struct arena *arena, struct span value)
{
	struct span name = { value.ptr, length_before(value, "<") };
	struct span addr = value;

	if (name.len < value.len) {
		addr.ptr += name.len + 1;
		addr.len -= name.len + 1;
		addr.len = length_before(addr, ">");
	} else {
		name.len = 0;
		addr.len = length_before(addr, " \t(");
	}
	addr = span_trim(addr);
	if (!addrspec_valid(addr))
		return false;
	out->name = name_of(arena, name);
	out->addr = arena_strndup(arena, addr.ptr, addr.len);
	return true;
}

static void
take_field(struct parser *p, struct span line)
{
	struct span value = { line.ptr + 2, line.len - 2 };
	struct section *section;
	struct addresses *list;
	struct address address;

	if (!p->in_section && !p->prose.len)
		return;
	section = p->in_section ? &p->out->sections[p->out->n - 1]
				: section_open(p);
	list = line.ptr[0] == 'L' ? &section->lists : &section->people;
	if (strchr("MRL", line.ptr[0]) && list->n < LIMIT_MAIL_ADDRESSES &&
	    mailbox_parse(&address, p->arena, span_trim(value)))
		addresses_add(list, p->arena, address);
}

static bool
digits(int *out, struct span s)
{
	*out = 0;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
		*out = *out * 10 + (s.ptr[i] - '0');
	}
	return true;
}

/* "YYYY-MM-DD" as its first second, UTC; 0: it is none. */
static int64_t
date_parse(struct span s)
{
	struct tm tm = { 0 }, same;
	time_t t;

	if (s.len != 10 || s.ptr[4] != '-' || s.ptr[7] != '-' ||
	    !digits(&tm.tm_year, (struct span){ s.ptr, 4 }) ||
	    !digits(&tm.tm_mon, (struct span){ s.ptr + 5, 2 }) ||
	    !digits(&tm.tm_mday, (struct span){ s.ptr + 8, 2 }))
		return 0;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	same = tm;
	t = timegm(&tm);
	/* timegm() turns February 30 into March 2: no such date. */
	return tm.tm_mon == same.tm_mon && tm.tm_mday == same.tm_mday ? t : 0;
}

static void
take_comment(struct parser *p, struct span line)
{
	static const char key[] = "# Date:";

	if (p->out->date || !span_starts(line, key))
		return;
	line.ptr += sizeof(key) - 1;
	line.len -= sizeof(key) - 1;
	p->out->date = date_parse(span_trim(line));
}

void
maintainers_parse(struct maintainers *out, struct arena *arena,
		  struct span text)
{
	struct parser p = { .out = out, .arena = arena };
	struct span line;

	*out = (struct maintainers){ 0 };
	if (text.len > LIMIT_MAINTAINERS_BYTES)
		text.len = LIMIT_MAINTAINERS_BYTES;
	while (span_line(&line, &text)) {
		if (is_field(line)) {
			take_field(&p, line);
		} else if (line.len && line.ptr[0] == '#') {
			take_comment(&p, line);
		} else if (span_trim(line).len) {
			p.prose = line;
			p.in_section = false;
		}
	}
}

const struct section *
maintainers_section(const struct maintainers *m, const char *title)
{
	for (size_t i = 0; i < m->n; i++)
		if (!strcasecmp(m->sections[i].title, title))
			return &m->sections[i];
	return NULL;
}
