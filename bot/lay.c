#include "lay.h"

#include <stdlib.h>

#include "arena.h"
#include "image.h"
#include "patch.h"

struct layer {
	struct laid *out;
	const struct patch_file *file;
	struct image image;
	struct image_side old, new;
	size_t least_context;
	size_t *steps;
	int64_t skew; /* lines that missing hunks would have added */
	uint32_t last_line;
};

/* The line (0-based) of the image where a hunk should be, by its header. */
static size_t
expected(const struct layer *l, const struct hunk *hunk)
{
	int64_t at = (int64_t)hunk->new_start - 1 - l->skew;

	return at < 0 ? 0 : (size_t)at;
}

/* A hunk that was placed before others of its file moves those along. */
static void
shift_earlier(struct layer *l, size_t nth)
{
	const struct hunk *hunk = &l->file->hunks[nth];
	struct applied_hunk *hunks = l->out->hunks;

	for (size_t i = 0; i < nth && *l->steps; i++, --*l->steps)
		if (hunks[i].new_line > hunks[nth].new_line)
			hunks[i].new_line += hunk->new_count - hunk->old_count;
}

/* @hunk was found at @at; @lead of its first lines were not asked for. */
static void
put(struct layer *l, size_t nth, size_t at, const struct hunk *hunk,
    size_t lead, enum image_match match)
{
	struct applied_hunk *out = &l->out->hunks[nth];
	uint32_t back = at < lead ? (uint32_t)at : (uint32_t)lead;

	out->old_line = image_origin(&l->image, at);
	out->old_line -= out->old_line > back ? back : out->old_line - 1;
	out->new_line = (uint32_t)at + 1 - back;
	image_replace(&l->image, at, hunk, match, l->steps);
	if (out->new_line < l->last_line)
		shift_earlier(l, nth);
	l->last_line = out->new_line;
}

static bool
place_straight(enum placing *how, struct layer *l, size_t nth)
{
	const struct hunk *hunk = &l->file->hunks[nth];
	size_t wanted = expected(l, hunk), at = wanted;
	enum image_match match;

	image_side_of(&l->old, hunk, LINE_REMOVED);
	match = image_find(&at, &l->image, &l->old, l->steps);
	if (match == IMAGE_NOWHERE)
		return false;
	put(l, nth, at, hunk, 0, match);
	*how = at == wanted ? PLACING_EXACT : PLACING_OFFSET;
	return true;
}

static bool
find_present(enum placing *how, struct layer *l, size_t nth)
{
	const struct hunk *hunk = &l->file->hunks[nth];
	struct applied_hunk *out = &l->out->hunks[nth];
	size_t at = expected(l, hunk);

	image_side_of(&l->new, hunk, LINE_ADDED);
	if (!l->new.n ||
	    image_find(&at, &l->image, &l->new, l->steps) == IMAGE_NOWHERE)
		return false;
	out->old_line = image_origin(&l->image, at);
	out->new_line = (uint32_t)at + 1;
	*how = PLACING_PRESENT;
	return true;
}

/* The context before the first and behind the last change. */
struct context {
	size_t lead, trail;
};

static struct context
context_of(const struct hunk *hunk)
{
	struct context c = { 0, 0 };

	while (c.lead < hunk->nlines &&
	       hunk->lines[c.lead].kind == LINE_CONTEXT)
		c.lead++;
	while (c.trail < hunk->nlines - c.lead &&
	       hunk->lines[hunk->nlines - 1 - c.trail].kind == LINE_CONTEXT)
		c.trail++;
	return c;
}

/* The old side of a hunk without the context that is cut off. */
static struct image_side
cut_side(const struct image_side *old, const struct context *whole,
	 const struct context *left)
{
	struct image_side cut = *old;

	if (cut.v) /* an empty side has no lines */
		cut.v += whole->lead - left->lead;
	cut.n -= whole->lead - left->lead + whole->trail - left->trail;
	return cut;
}

