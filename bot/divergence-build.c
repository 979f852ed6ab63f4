#include "divergence-build.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alloc.h"
#include "arena.h"
#include "divergence-cache.h"
#include "divergence-code.h"
#include "divergence-facts.h"
#include "divergence-override.h"
#include "divergence-privileged.h"
#include "divergence-reach.h"
#include "divergence.h"
#include "error.h"
#include "limits.h"
#include "repo.h"
#include "rules/platform.h"
#include "rules/regex.h"

/* The files of a tree, being read. */
struct tree_files {
	const struct platform *platform;
	struct csource_symbols symbols;
	struct repo_files listed;
	struct code_file *files;
	const char *repo;
	atomic_size_t next;
	atomic_size_t bytes;
};

struct reader {
	struct tree_files *tree;
	struct arena *arena;   /* what stays until the map is made */
	struct arena *scratch; /* of one file */
	struct regex_scratch *regex;
	const struct error *err;
	pthread_t thread;
};

static struct csource_symbols
symbols_of(const struct platform *platform)
{
	return (struct csource_symbols){
		.defined = platform->defined.v,
		.undefined = platform->undefined.v,
		.ndefined = platform->defined.n,
		.nundefined = platform->undefined.n,
	};
}

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

static void
look_at_file(struct code_file *file, struct arena *arena,
	     const struct platform *platform, struct regex_scratch *scratch)
{
	file->is_asm = csource_language(file->path) == CSOURCE_ASM;
	file->privileged =
		privileged_instructions(arena, file, platform, scratch);
}

struct divergence *
divergence_of_files(const struct platform *platform,
		    const struct build_file *files, size_t n)
{
	AUTOFREE(arena) *arena = arena_new();
	AUTOFREE(regex_scratch) *scratch = regex_scratch_new();
	struct csource_symbols symbols = symbols_of(platform);
	struct code_file *v = ARENA_ARRAY(arena, n, struct code_file);
	size_t used = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned role = code_role_of(platform, files[i].path);

		if (role == CODE_UNREAD)
			continue;
		v[used] = (struct code_file){ .path = files[i].path,
					      .text = files[i].text,
					      .role = role };
		csource_read(&v[used].source, arena, files[i].path,
			     files[i].text, &symbols, true);
		look_at_file(&v[used++], arena, platform, scratch);
	}
	return divergence_of_code(arena, platform, v, used);
}

/* Could a file below directory @dir ("arch/x86/") match the pattern? */
static bool
may_lead_to(const struct platform_list *patterns, const char *dir)
{
	size_t n = strlen(dir);

	for (size_t i = 0; i < patterns->n; i++) {
		const char *pattern = patterns->v[i];
		size_t len = strcspn(pattern, "*?");

		if (len > n)
			len = n;
		if (!strncmp(pattern, dir, len))
			return true;
	}
	return false;
}

static bool
wants(void *arg, const char *path)
{
	const struct tree_files *tree = arg;
	const struct platform *platform = tree->platform;
	size_t len = strlen(path);

	if (path[len - 1] == '/')
		return !platform_path(&platform->skipped, path) &&
		       (may_lead_to(&platform->native, path) ||
			may_lead_to(&platform->guest, path) ||
			may_lead_to(&platform->common, path));
	return (csource_language(path) == CSOURCE_C ||
		csource_language(path) == CSOURCE_ASM) &&
	       code_role_of(platform, path) != CODE_UNREAD;
}

static struct span
keep_span(struct arena *arena, struct span s, struct span text)
{
	if (!s.len || (s.ptr >= text.ptr && s.ptr < text.ptr + text.len))
		return s;
	return (struct span){ arena_span(arena, s), s.len };
}

/* What was read of a file, without all that reading it took: that is many
   times as much. */
static void
keep_source(struct csource *source, struct arena *arena, struct span text)
{
	struct csource_def *defs =
		ARENA_ARRAY(arena, source->ndefs, struct csource_def);
	struct csource_ref *refs =
		ARENA_ARRAY(arena, source->nrefs, struct csource_ref);

	for (size_t i = 0; i < source->ndefs; i++) {
		defs[i] = source->defs[i];
		defs[i].name = keep_span(arena, defs[i].name, text);
		defs[i].type = keep_span(arena, defs[i].type, text);
	}
	for (size_t i = 0; i < source->nrefs; i++) {
		refs[i] = source->refs[i];
		refs[i].name = keep_span(arena, refs[i].name, text);
		refs[i].path = keep_span(arena, refs[i].path, text);
	}
	source->defs = defs;
	source->refs = refs;
}

static const struct error *
read_file(struct reader *reader, struct repo *repo, size_t i)
{
	struct tree_files *tree = reader->tree;
	const struct repo_file *listed = &tree->listed.v[i];
	struct code_file *file = &tree->files[i];
	const struct error *err;

	file->path = listed->path;
	file->role = code_role_of(tree->platform, listed->path);
	err = repo_blob(&file->text, reader->arena, repo, listed->oid);
	if (err)
		return error_wrap(err, "%s", listed->path);
	if (atomic_fetch_add(&tree->bytes, file->text.len) > LIMIT_TREE_BYTES)
		return error_new(ERROR_INPUT,
				 "%s: more than %d bytes of source",
				 listed->path, LIMIT_TREE_BYTES);
	csource_read(&file->source, reader->scratch, listed->path, file->text,
		     &tree->symbols, true);
	keep_source(&file->source, reader->arena, file->text);
	look_at_file(file, reader->arena, tree->platform, reader->regex);
	arena_clear(reader->scratch);
	return NULL;
}

static void *
read_files(void *arg)
{
	struct reader *reader = arg;
	AUTOFREE(repo) *repo = NULL;
	const struct error *err =
		repo_open(&repo, reader->tree->repo, REPO_EXACT);

	while (!err) {
		size_t i = atomic_fetch_add(&reader->tree->next, 1);

		if (i >= reader->tree->listed.n)
			break;
		err = read_file(reader, repo, i);
	}
	reader->err = err;
	return NULL;
}

/* Each file has its place before anybody begins: who reads it is no matter. */
static const struct error *
read_all(struct tree_files *tree, struct arena *arena, unsigned nthreads)
{
	struct reader *readers = ARENA_ARRAY(arena, nthreads, struct reader);
	const struct error *err = NULL;

	for (unsigned i = 0; i < nthreads; i++) {
		readers[i] = (struct reader){ .tree = tree,
					      .arena = arena_new(),
					      .scratch = arena_new(),
					      .regex = regex_scratch_new() };
		arena_cleanup(arena, (void (*)(void *))arena_free,
			      readers[i].arena);
		if (pthread_create(&readers[i].thread, NULL, read_files,
				   &readers[i]))
			abort();
	}
	for (unsigned i = 0; i < nthreads; i++) {
		pthread_join(readers[i].thread, NULL);
		arena_free(readers[i].scratch);
		regex_scratch_free(readers[i].regex);
		if (err)
			error_free(readers[i].err);
		else
			err = readers[i].err;
	}
	return err;
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
	struct tree_files tree = { .platform = platform,
				   .symbols = symbols_of(platform),
				   .repo = repo_path(repo) };
	const struct error *err;

	err = repo_files(&tree.listed, arena, repo, commit, wants, &tree);
	if (err)
		return err;
	tree.files = ARENA_ARRAY(arena, tree.listed.n, struct code_file);
	err = read_all(&tree, arena, nthreads);
	if (err)
		return error_wrap(err, "%s", commit);
	*out = divergence_of_code(arena, platform, tree.files, tree.listed.n);
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
