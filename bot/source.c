#include "source.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alloc.h"
#include "arena.h"
#include "error.h"
#include "source-ops.h"

const struct error *
source_list(struct strlist *out, const char *dir,
	    bool (*want)(const char *name))
{
	const struct error *err = NULL;
	struct dirent *entry;
	DIR *d = opendir(dir);

	if (!d)
		return error_errno("%s", dir);
	while (errno = 0, (entry = readdir(d)) != NULL) {
		CLEANUP(xfree) char *path = NULL;

		if (entry->d_name[0] == '.' || !want(entry->d_name))
			continue;
		path = xasprintf("%s/%s", dir, entry->d_name);
		strlist_add(out, path);
	}
	if (errno)
		err = error_errno("%s", dir);
	closedir(d);
	return err;
}

const char *
source_where(struct arena *arena, const char *path, uint64_t offset)
{
	char *where;

	if (!strcmp(path, "-"))
		path = "standard input";
	where = offset ? arena_printf(arena, "%s:%llu", path,
				      (unsigned long long)offset)
		       : arena_strdup(arena, path);
	for (char *s = where; *s; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			*s = '?';
	return where;
}

void
source_fault(struct source_item *item, const char *where,
	     const struct error *err)
{
	item->kind = SOURCE_FAULT;
	item->where = where;
	item->fault = err;
}

/* "DIR/NAME" is there, and a directory if it must be. */
static bool
holds(const char *dir, const char *name, bool directory)
{
	CLEANUP(xfree) char *path = xasprintf("%s/%s", dir, name);
	struct stat st;

	return !stat(path, &st) && (!directory || S_ISDIR(st.st_mode));
}

static const struct error *
open_directory(struct source **out, const char *dir, const char *cursor)
{
	if (holds(dir, "cur", true) || holds(dir, "new", true))
		return source_maildir_open(out, dir);
	if (holds(dir, "HEAD", false) && holds(dir, "objects", true))
		return source_epoch_open(out, dir, cursor);
	if (source_has_epochs(dir))
		return source_epochs_open(out, dir, cursor);
	return source_directory_open(out, dir);
}

/* What is written like a source, but is no path. */
static const char *
no_path(const char *spec)
{
	static const struct {
		const char *prefix, *why;
	} known[] = {
		{ "lore:", "lore queries are not read yet" },
		{ "http://", "archives are not fetched yet" },
		{ "https://", "archives are not fetched yet" },
		{ "@", "names are looked up in the configuration" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strncmp(spec, known[i].prefix, strlen(known[i].prefix)))
			return known[i].why;
	return *spec ? NULL : "a source needs a name";
}

const struct error *
source_open(struct source **out, const char *spec, const char *cursor)
{
	const char *why = no_path(spec);
	struct stat st;

	if (!strcmp(spec, "-"))
		return source_file_open(out, spec);
	if (!strncmp(spec, "git:", 4))
		return source_git_open(out, spec + 4);
	if (!strncmp(spec, "notmuch:", 8))
		return source_notmuch_open(out, spec + 8, cursor);
	if (stat(spec, &st) < 0) {
		if (why)
			return error_new(ERROR_USAGE, "%s: %s", spec, why);
		return error_errno("%s", spec);
	}
	if (S_ISDIR(st.st_mode))
		return open_directory(out, spec, cursor);
	return source_file_open(out, spec);
}

void
source_close(struct source *source)
{
	if (source)
		source->ops->close(source);
}

bool
source_skip_known(struct source *source,
		  bool (*known)(void *arg, const char *msgid), void *arg)
{
	source->known = known;
	source->known_arg = arg;
	return source->ops->asks_known;
}

const struct error *
source_next(struct source_item *item, struct arena *arena,
	    struct source *source)
{
	*item = (struct source_item){ .kind = SOURCE_END, .where = "" };
	return source->ops->next(item, arena, source);
}

const char *
source_cursor(const struct source *source)
{
	return source->ops->cursor ? source->ops->cursor(source) : NULL;
}

long
source_left(const struct source *source)
{
	return source->ops->left ? source->ops->left(source) : -1;
}

struct repo *
source_repo(const struct source *source)
{
	return source->ops->repo ? source->ops->repo(source) : NULL;
}
