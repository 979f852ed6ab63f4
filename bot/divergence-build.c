#include "divergence-build.h"

#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "divergence-cache.h"
#include "divergence-code.h"
#include "divergence-facts.h"
#include "divergence-override.h"
#include "divergence-reach.h"
#include "divergence-read.h"
#include "divergence.h"
#include "error.h"
#include "repo.h"
#include "rules/platform.h"

static struct divergence *
divergence_of_code(struct arena *arena, const struct platform *platform,
		   struct code_file *files, size_t n)
{
	struct divergence *map = divergence_new();
	struct divergence_code code;
	struct overrides overrides;
	struct reach reach;

	divergence_code_build(&code, arena, platform, files, n);
	overrides_find(&overrides, &code);
	reach_find(&reach, &code, &overrides);
	/* Facts keep the paths. */
	for (size_t i = 0; i < n; i++)
		files[i].path = arena_strdup(map->arena, files[i].path);
	divergence_add_facts(
		map, &(struct divergence_view){ &code, &overrides, &reach });
	map->of = map->commit = "";
	map->platform = arena_strdup(map->arena, platform->hash);
	divergence_seal(map);
	return map;
}

struct divergence *
divergence_of_files(const struct platform *platform,
		    const struct build_file *files, size_t n)
{
	AUTOFREE(arena) *arena = arena_new();
	struct code_file *v = ARENA_ARRAY(arena, n, struct code_file);
	struct code_reader reader;
	size_t used = 0;

	code_reader_init(&reader, platform, arena);
	for (size_t i = 0; i < n; i++) {
		v[used] = (struct code_file){ .path = files[i].path,
					      .text = files[i].text };
		if (code_is_wanted(platform, files[i].path))
			code_read(&v[used++], &reader);
	}
	code_reader_clear(&reader);
	return divergence_of_code(arena, platform, v, used);
}

static unsigned
threads_wanted(const struct divergence_options *options)
{
	enum { MOST = 4 };
	long n = options->nthreads ? (long)options->nthreads
				   : sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > MOST ? MOST : (unsigned)n;
}

static const struct error *
build(struct divergence **out, struct repo *repo, const char *commit,
      const struct platform *platform, unsigned nthreads)
{
	AUTOFREE(arena) *arena = arena_new();
	struct code_file *files = NULL;
	const struct error *err;
	size_t n = 0;

	err = code_read_tree(&files, &n, arena, repo, commit, platform,
			     nthreads);
	if (err)
		return err;
	*out = divergence_of_code(arena, platform, files, n);
	return NULL;
}

/* The number behind "@name =" of the kernel's Makefile; len 0: none. */
static struct span
makefile_value(struct span text, const char *name)
{
	struct span line;

	while (span_line(&line, &text)) {
		size_t n = strlen(name);

		if (!span_starts(line, name))
			continue;
		line.ptr += n, line.len -= n;
		line = span_trim(line);
		if (line.len && line.ptr[0] == '=') {
			line.ptr++, line.len--;
			return span_trim(line);
		}
	}
	return SPAN("");
}

/* "v6.12", "v6.13-rc4", as the Makefile says; the commit when it does not. */
static const struct error *
name_of_tree(const char **out, struct arena *arena, struct repo *repo,
	     const char *commit)
{
	struct span text, version, patchlevel, extra;
	const struct error *err =
		repo_blob_at(&text, arena, NULL, repo, commit, "Makefile");

	if (err)
		return err;
	*out = arena_strdup(arena, commit);
	if (!text.ptr)
		return NULL;
	version = makefile_value(text, "VERSION");
	patchlevel = makefile_value(text, "PATCHLEVEL");
	extra = makefile_value(text, "EXTRAVERSION");
	if (!version.len || !patchlevel.len)
		return NULL;
	if (!span_starts(extra, "-rc"))
		extra.len = 0;
	*out = arena_printf(arena, "v%.*s.%.*s%.*s", (int)version.len,
			    version.ptr, (int)patchlevel.len, patchlevel.ptr,
			    (int)extra.len, extra.ptr);
	return NULL;
}

static const struct error *
sign(struct divergence *map, struct repo *repo, const char *commit)
{
	const struct error *err;
	struct repo_commit about;

	err = repo_commit(&about, map->arena, repo, commit);
	if (!err)
		err = name_of_tree(&map->of, map->arena, repo, commit);
	if (err)
		return err;
	map->commit = about.oid;
	map->date = about.commit_date;
	return NULL;
}

const struct error *
divergence_of_tree(struct divergence **out, struct repo *repo,
		   const char *commit, const struct platform *platform,
		   const struct divergence_options *options)
{
	AUTOFREE(divergence) *map = NULL;
	const struct error *err;
	char oid[OID_HEX_SIZE];
	bool cached;

	err = repo_tree_oid(oid, repo, commit);
	if (err)
		return err;
	if (options->cache)
		map = divergence_cache_get(options->cache, oid, platform);
	cached = map != NULL;
	if (!cached)
		err = build(&map, repo, commit, platform,
			    threads_wanted(options));
	/* One tree may be of several commits. */
	if (!err)
		err = sign(map, repo, commit);
	if (err)
		return err;
	if (options->cache && !cached)
		divergence_cache_put(options->cache, oid, platform, map);
	*out = TAKE(map);
	return NULL;
}
