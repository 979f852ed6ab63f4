#include "fact.h"

#include <stdlib.h>

#include "arena.h"
#include "calldiff.h"
#include "callseq.h"
#include "csource.h"
#include "ctoken.h"
#include "place.h"

/* An image, ready to be asked for functions and lines. */
struct index {
	const char *image;   /* which one; NULL: none yet */
	const char **starts; /* of its lines */
	size_t nstarts;
	const struct funcrange **by_name; /* then by line */
	size_t nranges;
	struct csource entries; /* of Kconfig */
	const char *entries_of;
};

struct factbook {
	struct arena *arena;
	const struct places *places;
	struct facts *facts; /* one for each place */
	bool *known;
	struct index before, after; /* of the file looked at last */
};

/* A line of the places of a function, on one side. */
struct shown {
	uint32_t number; /* as the calls of that side count */
	size_t place;
	long line; /* of the place */
	bool changed;
};

/* One side of a function. */
struct side {
	struct callseq calls;
	struct shown *shown; /* by number */
	size_t nshown, cap;
};

/* The places number first to end - 1, all of one function. */
struct unit {
	struct factbook *book;
	size_t first, end;
	struct side before, after;
};

static bool
same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static void
add_fact(struct unit *u, enum fact_kind kind, const struct side *side,
	 size_t call)
{
	struct arena *arena = u->book->arena;
	const struct call *c = &side->calls.v[call];
	struct fact fact = { kind, NULL, -1 };
	size_t place = u->first;
	struct facts *out;

	/* The line itself, or the place that is nearest before it. */
	for (size_t low = 0, high = side->nshown; low < high;) {
		size_t mid = (low + high) / 2;

		if (side->shown[mid].number > c->line) {
			high = mid;
			continue;
		}
		place = side->shown[mid].place;
		fact.line = side->shown[mid].number == c->line
				    ? side->shown[mid].line
				    : -1;
		low = mid + 1;
	}
	fact.name = arena_strndup(arena, c->name.ptr, c->name.len);
	out = &u->book->facts[place];
	ARENA_GROW(arena, out->v, out->cap, out->n);
	out->v[out->n++] = fact;
}

static void
add_shown(struct unit *u, struct side *side, uint32_t number, size_t place,
	  size_t line, bool changed)
{
	ARENA_GROW(u->book->arena, side->shown, side->cap, side->nshown);
	side->shown[side->nshown++] =
		(struct shown){ number, place, (long)line, changed };
}

/* The lines of place number @p, numbered from *@before and *@after on. */
static void
show_place(struct unit *u, size_t p, uint32_t *before, uint32_t *after)
{
	const struct place *place = &u->book->places->v[p];

	for (size_t i = 0; i < place->nlines; i++) {
		enum line_kind kind = place->lines[i].kind;

		if (kind != LINE_ADDED)
			add_shown(u, &u->before, (*before)++, p, i,
				  kind == LINE_REMOVED);
		if (kind != LINE_REMOVED)
			add_shown(u, &u->after, (*after)++, p, i,
				  kind == LINE_ADDED);
	}
}

static int
compare_ranges(const void *a, const void *b)
{
	const struct funcrange *const *l = a, *const *r = b;
	int names = strcmp((*l)->name, (*r)->name);

	return names ? names : (*l)->first < (*r)->first ? -1 : 1;
}

static void
read_index(struct index *index, struct arena *arena, struct span image,
	   const struct funcranges *ranges)
{
	struct span rest = image, line;

	if (index->image == image.ptr)
		return;
	*index = (struct index){ .image = image.ptr, .nranges = ranges->n };
	while (span_line(&line, &rest))
		index->nstarts++;
	index->starts = ARENA_ARRAY(arena, index->nstarts + 1, const char *);
	index->nstarts = 0;
	for (rest = image; span_line(&line, &rest);)
		index->starts[index->nstarts++] = line.ptr;
	index->starts[index->nstarts] = image.ptr + image.len;
	index->by_name =
		ARENA_ARRAY(arena, ranges->n + 1, const struct funcrange *);
	for (size_t i = 0; i < ranges->n; i++)
		index->by_name[i] = &ranges->v[i];
	if (ranges->n)
		qsort(index->by_name, ranges->n, sizeof(*index->by_name),
		      compare_ranges);
}

/* The function @name: of several the last that begins up to @line, or else
   the first. */
