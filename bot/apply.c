#include "apply.h"

#include "alloc.h"
#include "arena.h"
#include "error.h"
#include "image.h"
#include "limits.h"

/*
 * What the files before have made of a path: diffs of one patch to one file
 * build on each other.
 */
struct overlay {
	const char *path; /* NULL: a free slot */
	struct span text; /* ptr NULL: not there any more */
	bool known;	  /* the text is; else it is the tree's */
	bool leaves;	  /* some file of the patch deletes or renames it */
};

struct applying {
	struct arena *arena;
	const struct apply_files *files; /* NULL: none */
	struct overlay *overlay;	 /* a hash table, half empty at least */
	size_t nslots;			 /* a power of two */
	size_t steps;			 /* left of LIMIT_PLACING_STEPS */
	size_t bytes;			 /* left of LIMIT_IMAGES_BYTES */
};

static struct overlay *
overlay_at(struct applying *a, const char *path)
{
	size_t i = 5381;

	for (const char *p = path; *p; p++)
		i = i * 33 + (unsigned char)*p;
	for (i &= a->nslots - 1; a->overlay[i].path; i = (i + 1) % a->nslots)
		if (!strcmp(a->overlay[i].path, path))
			return &a->overlay[i];
	a->overlay[i].path = path;
	return &a->overlay[i];
}

static void
overlay_put(struct applying *a, const char *path, struct span text)
{
	struct overlay *slot = overlay_at(a, path);

	slot->text = text;
	slot->known = true;
}

static void
overlay_init(struct applying *a, const struct patch *patch)
{
	a->nslots = 16;
	while (a->nslots < 4 * patch->nfiles)
		a->nslots *= 2;
	a->overlay = xcalloc(a->nslots, sizeof(*a->overlay));
	for (size_t i = 0; i < patch->nfiles; i++) {
		const struct patch_file *file = &patch->files[i];

		if (file->op == FILE_DELETE || file->op == FILE_RENAME)
			overlay_at(a, file->old_path)->leaves = true;
	}
}

/* The text that a diff to @path starts from. Renames and copies start from
   the tree's, as git has it, whatever stands before them in the patch. */
static const struct error *
read_text(struct span *out, struct applying *a, const char *path,
	  enum file_op op)
{
	const struct overlay *slot = overlay_at(a, path);

	if (slot->known && op != FILE_RENAME && op != FILE_COPY) {
		*out = slot->text;
		return NULL;
	}
	return a->files->read(out, a->arena, a->files->files, path);
}

static void
all_hunks(struct applied_file *af, enum placing how)
{
	for (size_t i = 0; i < af->file->nhunks; i++)
		af->hunks[i].how = how;
}

/* Take @n off what is left of a ceiling. */
static void
spend(size_t *left, size_t n)
{
	*left -= n < *left ? n : *left;
}

static void
refuse(struct applied_file *af, const char *problem)
{
	af->problem = problem;
	all_hunks(af, PLACING_MISSING);
}

/* A hunk that was placed before others of its file moves those along. */
static void
shift_earlier(struct applied_file *af, size_t nth, size_t *steps)
{
	const struct hunk *hunk = &af->file->hunks[nth];

	for (size_t i = 0; i < nth && *steps; i++, --*steps)
		if (af->hunks[i].new_line > af->hunks[nth].new_line)
			af->hunks[i].new_line +=
				hunk->new_count - hunk->old_count;
}

struct placer {
	struct applied_file *af;
	struct image image;
	struct image_side old, new;
	int64_t skew; /* lines that missing hunks would have added */
	uint32_t last_line;
};

/* The line (0-based) of the image where a hunk should be, by its header. */
static size_t
expected(const struct placer *p, const struct hunk *hunk)
{
	int64_t at = (int64_t)hunk->new_start - 1 - p->skew;

	return at < 0 ? 0 : (size_t)at;
}

