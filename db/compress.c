#include "compress.h"

#include <stdlib.h>
#include <zstd.h>

#include "bot/arena.h"
#include "bot/error.h"

/* Higher ones take a multiple of the time for some per cent. */
enum { LEVEL = 3 };

void
compress(struct span *out, struct arena *arena, struct span raw)
{
	size_t bound = ZSTD_compressBound(raw.len);
	char *packed = arena_alloc(arena, bound);
	size_t len = ZSTD_compress(packed, bound, raw.ptr, raw.len, LEVEL);

	/* With room for the worst case only memory can be lacking. */
	if (ZSTD_isError(len))
		abort();
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
