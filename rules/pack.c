#include "rules/pack.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bot/alloc.h"
#include "bot/arena.h"
#include "bot/buf.h"
#include "bot/error.h"
#include "bot/limits.h"
#include "bot/strlist.h"
#include "rules/pack-parse.h"

static bool
is_rule_file(const char *name)
{
	size_t n = strlen(name);

	return name[0] != '.' && n > strlen(".rules") &&
	       !strcmp(name + n - strlen(".rules"), ".rules");
}

static bool
is_visible(const char *name)
{
	return name[0] != '.';
}

/* The paths of what @dir holds and @keep wants, in byte order. */
static const struct error *
list_dir(struct strlist *out, const char *dir, bool (*keep)(const char *name))
{
	DIR *stream = opendir(dir);
	struct dirent *entry;

	if (!stream)
		return error_new(ERROR_CONFIG, "%s: %s", dir, strerror(errno));
	while ((entry = readdir(stream))) {
		CLEANUP(xfree)
		char *path = xasprintf("%s/%s", dir, entry->d_name);

		if (keep(entry->d_name))
			strlist_add(out, path);
	}
	closedir(stream);
	strlist_sort(out);
	return NULL;
}

static const struct error *
read_files(struct buf *bufs, const struct strlist *files)
{
	const struct error *err = NULL;

	for (size_t i = 0; i < files->n && !err; i++) {
		bufs[i].max = LIMIT_RULES_BYTES;
		err = buf_read_file(&bufs[i], files->v[i]);
	}
	return err;
}

static const struct error *
load_files(struct pack **out, const struct strlist *files)
{
	struct buf *bufs = xcalloc(files->n, sizeof(*bufs));
	struct rules_text *texts = xcalloc(files->n, sizeof(*texts));
	const struct error *err = read_files(bufs, files);

	for (size_t i = 0; i < files->n; i++)
		texts[i] =
			(struct rules_text){ files->v[i], buf_span(&bufs[i]) };
	if (!err)
		err = pack_parse(out, texts, files->n);
	for (size_t i = 0; i < files->n; i++)
		buf_free(&bufs[i]);
	free(texts);
	free(bufs);
	return err;
}

static const struct error *
load_maintainers(struct pack *pack)
{
	CLEANUP(xfree) char *path = xasprintf("%s/MAINTAINERS", pack->dir);
	struct buf buf = BUF(LIMIT_MAINTAINERS_BYTES);
	const struct error *err = buf_read_file(&buf, path);

	if (!err)
		pack->maintainers = arena_span(pack->arena, buf_span(&buf));
	buf_free(&buf);
	if (err && err->class == ERROR_NOINPUT) {
		error_free(err);
		err = NULL;
	}
	return err;
}

static const struct error *
load_dir(struct pack **out, const char *dir, const struct strlist *files)
{
	AUTOFREE(pack) *pack = NULL;
	const struct error *err = load_files(&pack, files);

	if (err)
		return err;
	pack->dir = arena_strdup(pack->arena, dir);
	err = load_maintainers(pack);
	if (!err)
		*out = TAKE(pack);
	return err;
}

const struct error *
pack_load(struct pack **out, const char *dir)
{
	CLEANUP(strlist_free) struct strlist files = STRLIST;
	const struct error *err = list_dir(&files, dir, is_rule_file);

	if (!err && !files.n)
		err = error_new(ERROR_CONFIG, "%s: holds no *.rules", dir);
	return err ? err : load_dir(out, dir, &files);
}

const struct error *
pack_add_rules(struct pack *pack, const char *path)
{
	struct buf buf = BUF(LIMIT_RULES_BYTES);
	const struct error *err = buf_read_file(&buf, path);

	if (!err)
		err = pack_extend(pack,
				  &(struct rules_text){ path, buf_span(&buf) });
	buf_free(&buf);
	return err;
}

