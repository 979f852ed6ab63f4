/*
 * map: build the divergence map of a tree, as often as is said, and print it
 *
 *	map REPO REV PACK [THREADS [TIMES]]
 */
#include <stdio.h>
#include <stdlib.h>

#include "bot/buf.h"
#include "bot/divergence-build.h"
#include "bot/divergence-text.h"
#include "bot/divergence.h"
#include "bot/error.h"
#include "bot/limits.h"
#include "bot/repo.h"
#include "rules/pack.h"
#include "rules/rule.h"

static void
check(const struct error *err)
{
	if (!err)
		return;
	fprintf(stderr, "map: %s\n", err->message);
	exit(1);
}

int
main(int argc, char **argv)
{
	struct buf text = BUF(LIMIT_MAP_BYTES);
	AUTOFREE(divergence) *map = NULL;
	AUTOFREE(repo) *repo = NULL;
	AUTOFREE(pack) *pack = NULL;
	struct divergence_options options = { 0 };
	char commit[OID_HEX_SIZE];

	if (argc < 4) {
		fputs("usage: map REPO REV PACK [THREADS [TIMES]]\n", stderr);
		return 64;
	}
	check(repo_open(&repo, argv[1], REPO_EXACT));
	check(repo_resolve(commit, repo, argv[2]));
	check(pack_load(&pack, argv[3]));
	options.nthreads = argc > 4 ? (unsigned)strtoul(argv[4], NULL, 10) : 0;
	for (long n = argc > 5 ? strtol(argv[5], NULL, 10) : 1; n > 0; n--) {
		divergence_free(map);
		map = NULL;
		check(divergence_of_tree(&map, repo, commit, pack->platform,
					 &options));
	}
	divergence_print(&text, map);
	fwrite(text.data, 1, text.len, stdout);
	buf_free(&text);
	return 0;
}
