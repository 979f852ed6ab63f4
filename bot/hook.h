/*
 * hook.h - what pvwatch puts into somebody's repository, when asked
 *
 * A hook is a set of items: files that git runs, and keys of git's
 * configuration that git send-email and b4 read. What somebody else put there
 * is never written over.
 */
#ifndef BOT_HOOK_H
#define BOT_HOOK_H

#include <stdbool.h>
#include <stddef.h> /* size_t */

#include "attr.h"

struct error;
struct packs;

enum hook_state {
	HOOK_ABSENT,
	HOOK_INSTALLED,
	HOOK_OUTDATED, /* ours, but not as it would be written now */
	HOOK_FOREIGN,  /* somebody else's stands there */
};
const char *hook_state_name(enum hook_state state);

struct hook_item {
	const char *hook; /* the name that people give */
	const char *key;  /* of git's configuration; NULL: a file */
	bool many;	  /* the key may have values besides ours */
	const char *mark; /* what only ours has in it */
	char *place;	  /* the file's path, or the key */
	char *want;	  /* the file's text, or the value */
	char *have;	  /* what stands there; NULL: nothing */
	char *advice;	  /* what to do when it is somebody else's */
	enum hook_state state;
};

enum { NHOOK_ITEMS = 4 };

struct hooks {
	struct hook_item items[NHOOK_ITEMS];
};

/*
 * Look at the repository around the current directory. The versions of @packs
 * go into b4's command line, by which b4 remembers results. ERROR_NOINPUT:
 * there is no repository.
 */
MUST_CHECK
const struct error *hooks_open(struct hooks *out, const struct packs *packs);
void hooks_free(struct hooks *hooks);

/* Is @name that of a hook? */
bool hooks_has(const struct hooks *hooks, const char *name);

/* ERROR_CONFIG with an advice when the place is taken. */
MUST_CHECK
const struct error *hook_install(const struct hook_item *item);
/* Only what is ours; nothing to do for any other state. */
MUST_CHECK
const struct error *hook_remove(const struct hook_item *item);

#endif
