/*
 * address.h - mailboxes of RFC 5322 3.4, as mail headers and MAINTAINERS hold
 *
 * Groups are flattened; a comment behind a bare address is its name, as it
 * was before RFC 2822. Both strings are valid UTF-8 and
 * free of control characters.
 */
#ifndef BOT_ADDRESS_H
#define BOT_ADDRESS_H

#include <stddef.h> /* size_t */

#include "attr.h"

struct arena;

struct address {
	const char *name; /* display name, decoded; "" when there is none */
	const char *addr; /* local@domain as it was spelt, never "" */
};

struct addresses {
	struct address *v;
	size_t n, cap; /* cap: for who adds */
};

/*
 * Parse an address list as it stands in a header or in MAINTAINERS; what is
 * no mailbox is left out, entries past LIMIT_MAIL_ADDRESSES or
 * LIMIT_ADDRESS_BYTES too. Total: any bytes in.
 */
void address_parse(struct addresses *out, struct arena *arena,
		   const char *text);
/* Append a copy of the pointers; the strings are shared. */
void addresses_add(struct addresses *list, struct arena *arena,
		   struct address address);
/* "Name <addr>", the name quoted where RFC 5322 wants it; or "addr" alone. */
const char *address_format(struct arena *arena, struct address address);

#endif