static bool
may_be_fuzzy(const struct layer *l, const struct hunk *hunk)
{
	const struct context whole = context_of(hunk);
	struct context c = whole;
	struct image_side cut;

	if (c.lead > LAY_FUZZY_CONTEXT)
		c.lead = LAY_FUZZY_CONTEXT;
	if (c.trail > LAY_FUZZY_CONTEXT)
		c.trail = LAY_FUZZY_CONTEXT;
	cut = cut_side(&l->old, &whole, &c);
	return image_may_fit(&l->image, &cut);
}

/*
 * With less and less context: first that a hunk must stand at the start or the
 * end of the file is given up, then one line of the longer side goes, or one
 * of both when they are equal. git looks one line further up for each line
 * that goes at the top.
 */
static bool
place_fuzzy(enum placing *how, struct layer *l, size_t nth)
{
	const struct hunk *hunk = &l->file->hunks[nth];
	const struct context whole = context_of(hunk);
	struct image_side old = l->old; /* of place_straight() */
	struct context c = whole;
	size_t wanted = expected(l, hunk);

	while (c.lead > l->least_context || c.trail > l->least_context) {
		size_t at = wanted - (whole.lead - c.lead);
		struct hunk cut = *hunk;
		struct image_side side;
		enum image_match match;

		if (old.at_start || old.at_end) {
			old.at_start = old.at_end = false;
		} else {
			bool top = c.lead >= c.trail;

			c.lead -= top;
			at -= top;
			c.trail -= c.trail > c.lead;
		}
		cut.lines += whole.lead - c.lead;
		cut.nlines -= whole.lead - c.lead + whole.trail - c.trail;
		side = cut_side(&old, &whole, &c);
		match = image_find(&at, &l->image, &side, l->steps);
		if (match == IMAGE_NOWHERE)
			continue;
		put(l, nth, at, &cut, whole.lead - c.lead, match);
		*how = PLACING_FUZZY;
		return true;
	}
	return false;
}

static enum placing
place_hunk(struct layer *l, size_t nth)
{
	const struct hunk *hunk = &l->file->hunks[nth];
	enum placing how;

	if (place_straight(&how, l, nth) || find_present(&how, l, nth) ||
	    place_fuzzy(&how, l, nth))
		return how;
	l->out->may_be_fuzzy |= may_be_fuzzy(l, hunk);
	l->skew += (int64_t)hunk->new_count - (int64_t)hunk->old_count;
	return PLACING_MISSING;
}

void
lay_by_header(struct applied_hunk *out, const struct hunk *hunk)
{
	/* Of an empty side diff(1) names the line before it. */
	out->old_line = hunk->old_start + !hunk->old_count;
	out->new_line = hunk->new_start + !hunk->new_count;
	out->how = PLACING_UNTRIED;
}

void
lay_hunks(struct laid *out, struct arena *arena, const struct patch_file *file,
	  struct span text, size_t least_context, size_t *steps)
{
	struct layer l = { .out = out,
			   .file = file,
			   .least_context = least_context,
			   .steps = steps };
	size_t room = 0;

	*out = (struct laid){ .text = text };
	out->hunks = ARENA_ARRAY(arena, file->nhunks, struct applied_hunk);
	for (size_t i = 0; i < file->nhunks; i++)
		room += file->hunks[i].nlines;
	image_init(&l.image, text, room);
	*steps -= l.image.n < *steps ? l.image.n : *steps;
	for (size_t i = 0; i < file->nhunks; i++) {
		lay_by_header(&out->hunks[i], &file->hunks[i]);
		out->hunks[i].how = place_hunk(&l, i);
		out->n[out->hunks[i].how]++;
	}
	if (out->n[PLACING_EXACT] + out->n[PLACING_OFFSET] +
	    out->n[PLACING_FUZZY])
		out->text = image_text(&l.image, arena);
	out->gave_up = !*steps;
	image_free(&l.image);
	free(l.old.v);
	free(l.new.v);
}
