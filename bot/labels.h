/*
 * labels.h - what is known of the mails of an archive: a label file
 *
 * Lines of tab-separated columns: Message-ID (or a commit), label, and
 * whatever else; '#' begins a comment line. A mail may have several labels, a
 * line each.
 */
#ifndef BOT_LABELS_H
#define BOT_LABELS_H

#include <stddef.h> /* size_t */
#include <stdint.h>

#include "attr.h"
#include "span.h"

struct error;

enum { LABELS_MAX = 32 }; /* different ones in a file */

struct labelled {
	const char *msgid; /* without <> */
	uint32_t set;	   /* 1u << i: has labels.names[i] */
	unsigned line;	   /* of the file, the first one */
};

struct labels {
	struct arena *arena; /* all of it lives here */
	const char **names;  /* as they first came, LABELS_MAX at most */
	size_t nnames;
	struct labelled *v; /* by Message-ID, each once */
	size_t n, cap;
};

enum labels_form {
	LABELS_NAMED, /* Message-ID and label */
	LABELS_BARE,  /* a list of Message-IDs; all have the one label "" */
};

/*
 * ERROR_INPUT "file:line: what" for a line that is none, for a label that is
 * not made of letters, digits, '.', '_' and '-', and for a file without any.
 */
MUST_CHECK
const struct error *labels_parse(struct labels **out, const char *file,
				 struct span text, enum labels_form form);
MUST_CHECK
const struct error *labels_read(struct labels **out, const char *path,
				enum labels_form form);
void labels_free(struct labels *labels);
DEFINE_AUTOFREE(labels, labels_free);

/* The labels of a mail; NULL: none. @msgid may be NULL. */
const struct labelled *labels_of(const struct labels *labels,
				 const char *msgid);
/* Its index into names; -1: no such. */
int labels_by_name(const struct labels *labels, const char *name);

#endif
