/*
 * csource.c - what the lexer reads in files, and how fast
 *
 *   csource defs FILE...    path, kind, name, first line, last line; tabs
 *   csource refs FILE...    path, definition, kind, name, path, line
 *   csource time FILE...    bytes, CPU time and speed: definitions, and all
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bot/alloc.h"
#include "bot/arena.h"
#include "bot/csource.h"

static const char *const kinds[] = { "function", "macro", "variable", "struct",
				     "config" };
static const char *const ref_kinds[] = { "call", "name", "write",
					 "via",	 "set",	 "member" };

static struct span
read_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	size_t cap = 0, len = 0;
	char *text = NULL;

	if (!file) {
		perror(path);
		exit(1);
	}
	for (;;) {
		size_t n;

		if (cap - len < 65536) {
			cap = cap ? cap * 2 : 131072;
			text = xrealloc(text, cap);
		}
		n = fread(text + len, 1, cap - len, file);
		if (!n)
			break;
		len += n;
	}
	fclose(file);
	return (struct span){ text, len };
}

static void
print_defs(const char *path, const struct csource *source)
{
	for (size_t i = 0; i < source->ndefs; i++) {
		const struct csource_def *def = &source->defs[i];

		printf("%s\t%s\t%.*s\t%" PRIu32 "\t%" PRIu32 "%s%s\n", path,
		       kinds[def->kind], (int)def->name.len, def->name.ptr,
		       def->first, def->last, def->is_static ? "\tstatic" : "",
		       def->falls_through ? "\tfalls" : "");
	}
}

static void
print_refs(const char *path, const struct csource *source)
{
	size_t at = 0;

	for (size_t i = 0; i < source->nrefs; i++) {
		const struct csource_ref *ref = &source->refs[i];
		const struct csource_def *def = NULL;

		while (at < source->ndefs &&
		       source->defs[at].refs + source->defs[at].nrefs <= i)
			at++;
		if (at < source->ndefs && source->defs[at].refs <= i)
			def = &source->defs[at];
		printf("%s\t%.*s\t%s\t%.*s\t%.*s\t%" PRIu32 "\n", path,
		       def ? (int)def->name.len : 1, def ? def->name.ptr : "-",
		       ref_kinds[ref->kind], (int)ref->name.len, ref->name.ptr,
		       (int)ref->path.len, ref->path.ptr ? ref->path.ptr : "",
		       ref->line);
	}
}

static double
cpu_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void
print_times(char **paths, const struct span *texts, int n)
{
	AUTOFREE(arena) *arena = arena_new();
	struct csource source;
	size_t bytes = 0, functions = 0;

	for (int refs = 0; refs < 2; refs++) {
		double start = cpu_seconds(), took;

		bytes = functions = 0;
		for (int i = 0; i < n; i++) {
			csource_read(&source, arena, paths[i], texts[i], NULL,
				     refs);
			bytes += texts[i].len;
			for (size_t d = 0; d < source.ndefs; d++)
				functions +=
					source.defs[d].kind == CSOURCE_FUNCTION;
			arena_clear(arena);
		}
		took = cpu_seconds() - start;
		printf("%-12s %d files, %zu bytes, %zu functions: %.1f ms, "
		       "%.0f MB/s\n",
		       refs ? "all" : "definitions", n, bytes, functions,
		       took * 1e3, (double)bytes / 1e6 / took);
	}
}

int
main(int argc, char **argv)
{
	AUTOFREE(arena) *arena = arena_new();
	struct span *texts = xcalloc((size_t)argc, sizeof(*texts));
	bool refs;

	if (argc < 3)
		return 2;
	for (int i = 2; i < argc; i++)
		texts[i] = read_file(argv[i]);
	if (!strcmp(argv[1], "time")) {
		print_times(argv + 2, texts + 2, argc - 2);
		return 0;
	}
	refs = !strcmp(argv[1], "refs");
	for (int i = 2; i < argc; i++) {
		struct csource source;

		csource_read(&source, arena, argv[i], texts[i], NULL, refs);
		if (refs)
			print_refs(argv[i], &source);
		else
			print_defs(argv[i], &source);
	}
	return 0;
}
