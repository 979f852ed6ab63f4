#include "patch.h"

#include "digest.h"
#include "hunk.h"

/*
 * git patch-id reads the text of a diff and adds up one SHA-1 for each file.
 * What it takes for a file has its quirks, which are followed here since the
 * values must be equal: a file without "---" and "+++" is hashed together
 * with the one behind it, a binary one is cut off by a hash of its own, and the
 * "diff" line behind a binary one is skipped.
 */
struct patch_id {
	struct sha1 *sha1;
	char text[4096]; /* not hashed yet */
	size_t len;
	unsigned char sum[SHA1_SIZE];
	bool something;			/* was hashed */
	bool after_marks, after_binary; /* of the file before */
};

static void
hash(struct patch_id *id)
{
	sha1_add(id->sha1, (struct span){ id->text, id->len });
	id->len = 0;
}

/* White space as C's isspace() has it does not count. */
static void
add(struct patch_id *id, struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (id->len == sizeof(id->text))
			hash(id);
		id->text[id->len] = c;
		id->len += c != ' ' && (c < '\t' || c > '\r');
	}
	id->something = true;
}

static void
add_str(struct patch_id *id, const char *text)
{
	add(id, span_of(text));
}

/* End a hash: the sum is that of little-endian numbers. */
static void
flush(struct patch_id *id)
{
	uint8_t sum[SHA1_SIZE];
	unsigned carry = 0;

	hash(id);
	sha1_end(sum, id->sha1);
	for (size_t i = 0; i < sizeof(sum); i++) {
		carry += id->sum[i] + (unsigned)sum[i];
		id->sum[i] = (unsigned char)carry;
		carry >>= 8;
	}
}

static void
add_git_header(struct patch_id *id, const struct patch_file *file)
{
	struct span line, rest = file->header;
	bool first = true;

	while (span_line(&line, &rest)) {
		bool skip = span_starts(line, "index ") ||
			    span_starts(line, "GIT binary patch") ||
			    span_starts(line, "Binary files ") ||
			    (first && id->after_binary);

		if (!skip)
			add(id, line);
		first = false;
		id->after_marks |= span_starts(line, "+++ ");
	}
}

/* A plain diff's, as git would have written it for the same change. */
static void
add_plain_header(struct patch_id *id, const struct patch_file *file)
{
	const char *path = patch_file_path(file);

	if (!id->after_binary) {
		add_str(id, "diff--gita/");
		add_str(id, path);
		add_str(id, "b/");
		add_str(id, path);
	}
	add_str(id, file->old_path ? "---a/" : "---/dev/null");
	add_str(id, file->old_path ? path : "");
	add_str(id, file->new_path ? "+++b/" : "+++/dev/null");
	add_str(id, file->new_path ? path : "");
	id->after_marks = true;
}

static void
add_hunk(struct patch_id *id, const struct hunk *hunk)
{
	for (size_t i = 0; i < hunk->nlines; i++) {
		char marker = (char)hunk->lines[i].kind;

		add(id, (struct span){ &marker, 1 });
		add(id, hunk->lines[i].text);
	}
}

static void
add_file(struct patch_id *id, const struct patch_file *file)
{
	if (span_starts(file->header, "diff --c")) /* combined */
		return;
	if (id->after_marks)
		flush(id);
	id->after_marks = false;
	if (span_starts(file->header, "diff --git "))
		add_git_header(id, file);
	else
		add_plain_header(id, file);
	id->after_binary = file->binary;
	if (file->binary) {
		add_str(id, file->old_oid);
		add_str(id, file->new_oid);
		flush(id);
	}
	for (size_t i = 0; i < file->nhunks; i++)
		add_hunk(id, &file->hunks[i]);
}

bool
patch_id(char out[PATCH_ID_SIZE], const struct patch *patch)
{
	struct patch_id id;

	memset(&id, 0, sizeof(id));
	id.sha1 = sha1_new();
	for (size_t i = 0; i < patch->nfiles; i++)
		add_file(&id, &patch->files[i]);
	if (id.something) {
		flush(&id);
		for (size_t i = 0; i < sizeof(id.sum); i++)
			snprintf(out + 2 * i, 3, "%02x", id.sum[i]);
	}
	sha1_free(id.sha1);
	return id.something;
}
