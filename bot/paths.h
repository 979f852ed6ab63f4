/*
 * paths.h - where things are when nobody says so
 *
 * The results are owned by the caller.
 */
#ifndef BOT_PATHS_H
#define BOT_PATHS_H

#include "attr.h"

struct strlist;

/* $PVWATCH_RULES (colon-separated), else rules/ of the source tree that an
   uninstalled binary stands in, else the installed packs. */
void paths_rules(struct strlist *out);
/* Where the scripts are that git and b4 call, found as the packs are. */
char *paths_hooks(void);
/* The running binary. */
char *paths_program(void);
/* $XDG_STATE_HOME/pvwatch/pvwatch.db */
char *paths_database(void);
/* $XDG_CACHE_HOME/pvwatch */
char *paths_cache(void);
/* $XDG_CONFIG_HOME/pvwatch/config */
char *paths_user_config(void);

/* Make the directories above @file, private to the user. */
struct error;
MUST_CHECK
const struct error *paths_make_parents(const char *file);

#endif
