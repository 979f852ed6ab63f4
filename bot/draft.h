/*
 * draft.h - a composed mail as a person edits it: its subject and its body
 *
 * All else of the mail stays: whom it goes to, what it answers, its
 * Message-ID. The text to edit is "Subject: ...", an empty line, the body in
 * UTF-8.
 */
#ifndef BOT_DRAFT_H
#define BOT_DRAFT_H

#include "address.h"
#include "attr.h"
#include "span.h"

struct arena;
struct buf;
struct error;

struct draft {
	const char *subject;
	struct span body; /* LF lines, the last one too */
};

/* What stands in the composed @mail. */
MUST_CHECK
const struct error *draft_of(struct draft *out, struct arena *arena,
			     struct span mail);
void draft_write(struct buf *out, const struct draft *draft);
/* What a person made of it. ERROR_INPUT: no such form, other header fields,
   nothing left, bytes that are no text. */
MUST_CHECK
const struct error *draft_read(struct draft *out, struct arena *arena,
			       struct span text);
/*
 * Put @draft into the composed @mail, encoded anew, as mail of @from (addr
 * NULL: of whom it was), who must be addrspec_valid().
 */
MUST_CHECK
const struct error *draft_apply(struct span *out, struct arena *arena,
				struct span mail, const struct draft *draft,
				struct address from);

#endif
