#include "place.h"

#include "apply.h"
#include "arena.h"

/* One side of a hunk: which function each of its lines belongs to. */
struct side {
	struct funcranges ranges;
	size_t line; /* of the next line of this side, in what ranges counts */
	const char *function; /* of the run so far */
	bool known;	      /* the run has a line of this side */
};

/* A run of lines that is going to be a place, when it changes something. */
struct run {
	struct places *out;
	struct arena *arena;
	struct place at; /* what the places of the hunk share */
	size_t first;	 /* of the run, in the hunk */
	size_t first_before, first_after; /* lines, as side.line counts */
	uint32_t old_line, new_line;	  /* of the next lines */
	struct side before, after;
};

static bool
same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool
is_blank(struct span text)
{
	return !span_trim(text).len;
}

/* The lines of @hunk on one side, as text. */
static struct span
side_text(struct arena *arena, const struct hunk *hunk, enum line_kind kind)
{
	size_t len = 1;
	char *text, *out;

	for (size_t i = 0; i < hunk->nlines; i++)
		len += hunk->lines[i].text.len + 1;
	text = out = arena_alloc(arena, len);
	for (size_t i = 0; i < hunk->nlines; i++) {
		const struct patch_line *line = &hunk->lines[i];

		if (line->kind != LINE_CONTEXT && line->kind != kind)
			continue;
		if (line->text.len)
			memcpy(out, line->text.ptr, line->text.len);
		out += line->text.len;
		*out++ = '\n';
	}
	return (struct span){ text, (size_t)(out - text) };
}

static void
side_from_hunk(struct side *side, struct run *run, const char *path,
	       enum line_kind kind)
{
	const struct hunk *hunk = run->at.hunk;

	if (path)
		funcranges_find_in_piece(&side->ranges, run->arena, path,
					 hunk->heading,
					 side_text(run->arena, hunk, kind));
	side->line = 1;
}

/* Read when the first hunk asks. */
static const struct place_images *
find_images(struct place_images **images, struct arena *arena,
	    const struct applied_file *af)
{
	const struct patch_file *file = af->file;
	struct place_images *out = *images;

	if (out)
		return out;
	out = *images = ARENA_NEW(arena, struct place_images);
	out->pre = af->preimage;
	out->post = af->postimage;
	if (out->pre.ptr && file->old_path)
		funcranges_find(&out->pre_functions, arena, file->old_path,
				out->pre);
	if (out->post.ptr && file->new_path)
		funcranges_find(&out->post_functions, arena, file->new_path,
				out->post);
	return out;
}

static void
find_sides(struct run *run, struct place_images **images,
	   const struct applied_file *af, size_t nth)
{
	const struct applied_hunk *hunk = &af->hunks[nth];
	const struct patch_file *file = af->file;
	const struct place_images *both;

	switch (hunk->how) {
	case PLACING_EXACT:
	case PLACING_OFFSET:
	case PLACING_MERGED:
	case PLACING_FUZZY:
		both = find_images(images, run->arena, af);
		run->before = (struct side){ .ranges = both->pre_functions,
					     .line = hunk->old_line };
		run->after = (struct side){ .ranges = both->post_functions,
					    .line = hunk->new_line };
		run->at.images = both;
		break;
	case PLACING_PRESENT:
		/* Only the side that stands in the tree has an image. */
		both = find_images(images, run->arena, af);
		side_from_hunk(&run->before, run, file->old_path, LINE_REMOVED);
		run->after = (struct side){ .ranges = both->post_functions,
					    .line = hunk->new_line };
		break;
	case PLACING_MISSING:
	case PLACING_UNTRIED:
	case NPLACINGS:
		side_from_hunk(&run->before, run, file->old_path, LINE_REMOVED);
		side_from_hunk(&run->after, run, file->new_path, LINE_ADDED);
		break;
	}
}

/* The function of a run without lines on this side: of the lines around. */
static const char *
around(const struct side *side, size_t line)
{
	const char *next = funcranges_at(&side->ranges, line);

	if (line > 1 && !same(funcranges_at(&side->ranges, line - 1), next))
		return NULL;
	return next;
}

static struct span
changed_text(struct arena *arena, const struct place *place)
{
	size_t len = 0;
	char *text, *out;

	for (size_t i = 0; i < place->nlines; i++)
		if (place->lines[i].kind != LINE_CONTEXT)
			len += place->lines[i].text.len + 1;
	text = out = arena_alloc(arena, len);
	for (size_t i = 0; i < place->nlines; i++) {
		struct span line = place->lines[i].text;

		if (place->lines[i].kind == LINE_CONTEXT)
			continue;
		if (line.len)
			out = mempcpy(out, line.ptr, line.len);
		if (line.len && out[-1] == '\r')
			out--;
		*out++ = '\n';
	}
	return (struct span){ text, (size_t)(out - text) };
}

