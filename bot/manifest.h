/*
 * manifest.h - what a public-inbox server says of its epochs
 *
 * manifest.js.gz is grokmirror's: a JSON object of repositories by their path,
 * each with a fingerprint of its refs. Of what the server names only the
 * number of an epoch is used: where it is fetched from, and where to, is ours.
 */
#ifndef BOT_MANIFEST_H
#define BOT_MANIFEST_H

#include <stddef.h> /* size_t */
#include <stdint.h>

#include "attr.h"
#include "span.h"

struct arena;
struct error;

enum { FINGERPRINT_SIZE = 65 }; /* SHA-256 in hex, and NUL */

struct manifest_epoch {
	unsigned long number;
	char fingerprint[FINGERPRINT_SIZE]; /* "": it has none */
	int64_t modified; /* the date of its newest commit; 0: who knows */
};

struct manifest {
	struct manifest_epoch *v; /* by number, none twice */
	size_t n, cap;
};

/*
 * Read @json, of the inbox whose URL has the path @path, as far as it speaks of
 * "<end of path>/git/<number>.git"; whatever else it names is passed over.
 * ERROR_INPUT: it is no manifest, or LIMIT_MANIFEST_EPOCHS was met.
 */
MUST_CHECK
const struct error *manifest_read(struct manifest *out, struct arena *arena,
				  struct span json, const char *path);

#endif
