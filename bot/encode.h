/*
 * encode.h - header fields and bodies as 7-bit mail carries them
 *
 * Written by hand: GMime's header encoder makes encoded words longer than
 * the 75 characters of RFC 2047 2 and lets text that looks like one through,
 * its quoted-printable leaves "From " at the start of lines.
 *
 * What goes in is printable (printable.h); what comes out is ASCII, LF lines,
 * folded at 76 columns where there is a place to fold.
 */
#ifndef BOT_ENCODE_H
#define BOT_ENCODE_H

#include "span.h"

struct addresses;
struct buf;

/* One header field, being written word by word. */
struct field_writer {
	struct buf *out;
	size_t column;
};
void field_begin(struct field_writer *field, struct buf *out, const char *name);
/* @word stands behind a blank, or on a line of its own behind it. */
void field_word(struct field_writer *field, const char *word);
void field_end(struct field_writer *field);

/* A field of one token, and one of free text (RFC 2047 where need be). */
void encode_token(struct buf *out, const char *name, const char *token);
void encode_text(struct buf *out, const char *name, const char *text);
/* "Name <addr>, ..."; the addresses must be addrspec_valid(). */
void encode_mailboxes(struct buf *out, const char *name,
		      const struct addresses *list);

/*
 * Append Content-Transfer-Encoding:, the blank line and @body: quoted-
 * printable (RFC 2045 6.7) if it has 8-bit bytes, lines past the 998 bytes
 * of RFC 5322 2.1.1, or lines that begin with "From ", which mboxes change.
 */
void encode_body(struct buf *out, struct span body);

#endif