/* End the run before line @end of the hunk: a place, if lines were changed. */
static void
end_run(struct run *run, size_t end)
{
	const struct hunk *hunk = run->at.hunk;
	struct place place = run->at;
	struct places *out = run->out;
	bool changed = false;

	place.lines = hunk->lines + run->first;
	place.nlines = end - run->first;
	place.old_line = run->old_line;
	place.new_line = run->new_line;
	for (size_t i = 0; i < place.nlines; i++) {
		changed |= place.lines[i].kind != LINE_CONTEXT;
		run->old_line += place.lines[i].kind != LINE_ADDED;
		run->new_line += place.lines[i].kind != LINE_REMOVED;
	}
	place.function_before =
		run->before.known ? run->before.function
				  : around(&run->before, run->first_before);
	place.function_after = run->after.known
				       ? run->after.function
				       : around(&run->after, run->first_after);
	if (changed) {
		place.changed = changed_text(run->arena, &place);
		ARENA_GROW(run->arena, out->v, out->cap, out->n);
		out->v[out->n++] = place;
	}
	run->first = end;
	run->first_before = run->before.line;
	run->first_after = run->after.line;
	run->before.known = run->after.known = false;
}

static bool
leaves(const struct side *side)
{
	return side->known &&
	       !same(side->function, funcranges_at(&side->ranges, side->line));
}

static void
advance(struct side *side)
{
	side->function = funcranges_at(&side->ranges, side->line);
	side->known = true;
	side->line++;
}

static bool
changes_text(const struct place *place)
{
	for (size_t i = 0; i < place->nlines; i++)
		if (place->lines[i].kind != LINE_CONTEXT &&
		    !is_blank(place->lines[i].text))
			return true;
	return false;
}

/* Of the places of one hunk, from number @first on, leave out those that only
   add or remove blank lines between functions. */
static void
drop_blank(struct places *out, size_t first)
{
	size_t kept = first;

	for (size_t i = first; i < out->n; i++) {
		const struct place *place = &out->v[i];

		if (place->function_before || place->function_after ||
		    changes_text(place))
			out->v[kept++] = *place;
	}
	if (kept > first)
		out->n = kept;
}

static void
split_hunk(struct run *run)
{
	const struct hunk *hunk = run->at.hunk;
	size_t first = run->out->n;

	run->first_before = run->before.line;
	run->first_after = run->after.line;
	for (size_t i = 0; i < hunk->nlines; i++) {
		enum line_kind kind = hunk->lines[i].kind;

		if ((kind != LINE_ADDED && leaves(&run->before)) ||
		    (kind != LINE_REMOVED && leaves(&run->after)))
			end_run(run, i);
		if (kind != LINE_ADDED)
			advance(&run->before);
		if (kind != LINE_REMOVED)
			advance(&run->after);
	}
	end_run(run, hunk->nlines);
	drop_blank(run->out, first);
}

static void
file_places(struct places *out, struct arena *arena,
	    const struct applied_file *af, size_t nth)
{
	const struct patch_file *file = af->file;
	struct place_images *images = NULL;

	for (size_t i = 0; i < file->nhunks; i++) {
		struct run run = { .out = out, .arena = arena };

		run.at.file = file;
		run.at.file_index = nth;
		run.at.hunk = &file->hunks[i];
		run.at.hunk_index = i;
		run.old_line = af->hunks[i].old_line;
		run.new_line = af->hunks[i].new_line;
		find_sides(&run, &images, af, i);
		split_hunk(&run);
	}
	if (!file->nhunks) {
		ARENA_GROW(arena, out->v, out->cap, out->n);
		out->v[out->n++] =
			(struct place){ .file = file, .file_index = nth };
	}
}

void
places_find(struct places *out, struct arena *arena,
	    const struct applied *applied)
{
	*out = (struct places){ 0 };
	for (size_t i = 0; i < applied->patch->nfiles; i++)
		file_places(out, arena, &applied->files[i], i);
}

uint32_t
place_line(const struct place *place, size_t i)
{
	bool removed = place->lines[i].kind == LINE_REMOVED;
	enum line_kind other = removed ? LINE_ADDED : LINE_REMOVED;
	uint32_t line = removed ? place->old_line : place->new_line;

	for (size_t j = 0; j < i; j++)
		line += place->lines[j].kind != other;
	return line;
}
