/*
 * mime.h - the part of mail reading that is GMime's
 *
 * mail.c asks for what its fast way does not do: several parts, base64,
 * encoded words, address lists, dates. gmime.h is included here only.
 */
#ifndef BOT_MIME_H
#define BOT_MIME_H

#include <stdbool.h>
#include <stdint.h>

#include "address.h"
#include "attr.h"
#include "span.h"

struct arena;
struct error;

struct mime_text {
	struct span body; /* decoded text parts, in order, newline-ended */
	bool flowed;
	bool crlf; /* lines of a part ended in CRLF, now in LF */
};

/*
 * The text of a whole message, which begins with its header: text/plain
 * parts, patches by content type (text/x-patch, application/x-patch ...) or
 * file name (*.patch, *.diff, *.patch.txt ...), as raw decoded bytes; HTML and
 * attached messages are left out. ERROR_INPUT: LIMIT_MAIL_PARTS or _NESTING
 * was met, or more header lines than any mail has.
 */
MUST_CHECK
const struct error *mime_text(struct mime_text *out, struct arena *arena,
			      struct span raw);

/* A header value with encoded words (RFC 2047) decoded, as valid UTF-8. */
const char *mime_decode_header(struct arena *arena, const char *value);

/* The mailboxes of a list, groups flattened, for address_parse(). */
void mime_addresses(struct addresses *out, struct arena *arena,
		    const char *text);

/* RFC 5322 3.3, and what people write instead; false when hopeless. */
bool mime_date(int64_t *out, const char *value);

#endif