static enum placing
place_hunk(struct placer *p, size_t nth, size_t *steps)
{
	const struct hunk *hunk = &p->af->file->hunks[nth];
	struct applied_hunk *out = &p->af->hunks[nth];
	size_t wanted = expected(p, hunk), at = wanted;
	enum image_match match;

	image_side_of(&p->old, hunk, LINE_REMOVED);
	match = image_find(&at, &p->image, &p->old, steps);
	if (match != IMAGE_NOWHERE) {
		out->old_line = image_origin(&p->image, at);
		out->new_line = (uint32_t)at + 1;
		image_replace(&p->image, at, hunk, match, steps);
		if (out->new_line < p->last_line)
			shift_earlier(p->af, nth, steps);
		p->last_line = out->new_line;
		return at == wanted ? PLACING_EXACT : PLACING_OFFSET;
	}
	image_side_of(&p->new, hunk, LINE_ADDED);
	at = wanted;
	if (p->new.n &&
	    image_find(&at, &p->image, &p->new, steps) != IMAGE_NOWHERE) {
		out->old_line = image_origin(&p->image, at);
		out->new_line = (uint32_t)at + 1;
		return PLACING_PRESENT;
	}
	p->skew += (int64_t)hunk->new_count - (int64_t)hunk->old_count;
	return PLACING_MISSING;
}

/* Lay the hunks on the pre-image; the post-image is what comes of it. */
static void
place_hunks(struct applied_file *af, struct arena *arena, size_t *steps)
{
	struct placer p = { .af = af };
	size_t room = 0;
	bool changed = false;

	for (size_t i = 0; i < af->file->nhunks; i++)
		room += af->file->hunks[i].nlines;
	image_init(&p.image, af->preimage, room);
	spend(steps, p.image.n);
	for (size_t i = 0; i < af->file->nhunks; i++) {
		enum placing how = place_hunk(&p, i, steps);

		af->hunks[i].how = how;
		changed |= how == PLACING_EXACT || how == PLACING_OFFSET;
	}
	af->postimage = changed ? image_text(&p.image, arena) : af->preimage;
	if (!*steps)
		af->problem = "the search for its hunks took too long";
	image_free(&p.image);
	free(p.old.v);
	free(p.new.v);
}

/* What a new file holds. */
static struct span
created_text(const struct patch_file *file, struct arena *arena)
{
	size_t len = 1;
	char *text, *out;

	for (size_t i = 0; i < file->nhunks; i++)
		for (size_t j = 0; j < file->hunks[i].nlines; j++)
			len += file->hunks[i].lines[j].text.len + 1;
	text = out = arena_alloc(arena, len);
	for (size_t i = 0; i < file->nhunks; i++) {
		for (size_t j = 0; j < file->hunks[i].nlines; j++) {
			const struct patch_line *line =
				&file->hunks[i].lines[j];

			if (line->kind == LINE_REMOVED)
				continue;
			if (line->text.len)
				memcpy(out, line->text.ptr, line->text.len);
			out += line->text.len;
			if (!line->no_newline)
				*out++ = '\n';
		}
	}
	return (struct span){ text, (size_t)(out - text) };
}

static const struct error *
apply_created(struct applied_file *af, struct applying *a)
{
	const struct patch_file *file = af->file;
	struct span there, text = created_text(file, a->arena);
	const struct error *err;
	const struct overlay *slot = overlay_at(a, file->new_path);

	err = read_text(&there, a, file->new_path, file->op);
	if (err)
		return err;
	if (there.ptr && span_equal(there, text)) {
		af->preimage = af->postimage = there;
		all_hunks(af, PLACING_PRESENT);
		return NULL;
	}
	if (there.ptr && !slot->leaves) {
		refuse(af, "in the tree already, with other text");
		return NULL;
	}
	af->postimage = text;
	all_hunks(af, PLACING_EXACT);
	overlay_put(a, file->new_path, text);
	return NULL;
}

static void
apply_deleted(struct applied_file *af, struct applying *a)
{
	if (af->file->nhunks &&
	    (af->postimage.ptr == af->preimage.ptr || af->postimage.len)) {
		af->postimage = af->preimage;
		refuse(af, "holds other text than is deleted");
		return;
	}
	af->postimage = (struct span){ 0 };
	overlay_put(a, af->file->old_path, af->postimage);
}

