#include "compress.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "bot/alloc.h"
#include "bot/arena.h"
#include "bot/error.h"

/* The next ones take a third more time for two per cent. */
enum { LEVEL = 1 };

struct compressor {
	ZSTD_CCtx *context;
	char *room; /* for the worst case of the largest mail so far */
	size_t size;
};

struct compressor *
compressor_new(void)
{
	struct compressor *compressor = xcalloc(1, sizeof(*compressor));

	compressor->context = ZSTD_createCCtx();
	if (!compressor->context)
		abort();
	return compressor;
}

void
compressor_free(struct compressor *compressor)
{
	if (!compressor)
		return;
	ZSTD_freeCCtx(compressor->context);
	free(compressor->room);
	free(compressor);
}

void
compress(struct span *out, struct arena *arena, struct compressor *compressor,
	 struct span raw)
{
	size_t bound = ZSTD_compressBound(raw.len), len;
	char *packed;

	if (bound > compressor->size) {
		compressor->room = xrealloc(compressor->room, bound);
		compressor->size = bound;
	}
	len = ZSTD_compressCCtx(compressor->context, compressor->room, bound,
				raw.ptr, raw.len, LEVEL);
	/* With room for the worst case only memory can be lacking. */
	if (ZSTD_isError(len))
		abort();
	packed = arena_alloc(arena, len);
	memcpy(packed, compressor->room, len);
	*out = (struct span){ packed, len };
}

const struct error *
decompress(struct span *out, struct arena *arena, struct span packed,
	   size_t max)
{
	unsigned long long size;
	size_t len;
	char *raw;

	size = ZSTD_getFrameContentSize(packed.ptr, packed.len);
	if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN)
		return error_new(ERROR_INPUT, "not a zstd frame of pvwatch");
	if (size > max)
		return error_new(ERROR_INPUT, "larger than %zu bytes", max);
	raw = arena_alloc(arena, (size_t)size + 1);
	len = ZSTD_decompress(raw, (size_t)size, packed.ptr, packed.len);
	if (ZSTD_isError(len) || len != size)
		return error_new(ERROR_INPUT, "damaged zstd frame");
	*out = (struct span){ raw, len };
	return NULL;
}
