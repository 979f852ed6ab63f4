/*
 * apply.h - a patch laid on a tree, in memory
 *
 * Every patch becomes an applied patch: one that could not be applied, or had
 * no tree, is one whose hunks say so. Rules see nothing else.
 */
#ifndef BOT_APPLY_H
#define BOT_APPLY_H

#include <stddef.h> /* size_t */
#include <stdint.h>

#include "attr.h"
#include "patch.h"
#include "span.h"

struct arena;
struct error;
struct tree;

enum placing {
	PLACING_EXACT,	 /* at the line that the hunk names */
	PLACING_OFFSET,	 /* the same lines, elsewhere in the file */
	PLACING_MERGED,	 /* three-way, from the known pre-image blob */
	PLACING_FUZZY,	 /* with fewer context lines */
	PLACING_PRESENT, /* the change is there already */
	PLACING_MISSING, /* its lines are not in the file */
	PLACING_UNTRIED, /* no tree */
	NPLACINGS,
};
const char *placing_name(enum placing placing); /* "exact" ... */

/* A file as a tree has it. */
struct tree_file {
	struct span text;  /* ptr NULL: no such file */
	uint32_t mode;	   /* 0100644 ...; 0: not known */
	char oid[65];	   /* of its blob; "": not known */
	const char *fault; /* why the text of what is there can not be read:
			      too large, not fetched; NULL */
};

struct applied_hunk {
	enum placing how;
	/* Where its first line stands in the images, 1-based; from the hunk's
	   header when it is missing or untried. */
	uint32_t old_line, new_line;
};

struct applied_file {
	const struct patch_file *file; /* borrowed */
	struct span preimage;  /* ptr NULL: created, not in the tree, no tree */
	struct span postimage; /* ptr NULL: deleted, or no preimage; hunks
				  that are missing are not in it */
	struct applied_hunk *hunks; /* as many as the file has */
	const char *problem;	    /* why nothing of it applies; NULL */
};

enum base_how {
	BASE_NONE,
	BASE_COMMIT,	   /* base-commit: */
	BASE_PREREQUISITE, /* prerequisite-patch-id: */
	BASE_INDEX,	   /* blobs of the index lines */
	BASE_REF,	   /* a configured ref */
	BASE_RANGE,	   /* the commit's own parent */
};
const char *base_how_name(enum base_how how); /* "base-commit" ... "none" */

struct base_attempt {
	enum base_how how;
	const char *rev;     /* what was tried: oid or ref */
	const char *outcome; /* "not in the repository", "chosen" ... */
};

struct base {
	enum base_how how;
	const char *commit; /* hex oid; NULL when BASE_NONE */
	struct base_attempt *attempts;
	size_t nattempts;
};

struct applied {
	const struct patch *patch;  /* borrowed */
	struct applied_file *files; /* as many as the patch has */
	size_t hunks[NPLACINGS];    /* how many came to what */
	struct base base;
};

/*
 * Lay @patch on @tree (NULL: none; every hunk is untried). The images live in
 * @arena; out->base stays as it was. An error only when the repository cannot
 * be read; what does not apply is an answer.
 */
MUST_CHECK
const struct error *apply_patch(struct applied *out, struct arena *arena,
				const struct patch *patch,
				const struct tree *tree);

/* As apply_patch(), on files that come from elsewhere than a tree. */
struct apply_files {
	/* As tree_read(): text.ptr NULL when there is no such file. */
	const struct error *(*read)(struct tree_file *out, struct arena *arena,
				    const void *files, const char *path);
	/* As tree_blob_named(): a blob by the beginning of its name, as index
	   lines have it; ptr NULL: none. NULL: none ever. */
	const struct error *(*blob)(struct span *out, struct arena *arena,
				    const void *files, const char *prefix);
	const void *files;
	/* Bytes of images that may still be made of all patches together; what
	   is made is taken off. NULL: LIMIT_IMAGES_BYTES of each. */
	size_t *left;
};
MUST_CHECK
const struct error *apply_patch_to(struct applied *out, struct arena *arena,
				   const struct patch *patch,
				   const struct apply_files *files);

#endif
