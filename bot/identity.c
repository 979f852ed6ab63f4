#include "identity.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "buf.h"
#include "limits.h"

/*
 * Disjoint sets, joined by size, so that no chain of aliases is slow to
 * follow; the root of each set knows which of them is the one to write to.
 * Slots are a hash table of open addressing, at most half full, over the
 * squashed form, in which '@' is '.': the B4 relay keeps nothing else of an
 * address, so that both kinds of lookup share one table.
 */
struct node {
	char *addr; /* lower case */
	uint32_t parent;
	uint32_t size, canonical; /* of a root: of its set */
};

struct identity {
	struct node *nodes;
	size_t n, cap;
	uint32_t *slots; /* index of a node, + 1; 0: free */
	size_t nslots;	 /* a power of two, or 0 */
	struct buf unknown;
};

enum {
	NONE = INT32_MAX, /* no node */
	SEVERAL = NONE - 1,
	ADDRESS_MAX = 998 /* RFC 5322 2.1.1: a line holds no more */
};

static const char relay_prefix[] = "devnull+", relay_host[] = "@kernel.org";
static const char list_host[] = "@lists.";

struct identity *
identity_new(void)
{
	struct identity *identity = xcalloc(1, sizeof(*identity));

	identity->unknown.max = LIMIT_LINE_BYTES;
	return identity;
}

void
identity_free(struct identity *identity)
{
	if (!identity)
		return;
	for (size_t i = 0; i < identity->n; i++)
		free(identity->nodes[i].addr);
	free(identity->nodes);
	free(identity->slots);
	buf_free(&identity->unknown);
	free(identity);
}

/* ASCII alone: RFC 5322 has no other letters, and locales must not matter. */
static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

static char
squash(char c)
{
	return c == '@' ? '.' : lower(c);
}

static bool
equal(struct span a, struct span b, char (*fold)(char))
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (fold(a.ptr[i]) != fold(b.ptr[i]))
			return false;
	return true;
}

/* FNV-1a of the squashed form. */
static uint64_t
hash(struct span addr)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < addr.len; i++) {
		h ^= (unsigned char)squash(addr.ptr[i]);
		h *= UINT64_C(0x100000001b3);
	}
	return h ^ h >> 32;
}

static uint32_t
root(const struct identity *identity, uint32_t i)
{
	while (identity->nodes[i].parent != i)
		i = identity->nodes[i].parent;
	return i;
}

static uint32_t
find_exact(const struct identity *identity, struct span addr)
{
	size_t mask = identity->nslots - 1;

	if (!identity->nslots)
		return NONE;
	for (size_t i = hash(addr) & mask; identity->slots[i];
	     i = (i + 1) & mask) {
		uint32_t at = identity->slots[i] - 1;

		if (equal(span_of(identity->nodes[at].addr), addr, lower))
			return at;
	}
	return NONE;
}

/* The root of all addresses that squash to @squashed. */
static uint32_t
find_squashed(const struct identity *identity, struct span squashed)
{
	size_t mask = identity->nslots - 1;
	uint32_t found = NONE;

	if (!identity->nslots)
		return NONE;
	for (size_t i = hash(squashed) & mask; identity->slots[i];
	     i = (i + 1) & mask) {
		uint32_t at = identity->slots[i] - 1;

		if (!equal(span_of(identity->nodes[at].addr), squashed, squash))
			continue;
		at = root(identity, at);
		if (found != NONE && found != at)
			return SEVERAL;
		found = at;
	}
	return found;
}

static void
slot_put(struct identity *identity, uint32_t at)
{
	size_t mask = identity->nslots - 1;
	size_t i = hash(span_of(identity->nodes[at].addr)) & mask;

	while (identity->slots[i])
		i = (i + 1) & mask;
	identity->slots[i] = at + 1;
}

static void
slots_double(struct identity *identity)
{
	identity->nslots = identity->nslots ? identity->nslots * 2 : 64;
	free(identity->slots);
	identity->slots = xcalloc(identity->nslots, sizeof(uint32_t));
	for (size_t i = 0; i < identity->n; i++)
		slot_put(identity, (uint32_t)i);
}

static bool
is_address(struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		if (c <= ' ' || c == 0x7f || c == '<' || c == '>')
			return false;
	}
	return s.len && s.len < ADDRESS_MAX;
}

/* The node of @addr, made when there is none; NONE when it cannot be. */
static uint32_t
node_of(struct identity *identity, struct span addr)
{
	uint32_t at = find_exact(identity, addr);
	struct node *node;

	if (at != NONE)
		return at;
	if (!is_address(addr) || identity->n >= LIMIT_IDENTITIES)
		return NONE;
	if (identity->n * 2 >= identity->nslots)
		slots_double(identity);
	GROW(identity->nodes, identity->cap, identity->n);
	at = (uint32_t)identity->n++;
	node = &identity->nodes[at];
	node->addr = xstrndup(addr.ptr, addr.len);
	for (char *p = node->addr; *p; p++)
		*p = lower(*p);
	node->parent = node->canonical = at;
	node->size = 1;
	slot_put(identity, at);
	return at;
}

static void
join(struct identity *identity, uint32_t canonical, uint32_t other)
{
	struct node *a = &identity->nodes[root(identity, canonical)];
	struct node *b = &identity->nodes[root(identity, other)];
	struct node *larger = a->size < b->size ? b : a;
	struct node *smaller = larger == a ? b : a;

	if (a == b)
		return;
	larger->canonical = a->canonical;
	larger->size += smaller->size;
	smaller->parent = larger->parent;
}

