#include "audience.h"

#include <stddef.h>
#include <string.h>

#include "addrspec.h"
#include "arena.h"
#include "error.h"
#include "identity.h"
#include "maintainers.h"
#include "rules/rule.h"
#include "span.h"
#include "strlist.h"

static const char rest_title[] = "THE REST";
/* Where the copy at hand does not say what everybody gets. */
static const char default_catch_all[] = "linux-kernel@vger.kernel.org";

static bool
has(const struct addresses *list, const char *addr, struct identity *identity)
{
	for (size_t i = 0; i < list->n; i++)
		if (identity_same(identity, list->v[i].addr, addr))
			return true;
	return false;
}

static void
add_new(struct addresses *out, struct arena *arena, struct address address,
	struct identity *identity)
{
	if (!has(out, address.addr, identity))
		addresses_add(out, arena, address);
}

static bool
is_catch_all(const struct section *rest, const char *addr,
	     struct identity *identity)
{
	return rest ? has(&rest->lists, addr, identity)
		    : identity_same(identity, default_catch_all, addr);
}

static const struct error *
no_section(struct arena *arena, const struct pack *pack,
	   const struct maintainers *m, const char *title)
{
	const char **titles = ARENA_ARRAY(arena, m->n, const char *);
	const char *nearest;

	for (size_t i = 0; i < m->n; i++)
		titles[i] = m->sections[i].title;
	nearest = strlist_nearest(titles, m->n, title);
	return error_new(
		ERROR_CONFIG,
		"pack %s: Notify: MAINTAINERS has no section \"%s\"%s%s%s",
		pack->name, title, nearest ? ", did you mean \"" : "",
		nearest ? nearest : "", nearest ? "\"?" : "");
}

static void
add_section(struct audience *out, struct arena *arena,
	    const struct section *section, const struct section *rest,
	    struct identity *identity)
{
	for (size_t i = 0; i < section->people.n; i++)
		add_new(&out->people, arena, section->people.v[i], identity);
	for (size_t i = 0; i < section->lists.n; i++)
		if (!is_catch_all(rest, section->lists.v[i].addr, identity))
			add_new(&out->lists, arena, section->lists.v[i],
				identity);
}

MUST_CHECK
static const struct error *
add_addresses(struct audience *out, struct arena *arena,
	      const struct pack *pack, const char *text,
	      struct identity *identity)
{
	struct addresses list;

	address_parse(&list, arena, text);
	for (size_t i = 0; i < list.n; i++)
		if (!addrspec_valid(span_of(list.v[i].addr)))
			list.n = 0;
	if (!list.n)
		return error_new(ERROR_CONFIG,
				 "pack %s: Notify: \"%s\" is no address",
				 pack->name, text);
	for (size_t i = 0; i < list.n; i++)
		add_new(&out->people, arena, list.v[i], identity);
	return NULL;
}

const struct error *
audience_of_pack(struct audience *out, struct arena *arena,
		 const struct pack *pack, const struct maintainers *m,
		 struct identity *identity)
{
	const struct section *rest = maintainers_section(m, rest_title);
	struct audience audience = { 0 };

	for (size_t i = 0; i < pack->nnotify; i++) {
		const char *entry = pack->notify[i];
		const struct section *section = maintainers_section(m, entry);
		const struct error *err = NULL;

		if (section)
			add_section(&audience, arena, section, rest, identity);
		else if (strchr(entry, '@'))
			err = add_addresses(&audience, arena, pack, entry,
					    identity);
		else
			err = no_section(arena, pack, m, entry);
		if (err)
			return err;
	}
	*out = audience;
	return NULL;
}

bool
audience_split(struct addresses *needed, struct addresses *present,
	       struct arena *arena, const struct audience *audience,
	       const struct addresses *asked, struct identity *identity)
{
	const struct addresses *const parts[] = { &audience->people,
						  &audience->lists };

	*needed = *present = (struct addresses){ 0 };
	for (size_t part = 0; part < 2; part++) {
		const struct addresses *list = parts[part];

		for (size_t i = 0; i < list->n; i++)
			addresses_add(has(asked, list->v[i].addr, identity)
					      ? present
					      : needed,
				      arena, list->v[i]);
	}
	return present->n > 0;
}
