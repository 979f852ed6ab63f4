#include "original.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "error.h"
#include "repo.h"
#include "db/store.h"

enum { OPEN_EPOCHS = 8 };

struct open_epoch {
	char *path; /* NULL: none yet */
	struct repo *repo;
};

struct originals {
	struct store *store;
	struct open_epoch epochs[OPEN_EPOCHS];
	size_t next; /* the one to be closed for another */
};

struct originals *
originals_new(struct store *store)
{
	struct originals *originals = xcalloc(1, sizeof(*originals));

	originals->store = store;
	return originals;
}

static void
epoch_close(struct open_epoch *epoch)
{
	repo_free(epoch->repo);
	free(epoch->path);
	*epoch = (struct open_epoch){ .path = NULL };
}

void
originals_free(struct originals *originals)
{
	if (!originals)
		return;
	for (size_t i = 0; i < OPEN_EPOCHS; i++)
		epoch_close(&originals->epochs[i]);
	free(originals);
}

static const struct error *
open_epoch(struct repo **out, struct originals *originals, const char *path)
{
	struct open_epoch *epoch = originals->epochs;
	const struct error *err;

	for (size_t i = 0; i < OPEN_EPOCHS; i++, epoch++)
		if (epoch->path && !strcmp(epoch->path, path)) {
			*out = epoch->repo;
			return NULL;
		}
	epoch = &originals->epochs[originals->next];
	epoch_close(epoch);
	err = repo_open(&epoch->repo, path, REPO_EXACT);
	if (err)
		return err;
	originals->next = (originals->next + 1) % OPEN_EPOCHS;
	epoch->path = xstrdup(path);
	*out = epoch->repo;
	return NULL;
}

static const struct error *
read_epoch(struct span *out, struct arena *arena, struct originals *originals,
	   const struct store_origin *origin)
{
	struct repo *repo = NULL;
	const struct error *err = open_epoch(&repo, originals, origin->path);

	if (err)
		return err;
	err = repo_epoch_mail(out, arena, repo, origin->oid);
	return err ? error_wrap(err, "%s", origin->path) : NULL;
}

const struct error *
original_read(struct span *out, struct arena *arena,
	      struct originals *originals, int64_t id)
{
	struct span raw = { NULL, 0 };
	struct store_origin origin;
	const struct error *err = store_raw(&raw, arena, originals->store, id);

	if (!err && !raw.ptr)
		err = store_origin(&origin, arena, originals->store, id);
	if (!err && !raw.ptr && origin.oid)
		err = read_epoch(&raw, arena, originals, &origin);
	if (err)
		return error_wrap(err, "raw text of mail %" PRId64, id);
	*out = raw;
	return NULL;
}
