#include "apply.h"

#include "tree.h"

static const struct error *
read_tree(struct span *out, struct arena *arena, const void *files,
	  const char *path)
{
	return tree_blob(out, arena, files, path);
}

const struct error *
apply_patch(struct applied *out, struct arena *arena, const struct patch *patch,
	    const struct tree *tree)
{
	struct apply_files files = { .read = read_tree, .files = tree };

	return apply_patch_to(out, arena, patch, tree ? &files : NULL);
}
