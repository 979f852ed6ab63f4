#include "apply.h"

#include <string.h>
#include <sys/stat.h> /* S_IFMT */

#include "apply-merge.h"
#include "arena.h"
#include "error.h"
#include "lay.h"
#include "limits.h"
#include "overlay.h"

enum { OID_PREFIX_MIN = 7 }; /* as git abbreviates, at least */

struct applying {
	struct arena *arena;
	struct arena *scratch;		 /* what was tried on one file */
	const struct apply_files *files; /* NULL: none */
	/* What the diffs before have made of a path: those of one patch to one
	   file build on each other. */
	struct overlay overlay;
	size_t steps; /* left of LIMIT_PLACING_STEPS */
	size_t bytes; /* left of LIMIT_IMAGES_BYTES */
};

static void
note_leaving(struct applying *a, const struct patch *patch)
{
	for (size_t i = 0; i < patch->nfiles; i++) {
		const struct patch_file *file = &patch->files[i];

		if (file->op == FILE_DELETE || file->op == FILE_RENAME)
			overlay_at(&a->overlay, file->old_path)->leaves = true;
	}
}

static bool
leaves(const struct applying *a, const char *path)
{
	const struct overlay_file *slot = overlay_find(&a->overlay, path);

	return slot && slot->leaves;
}

/* The file that a diff to @path starts from. Renames and copies start from
   the tree's, as git has it, whatever stands before them in the patch. */
static const struct error *
read_file(struct tree_file *out, struct applying *a, const char *path,
	  enum file_op op)
{
	const struct overlay_file *slot = overlay_find(&a->overlay, path);
	const struct error *err;

	if (slot && slot->known && op != FILE_RENAME && op != FILE_COPY) {
		*out = slot->file;
		return NULL;
	}
	*out = (struct tree_file){ .mode = 0 };
	err = a->files->read(out, a->arena, a->files->files, path);
	if (!err || err->class != ERROR_INPUT)
		return err;
	/* Only this file is the worse for it. */
	out->fault = arena_strdup(a->arena, err->message);
	error_free(err);
	return NULL;
}

