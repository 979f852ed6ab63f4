#include "prerequisite.h"

#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "arena.h"
#include "error.h"
#include "limits.h"
#include "patch.h"

struct prerequisites {
	struct repo *repo;
	char from[OID_HEX_SIZE];
	struct arena *arena;
	struct oids commits;	    /* newest first */
	bool listed;		    /* commits is filled */
	char (*ids)[PATCH_ID_SIZE]; /* of the first nids commits; "": none */
	size_t nids;
};

struct prerequisites *
prerequisites_new(struct repo *repo, const char *commit)
{
	struct prerequisites *p = xcalloc(1, sizeof(*p));

	p->repo = repo;
	memcpy(p->from, commit, strlen(commit) + 1);
	p->arena = arena_new();
	return p;
}

void
prerequisites_free(struct prerequisites *p)
{
	if (!p)
		return;
	arena_free(p->arena);
	free(p);
}

static const struct error *
list_commits(struct prerequisites *p)
{
	const struct error *err;

	if (p->listed)
		return NULL;
	err = repo_recent(&p->commits, p->arena, p->repo, p->from,
			  LIMIT_RECENT_COMMITS);
	if (err)
		return err;
	p->ids = arena_array(p->arena, p->commits.n, sizeof(*p->ids));
	p->listed = true;
	return NULL;
}

/* As git-format-patch(1) counts it: of a diff that knows no renames. One that
   is too large to be made, or lacks a blob in a partial clone, is nobody's
   prerequisite. */
static const struct error *
id_of_commit(char id[PATCH_ID_SIZE], struct repo *repo, const char *oid)
{
	AUTOFREE(arena) *arena = arena_new();
	const struct error *err;
	struct patch patch;
	struct span diff;

	err = repo_commit_diff(&diff, arena, repo, oid, REPO_NO_RENAMES);
	if (err && (err->class == ERROR_INPUT || err->class == ERROR_NOINPUT)) {
		error_free(err);
		return NULL;
	}
	if (err)
		return err;
	patch_parse(&patch, arena, diff);
	if (patch.truncated || !patch_id(id, &patch))
		id[0] = '\0';
	return NULL;
}

const struct error *
prerequisites_find(char out[OID_HEX_SIZE], struct prerequisites *p,
		   const char *id)
{
	const struct error *err = list_commits(p);

	out[0] = '\0';
	for (size_t i = 0; !err && i < p->commits.n && !out[0]; i++) {
		if (i == p->nids)
			err = id_of_commit(p->ids[p->nids++], p->repo,
					   p->commits.v[i]);
		if (!err && !strcmp(p->ids[i], id))
			memcpy(out, p->commits.v[i], OID_HEX_SIZE);
	}
	return err;
}
