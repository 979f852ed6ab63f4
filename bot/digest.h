/*
 * digest.h - a short name for a text, which nobody can make another text have
 *
 * GLib's checksums, which GMime brings along; glib.h is included here only.
 */
#ifndef BOT_DIGEST_H
#define BOT_DIGEST_H

enum { DIGEST_SIZE = 33 }; /* 32 hex digits and NUL */

/* The first half of the SHA-256 of @text, in lower case hex. */
void digest_text(char out[DIGEST_SIZE], const char *text);

#endif