static void
put_file(struct applying *a, const char *path, struct span text, uint32_t mode)
{
	overlay_put(&a->overlay, path,
		    &(struct tree_file){ .text = text, .mode = mode });
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

/* As git refuses it: where a link stands there are no files below. */
static const struct error *
check_beyond_link(struct applied_file *af, struct applying *a)
{
	const char *path = af->file->new_path, *slash = path;
	const struct error *err = NULL;
	struct tree_file above;

	while (!err && !af->problem && (slash = strchr(slash, '/')) != NULL) {
		err = read_file(&above, a,
				arena_strndup(a->scratch, path,
					      (size_t)(slash++ - path)),
				FILE_MODIFY);
		if (!err && above.text.ptr && S_ISLNK(above.mode))
			refuse(af, "beyond a symbolic link in the tree");
	}
	arena_clear(a->scratch);
	return err;
}

static const struct error *
apply_created(struct applied_file *af, struct applying *a)
{
	const struct patch_file *file = af->file;
	struct span text = created_text(file, a->arena);
	const struct error *err;
	struct tree_file there;

	err = check_beyond_link(af, a);
	if (err || af->problem)
		return err;
	err = read_file(&there, a, file->new_path, file->op);
	if (err)
		return err;
	if (there.fault && !leaves(a, file->new_path)) {
		refuse(af, there.fault);
		return NULL;
	}
	if (there.text.ptr && span_equal(there.text, text)) {
		af->preimage = af->postimage = there.text;
		all_hunks(af, PLACING_PRESENT);
		return NULL;
	}
	if (there.text.ptr && !leaves(a, file->new_path)) {
		refuse(af, "in the tree already, with other text");
		return NULL;
	}
	af->postimage = text;
	all_hunks(af, PLACING_EXACT);
	put_file(a, file->new_path, text, file->new_mode);
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
	put_file(a, af->file->old_path, af->postimage, 0);
}

/* A rename or copy may not overwrite a file. */
static const struct error *
check_target(struct applied_file *af, struct applying *a)
{
	const char *path = af->file->new_path;
	const struct error *err;
	struct tree_file there;

	if ((af->file->op != FILE_RENAME && af->file->op != FILE_COPY) ||
	    leaves(a, path))
		return NULL;
	err = check_beyond_link(af, a);
	if (err || af->problem)
		return err;
	err = read_file(&there, a, path, FILE_MODIFY);
	if (!err && (there.text.ptr || there.fault))
		refuse(af, "its new name is in the tree already");
	return err;
}

/* A patch to a file does not fit a link or a submodule, nor the reverse. */
static bool
other_type(uint32_t mode, uint32_t patch_mode)
{
	return mode && patch_mode && ((mode ^ patch_mode) & S_IFMT);
}

/*
 * The blob that the patch was made on, when it is another than the tree's and
 * somebody has it. ptr NULL: none.
 */
static const struct error *
find_blob(struct span *out, struct applying *a, const struct patch_file *file,
	  const struct tree_file *there)
{
	const char *oid = file->old_oid;
	size_t len = strlen(oid);

	*out = (struct span){ 0 };
	if (!a->files->blob || len < OID_PREFIX_MIN ||
	    strspn(oid, "0") == len || !strncmp(there->oid, oid, len))
		return NULL;
	return a->files->blob(out, a->scratch, a->files->files, oid);
}

/* Hunks that are missing: three-way, else with less context. */
static const struct error *
lay_missing(struct laid *laid, struct applying *a,
	    const struct patch_file *file, const struct tree_file *there)
{
	const struct error *err;
	struct laid fuzzy;
	struct span blob;

	err = find_blob(&blob, a, file, there);
	if (err)
		return err;
	spend(&a->bytes, 2 * (blob.len + there->text.len));
	if (blob.ptr &&
	    apply_merged(laid, a->scratch, file, blob, there->text, &a->steps))
		return NULL;
	if (!laid->may_be_fuzzy)
		return NULL;
	lay_hunks(&fuzzy, a->scratch, file, there->text, LAY_FUZZY_CONTEXT,
		  &a->steps);
	if (fuzzy.n[PLACING_FUZZY])
		*laid = fuzzy;
	return NULL;
}

/* What was tried goes; what came of it stays. */
static void
keep(struct applied_file *af, struct arena *arena, const struct laid *laid,
     const struct tree_file *there)
{
	memcpy(af->hunks, laid->hunks, af->file->nhunks * sizeof(*af->hunks));
	af->postimage = there->text;
	if (laid->text.ptr != there->text.ptr) {
		char *text = arena_alloc(arena, laid->text.len + 1);

		if (laid->text.len)
			memcpy(text, laid->text.ptr, laid->text.len);
		af->postimage = (struct span){ text, laid->text.len };
	}
	if (laid->gave_up)
		af->problem = "the search for its hunks took too long";
}

static const struct error *
place_hunks(struct applied_file *af, struct applying *a,
	    const struct tree_file *there)
{
	const struct error *err = NULL;
	struct laid laid;

	if (!af->file->nhunks) {
		af->postimage = there->text;
		return NULL;
	}
	lay_hunks(&laid, a->scratch, af->file, there->text, LAY_WHOLE_CONTEXT,
		  &a->steps);
	/* What is deleted must be there to the last line. */
	if (laid.n[PLACING_MISSING] && !laid.gave_up &&
	    af->file->op != FILE_DELETE)
		err = lay_missing(&laid, a, af->file, there);
	if (!err)
		keep(af, a->arena, &laid, there);
	arena_clear(a->scratch);
	return err;
}

static const struct error *
apply_changed(struct applied_file *af, struct applying *a)
{
	const struct patch_file *file = af->file;
	const struct error *err;
	struct tree_file there;

	err = read_file(&there, a, file->old_path, file->op);
	if (err)
		return err;
	af->preimage = there.text;
	if (!there.text.ptr) {
		refuse(af, there.fault ? there.fault : "not in the tree");
		return NULL;
	}
	if (other_type(there.mode, file->old_mode)) {
		refuse(af, "of another type in the tree");
		return NULL;
	}
	err = check_target(af, a);
	if (!err && !af->problem)
		err = place_hunks(af, a, &there);
	if (err || af->problem)
		return err;
	if (file->op == FILE_DELETE) {
		apply_deleted(af, a);
		return NULL;
	}
	if (file->op == FILE_RENAME)
		put_file(a, file->old_path, (struct span){ 0 }, 0);
	put_file(a, file->new_path, af->postimage,
		 file->new_mode ? file->new_mode : there.mode);
	return NULL;
}

static const struct error *
apply_file(struct applied_file *af, struct applying *a)
{
	const struct patch_file *file = af->file;

	for (size_t i = 0; i < file->nhunks; i++)
		lay_by_header(&af->hunks[i], &file->hunks[i]);
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

static void
spend_images(struct applying *a, size_t *left, const struct applied_file *af)
{
	size_t bytes = af->preimage.len + af->postimage.len;

	spend(&a->bytes, bytes);
	if (left)
		spend(left, bytes);
}

const struct error *
apply_patch_to(struct applied *out, struct arena *arena,
	       const struct patch *patch, const struct apply_files *files)
{
	struct applying a = {
		.arena = arena,
		.scratch = arena_new(),
		.files = files,
		.steps = LIMIT_PLACING_STEPS,
		.bytes = LIMIT_IMAGES_BYTES,
	};
	struct applied applied = { .patch = patch };
	size_t *left = files ? files->left : NULL;
	const struct error *err = NULL;

	if (left && a.bytes > *left)
		a.bytes = *left;

	applied.files = ARENA_ARRAY(arena, patch->nfiles, struct applied_file);
	note_leaving(&a, patch);
	for (size_t i = 0; i < patch->nfiles && !err; i++) {
		struct applied_file *af = &applied.files[i];

		af->file = &patch->files[i];
		af->hunks = ARENA_ARRAY(arena, af->file->nhunks,
					struct applied_hunk);
		err = apply_file(af, &a);
		spend_images(&a, left, af);
		for (size_t j = 0; j < af->file->nhunks; j++)
			applied.hunks[af->hunks[j].how]++;
	}
	overlay_free(&a.overlay);
	arena_free(a.scratch);
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
