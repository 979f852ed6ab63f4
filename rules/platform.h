/*
 * platform.h - what a Platform: stanza says of a guest
 *
 * All that the divergence map knows beforehand (design.md 5): which code is
 * the guest's own, where each side enters the kernel, how code tells that it
 * runs as a guest. Which functions differ follows from the tree.
 */
#ifndef RULES_PLATFORM_H
#define RULES_PLATFORM_H

#include <stdbool.h>
#include <stddef.h> /* size_t */

#include "bot/attr.h"
#include "bot/span.h"

struct arena;
struct error;
struct regex;
struct regex_scratch;
struct stanza;

struct platform_list {
	const char **v;
	size_t n, cap;
};

struct platform_regexes {
	struct regex **v;
	const char **text; /* as written, for messages */
	size_t n, cap, text_cap;
};

/* "Entry: name = native ... | guest ... | join ...": one way into the kernel.
   Names of every era; a tree has some of them. */
struct platform_entry {
	const char *name;
	struct platform_list native, guest, join;
};

enum platform_limit {
	PLATFORM_ENTRY_DEPTH,  /* calls from a native entry */
	PLATFORM_CALLEE_SITES, /* more callers, and it is a helper */
	PLATFORM_MACRO_DEPTH,  /* macros in macros that guest code uses */
	PLATFORM_MACRO_USERS,
	PLATFORM_STATE_USERS, /* functions that name a variable */
	NPLATFORM_LIMITS,
};

struct platform {
	const char *name; /* the value of Platform:, "Xen PV" */
	char hash[17];	  /* of all that follows, hex */

	/* Patterns of paths, as F: of a rule. What none of these matches, or
	   what skipped does, is not read. */
	struct platform_list guest;  /* the guest's own code */
	struct platform_list native; /* what facts are about */
	struct platform_list common; /* both run it: it says what is used */
	struct platform_list skipped;

	struct platform_entry *entries;
	size_t nentries, entries_cap;

	struct platform_regexes yields;	    /* on one identifier */
	struct platform_regexes privileged; /* on a line of code */

	/* Symbols of the preprocessor, as #if has them. */
	struct platform_list defined, undefined;

	/* On names of functions: other guests', and those of the guest's own
	   code that run where it boots as bare metal does. */
	struct platform_regexes strangers, modes;
	/* Structures of which one instance is in use at a time, and variables
	   that bare metal alone loads into the CPU. */
	struct platform_list drivers, tables;
	/* Variables whose members are operations, each for itself: what comes
	   before and after a call of one is no interface. */
	struct platform_list operations;

	unsigned limits[NPLATFORM_LIMITS];

	const char *file; /* where it stands, for messages */
	unsigned line;
};

/* Read a stanza that begins with Platform:. It lives in @arena. ERROR_CONFIG
   "file:line: what". */
MUST_CHECK
const struct error *platform_parse(const struct platform **out,
				   struct arena *arena, const char *file,
				   const struct stanza *stanza);

/* Does one of the patterns match @path? */
bool platform_path(const struct platform_list *patterns, const char *path);
/* The first of the regexes that matches; -1: none does. */
int platform_match(const struct platform_regexes *regexes,
		   struct regex_scratch *scratch, struct span text);

#endif
