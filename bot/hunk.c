#include "hunk.h"

#include "arena.h"

/* Digits that fit 32 bits, off the front of *@s. */
static bool
take_number(uint32_t *out, struct span *s)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < s->len && s->ptr[i] >= '0' && s->ptr[i] <= '9'; i++) {
		n = n * 10 + (uint64_t)(s->ptr[i] - '0');
		if (n > UINT32_MAX)
			return false;
	}
	if (!i)
		return false;
	*out = (uint32_t)n;
	s->ptr += i;
	s->len -= i;
	return true;
}

static bool
take_text(struct span *s, const char *text)
{
	size_t n = strlen(text);

	if (!span_starts(*s, text))
		return false;
	s->ptr += n;
	s->len -= n;
	return true;
}

/* "12" or "12,5" */
static bool
take_range(uint32_t *start, uint32_t *count, struct span *s)
{
	*count = 1;
	return take_number(start, s) &&
	       (!take_text(s, ",") || take_number(count, s));
}

bool
hunk_header(struct hunk *out, struct span line)
{
	struct hunk hunk = { 0 };

	if (!take_text(&line, "@@ -") ||
	    !take_range(&hunk.old_start, &hunk.old_count, &line) ||
	    !take_text(&line, " +") ||
	    !take_range(&hunk.new_start, &hunk.new_count, &line) ||
	    !take_text(&line, " @@"))
		return false;
	hunk.heading = span_trim(line);
	*out = hunk;
	return true;
}

/* "\ No newline at end of file", in any language (GNU diff translates it) */
static bool
is_no_newline(struct span line)
{
	return span_starts(line, "\\ ");
}

/* What kind of line of a hunk it is; 0: none. */
static int
kind_of(struct span line)
{
	/* An empty line is a context line whose blank was stripped. */
	if (!line.len || (line.len == 1 && line.ptr[0] == '\r'))
		return LINE_CONTEXT;
	if (line.ptr[0] == ' ' || line.ptr[0] == '+' || line.ptr[0] == '-')
		return line.ptr[0];
	return 0;
}

/* Walk over the hunk without storing: how many lines, and how it ends. */
static struct hunk_read
measure(const struct hunk *hunk, struct span *rest, size_t max)
{
	struct hunk_read read = { .end = HUNK_SHORT };
	uint32_t old_left = hunk->old_count, new_left = hunk->new_count;
	struct span line, after = *rest;

	while ((old_left || new_left) && span_line(&line, &after)) {
		int kind = kind_of(line);

		if (read.lines && is_no_newline(line)) {
			*rest = after;
			continue;
		}
		if (!kind)
			return read;
		if ((kind != LINE_ADDED && !old_left) ||
		    (kind != LINE_REMOVED && !new_left))
			return read.end = HUNK_SURPLUS, read;
		if (read.lines == max)
			return read.end = HUNK_TOO_LONG, read;
		old_left -= kind != LINE_ADDED;
		new_left -= kind != LINE_REMOVED;
		read.added += kind == LINE_ADDED;
		read.removed += kind == LINE_REMOVED;
		read.lines++;
		*rest = after;
	}
	if (old_left || new_left)
		return read;
	after = *rest;
	if (read.lines && span_line(&line, &after) && is_no_newline(line))
		*rest = after;
	read.end = read.added || read.removed ? HUNK_WHOLE : HUNK_IDLE;
	return read;
}

static void
store(struct hunk *hunk, struct span text, bool crlf)
{
	struct patch_line *out = hunk->lines;
	struct span line;

	while (span_line(&line, &text)) {
		int kind = kind_of(line);

		if (is_no_newline(line)) {
			out[-1].no_newline = true;
			continue;
		}
		if (crlf)
			line = hunk_chop_cr(line);
		if (line.len && line.ptr[0] == kind)
			line.ptr++, line.len--;
		out->kind = (enum line_kind)kind;
		out->text = line;
		out++;
	}
}

struct hunk_read
hunk_body(struct hunk *hunk, struct arena *arena, struct span *rest, size_t max,
	  bool crlf)
{
	struct span text = *rest;
	struct hunk_read read = measure(hunk, rest, max);

	if (read.end != HUNK_WHOLE)
		return read;
	text.len = (size_t)(rest->ptr - text.ptr);
	hunk->nlines = read.lines;
	hunk->lines = ARENA_ARRAY(arena, read.lines, struct patch_line);
	store(hunk, text, crlf);
	return read;
}
