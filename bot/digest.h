/*
 * digest.h - short names for bytes
 *
 * GLib's checksums, which GMime brings along; glib.h is included in digest.c
 * and by the GMime family only.
 */
#ifndef BOT_DIGEST_H
#define BOT_DIGEST_H

#include <stdint.h>

#include "attr.h"
#include "span.h"

enum { DIGEST_SIZE = 33 }; /* 32 hex digits and NUL */

/* The first half of the SHA-256 of @bytes, in lower case hex: nobody can make
   other bytes have it. */
void digest_bytes(char out[DIGEST_SIZE], struct span bytes);

/* Git's hash, piece by piece. */
enum { SHA1_SIZE = 20 };
struct sha1;
struct sha1 *sha1_new(void);
void sha1_free(struct sha1 *sha1);
DEFINE_AUTOFREE(sha1, sha1_free);
void sha1_add(struct sha1 *sha1, struct span bytes);
/* The hash of what was added; then it begins anew. */
void sha1_end(uint8_t out[SHA1_SIZE], struct sha1 *sha1);

#endif