static const struct error *
add_pack(struct packs *packs, const char *dir, const struct strlist *files)
{
	AUTOFREE(pack) *pack = NULL;
	const struct error *err = load_dir(&pack, dir, files);

	if (err)
		return err;
	for (size_t i = 0; i < packs->n; i++)
		if (!strcmp(packs->v[i]->name, pack->name))
			return error_new(ERROR_CONFIG,
					 "%s:%u: pack %s again; it was at "
					 "%s:%u",
					 pack->file, pack->line, pack->name,
					 packs->v[i]->file, packs->v[i]->line);
	GROW(packs->v, packs->cap, packs->n);
	packs->v[packs->n++] = TAKE(pack);
	return NULL;
}

static const struct error *
add_subdirs(struct packs *packs, const char *path)
{
	CLEANUP(strlist_free) struct strlist dirs = STRLIST;
	const struct error *err = list_dir(&dirs, path, is_visible);
	size_t before = packs->n;

	for (size_t i = 0; i < dirs.n && !err; i++) {
		CLEANUP(strlist_free) struct strlist files = STRLIST;
		struct stat st;

		if (stat(dirs.v[i], &st) || !S_ISDIR(st.st_mode))
			continue;
		err = list_dir(&files, dirs.v[i], is_rule_file);
		if (!err && files.n)
			err = add_pack(packs, dirs.v[i], &files);
	}
	if (!err && packs->n == before)
		err = error_new(ERROR_CONFIG,
				"%s: neither a pack (no *.rules) nor a "
				"directory of packs",
				path);
	return err;
}

static const struct error *
add_path(struct packs *packs, const char *path)
{
	CLEANUP(strlist_free) struct strlist files = STRLIST;
	const struct error *err = list_dir(&files, path, is_rule_file);

	if (err)
		return err;
	return files.n ? add_pack(packs, path, &files)
		       : add_subdirs(packs, path);
}

static const struct error *
unknown_rule(const struct packs *packs, const char *name)
{
	CLEANUP(strlist_free) struct strlist ids = STRLIST;
	const char *nearest;

	for (size_t i = 0; i < packs->n; i++)
		for (size_t j = 0; j < packs->v[i]->nrules; j++) {
			const char *id = packs->v[i]->rules[j].id;
			CLEANUP(xfree)
			char *full = xasprintf("%s/%s", packs->v[i]->name, id);

			strlist_add(&ids, strchr(name, '/') ? full : id);
		}
	nearest = strlist_nearest((const char *const *)ids.v, ids.n, name);
	return nearest ? error_new(ERROR_CONFIG,
				   "no rule %s to disable; did you mean %s?",
				   name, nearest)
		       : error_new(ERROR_CONFIG, "no rule %s to disable", name);
}

/* "map-*": those that match; "!map-*": all others. */
static bool
is_meant(const char *pattern, const char *id)
{
	bool others = *pattern == '!';

	return !fnmatch(pattern + others, id, 0) != others;
}

static const struct error *
disable(struct packs *packs, const char *name)
{
	const char *slash = strchr(name, '/');
	struct span of = { name, slash ? (size_t)(slash - name) : 0 };
	const char *pattern = slash ? slash + 1 : name;
	bool found = false;

	for (size_t i = 0; i < packs->n; i++) {
		struct pack *pack = packs->v[i];

		if (slash && !span_equal(of, span_of(pack->name)))
			continue;
		for (size_t j = 0; j < pack->nrules; j++)
			if (is_meant(pattern, pack->rules[j].id))
				found = pack->rules[j].disabled = true;
	}
	return found ? NULL : unknown_rule(packs, name);
}

const struct error *
packs_load(struct packs *out, const struct strlist *paths,
	   const struct strlist *disabled)
{
	struct packs packs = { 0 };
	const struct error *err = NULL;

	for (size_t i = 0; i < paths->n && !err; i++)
		err = add_path(&packs, paths->v[i]);
	for (size_t i = 0; i < disabled->n && !err; i++)
		err = disable(&packs, disabled->v[i]);
	if (err)
		packs_free(&packs);
	else
		*out = packs;
	return err;
}

void
packs_free(struct packs *packs)
{
	for (size_t i = 0; i < packs->n; i++)
		pack_free(packs->v[i]);
	free(packs->v);
	*packs = (struct packs){ 0 };
}
