#include "divergence-cache.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alloc.h"
#include "buf.h"
#include "divergence-text.h"
#include "divergence.h"
#include "error.h"
#include "limits.h"
#include "paths.h"
#include "rules/platform.h"

static char *
path_of(const char *dir, const char *oid, const struct platform *platform)
{
	return xasprintf("%s/maps/%s-%s-%d.map", dir, oid, platform->hash,
			 DIVERGENCE_BUILDER);
}

struct divergence *
divergence_cache_get(const char *dir, const char *oid,
		     const struct platform *platform)
{
	CLEANUP(xfree) char *path = path_of(dir, oid, platform);
	AUTOFREE(divergence) *map = NULL;
	const struct error *err = divergence_read(&map, path);

	error_free(err);
	if (err || strcmp(map->platform, platform->hash) != 0)
		return NULL;
	return TAKE(map);
}

/* Whole or not at all: several processes may make the same map. */
static void
write_file(const char *path, const struct buf *text)
{
	CLEANUP(xfree) char *fresh = xasprintf("%s.XXXXXX", path);
	int fd = mkstemp(fresh);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
	bool done;

	if (!file) {
		if (fd >= 0)
			close(fd);
		return;
	}
	done = fwrite(text->data, 1, text->len, file) == text->len;
	done = !fclose(file) && done;
	if (!done || rename(fresh, path))
		unlink(fresh);
}

void
divergence_cache_put(const char *dir, const char *oid,
		     const struct platform *platform,
		     const struct divergence *map)
{
	CLEANUP(xfree) char *path = path_of(dir, oid, platform);
	struct buf text = BUF(LIMIT_MAP_BYTES);
	const struct error *err = paths_make_parents(path);

	divergence_print(&text, map);
	if (!err && !text.toobig)
		write_file(path, &text);
	error_free(err);
	buf_free(&text);
}
