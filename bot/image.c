#include "image.h"

#include <assert.h>
#include <string.h>

#include "alloc.h"
#include "arena.h"

/* Eight bytes at a time: every line of every file goes through here. */
static uint32_t
hash_of(const char *text, size_t len)
{
	uint64_t hash = len, word = 0;

	for (; len >= sizeof(word); text += sizeof(word), len -= sizeof(word)) {
		memcpy(&word, text, sizeof(word));
		hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
		hash ^= hash >> 32;
	}
	word = 0;
	if (len)
		memcpy(&word, text, len);
	hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
	return (uint32_t)(hash ^ hash >> 32);
}

static struct image_line
line_of(struct span text)
{
	struct image_line line = { .text = text.ptr };

	line.cr = text.len && text.ptr[text.len - 1] == '\r';
	text.len -= line.cr;
	line.len = (uint32_t)text.len;
	line.hash = hash_of(text.ptr, text.len);
	line.newline = true;
	return line;
}

static size_t
count_lines(struct span text)
{
	struct span line;
	size_t n = 0;

	while (span_line(&line, &text))
		n++;
	return n;
}

enum { SEEN_MIN = 1024 }; /* bits */

static void
note_seen(struct image *image, uint32_t hash)
{
	hash &= image->seen_mask;
	image->seen[hash / 64] |= UINT64_C(1) << hash % 64;
}

bool
image_may_fit(const struct image *image, const struct image_side *side)
{
	for (size_t i = 0; i < side->n; i++) {
		uint32_t hash = side->v[i].hash & image->seen_mask;

		if (!(image->seen[hash / 64] >> hash % 64 & 1))
			return false;
	}
	return true;
}

void
image_init(struct image *image, struct span text, size_t room)
{
	size_t n = count_lines(text), i = 0;
	size_t nbits = SEEN_MIN;
	struct span line;

	*image = (struct image){ .n = n, .gap_len = room };
	while (nbits < 16 * n && nbits < UINT32_MAX / 2)
		nbits *= 2;
	image->seen = xcalloc(nbits / 64, sizeof(*image->seen));
	image->seen_mask = (uint32_t)(nbits - 1);
	image->norigin = (uint32_t)n;
	image->v = xcalloc(n + room + 1, sizeof(*image->v));
	image->gap = n;
	for (; span_line(&line, &text); i++) {
		image->v[i] = line_of(line);
		image->v[i].origin = (uint32_t)(i + 1);
		note_seen(image, image->v[i].hash);
		if (!text.len)
			image->v[i].newline = text.ptr[-1] == '\n';
	}
}

void
image_free(struct image *image)
{
	free(image->v);
	free(image->seen);
	*image = (struct image){ 0 };
}

static const struct image_line *
at_line(const struct image *image, size_t i)
{
	return &image->v[i < image->gap ? i : i + image->gap_len];
}

void
image_side_of(struct image_side *side, const struct hunk *hunk,
	      enum line_kind kind)
{
	uint32_t start = kind == LINE_ADDED ? hunk->new_start : hunk->old_start;
	size_t trailing = 0;

	side->n = 0;
	for (size_t i = 0; i < hunk->nlines; i++) {
		const struct patch_line *line = &hunk->lines[i];

		trailing = line->kind == LINE_CONTEXT ? trailing + 1 : 0;
		if (line->kind != LINE_CONTEXT && line->kind != kind)
			continue;
		GROW(side->v, side->cap, side->n);
		side->v[side->n] = line_of(line->text);
		side->v[side->n++].newline = !line->no_newline;
	}
	/* A hunk with less context than others stands where there is none. */
	side->at_start = start <= 1;
	side->at_end = !trailing;
}

/* @want_end: the line of the hunk is its last, and may end without newline
   where the file's has one, unless it must be the file's last. */
static bool
same_line(const struct image_line *have, const struct image_line *want,
	  bool want_end, enum image_match how)
{
	if (have->patched || have->hash != want->hash || have->len != want->len)
		return false;
	if (have->newline != want->newline && !(want_end && !want->newline))
		return false;
	if (how == IMAGE_SAME && have->cr != want->cr)
		return false;
	return !want->len || !memcmp(have->text, want->text, want->len);
}

static bool
fits(const struct image *image, const struct image_side *side, size_t at,
     enum image_match how, size_t *steps)
{
	size_t n = side->n, cost = 1, i;

	if (at + n > image->n || (side->at_end && at + n != image->n) ||
	    (side->at_start && at))
		return false;
	for (i = 0; i < n; i++) {
		if (!same_line(at_line(image, at + i), &side->v[i],
			       i + 1 == n && !side->at_end, how))
			break;
		cost += 1 + side->v[i].len / 64;
	}
	*steps -= *steps > cost ? cost : *steps;
	return i == n;
}

