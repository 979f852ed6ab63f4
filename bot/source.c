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
#include "network.h"
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

static const struct error *
open_git(struct source **out, const char *spec,
	 const struct source_begin *from UNUSED)
{
	return source_git_open(out, spec);
}

static const struct error *
open_notmuch(struct source **out, const char *query,
	     const struct source_begin *from)
{
	return source_notmuch_open(out, query, from->cursor);
}

/* Sources that are written with something in front, as no path is. */
static const struct scheme {
	const char *prefix;
	const struct error *(*open)(struct source **out, const char *spec,
				    const struct source_begin *from);
	bool whole; /* the prefix is part of what open() wants */
	bool network;
} schemes[] = {
	{ "git:", open_git, false, false },
	{ "notmuch:", open_notmuch, false, false },
	{ "lore:", source_lore_open, false, true },
	{ "http://", source_inbox_open, true, true },
	{ "https://", source_inbox_open, true, true },
};

static const struct scheme *
scheme_of(const char *spec)
{
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (!strncmp(spec, schemes[i].prefix,
			     strlen(schemes[i].prefix)))
			return &schemes[i];
	return NULL;
}

static const struct error *
open_path(struct source **out, const char *path, const char *cursor)
{
	struct stat st;

	if (!strcmp(path, "-"))
		return source_file_open(out, path);
	if (!*path)
		return error_new(ERROR_USAGE, "a source needs a name");
	if (stat(path, &st) < 0) {
		if (*path == '@')
			return error_new(ERROR_USAGE,
					 "%s: names are looked up in the "
					 "configuration",
					 path);
		return error_errno("%s", path);
	}
	if (S_ISDIR(st.st_mode))
		return open_directory(out, path, cursor);
	return source_file_open(out, path);
}

const struct error *
source_begin(struct source **out, const char *spec,
	     const struct source_begin *from)
{
	const struct scheme *scheme = scheme_of(spec);
	const struct error *err = NULL;

	if (!scheme)
		return open_path(out, spec, from->cursor);
	if (scheme->network && !from->network)
		return error_new(ERROR_USAGE,
				 "%s: nothing is fetched for this command; "
				 "scan it first",
				 spec);
	if (scheme->network)
		err = network_prepare(from->network);
	if (err)
		return err;
	return scheme->open(
		out, scheme->whole ? spec : spec + strlen(scheme->prefix),
		from);
}

const struct error *
source_open(struct source **out, const char *spec, const char *cursor)
{
	return source_begin(
		out, spec,
		&(struct source_begin){ .cursor = cursor, .name = "" });
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
