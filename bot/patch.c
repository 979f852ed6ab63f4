#include "patch.h"

#include "arena.h"
#include "diffpath.h"
#include "hunk.h"
#include "limits.h"

struct parser {
	struct arena *arena;
	struct patch *out;
	size_t cap;
	size_t hunks_left, lines_left;
};

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

/* The next line of @rest, which stays where it is. */
static bool
peek(struct span *line, struct span rest)
{
	return span_line(line, &rest);
}

/* @s without its first @n bytes, which it has. */
static struct span
cut(struct span s, size_t n)
{
	return (struct span){ s.ptr + n, s.len - n };
}

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
	struct span rest = cut(value, a);

	if (!span_starts(rest, ".."))
		return;
	rest = cut(rest, 2);
	b = hex_length(rest);
	if (a > 64 || b > 64)
		return;
	h->file->old_oid = arena_strndup(h->arena, value.ptr, a);
	h->file->new_oid = arena_strndup(h->arena, rest.ptr, b);
	h->index_mode = read_mode(cut(rest, b));
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
		extended[i].read(h, cut(line, strlen(prefix)));
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
	return true;
}

/* Read the lines behind "diff --git" from *@rest; false: prose after all. */
static bool
header_read(struct header *h, struct span *rest)
{
	struct patch_file *file = h->file;
	struct span line, after = *rest;
	size_t nlines = 0;

	while (!h->last && peek(&line, after) && header_line(h, line)) {
		span_line(&line, &after);
		nlines++;
	}
	if (!nlines && !(peek(&line, after) && span_starts(line, "@@ -")))
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

static const char *
body_fault(struct arena *arena, const struct patch_file *file,
	   const struct hunk *hunk, struct hunk_read read)
{
	size_t n = file->nhunks + 1;
	size_t old = read.lines - read.added, new = read.lines - read.removed;

	switch (read.end) {
	case HUNK_SHORT:
		return old < hunk->old_count
			       ? arena_printf(arena,
					      "hunk %zu: ends after %zu of %u "
					      "lines",
					      n, old, hunk->old_count)
			       : arena_printf(arena,
					      "hunk %zu: ends after %zu of %u "
					      "new lines",
					      n, new, hunk->new_count);
	case HUNK_SURPLUS:
		return arena_printf(
			arena, "hunk %zu: more lines than its header says", n);
	case HUNK_IDLE:
		return arena_printf(arena, "hunk %zu: changes nothing", n);
	case HUNK_TOO_LONG:
		return arena_printf(arena, "hunk %zu: too many lines", n);
	case HUNK_WHOLE:
		break;
	}
	return NULL;
}

/* Read one hunk, whose header stands at *@rest, into @hunk. */
static const char *
hunk_fault(struct parser *p, struct hunk *hunk, const struct patch_file *file,
	   struct span *rest)
{
	struct span line = SPAN("");
	struct hunk_read read;
	bool crlf;

	crlf = peek(&line, file->header) && hunk_chop_cr(line).len < line.len;
	span_line(&line, rest);
	if (!hunk_header(hunk, hunk_chop_cr(line)))
		return arena_printf(p->arena, "hunk %zu: bad header",
				    file->nhunks + 1);
	if (!p->hunks_left) {
		p->out->truncated = true;
		return "too many hunks";
	}
	p->hunks_left--;
	read = hunk_body(hunk, p->arena, rest, p->lines_left, crlf);
	p->lines_left -= read.lines;
	if (read.end == HUNK_TOO_LONG)
		p->out->truncated = true;
	return body_fault(p->arena, file, hunk, read);
}

static void
read_hunks(struct parser *p, struct patch_file *file, struct span *rest)
{
	struct span line;
	size_t cap = 0;

	while (peek(&line, *rest) && span_starts(line, "@@ -")) {
		struct hunk hunk = { 0 };

		file->fault = hunk_fault(p, &hunk, file, rest);
		if (file->fault)
			return;
		ARENA_GROW(p->arena, file->hunks, cap, file->nhunks);
		file->hunks[file->nhunks++] = hunk;
		for (size_t i = 0; i < hunk.nlines; i++) {
			file->added += hunk.lines[i].kind == LINE_ADDED;
			file->removed += hunk.lines[i].kind == LINE_REMOVED;
		}
	}
}

/* Faults that only show when all hunks are there, as git finds them. */
static const char *
whole_fault(const struct patch_file *file)
{
	bool old = false, new = false;

	for (size_t i = 0; i < file->nhunks; i++) {
		old |= file->hunks[i].old_count != 0;
		new |= file->hunks[i].new_count != 0;
	}
	if (file->op == FILE_CREATE && old)
		return "a new file with old lines";
	if (file->op == FILE_DELETE && new)
		return "a deleted file with new lines";
	if (file->op == FILE_MODIFY && !file->nhunks && !file->binary &&
	    file->old_mode == file->new_mode)
		return "no hunks";
	return NULL;
}

/* The next file of the patch; NULL past the ceiling. */
static struct patch_file *
add_file(struct parser *p)
{
	struct patch *out = p->out;
	struct patch_file *file;

	if (out->nfiles == LIMIT_PATCH_FILES) {
		out->truncated = true;
		return NULL;
	}
	ARENA_GROW(p->arena, out->files, p->cap, out->nfiles);
	file = &out->files[out->nfiles++];
	*file = (struct patch_file){ .old_oid = "", .new_oid = "" };
	return file;
}

/* Everything from the line @first up to @rest. */
static struct span
text_between(struct span first, struct span rest)
{
	return (struct span){ first.ptr, (size_t)(rest.ptr - first.ptr) };
}

static void
take_git(struct parser *p, struct span first, struct span *rest)
{
	struct patch_file *file = add_file(p);
	struct header h = { .arena = p->arena, .file = file };

	if (!file)
		return;
	if (!diffpath_split(&h.names, p->arena,
			    cut(hunk_chop_cr(first), strlen("diff --git "))))
		h.names = (struct diffpath){ 0 };
	if (!header_read(&h, rest)) {
		p->out->nfiles--;
		return;
	}
	file->header = text_between(first, *rest);
	read_hunks(p, file, rest);
	if (!file->fault)
		file->fault = whole_fault(file);
}

/* "diff --cc PATH": a merge against several parents says what no hunk can. */
static void
take_combined(struct parser *p, struct span first, const char *prefix,
	      struct span *rest)
{
	struct patch_file *file;
	struct span line;

	if (!peek(&line, *rest) ||
	    (!span_starts(line, "index ") && !span_starts(line, "mode ") &&
	     !span_starts(line, "new file mode ") &&
	     !span_starts(line, "deleted file mode ") &&
	     !span_starts(line, "--- ")))
		return;
	file = add_file(p);
	if (!file)
		return;
	file->old_path = diffpath_read(
		p->arena, cut(hunk_chop_cr(first), strlen(prefix)));
	file->new_path = file->old_path;
	file->header = text_between(first, *rest);
	file->fault = "combined diff";
	if (!file->old_path)
		p->out->nfiles--;
}

/* Which of two names diff(1) was about: "x.c" of "x.c" and "x.c.orig". */
static const char *
plain_name(const struct diffpath *paths)
{
	size_t len = strlen(paths->old);

	return strncmp(paths->old, paths->new, len) ? paths->new : paths->old;
}

static bool
plain_paths(struct patch_file *file, struct arena *arena, struct span minus,
	    struct span plus)
{
	struct diffpath paths;
	bool old_absent, new_absent;

	paths.old = diffpath_read_dated(&old_absent, arena, cut(minus, 4));
	paths.new = diffpath_read_dated(&new_absent, arena, cut(plus, 4));
	if (!paths.old || !paths.new || (old_absent && new_absent))
		return false;
	if (!strcmp(paths.old, "/dev/null"))
		paths.old = NULL;
	if (!strcmp(paths.new, "/dev/null"))
		paths.new = NULL;
	diffpath_strip(&paths);
	if (old_absent) {
		file->op = FILE_CREATE;
		file->new_path = paths.new;
	} else if (new_absent) {
		file->op = FILE_DELETE;
		file->old_path = paths.old;
	} else {
		file->old_path = file->new_path = plain_name(&paths);
	}
	return true;
}

/*
 * Without a time stamp of the epoch only the hunk can say that there was no
 * file ("-0,0"), or that none is left.
 */
static void
plain_op(struct patch_file *file)
{
	const struct hunk *hunk = file->hunks;

	if (file->op != FILE_MODIFY || file->nhunks != 1)
		return;
	if (!hunk->old_start && !hunk->old_count) {
		file->op = FILE_CREATE;
		file->old_path = NULL;
	} else if (!hunk->new_start && !hunk->new_count) {
		file->op = FILE_DELETE;
		file->new_path = NULL;
	}
}

/* "--- x", "+++ y" and a hunk's header, one behind the other */
static void
take_plain(struct parser *p, struct span first, struct span *rest)
{
	struct span plus, line, after = *rest;
	struct patch_file *file;
	struct hunk hunk;

	if (!span_line(&plus, &after) || !span_starts(plus, "+++ ") ||
	    !peek(&line, after) || !hunk_header(&hunk, hunk_chop_cr(line)))
		return;
	file = add_file(p);
	if (!file)
		return;
	if (!plain_paths(file, p->arena, hunk_chop_cr(first),
			 hunk_chop_cr(plus))) {
		p->out->nfiles--;
		return;
	}
	file->header = text_between(first, after);
	*rest = after;
	read_hunks(p, file, rest);
	plain_op(file);
	if (!file->fault)
		file->fault = whole_fault(file);
}

void
patch_parse(struct patch *out, struct arena *arena, struct span text)
{
	struct parser p = {
		.arena = arena,
		.out = out,
		.hunks_left = LIMIT_PATCH_HUNKS,
		.lines_left = LIMIT_PATCH_LINES,
	};
	struct span line;

	*out = (struct patch){ 0 };
	while (!out->truncated && span_line(&line, &text)) {
		if (span_starts(line, "diff --git "))
			take_git(&p, line, &text);
		else if (span_starts(line, "diff --cc "))
			take_combined(&p, line, "diff --cc ", &text);
		else if (span_starts(line, "diff --combined "))
			take_combined(&p, line, "diff --combined ", &text);
		else if (span_starts(line, "--- "))
			take_plain(&p, line, &text);
	}
}
