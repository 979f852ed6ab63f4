/*
 * rule.h - rules, mutes and packs as they were parsed (design.md 6)
 */
#ifndef RULES_RULE_H
#define RULES_RULE_H

#include <stdbool.h>
#include <stddef.h> /* size_t */

#include "bot/attr.h"
#include "bot/divergence.h" /* enum map_kind */
#include "bot/span.h"

struct platform;
struct regex;

/* What a field looks at. The order is that of the table in rule.c. */
enum field {
	FIELD_F, /* path pattern of MAINTAINERS */
	FIELD_N, /* regex on the path */
	FIELD_X, /* path pattern that excludes */
	FIELD_K, /* changed line */
	FIELD_ADDED,
	FIELD_REMOVED,
	FIELD_CONTEXT,
	FIELD_FUNCTION,
	FIELD_CALLS,
	FIELD_DROPS,
	FIELD_MOVES,
	FIELD_CONFIG,
	FIELD_MAP,
	FIELD_PRESENT,
	FIELD_SUBJECT,
	FIELD_MESSAGE,
	NFIELDS,
};
const char *field_name(enum field field); /* "F", "Added" ... */
int field_by_name(struct span name);	  /* -1: none; case matters */

/* What has to be looked at, and so how often: the cheaper ones come first. */
enum field_level {
	LEVEL_FILE,  /* the same for all places of a file */
	LEVEL_PATCH, /* ... of a patch */
	LEVEL_PLACE,
};
enum field_level field_level(enum field field);
/* Where it stands among its level: names before lines. */
int field_cost(enum field field);
/* Its values are regexes: not F, X and Map. */
bool field_is_regex(enum field field);

/* One value of a field: "Added: regex". */
struct value {
	enum field field;
	const char *text;    /* as written */
	struct regex *regex; /* NULL for F, X and Map */
	enum map_kind kind;  /* of Map */
	unsigned line;	     /* of the rule file */
};

enum condition_kind {
	CONDITION_HOLDS,  /* some value matches at the place */
	CONDITION_NOT,	  /* Not-: none matches at the place */
	CONDITION_UNLESS, /* Unless-: none matches anywhere in the patch */
	CONDITION_UNLESS_SERIES,
};

/*
 * All values that a stanza gives under one field name, or one "A|B" joint
 * name: alternatives. F and N together are one condition.
 */
struct condition {
	enum condition_kind kind;
	enum field_level level; /* of all its fields; mixed ones: the place */
	const char *name; /* as written, for messages: "Not-Added", "A|B" */
	unsigned fields;  /* a set: 1u << FIELD_ADDED | ... */
	struct value *values;
	size_t nvalues, cap;
};

struct rule {
	const char *id;
	int points;			/* tenths of a point */
	const char *title, *area, *why; /* "" when not given; why never is */
	const char *see;		/* "" */
	bool wide;			/* flags tree-wide patches too */
	struct condition *conditions;	/* all must hold, cheap ones first */
	size_t nconditions;
	/* They come by level: of the file up to [nfile], of the patch up to
	   [npatch], of the place up to [nplace], then those of Unless-. */
	size_t nfile, npatch, nplace;
	const char *file; /* where it stands, for messages */
	unsigned line;
	bool disabled; /* by configuration or --disable */
};

struct mute {
	const char *reason; /* the value of Mute:; "" */
	struct condition *conditions;
	size_t nconditions;
	const char **except; /* rule ids that still see the place */
	size_t nexcept;
	const char *file;
	unsigned line;
};
/* Does @rule still see what @mute hides? */
bool mute_spares(const struct mute *mute, const struct rule *rule);

/* "Alias: canonical = other ..." of a Pack: stanza. */
struct pack_alias {
	const char *canonical, *alias;
};

struct pack {
	const char *name, *version, *contact;
	const char *file; /* where Pack: stands, for messages */
	unsigned line;
	const char *dir; /* the directory it was read from; "" */
	char hash[17];	 /* of all its rule files, hex: a verdict keeps it */
	const char **notify; /* section titles or addresses */
	size_t nnotify;
	struct pack_alias *aliases;
	size_t naliases;
	unsigned max_files; /* more make a patch tree-wide; default 100 */
	struct rule *rules;
	size_t nrules;
	struct mute *mutes;
	size_t nmutes;
	const struct platform *platform; /* NULL: nothing is known of a guest */
	const char *maintainers; /* text of the shipped MAINTAINERS copy; "" */
	struct arena *arena;	 /* all of the above lives here */
};

/* Does any condition of its rules and mutes look at @field? */
bool pack_asks(const struct pack *pack, enum field field);

/* The rule of this id; NULL. */
const struct rule *pack_rule(const struct pack *pack, const char *id);

#endif
