#include "body.h"

#include <strings.h>

#include "header.h"
#include "trailer.h"

struct span
body_skip_blank(struct span rest)
{
	struct span line, behind = rest;

	while (span_line(&line, &behind) && span_is_blank(line))
		rest = behind;
	return rest;
}

static bool
is_hex_oid(struct span s)
{
	if (s.len != 40 && s.len != 64)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!strchr("0123456789abcdef", s.ptr[i]) || !s.ptr[i])
			return false;
	return true;
}

static bool
is_separator(struct span line)
{
	return span_starts(line, "---") &&
	       span_is_blank((struct span){ line.ptr + 3, line.len - 3 });
}

/* @line starts a diff, given what comes behind it. */
static bool
starts_diff(struct span line, struct span rest)
{
	struct span next;

	if (span_starts(line, "diff --git ") || span_starts(line, "diff -"))
		return true;
	if (!span_starts(line, "--- ") && !span_starts(line, "Index: "))
		return false;
	return span_line(&next, &rest) &&
	       span_starts(next, line.ptr[0] == '-' ? "+++ " : "=====");
}

struct cut {
	const char *message_end; /* the first "---" or the diff */
	const char *scissors;	 /* behind the last such line; NULL */
};

/*
 * "-- >8 --": at least eight columns with a pair of scissors, a third of them
 * cut marks (what git-mailinfo(1) takes for one).
 */
static bool
is_scissors(struct span line)
{
	size_t scissors = 0, marks = 0;

	line = span_trim(line);
	if (line.len < 8 || line.len > 100)
		return false;
	for (size_t i = 0; i < line.len; i++) {
		struct span at = { line.ptr + i, line.len - i };

		if (span_starts(at, ">8") || span_starts(at, "8<") ||
		    span_starts(at, ">%") || span_starts(at, "%<")) {
			scissors++;
			marks += 2;
			i++;
		} else if (*at.ptr == '-') {
			marks++;
		}
	}
	return scissors && marks * 3 > line.len;
}

/* What a line of interest can begin with: most lines do not. */
static bool
may_cut(struct span line)
{
	switch (line.len ? line.ptr[0] : '\0') {
	case '-': /* "---", scissors */
	case 'd': /* "diff" */
	case 'I': /* "Index:" */
	case '>':
	case '<':
	case '8':
	case '%':
		return true;
	default:
		return false;
	}
}

/* Find where the message ends; false: there is no diff in @text. */
static bool
find_cut(struct cut *cut, struct span text)
{
	struct span line, rest = text;

	*cut = (struct cut){ .message_end = NULL };
	while (span_line(&line, &rest)) {
		if (!may_cut(line))
			continue;
		if (starts_diff(line, rest)) {
			if (!cut->message_end)
				cut->message_end = line.ptr;
			return true;
		}
		if (cut->message_end)
			continue;
		if (is_separator(line))
			cut->message_end = line.ptr;
		else if (is_scissors(line))
			cut->scissors = rest.ptr;
	}
	return false;
}

/* The value when @line is "@name: value". */
static bool
is_field(struct span *value, struct span line, const char *name)
{
	size_t n = strlen(name);

	if (line.len <= n || line.ptr[n] != ':' ||
	    strncasecmp(line.ptr, name, n))
		return false;
	*value = (struct span){ line.ptr + n + 1, line.len - n - 1 };
	*value = span_trim(*value);
	return true;
}

/* "From <oid> Mon Sep 17 00:00:00 2001", which git-format-patch(1) writes. */
static bool
is_format_patch(struct span line)
{
	size_t n = span_starts(line, ">From ") ? 6 : 5;

	return (n == 6 || span_starts(line, "From ")) && line.len > n + 40 &&
	       is_hex_oid((struct span){ line.ptr + n, 40 });
}

/* Headers in front of the message, with the blank lines around them. */
static struct span
skip_inbody(struct span *author, struct span text)
{
	struct span line, value, rest = body_skip_blank(text);

	text = rest;
	while (header_line(&line, &rest)) {
		if (is_field(&value, line, "From"))
			*author = value;
		else if (!is_field(&value, line, "Subject") &&
			 !is_field(&value, line, "Date") &&
			 !is_format_patch(line))
			break;
		text = rest;
	}
	return body_skip_blank(text);
}

/* The oid when @line names the commit that a notice is about. */
static bool
names_commit(struct span *oid, struct span line)
{
	if (span_starts(line, "commit "))
		*oid = span_trim((struct span){ line.ptr + 7, line.len - 7 });
	else if (!is_field(oid, line, "Commit-ID") &&
		 !is_field(oid, line, "Commit"))
		return false;
	return is_hex_oid(*oid);
}

/* The lines of a commit notice in front of the message. */
static struct span
skip_preamble(struct body *body, struct span text)
{
	struct span line, rest = body_skip_blank(text);

	if (span_starts(rest, "The following commit has been merged into ")) {
		span_line(&line, &rest);
		rest = body_skip_blank(rest);
	}
	body->preamble.ptr = rest.ptr;
	if (!span_line(&line, &rest) || !names_commit(&body->commit, line)) {
		body->preamble.ptr = body->commit.ptr = NULL;
		return text;
	}
	do {
		is_field(&body->author, line, "Author");
		text = rest;
	} while (span_line(&line, &rest) && trailer_key(line));
	body->preamble.len = (size_t)(text.ptr - body->preamble.ptr);
	return body_skip_blank(text);
}

static struct span
without_front(struct body *body, struct span text)
{
	struct span rest = skip_preamble(body, text);

	return body->preamble.ptr ? rest : skip_inbody(&body->author, text);
}

void
body_split(struct body *out, struct span text)
{
	struct body body = { .message = text };
	const char *end = text.ptr + text.len;
	struct cut cut;

	body.diff = (struct span){ end, 0 };
	if (find_cut(&cut, text)) {
		body.diff.ptr = cut.message_end;
		body.diff.len = (size_t)(end - cut.message_end);
		if (cut.scissors)
			body.message.ptr = cut.scissors;
		body.message.len = (size_t)(cut.message_end - body.message.ptr);
	}
	body.message = without_front(&body, body.message);
	*out = body;
}
