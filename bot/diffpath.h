/*
 * diffpath.h - the file names in the header of a diff
 *
 * git quotes a name as C does when it holds odd bytes, and puts "a/" and
 * "b/" in front of it (or i/ w/ c/ o/, or what --src-prefix says, or nothing);
 * diff(1) prints the names that it was called with, a tab and a time stamp.
 */
#ifndef BOT_DIFFPATH_H
#define BOT_DIFFPATH_H

#include <stdbool.h>

#include "span.h"

struct arena;

struct diffpath {
	const char *old; /* NULL: there is no such side (/dev/null) */
	const char *new;
};

/*
 * The name that @text begins with, unquoted; NULL when there is none, it is
 * too long or holds a NUL. It ends before a tab, a time stamp, or with @text.
 */
const char *diffpath_read(struct arena *arena, struct span text);

/*
 * As above, and *@absent tells whether that side does not exist: it is
 * /dev/null, or its time stamp is the epoch (GNU diff -N).
 */
const char *diffpath_read_dated(bool *absent, struct arena *arena,
				struct span text);

/*
 * The two names of "diff --git X Y" (@text is "X Y"), with their prefixes.
 * Unquoted names are only told apart when they are the same behind prefixes
 * of one length, as git itself does. False when they are not.
 */
bool diffpath_split(struct diffpath *out, struct arena *arena,
		    struct span text);

/*
 * Take the leading directory off both names when it is a prefix: the rests
 * are equal and the prefixes differ, or it looks like one (a single letter,
 * "linux-6.1.orig").
 */
void diffpath_strip(struct diffpath *paths);

#endif
