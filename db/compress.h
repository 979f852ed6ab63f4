/*
 * compress.h - raw mail, small (zstd)
 */
#ifndef DB_COMPRESS_H
#define DB_COMPRESS_H

#include <stddef.h> /* size_t */

#include "bot/attr.h"
#include "bot/span.h"

struct arena;
struct error;

/* Tables and room that many mails share, for one thread. */
struct compressor;
struct compressor *compressor_new(void);
void compressor_free(struct compressor *compressor);
DEFINE_AUTOFREE(compressor, compressor_free);

/* @raw as one zstd frame that knows its length. */
void compress(struct span *out, struct arena *arena,
	      struct compressor *compressor, struct span raw);
/* What compress() made; ERROR_INPUT when it is damaged or would be larger
   than @max bytes. */
MUST_CHECK
const struct error *decompress(struct span *out, struct arena *arena,
			       struct span packed, size_t max);

#endif
