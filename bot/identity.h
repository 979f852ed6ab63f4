/*
 * identity.h - when two addresses are the same person or list
 *
 * Known from .mailmap of the tree, from alias tables (configuration, packs)
 * and from what lists do to From: lines ("via B4 Relay", DMARC rewriting).
 */
#ifndef BOT_IDENTITY_H
#define BOT_IDENTITY_H

#include <stdbool.h>

#include "address.h"
#include "attr.h"
#include "span.h"

struct error;
struct identity; /* the table */

struct identity *identity_new(void);
void identity_free(struct identity *identity);
DEFINE_AUTOFREE(identity, identity_free);

/* These addresses are one; the first is the one to write to. */
void identity_alias(struct identity *identity, const char *canonical,
		    const char *alias);
/* gitmailmap(5): all lines that hold two addresses, and those that give an
   address a name. Malformed lines are skipped. */
void identity_mailmap(struct identity *identity, struct span text);

/*
 * The one spelling of @addr for comparing: aliases followed, lower case,
 * "+extension" kept. Borrowed from the table.
 */
const char *identity_canonical(struct identity *identity, const char *addr);
bool identity_same(struct identity *identity, const char *a, const char *b);

#endif
