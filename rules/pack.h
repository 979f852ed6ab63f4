/*
 * pack.h - reading packs: a directory of *.rules files
 *
 * Files are read in byte order of their names; the first stanza of the first
 * one is Pack:. A file "MAINTAINERS" beside them is the shipped copy of the
 * sections that the pack notifies.
 */
#ifndef RULES_PACK_H
#define RULES_PACK_H

#include <stdbool.h>
#include <stddef.h> /* size_t */

#include "bot/attr.h"
#include "rules/rule.h"

struct error;
struct strlist;

struct packs {
	struct pack **v;
	size_t n, cap;
};

/*
 * Load one pack from directory @dir. The first fault of a file ends the load:
 * ERROR_CONFIG "file:line: what", with the nearest known name where a name is
 * unknown.
 */
MUST_CHECK
const struct error *pack_load(struct pack **out, const char *dir);
void pack_free(struct pack *pack);
DEFINE_AUTOFREE(pack, pack_free);

/*
 * Load every pack that @paths name: each is a pack (holds *.rules) or a
 * directory of packs. @disable: rule ids or patterns of them, "map-*", "!map-*"
 * for all others, bare or as "pack/id"; one that names no rule is an
 * ERROR_CONFIG.
 */
MUST_CHECK
const struct error *packs_load(struct packs *out, const struct strlist *paths,
			       const struct strlist *disable);
void packs_free(struct packs *packs);

/* Add the rules of file @path, which has no Pack:, to @pack. The rules know
   @path as their file. */
MUST_CHECK
const struct error *pack_add_rules(struct pack *pack, const char *path);

/*
 * The rule that "examples/@file" is an example of, and whether the rule is to
 * hold on it; NULL: it is named after no rule. Files that do not end in .patch
 * are no examples.
 */
const struct rule *pack_example(bool *yes, const struct pack *pack,
				const char *file);

/* What rules lint says of a pack: one call per remark, in order. @line is 0
   for a whole file. */
enum lint_severity { LINT_NOTE, LINT_WARNING };
typedef void lint_fn(void *arg, enum lint_severity severity, const char *file,
		     unsigned line, const char *message);
void pack_lint(const struct pack *pack, lint_fn *say, void *arg);

#endif
