#include "divergence-read.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "divergence-code.h"
#include "divergence-privileged.h"
#include "error.h"
#include "limits.h"
#include "repo.h"
#include "rules/platform.h"
#include "rules/regex.h"

bool
code_is_wanted(const struct platform *platform, const char *path)
{
	return (csource_language(path) == CSOURCE_C ||
		csource_language(path) == CSOURCE_ASM) &&
	       code_role_of(platform, path) != CODE_UNREAD;
}

void
code_reader_init(struct code_reader *reader, const struct platform *platform,
		 struct arena *arena)
{
	*reader = (struct code_reader){
		.platform = platform,
		.symbols = { platform->defined.v, platform->undefined.v,
			     platform->defined.n, platform->undefined.n },
		.arena = arena,
		.scratch = arena_new(),
		.regex = regex_scratch_new(),
	};
}

void
code_reader_clear(struct code_reader *reader)
{
	arena_free(reader->scratch);
	regex_scratch_free(reader->regex);
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

void
code_read(struct code_file *file, struct code_reader *reader)
{
	file->role = code_role_of(reader->platform, file->path);
	file->is_asm = csource_language(file->path) == CSOURCE_ASM;
	csource_read(&file->source, reader->scratch, file->path, file->text,
		     &reader->symbols, true);
	keep_source(&file->source, reader->arena, file->text);
	file->privileged = privileged_instructions(
		reader->arena, file, reader->platform, reader->regex);
	arena_clear(reader->scratch);
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
	const struct platform *platform = *(const struct platform **)arg;

	if (path[strlen(path) - 1] != '/')
		return code_is_wanted(platform, path);
	return !platform_path(&platform->skipped, path) &&
	       (may_lead_to(&platform->native, path) ||
		may_lead_to(&platform->guest, path) ||
		may_lead_to(&platform->common, path));
}

/* The files of a tree, which several threads take one after the other. */
struct tree_files {
	const char *repo;
	struct repo_files listed;
	struct code_file *files; /* as many */
	atomic_size_t next, bytes;
};

struct worker {
	struct tree_files *tree;
	struct code_reader reader;
	const struct error *err;
	pthread_t thread;
};

static const struct error *
read_listed(struct worker *worker, struct repo *repo, size_t i)
{
	struct tree_files *tree = worker->tree;
	const struct repo_file *listed = &tree->listed.v[i];
	struct code_file *file = &tree->files[i];
	const struct error *err;

	file->path = listed->path;
	err = repo_blob(&file->text, worker->reader.arena, repo, listed->oid);
	if (err)
		return error_wrap(err, "%s", listed->path);
	if (atomic_fetch_add(&tree->bytes, file->text.len) > LIMIT_TREE_BYTES)
		return error_new(ERROR_INPUT,
				 "%s: more than %d bytes of source",
				 listed->path, LIMIT_TREE_BYTES);
	code_read(file, &worker->reader);
	return NULL;
}

static void *
work(void *arg)
{
	struct worker *worker = arg;
	AUTOFREE(repo) *repo = NULL;
	const struct error *err =
		repo_open(&repo, worker->tree->repo, REPO_EXACT);

	while (!err) {
		size_t i = atomic_fetch_add(&worker->tree->next, 1);

		if (i >= worker->tree->listed.n)
			break;
		err = read_listed(worker, repo, i);
	}
	worker->err = err;
	return NULL;
}

static void
free_arena(void *arena)
{
	arena_free(arena);
}

/* Signals are the caller's: its waits end early, ours would not. */
static void
start(struct worker *workers, unsigned n)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	for (unsigned i = 0; i < n; i++)
		if (pthread_create(&workers[i].thread, NULL, work, &workers[i]))
			abort();
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* Each file has its place before anybody begins: who reads it is no matter. */
static const struct error *
read_all(struct tree_files *tree, struct arena *arena,
	 const struct platform *platform, unsigned nthreads)
{
	struct worker *workers = ARENA_ARRAY(arena, nthreads, struct worker);
	const struct error *err = NULL;

	for (unsigned i = 0; i < nthreads; i++) {
		struct arena *own = arena_new();

		arena_cleanup(arena, free_arena, own);
		workers[i].tree = tree;
		code_reader_init(&workers[i].reader, platform, own);
	}
	start(workers, nthreads);
	for (unsigned i = 0; i < nthreads; i++) {
		pthread_join(workers[i].thread, NULL);
		code_reader_clear(&workers[i].reader);
		if (err)
			error_free(workers[i].err);
		else
			err = workers[i].err;
	}
	return err;
}

const struct error *
code_read_tree(struct code_file **out, size_t *n, struct arena *arena,
	       struct repo *repo, const char *commit,
	       const struct platform *platform, unsigned nthreads)
{
	struct tree_files tree = { .repo = repo_path(repo) };
	const struct error *err;

	err = repo_files(&tree.listed, arena, repo, commit, wants, &platform);
	if (err)
		return err;
	tree.files = ARENA_ARRAY(arena, tree.listed.n, struct code_file);
	err = read_all(&tree, arena, platform, nthreads);
	if (err)
		return error_wrap(err, "%s", commit);
	*out = tree.files;
	*n = tree.listed.n;
	return NULL;
}
