/*
 * transfer.h - what mail transport does to bytes, undone
 */
#ifndef BOT_TRANSFER_H
#define BOT_TRANSFER_H

#include <stdbool.h>

#include "span.h"

struct arena;

/* Content-Transfer-Encoding, RFC 2045 6. */
enum transfer {
	TRANSFER_NONE, /* 7bit, 8bit, binary, or nothing stated */
	TRANSFER_QUOTED_PRINTABLE,
	TRANSFER_OTHER, /* base64, and what nobody knows */
};

enum transfer transfer_by_name(struct span name);

/*
 * RFC 2045 6.7, leniently and as GMime does it: a "=" that starts neither an
 * octet nor a soft line break stands for itself, as do the two bytes behind
 * it; blanks at a line's end stay, since they may be a patch's.
 */
struct span transfer_unquote(struct arena *arena, struct span text);

/*
 * When transport ended the lines of *@text in CRLF, make it LF and return
 * true. It did when all of them end so, or nearly all and @header_crlf says
 * that the mail's own header does. Single CRLF lines among LF ones are those
 * of a patch to a CRLF file, and stay.
 */
bool transfer_strip_cr(struct span *text, struct arena *arena,
		       bool header_crlf);

#endif