static void
alias(struct identity *identity, struct span canonical, struct span other)
{
	uint32_t to = node_of(identity, canonical);
	uint32_t from = node_of(identity, other);

	if (to != NONE && from != NONE)
		join(identity, to, from);
}

void
identity_alias(struct identity *identity, const char *canonical,
	       const char *other)
{
	alias(identity, span_of(canonical), span_of(other));
}

/* "text <addr>" at the start of *@rest, which goes on behind it. */
static bool
take_mailbox(struct span *name, struct span *addr, struct span *rest)
{
	const char *open = memchr(rest->ptr, '<', rest->len), *close;
	size_t left;

	if (!open)
		return false;
	left = rest->len - (size_t)(open - rest->ptr);
	close = memchr(open, '>', left);
	if (!close)
		return false;
	*name = span_trim(
		(struct span){ rest->ptr, (size_t)(open - rest->ptr) });
	*addr = span_trim(
		(struct span){ open + 1, (size_t)(close - open - 1) });
	rest->len = left - (size_t)(close - open) - 1;
	rest->ptr = close + 1;
	return true;
}

static bool
stands_for_another(const struct identity *identity, uint32_t at)
{
	return identity->nodes[root(identity, at)].canonical != at;
}

/* A third address and what follows it is ignored, as git does. */
static void
mailmap_line(struct identity *identity, struct span line)
{
	struct span name, proper, commit_name, commit;

	if (!take_mailbox(&name, &proper, &line))
		return;
	if (!line.len || !take_mailbox(&commit_name, &commit, &line)) {
		node_of(identity, proper);
		return;
	}
	if (commit_name.len && commit_name.ptr[0] != '#') {
		uint32_t at = find_exact(identity, commit);

		if (at != NONE && stands_for_another(identity, at))
			return;
	}
	alias(identity, proper, commit);
}

void
identity_mailmap(struct identity *identity, struct span text)
{
	struct span line;

	while (span_line(&line, &text))
		if (line.len && line.ptr[0] != '#')
			mailmap_line(identity, line);
}

/* What stands for the address in "devnull+X@kernel.org"; len 0: no such. */
static struct span
relayed(struct span addr)
{
	size_t before = sizeof(relay_prefix) - 1;
	size_t behind = sizeof(relay_host) - 1;
	struct span host;

	if (addr.len <= before + behind)
		return (struct span){ 0 };
	host = (struct span){ addr.ptr + addr.len - behind, behind };
	if (!equal((struct span){ addr.ptr, before }, span_of(relay_prefix),
		   lower) ||
	    !equal(host, span_of(relay_host), lower))
		return (struct span){ 0 };
	return (struct span){ addr.ptr + before, addr.len - before - behind };
}

/* "user=host.tld@lists.somewhere" as "user.host.tld"; len 0: no such. The
   '=' is given as '.', squashed: the result lives in @store. */
static struct span
rewritten(struct span addr, char store[static ADDRESS_MAX])
{
	const char *at = addr.len ? memchr(addr.ptr, '@', addr.len) : NULL;
	size_t local = at ? (size_t)(at - addr.ptr) : 0;
	struct span host = { at, addr.len - local };
	const char *equals = local ? memrchr(addr.ptr, '=', local) : NULL;

	if (!equals || equals == addr.ptr || local >= ADDRESS_MAX ||
	    !memchr(equals, '.', local - (size_t)(equals - addr.ptr)) ||
	    host.len < sizeof(list_host) ||
	    !equal((struct span){ host.ptr, sizeof(list_host) - 1 },
		   span_of(list_host), lower))
		return (struct span){ 0 };
	memcpy(store, addr.ptr, local);
	store[equals - addr.ptr] = '.';
	return (struct span){ store, local };
}

/* An address as it is looked up. */
struct lookup {
	struct span addr;
	struct span squashed; /* len 0: nobody rewrote it */
	uint32_t root;	      /* NONE: not in the table */
	char store[ADDRESS_MAX];
};

static void
look_up(struct lookup *out, const struct identity *identity, const char *addr)
{
	out->addr = span_of(addr);
	out->squashed = relayed(out->addr);
	if (!out->squashed.len)
		out->squashed = rewritten(out->addr, out->store);
	out->root = find_exact(identity, out->addr);
	if (out->root != NONE)
		out->root = root(identity, out->root);
	else if (out->squashed.len)
		out->root = find_squashed(identity, out->squashed);
	if (out->root == SEVERAL) {
		/* One of them would be the wrong person. */
		out->squashed.len = 0;
		out->root = NONE;
	}
}

void
identity_know(struct identity *identity, const char *addr)
{
	struct lookup found;

	look_up(&found, identity, addr);
	if (!found.squashed.len && found.root == NONE)
		node_of(identity, found.addr);
}

const char *
identity_canonical(struct identity *identity, const char *addr)
{
	struct lookup found;

	look_up(&found, identity, addr);
	if (found.root != NONE)
		return identity->nodes[identity->nodes[found.root].canonical]
			.addr;
	buf_clear(&identity->unknown);
	for (const char *p = addr; *p; p++)
		buf_addch(&identity->unknown, lower(*p));
	return buf_str(&identity->unknown);
}

bool
identity_same(struct identity *identity, const char *a, const char *b)
{
	struct lookup left, right;

	look_up(&left, identity, a);
	look_up(&right, identity, b);
	if (left.root != NONE && right.root != NONE)
		return left.root == right.root;
	/* The table need not know the person whose address was rewritten. */
	return equal(left.addr, right.addr, lower) ||
	       (left.squashed.len &&
		equal(left.squashed, right.addr, squash)) ||
	       (right.squashed.len && equal(right.squashed, left.addr, squash));
}
