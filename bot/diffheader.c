#include "diffheader.h"

#include "arena.h"
#include "diffpath.h"
#include "hunk.h"
#include "patch.h"

/* What the lines between "diff --git" and the first hunk say. */
struct header {
	struct diffpath names; /* of the "diff --git" line */
	struct diffpath marks; /* of the "---" and "+++" lines, as written */
	struct diffpath moved; /* rename or copy, without prefixes */
	uint32_t index_mode;
	bool old_absent, new_absent;
	bool last; /* no more lines of a header can follow */
	struct arena *arena;
	struct patch_file *file;
};

static uint32_t
read_mode(struct span value)
{
	uint32_t mode = 0;

	value = span_trim(value);
	if (value.len > 6)
		return 0;
	for (size_t i = 0; i < value.len; i++) {
		if (value.ptr[i] < '0' || value.ptr[i] > '7')
			return 0;
		mode = mode * 8 + (uint32_t)(value.ptr[i] - '0');
	}
	return mode;
}

static void
on_minus(struct header *h, struct span value)
{
	h->marks.old = diffpath_read(h->arena, value);
	if (h->marks.old && !strcmp(h->marks.old, "/dev/null"))
		h->old_absent = true;
}

static void
on_plus(struct header *h, struct span value)
{
	h->marks.new = diffpath_read(h->arena, value);
	if (h->marks.new && !strcmp(h->marks.new, "/dev/null"))
		h->new_absent = true;
	h->last = true;
}

static void
on_old_mode(struct header *h, struct span value)
{
	h->file->old_mode = read_mode(value);
}

static void
on_new_mode(struct header *h, struct span value)
{
	h->file->new_mode = read_mode(value);
}

static void
on_new_file(struct header *h, struct span value)
{
	h->file->new_mode = read_mode(value);
	h->old_absent = true;
}

static void
on_deleted_file(struct header *h, struct span value)
{
	h->file->old_mode = read_mode(value);
	h->new_absent = true;
}

static void
on_rename_from(struct header *h, struct span value)
{
	h->moved.old = diffpath_read(h->arena, value);
	h->file->op = FILE_RENAME;
}

static void
on_copy_from(struct header *h, struct span value)
{
	h->moved.old = diffpath_read(h->arena, value);
	h->file->op = FILE_COPY;
}

static void
on_moved_to(struct header *h, struct span value)
{
	h->moved.new = diffpath_read(h->arena, value);
}

static void
on_similarity(struct header *h, struct span value)
{
	(void)h;
	(void)value;
}

static void
on_binary(struct header *h, struct span value)
{
	(void)value;
	h->file->binary = true;
	h->last = true;
}

static size_t
hex_length(struct span s)
{
	size_t n = 0;

	while (n < s.len && s.ptr[n] && strchr("0123456789abcdef", s.ptr[n]))
		n++;
	return n;
}

/* "index 1234567..89abcde 100644" */
static void
on_index(struct header *h, struct span value)
{
	size_t a = hex_length(value), b;
	struct span rest = diffheader_cut(value, a);

	if (!span_starts(rest, ".."))
		return;
	rest = diffheader_cut(rest, 2);
	b = hex_length(rest);
	if (a > 64 || b > 64)
		return;
	h->file->old_oid = arena_strndup(h->arena, value.ptr, a);
	h->file->new_oid = arena_strndup(h->arena, rest.ptr, b);
	h->index_mode = read_mode(diffheader_cut(rest, b));
}

static const struct extended {
	const char *prefix;
	void (*read)(struct header *h, struct span value);
} extended[] = {
	{ "index ", on_index },
	{ "--- ", on_minus },
	{ "+++ ", on_plus },
	{ "old mode ", on_old_mode },
	{ "new mode ", on_new_mode },
	{ "deleted file mode ", on_deleted_file },
	{ "new file mode ", on_new_file },
	{ "copy from ", on_copy_from },
	{ "copy to ", on_moved_to },
	{ "rename from ", on_rename_from },
	{ "rename to ", on_moved_to },
	{ "rename old ", on_rename_from },
	{ "rename new ", on_moved_to },
	{ "similarity index ", on_similarity },
	{ "dissimilarity index ", on_similarity },
	{ "GIT binary patch", on_binary },
	{ "Binary files ", on_binary },
};

/* Whether @line belongs to the header; what it says goes into @h. */
static bool
header_line(struct header *h, struct span line)
{
	line = hunk_chop_cr(line);
	for (size_t i = 0; i < sizeof(extended) / sizeof(*extended); i++) {
		const char *prefix = extended[i].prefix;

		if (!span_starts(line, prefix))
			continue;
		extended[i].read(h, diffheader_cut(line, strlen(prefix)));
		return true;
	}
	return false;
}

/*
 * The paths without prefixes. The names of "---" and "+++" count more than
 * those of the "diff" line, which only stand in for a side that is absent and
 * for files without hunks.
 */
static bool
header_paths(struct header *h)
{
	struct diffpath paths = h->marks;

	if (h->old_absent && h->new_absent)
		return false;
	if (h->moved.old && h->moved.new) {
		paths = h->moved;
	} else {
		if (h->old_absent || !paths.old || !paths.new)
			paths.old = h->names.old;
		if (h->new_absent || !h->marks.old || !paths.new)
			paths.new = h->names.new;
		diffpath_strip(&paths);
	}
	if ((!paths.old && !h->old_absent) || (!paths.new && !h->new_absent))
		return false;
	h->file->old_path = h->old_absent ? NULL : paths.old;
	h->file->new_path = h->new_absent ? NULL : paths.new;
	/* Of nearly all, and quickly seen then. */
	if (h->file->old_path && h->file->new_path &&
	    !strcmp(h->file->old_path, h->file->new_path))
		h->file->old_path = h->file->new_path;
	return true;
}

/* Read the lines behind "diff --git" from *@rest; false: prose after all. */
static bool
header_read(struct header *h, struct span *rest)
{
	struct patch_file *file = h->file;
	struct span line, after = *rest;
	size_t nlines = 0;

	while (!h->last && diffheader_peek(&line, after) &&
	       header_line(h, line)) {
		span_line(&line, &after);
		nlines++;
	}
	if (!nlines &&
	    !(diffheader_peek(&line, after) && span_starts(line, "@@ -")))
		return false;
	if (!header_paths(h))
		return false;
	if (h->old_absent)
		file->op = FILE_CREATE;
	else if (h->new_absent)
		file->op = FILE_DELETE;
	else if (!h->moved.old || !h->moved.new)
		file->op = FILE_MODIFY;
	if (!file->old_mode && !h->old_absent)
		file->old_mode = h->index_mode;
	if (!file->new_mode && !h->new_absent)
		file->new_mode = h->index_mode;
	*rest = after;
	return true;
}

bool
diffheader_read(struct patch_file *file, struct arena *arena, struct span first,
		struct span *rest)
{
	struct header h = { .arena = arena, .file = file };

	if (!diffpath_split(
		    &h.names, arena,
		    diffheader_cut(hunk_chop_cr(first), strlen("diff --git "))))
		h.names = (struct diffpath){ 0 };
	return header_read(&h, rest);
}
