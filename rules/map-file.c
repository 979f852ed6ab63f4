#include "rules/map-file.h"

#include <string.h>

#include "bot/divergence.h"
#include "bot/patch.h"
#include "rules/platform.h"

static bool
ends_with(const char *path, const char *suffix)
{
	size_t n = strlen(path), m = strlen(suffix);

	return n > m && !strcmp(path + n - m, suffix);
}

static bool
is_read(const struct platform *platform, const char *path)
{
	return !platform_path(&platform->skipped, path) &&
	       (platform_path(&platform->native, path) ||
		platform_path(&platform->common, path) ||
		platform_path(&platform->guest, path));
}

void
map_file_look(struct map_file *out, const struct platform *platform,
	      const struct patch_file *file)
{
	const char *path = patch_file_path(file);

	*out = (struct map_file){ .file = file };
	out->is_assembly = ends_with(path, ".S");
	out->is_code = out->is_assembly || ends_with(path, ".c") ||
		       ends_with(path, ".h");
	if (!platform)
		return;
	out->is_guest = platform_path(&platform->guest, path);
	out->is_foreign = !is_read(platform, path) &&
			  (!strncmp(path, "arch/", strlen("arch/")) ||
			   platform_path(&platform->skipped, path));
}

static bool
is_path(const char *a, const char *b)
{
	return a && !strcmp(a, b);
}

bool
map_file_applies(const struct map_file *at, const struct map_fact *fact)
{
	return (!fact->is_static && !at->is_foreign) ||
	       is_path(at->file->old_path, fact->file) ||
	       is_path(at->file->new_path, fact->file);
}
