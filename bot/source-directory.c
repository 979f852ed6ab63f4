#include "source-ops.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "alloc.h"
#include "arena.h"
#include "error.h"

/* The files of a directory, by name, each a source of its own. */
struct source_directory {
	struct source base;
	struct strlist paths;
	size_t at;
	struct source *file; /* the one being read; NULL: none */
};

static bool
ends(const char *name, const char *end)
{
	size_t n = strlen(name), k = strlen(end);

	return n > k && !strcmp(name + n - k, end);
}

static bool
is_wanted(const char *name)
{
	return ends(name, ".patch") || ends(name, ".eml") ||
	       ends(name, ".mbox");
}

/* Only an mbox may be empty: the others are there for one mail. */
static const struct error *
open_file(struct source **out, const char *path, const char *where)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return error_errno("%s", where);
	if (!S_ISREG(st.st_mode))
		return error_new(ERROR_INPUT, "%s: no file", where);
	if (!st.st_size && !ends(path, ".mbox"))
		return error_new(ERROR_INPUT, "%s: empty", where);
	return source_file_open(out, path);
}

/* An item of the file being read; what stops it is its own fault. */
static void
next_of_file(struct source_item *item, struct arena *arena,
	     struct source_directory *directory)
{
	const struct error *err = source_next(item, arena, directory->file);

	if (err)
		source_fault(item,
			     source_where(arena,
					  directory->paths.v[directory->at - 1],
					  0),
			     err);
	if (err || item->kind == SOURCE_END) {
		source_close(directory->file);
		directory->file = NULL;
	}
}

static const struct error *
directory_next(struct source_item *item, struct arena *arena,
	       struct source *source)
{
	struct source_directory *directory = (struct source_directory *)source;

	while (item->kind == SOURCE_END) {
		const struct error *err;
		const char *path, *where;

		if (directory->file) {
			next_of_file(item, arena, directory);
			continue;
		}
		if (directory->at == directory->paths.n)
			return NULL;
		path = directory->paths.v[directory->at++];
		where = source_where(arena, path, 0);
		err = open_file(&directory->file, path, where);
		if (err)
			source_fault(item, where, err);
	}
	return NULL;
}

static void
directory_close(struct source *source)
{
	struct source_directory *directory = (struct source_directory *)source;

	source_close(directory->file);
	strlist_free(&directory->paths);
	free(directory);
}

const struct error *
source_directory_open(struct source **out, const char *dir)
{
	static const struct source_ops ops = {
		.next = directory_next,
		.close = directory_close,
	};
	struct source_directory *directory = xcalloc(1, sizeof(*directory));
	const struct error *err;

	directory->base.ops = &ops;
	err = source_list(&directory->paths, dir, is_wanted);
	if (!err && !directory->paths.n)
		err = error_new(ERROR_NOINPUT,
				"%s: no cur/ or new/, no epochs, no *.patch, "
				"*.eml or *.mbox",
				dir);
	if (err) {
		directory_close(&directory->base);
		return err;
	}
	strlist_sort(&directory->paths);
	*out = &directory->base;
	return NULL;
}
