/*
 * identity.h - when two addresses are the same person or list
 *
 * Known from .mailmap of the tree, from alias tables (configuration, packs)
 * and from what lists do to From: lines: "devnull+user.host.tld@kernel.org"
 * (B4 Relay) and "user=host.tld@lists.somewhere" (DMARC) stand for
 * user@host.tld. Being the same is transitive, and case of ASCII letters
 * never matters. Lookups do not add to the table.
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

/*
 * These addresses are one; the first is the one to write to. Nothing happens
 * when they are one already, when either is no address (empty, blanks,
 * brackets, control characters), or past LIMIT_IDENTITIES.
 */
void identity_alias(struct identity *identity, const char *canonical,
		    const char *alias);
/* There is such an address: what a relay or list makes of it stands for it
   from now on. One that was made so itself is not taken. */
void identity_know(struct identity *identity, const char *addr);
/*
 * gitmailmap(5): all lines that hold two addresses, and those that give an
 * address a name. Malformed lines are skipped. A line that also wants the
 * name of the commit says that its address may be several people's: it then
 * stands for the first of them.
 */
void identity_mailmap(struct identity *identity, struct span text);

/*
 * The one spelling of @addr for comparing: aliases followed, lower case,
 * "+extension" kept. Borrowed from the table; an address that the table does
 * not know lives until the next call only.
 */
const char *identity_canonical(struct identity *identity, const char *addr);
bool identity_same(struct identity *identity, const char *a, const char *b);

#endif
