/*
 * audience.h - who a pack notifies, and who of them was asked already
 */
#ifndef BOT_AUDIENCE_H
#define BOT_AUDIENCE_H

#include <stdbool.h>

#include "address.h"
#include "attr.h"

struct arena;
struct error;
struct identity;
struct maintainers;
struct pack;

struct audience {
	struct addresses people; /* M: and R: of the pack's sections, in order,
				    each person once */
	struct addresses lists;	 /* L: of them, catch-all lists left out */
};

/*
 * Look up the sections (or plain addresses) that @pack notifies. Catch-all
 * lists are those of the section "THE REST", and linux-kernel where the copy
 * has no such section. A title that @m does not have is ERROR_CONFIG.
 */
MUST_CHECK
const struct error *audience_of_pack(struct audience *out, struct arena *arena,
				     const struct pack *pack,
				     const struct maintainers *m,
				     struct identity *identity);

/*
 * Part the audience by identity: who is among @asked goes to *present, who is
 * not to *needed; people first. True when the patch counts as asked already:
 * any person or list is present.
 */
bool audience_split(struct addresses *needed, struct addresses *present,
		    struct arena *arena, const struct audience *audience,
		    const struct addresses *asked, struct identity *identity);

#endif
