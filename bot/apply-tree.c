#include "apply.h"

#include "tree.h"

static const struct error *
read_tree(struct tree_file *out, struct arena *arena, const void *files,
	  const char *path)
{
	return tree_read(out, arena, files, path);
}

static const struct error *
read_blob(struct span *out, struct arena *arena, const void *files,
	  const char *prefix)
{
	return tree_blob_named(out, arena, files, prefix);
}

const struct error *
apply_patch(struct applied *out, struct arena *arena, const struct patch *patch,
	    const struct tree *tree)
{
	struct apply_files files = { .read = read_tree,
				     .blob = read_blob,
				     .files = tree };

	return apply_patch_to(out, arena, patch, tree ? &files : NULL);
}