static const struct funcrange *
range_of(const struct index *index, const char *name, size_t line)
{
	const struct funcrange *found = NULL;
	size_t low = 0, high = index->nranges;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (strcmp(index->by_name[mid]->name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < index->nranges; low++) {
		const struct funcrange *range = index->by_name[low];

		if (strcmp(range->name, name) != 0 ||
		    (found && range->first > line))
			break;
		found = range;
	}
	return found;
}

/* The part of the image that lines @first to @last are. */
static struct span
lines_of(const struct index *index, size_t first, size_t last)
{
	const char *start, *end;

	if (last > index->nstarts)
		last = index->nstarts;
	if (first > last)
		return (struct span){ "", 0 };
	start = index->starts[first - 1];
	end = index->starts[last];
	return (struct span){ start, (size_t)(end - start) };
}

static void
read_function(struct side *side, struct arena *arena, const char *path,
	      const struct index *index, const char *name, size_t line)
{
	const struct funcrange *range =
		path && name ? range_of(index, name, line) : NULL;

	if (range)
		callseq_add(&side->calls, arena, path,
			    lines_of(index, range->first, range->last),
			    (uint32_t)range->first, CALLSEQ_FUNCTION);
}

/* Both sides of the function, from the images of its file. */
static void
read_images(struct unit *u)
{
	const struct place *first = &u->book->places->v[u->first];
	const struct place_images *images = first->images;
	const struct patch_file *file = first->file;
	const char *before = first->function_before;
	const char *after = first->function_after;
	struct factbook *book = u->book;

	for (size_t p = u->first; p < u->end; p++) {
		const struct place *place = &u->book->places->v[p];
		uint32_t old_line = place->old_line;
		uint32_t new_line = place->new_line;

		show_place(u, p, &old_line, &new_line);
	}
	read_index(&book->before, book->arena, images->pre,
		   &images->pre_functions);
	read_index(&book->after, book->arena, images->post,
		   &images->post_functions);
	read_function(&u->before, book->arena, file->old_path, &book->before,
		      before ? before : after, first->old_line + first->nlines);
	read_function(&u->after, book->arena, file->new_path, &book->after,
		      after ? after : before, first->new_line + first->nlines);
}

/* Of C, what begins in column 0 declares, and calls nothing; of a macro only
   the lines behind the first are read. */
static bool
is_code(struct span line, bool all)
{
	if (!line.len || all)
		return line.len > 0;
	return !ctoken_is_word_char(line.ptr[0]) &&
	       !span_starts(line, "#define");
}

/* The lines of a place on one side, as text. */
static struct span
side_text(struct arena *arena, const struct place *place, enum line_kind other)
{
	bool all = csource_language(patch_file_path(place->file)) != CSOURCE_C;
	char *text, *out;
	size_t len = 1;

	for (size_t i = 0; i < place->nlines; i++)
		len += place->lines[i].text.len + 1;
	text = out = arena_alloc(arena, len);
	for (size_t i = 0; i < place->nlines; i++) {
		struct span line = place->lines[i].text;

		if (place->lines[i].kind == other)
			continue;
		if (is_code(line, all))
			out = mempcpy(out, line.ptr, line.len);
		*out++ = '\n';
	}
	return (struct span){ text, (size_t)(out - text) };
}

/* Both sides, from what the diff shows of the function. */
static void
read_diff(struct unit *u)
{
	struct arena *arena = u->book->arena;
	uint32_t before = 1, after = 1;

	for (size_t p = u->first; p < u->end; p++) {
		const struct place *place = &u->book->places->v[p];
		const char *path = patch_file_path(place->file);

		callseq_add(&u->before.calls, arena, path,
			    side_text(arena, place, LINE_ADDED), before,
			    CALLSEQ_BODY);
		callseq_add(&u->after.calls, arena, path,
			    side_text(arena, place, LINE_REMOVED), after,
			    CALLSEQ_BODY);
		show_place(u, p, &before, &after);
	}
}

/* Which calls are on lines that the diff adds or removes. */
static bool *
changed_calls(struct arena *arena, const struct side *side)
{
	bool *changed = ARENA_ARRAY(arena, side->calls.n, bool);
	size_t at = 0;

	for (size_t i = 0; i < side->calls.n; i++) {
		uint32_t line = side->calls.v[i].line;

		while (at < side->nshown && side->shown[at].number < line)
			at++;
		changed[i] = at < side->nshown &&
			     side->shown[at].number == line &&
			     side->shown[at].changed;
	}
	return changed;
}

static void
find_calls(struct unit *u)
{
	static const enum fact_kind kinds[] = {
		[CALLDIFF_NEW] = FACT_CALLS,
		[CALLDIFF_GONE] = FACT_DROPS,
		[CALLDIFF_MOVED] = FACT_MOVES,
	};
	const struct place *first = &u->book->places->v[u->first];
	struct arena *arena = u->book->arena;
	struct calldiff_side before = { &u->before.calls, NULL };
	struct calldiff_side after = { &u->after.calls, NULL };
	struct calldiff diff;

	if (first->images)
		read_images(u);
	else
		read_diff(u);
	before.changed = changed_calls(arena, &u->before);
	after.changed = changed_calls(arena, &u->after);
	/* The lines of a function that came from elsewhere in the file are not
	   all here. */
	calldiff_find(&diff, arena, &before, &after,
		      !first->function_before == !first->function_after);
	for (size_t i = 0; i < diff.n; i++)
		add_fact(u, kinds[diff.v[i].kind],
			 diff.v[i].kind == CALLDIFF_GONE ? &u->before
							 : &u->after,
			 diff.v[i].call);
}

static void
add_entry(struct factbook *book, size_t p, const struct csource *entries,
	  uint32_t number, size_t line)
{
	const struct csource_def *def = csource_at(entries, number);
	struct facts *out = &book->facts[p];
	const char *name;

	if (!def)
		return;
	name = arena_strndup(book->arena, def->name.ptr, def->name.len);
	if (out->n && !strcmp(out->v[out->n - 1].name, name))
		return;
	ARENA_GROW(book->arena, out->v, out->cap, out->n);
	out->v[out->n++] = (struct fact){ FACT_CONFIG, name, (long)line };
}

/* The entries of one side of a place: of its image, or of its lines with the
   hunk's heading in front, which names the entry that they begin in. */
static void
find_entries(struct factbook *book, size_t p, struct index *index,
	     enum line_kind kind)
{
	const struct place *place = &book->places->v[p];
	enum line_kind other = kind == LINE_ADDED ? LINE_REMOVED : LINE_ADDED;
	const char *path = patch_file_path(place->file);
	uint32_t number =
		kind == LINE_ADDED ? place->new_line : place->old_line;
	struct span text;

	if (place->images) {
		text = kind == LINE_ADDED ? place->images->post
					  : place->images->pre;
	} else {
		struct span lines = side_text(book->arena, place, other);
		struct span heading =
			place->hunk ? place->hunk->heading : SPAN("");

		text = span_of(arena_printf(book->arena, "%.*s\n%.*s",
					    (int)heading.len, heading.ptr,
					    (int)lines.len, lines.ptr));
		number = 2;
	}
	if (index->entries_of != text.ptr)
		csource_read(&index->entries, book->arena, path, text, NULL,
			     false);
	index->entries_of = text.ptr;
	for (size_t i = 0; i < place->nlines; i++) {
		if (place->lines[i].kind == kind)
			add_entry(book, p, &index->entries, number, i);
		number += place->lines[i].kind != other;
	}
}

/* Places of a file that are of one function follow one another. */
static bool
is_same_unit(const struct place *a, const struct place *b)
{
	return a->file_index == b->file_index && a->images == b->images &&
	       same(a->function_before, b->function_before) &&
	       same(a->function_after, b->function_after);
}

static void
find_facts(struct factbook *book, size_t p)
{
	const struct places *places = book->places;
	const struct place *place = &places->v[p];
	struct unit unit = { .book = book, .first = p, .end = p + 1 };

	switch (csource_language(patch_file_path(place->file))) {
	case CSOURCE_NONE:
		break;
	case CSOURCE_KCONFIG:
		find_entries(book, p, &book->before, LINE_REMOVED);
		find_entries(book, p, &book->after, LINE_ADDED);
		break;
	case CSOURCE_C:
	case CSOURCE_ASM:
		while (unit.first &&
		       is_same_unit(&places->v[unit.first - 1], place))
			unit.first--;
		while (unit.end < places->n &&
		       is_same_unit(&places->v[unit.end], place))
			unit.end++;
		find_calls(&unit);
		break;
	}
	for (size_t i = unit.first; i < unit.end; i++)
		book->known[i] = true;
}

struct factbook *
factbook_new(struct arena *arena, const struct places *places)
{
	struct factbook *book = ARENA_NEW(arena, struct factbook);

	book->arena = arena;
	book->places = places;
	return book;
}

const struct facts *
factbook_at(struct factbook *book, const struct place *place)
{
	static const struct facts none;
	size_t p;

	if (!book || !place->nlines)
		return &none;
	if (!book->facts) {
		book->facts =
			ARENA_ARRAY(book->arena, book->places->n, struct facts);
		book->known = ARENA_ARRAY(book->arena, book->places->n, bool);
	}
	p = (size_t)(place - book->places->v);
	if (!book->known[p])
		find_facts(book, p);
	return &book->facts[p];
}