/* From @at on to both sides, one line further each time. */
static bool
search(size_t *at, const struct image *image, const struct image_side *side,
       enum image_match how, size_t *steps)
{
	size_t from = *at, limit = image->n - side->n;

	if (fits(image, side, from, how, steps))
		return true;
	for (size_t far = 1; *steps; far++) {
		if (from + far > limit && far > from)
			break;
		*at = from + far;
		if (*at <= limit && fits(image, side, *at, how, steps))
			return true;
		*at = from - far;
		if (far <= from && fits(image, side, *at, how, steps))
			return true;
	}
	return false;
}

enum image_match
image_find(size_t *at, const struct image *image, const struct image_side *side,
	   size_t *steps)
{
	size_t from = *at;

	*steps -= *steps > side->n ? side->n : *steps;
	if (side->n > image->n || !image_may_fit(image, side))
		return IMAGE_NOWHERE;
	if (side->at_start)
		from = 0;
	else if (side->at_end)
		from = image->n - side->n;
	if (from > image->n)
		from = image->n;
	for (enum image_match how = IMAGE_SAME; how <= IMAGE_SAME_BUT_CR;
	     how++) {
		bool only = side->at_start || side->at_end;

		*at = from;
		if (only ? fits(image, side, from, how, steps)
			 : search(at, image, side, how, steps))
			return how;
	}
	return IMAGE_NOWHERE;
}

static void
move_gap(struct image *image, size_t to, size_t *steps)
{
	struct image_line *v = image->v;
	size_t far = to < image->gap ? image->gap - to : to - image->gap;

	if (to < image->gap)
		memmove(v + to + image->gap_len, v + to, far * sizeof(*v));
	else
		memmove(v + image->gap, v + image->gap + image->gap_len,
			far * sizeof(*v));
	image->gap = to;
	*steps -= *steps > far ? far : *steps;
}

/* The lines of @hunk that stand in the post-image, put before the gap. */
static void
insert(struct image *image, const struct hunk *hunk,
       const struct image_line *old, enum image_match match)
{
	struct image_line *out = image->v + image->gap;
	size_t taken = 0;

	for (size_t i = 0; i < hunk->nlines; i++) {
		const struct patch_line *line = &hunk->lines[i];

		if (line->kind == LINE_REMOVED) {
			taken++;
			continue;
		}
		if (line->kind == LINE_CONTEXT) {
			*out = old[taken++];
			/* As git: such a line also fits one with a newline. */
			if (line->no_newline && image->n == image->gap)
				out->newline = false;
		} else {
			*out = line_of(line->text);
			out->newline = !line->no_newline;
			if (match == IMAGE_SAME_BUT_CR)
				out->cr = old[0].cr;
		}
		out++->patched = true;
	}
	taken = (size_t)(out - (image->v + image->gap));
	assert(taken <= image->gap_len);
	image->gap += taken;
	image->gap_len -= taken;
	image->n += taken;
}

void
image_replace(struct image *image, size_t at, const struct hunk *hunk,
	      enum image_match match, size_t *steps)
{
	struct image_line *old;
	size_t nold = 0;

	for (size_t i = 0; i < hunk->nlines; i++)
		nold += hunk->lines[i].kind != LINE_ADDED;
	move_gap(image, at, steps);
	old = xmalloc((nold + 1) * sizeof(*old));
	memcpy(old, image->v + image->gap + image->gap_len,
	       nold * sizeof(*old));
	image->gap_len += nold;
	image->n -= nold;
	insert(image, hunk, old, match);
	free(old);
}

uint32_t
image_origin(const struct image *image, size_t at)
{
	for (; at < image->n; at++)
		if (at_line(image, at)->origin)
			return at_line(image, at)->origin;
	return image->norigin + 1;
}

struct span
image_text(const struct image *image, struct arena *arena)
{
	size_t len = 0;
	char *text, *out;

	for (size_t i = 0; i < image->n; i++) {
		const struct image_line *line = at_line(image, i);

		len += line->len + (size_t)line->cr + (size_t)line->newline;
	}
	text = out = arena_alloc(arena, len + 1);
	for (size_t i = 0; i < image->n; i++) {
		const struct image_line *line = at_line(image, i);

		if (line->len)
			memcpy(out, line->text, line->len);
		out += line->len;
		if (line->cr)
			*out++ = '\r';
		if (line->newline)
			*out++ = '\n';
	}
	return (struct span){ text, len };
}
