/*
 * session.h - what a command works with, opened as its options say
 */
#ifndef BOT_SESSION_H
#define BOT_SESSION_H

#include "attr.h"
#include "network.h"
#include "options.h"
#include "rules/pack.h"

struct addresses;
struct error;

enum session_needs {
	NEEDS_CONFIG = 0, /* always */
	NEEDS_RULES = 1 << 0,
	NEEDS_REVIEWER = 1 << 1, /* rules, trees and people */
	NEEDS_STORE = 1 << 2,
	NEEDS_STORE_WRITE = 1 << 3,
	/* A database of its own that is thrown away; with NEEDS_STORE the
	   usual one, if there is one, is known beside it. */
	NEEDS_STORE_SCRATCH = 1 << 4,
	NEEDS_STORE_IF_ANY = 1 << 5, /* none there is no error */
	NEEDS_MAPS = 1 << 6, /* rules, trees and all maps, but no reviewer */
};

struct session {
	struct options options;
	/* Who will get the mail as well, by a header to be sent; NULL. */
	const struct addresses *asked;
	struct config *config;
	struct network network;
	struct packs packs;
	struct trees *trees;	   /* NULL: none */
	struct maps *maps;	   /* shared by all reviewers */
	struct reviewer *reviewer; /* NULL when not needed, as the next two */
	struct store *store;
	struct originals *originals; /* of it */
	struct store *known;   /* beside a scratch one; NULL: there is none */
	struct tagger *tagger; /* NULL: no tags are wanted, or no writing */
	int flag_at, note_at;  /* tenths of a point */
	bool hits_only; /* as that of review_setup; set before it is opened */
	const char *try_rules; /* a file of rules to add to the first pack;
				  NULL; set before it is opened */
	bool testing; /* the examples of packs, by their own maps; set before */
	struct strlist tree_specs;
	/* session_reviewers(): for other threads. */
	struct reviewer **reviewers;
	struct trees **more_trees; /* theirs */
	size_t nreviewers;
};

/* Options are parsed already; the rest is opened. */
MUST_CHECK
const struct error *session_open(struct session *session, unsigned needs);

/* Where the database is, whether it is there or not; the caller's. */
char *session_database(const struct session *session);

/*
 * What a SOURCE argument stands for: "@NAME" is looked up in the
 * configuration, all else is itself. *out is the caller's.
 */
MUST_CHECK
const struct error *session_source(char **out, const struct session *session,
				   const char *arg);

/* @arg is written as a source that is no path: git:..., a URL, or an "@NAME"
   of the configuration. */
bool session_names_source(const struct session *session, const char *arg);

/*
 * As many reviewers as --jobs says, in session->reviewers: each for a thread
 * of its own, with trees of its own, beside session->reviewer. The database is
 * for one thread: where the session has one, they match and do not settle.
 * NEEDS_REVIEWER.
 */
MUST_CHECK
const struct error *session_reviewers(struct session *session);

void session_close(struct session *session);

#endif
