/*
 * maintainers.h - the kernel's MAINTAINERS file: sections to people and lists
 */
#ifndef BOT_MAINTAINERS_H
#define BOT_MAINTAINERS_H

#include <stddef.h> /* size_t */
#include <stdint.h>

#include "address.h"
#include "attr.h"
#include "span.h"

struct arena;

struct section {
	const char *title;
	struct addresses people; /* M: and R:, in order */
	struct addresses lists;	 /* L:, "(moderated ...)" remarks dropped */
};

struct maintainers {
	struct section *sections; /* in the file's order */
	size_t n;
	int64_t date; /* of the copy, seconds since 1970 UTC; 0 unknown */
};

/*
 * Parse @text, which need not outlive the call. Total: what is no field is
 * prose. A line "# Date: YYYY-MM-DD" (the shipped copy has one) sets the date.
 */
void maintainers_parse(struct maintainers *out, struct arena *arena,
		       struct span text);
/* The section of exactly this title (case ignored); NULL: none. */
const struct section *maintainers_section(const struct maintainers *m,
					  const char *title);

#endif
