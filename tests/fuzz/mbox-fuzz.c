/*
 * A mailbox of any bytes ends, and nothing of it is made up: what comes out
 * is no longer than what went in.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bot/arena.h"
#include "bot/error.h"
#include "bot/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct source_item item = { .kind = SOURCE_MAIL };
	struct source *source;
	size_t bytes = 0;
	char path[64];
	int fd = memfd_create("mbox", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (source_open(&source, path, NULL))
		abort();
	while (item.kind != SOURCE_END) {
		arena_clear(arena);
		if (source_next(&item, arena, source))
			abort();
		bytes += item.raw.len;
		error_free(item.fault);
	}
	if (bytes > size)
		abort();
	source_close(source);
	arena_free(arena);
	close(fd);
	return 0;
}