/* A rename or copy may not overwrite a file. */
static const struct error *
check_target(struct applied_file *af, struct applying *a)
{
	const char *path = af->file->new_path;
	const struct error *err;
	struct span there;

	if ((af->file->op != FILE_RENAME && af->file->op != FILE_COPY) ||
	    overlay_at(a, path)->leaves)
		return NULL;
	err = read_text(&there, a, path, FILE_MODIFY);
	if (!err && there.ptr)
		refuse(af, "its new name is in the tree already");
	return err;
}

static const struct error *
apply_changed(struct applied_file *af, struct applying *a)
{
	const struct patch_file *file = af->file;
	const struct error *err;

	err = read_text(&af->preimage, a, file->old_path, file->op);
	if (err)
		return err;
	if (!af->preimage.ptr) {
		refuse(af, "not in the tree");
		return NULL;
	}
	err = check_target(af, a);
	if (err || af->problem)
		return err;
	place_hunks(af, a->arena, &a->steps);
	if (file->op == FILE_DELETE) {
		apply_deleted(af, a);
		return NULL;
	}
	if (file->op == FILE_RENAME)
		overlay_put(a, file->old_path, (struct span){ 0 });
	overlay_put(a, file->new_path, af->postimage);
	return NULL;
}

/* Where the hunks stand as their headers say, for want of better. */
static void
trust_headers(struct applied_file *af)
{
	for (size_t i = 0; i < af->file->nhunks; i++) {
		const struct hunk *hunk = &af->file->hunks[i];

		/* Of an empty side diff(1) names the line before it. */
		af->hunks[i].old_line = hunk->old_start + !hunk->old_count;
		af->hunks[i].new_line = hunk->new_start + !hunk->new_count;
		af->hunks[i].how = PLACING_UNTRIED;
	}
}

static const struct error *
apply_file(struct applied_file *af, struct applying *a)
{
	const struct patch_file *file = af->file;

	trust_headers(af);
	if (file->binary)
		refuse(af, "binary");
	else if (file->fault && !file->nhunks)
		refuse(af, file->fault);
	else if (!a->files)
		return NULL;
	else if (!a->steps || !a->bytes)
		af->problem = "not tried: the patch is too costly to place";
	else if (file->op == FILE_CREATE)
		return apply_created(af, a);
	else
		return apply_changed(af, a);
	return NULL;
}

const struct error *
apply_patch_to(struct applied *out, struct arena *arena,
	       const struct patch *patch, const struct apply_files *files)
{
	struct applying a = {
		.arena = arena,
		.files = files,
		.steps = LIMIT_PLACING_STEPS,
		.bytes = LIMIT_IMAGES_BYTES,
	};
	struct applied applied = { .patch = patch };
	const struct error *err = NULL;

	applied.files = ARENA_ARRAY(arena, patch->nfiles, struct applied_file);
	overlay_init(&a, patch);
	for (size_t i = 0; i < patch->nfiles && !err; i++) {
		struct applied_file *af = &applied.files[i];

		af->file = &patch->files[i];
		af->hunks = ARENA_ARRAY(arena, af->file->nhunks,
					struct applied_hunk);
		err = apply_file(af, &a);
		spend(&a.bytes, af->preimage.len + af->postimage.len);
		for (size_t j = 0; j < af->file->nhunks; j++)
			applied.hunks[af->hunks[j].how]++;
	}
	free(a.overlay);
	if (err)
		return err;
	applied.base = out->base;
	*out = applied;
	return NULL;
}

const char *
placing_name(enum placing placing)
{
	static const char *const names[NPLACINGS] = {
		[PLACING_EXACT] = "exact",     [PLACING_OFFSET] = "offset",
		[PLACING_MERGED] = "merged",   [PLACING_FUZZY] = "fuzzy",
		[PLACING_PRESENT] = "present", [PLACING_MISSING] = "missing",
		[PLACING_UNTRIED] = "untried",
	};

	return names[placing];
}

const char *
base_how_name(enum base_how how)
{
	static const char *const names[] = {
		[BASE_NONE] = "none",
		[BASE_COMMIT] = "base-commit",
		[BASE_PREREQUISITE] = "prerequisite",
		[BASE_INDEX] = "index",
		[BASE_REF] = "ref",
		[BASE_RANGE] = "range",
	};

	return names[how];
}
