/*
 * content.h - the text of a mail, whatever its parts and encodings
 */
#ifndef BOT_CONTENT_H
#define BOT_CONTENT_H

#include <stdbool.h>

#include "attr.h"
#include "span.h"

struct arena;
struct error;
struct header;

struct content {
	struct span text; /* raw decoded bytes; ends in a newline or is empty */
	bool flowed;	  /* a part of it is format=flowed (RFC 3676) */
	bool crlf;	  /* lines of a part ended in CRLF, now in LF */
};

/*
 * Read what follows @header, @body in the same memory. One part of plain text
 * that is there as it is or quoted-printable takes a fast way, all else is
 * GMime's, with the same result. ERROR_INPUT: LIMIT_LINE_BYTES was met, or a
 * ceiling of mime_text().
 */
MUST_CHECK
const struct error *content_read(struct content *out, struct arena *arena,
				 const struct header *header, struct span body);

#endif
