#include "patch.h"

#include "arena.h"
#include "diffheader.h"
#include "diffpath.h"
#include "hunk.h"
#include "limits.h"

struct parser {
	struct arena *arena;
	struct patch *out;
	size_t cap;
	size_t hunks_left, lines_left;
};

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

	crlf = diffheader_peek(&line, file->header) &&
	       hunk_chop_cr(line).len < line.len;
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

	while (diffheader_peek(&line, *rest) && span_starts(line, "@@ -")) {
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

	if (!file)
		return;
	if (!diffheader_read(file, p->arena, first, rest)) {
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

	if (!diffheader_peek(&line, *rest) ||
	    (!span_starts(line, "index ") && !span_starts(line, "mode ") &&
	     !span_starts(line, "new file mode ") &&
	     !span_starts(line, "deleted file mode ") &&
	     !span_starts(line, "--- ")))
		return;
	file = add_file(p);
	if (!file)
		return;
	file->old_path = diffpath_read(
		p->arena, diffheader_cut(hunk_chop_cr(first), strlen(prefix)));
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

	paths.old = diffpath_read_dated(&old_absent, arena,
					diffheader_cut(minus, 4));
	paths.new = diffpath_read_dated(&new_absent, arena,
					diffheader_cut(plus, 4));
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
	    !diffheader_peek(&line, after) ||
	    !hunk_header(&hunk, hunk_chop_cr(line)))
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
