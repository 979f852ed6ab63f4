/*
 * patch.h - unified diffs as mail carries them
 *
 * Our own parser, since git's and libgit2's refuse a whole mail for one bad
 * file (libraries.md 4). It takes git's and plain diffs, several in one text,
 * with any prose around them. What is wrong with one file costs that file
 * only. Lines are spans into the text that was parsed.
 */
#ifndef BOT_PATCH_H
#define BOT_PATCH_H

#include <stdbool.h>
#include <stddef.h> /* size_t */
#include <stdint.h>

#include "attr.h"
#include "span.h"

struct arena;
struct error;

enum line_kind {
	LINE_CONTEXT = ' ',
	LINE_ADDED = '+',
	LINE_REMOVED = '-',
};

struct patch_line {
	struct span text; /* without the marker and the newline */
	enum line_kind kind;
	bool no_newline; /* "\ No newline at end of file" follows */
};

/*
 * Line numbers are 1-based as diff(1) prints them; a count of 0 means that
 * the side is empty. A missing count is 1.
 */
struct hunk {
	uint32_t old_start, old_count;
	uint32_t new_start, new_count;
	struct span heading; /* what follows the second "@@", trimmed */
	struct patch_line *lines;
	size_t nlines;
};

enum file_op {
	FILE_MODIFY,
	FILE_CREATE,
	FILE_DELETE,
	FILE_RENAME, /* perhaps with hunks */
	FILE_COPY,
};

struct patch_file {
	enum file_op op;
	const char *old_path;	       /* NULL: created. Without a/, unquoted */
	const char *new_path;	       /* NULL: deleted */
	uint32_t old_mode, new_mode;   /* 0: not stated */
	const char *old_oid, *new_oid; /* hex of the index line; "" */
	bool binary; /* a binary patch, or "Binary files differ" */
	struct hunk *hunks;
	size_t nhunks;
	uint32_t added, removed; /* lines */
	/* As it stood in the text: from the "diff --git" line, or "---" of a
	   plain diff, up to the first hunk. */
	struct span header;
	/* Why the rest of this file's diff could not be read; NULL: all was
	   read. The hunks before the fault stand. */
	const char *fault;
};

struct patch {
	struct patch_file *files;
	size_t nfiles;
	bool truncated; /* LIMIT_PATCH_FILES, _HUNKS or _LINES was met */
};

/* The path to show: the new one, the old one of a deleted file. */
static inline const char *
patch_file_path(const struct patch_file *file)
{
	return file->new_path ? file->new_path : file->old_path;
}

/*
 * Find and parse all diffs in @text. Total: no diff is nfiles 0. When the
 * lines of a diff's header end in CR, transport put one at the end of each of
 * its lines, and it is taken off; else a CR belongs to the file's text.
 */
void patch_parse(struct patch *out, struct arena *arena, struct span text);

/*
 * The identity of `git patch-id --stable` (files summed in any order, white
 * space left out): 40 hex digits and NUL. False when there is nothing to
 * identify. Only a patch that git would read too has git's value: a plain diff
 * has that of the same change with git's header, without modes.
 */
enum { PATCH_ID_SIZE = 41 };
bool patch_id(char out[PATCH_ID_SIZE], const struct patch *patch);

#endif
