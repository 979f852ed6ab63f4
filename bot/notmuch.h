/*
 * notmuch.h - the user's notmuch database: what matches a query; its tags
 *
 * The database is the one that notmuch(1) would use: NOTMUCH_CONFIG,
 * NOTMUCH_PROFILE, NOTMUCH_DATABASE and the user's configuration say which.
 *
 * libnotmuch waits for locks without a limit, and ends the process when the
 * database changes under it, so it runs in a child process only: every function
 * here comes back. Without libnotmuch (NOTMUCH=0) they are ERROR_UNAVAILABLE.
 */
#ifndef BOT_NOTMUCH_H
#define BOT_NOTMUCH_H

#include <stddef.h> /* size_t */

#include "attr.h"
#include "strlist.h"

struct error;

/* A state of a database. Revisions count up; those of another uuid, which is
   another database or one that was made anew, mean nothing. */
enum { NM_UUID_SIZE = 65 };
struct nm_state {
	char uuid[NM_UUID_SIZE];
	unsigned long revision;
};

/*
 * The messages that matched a query, oldest first, spooled to a temporary
 * file: the database is closed again. Tags that the user's configuration
 * excludes from searches are excluded. A message may come twice.
 */
struct nm_list;
/*
 * @after: only what was added or changed behind that state; all when the
 * database is another one by now, or when it is NULL. ERROR_NOINPUT: there is
 * no database or no configuration of notmuch. ERROR_TEMPORARY: it did not hold
 * still, or gave no answer.
 */
MUST_CHECK
const struct error *nm_search(struct nm_list **out, const char *query,
			      const struct nm_state *after);
void nm_list_free(struct nm_list *list);
DEFINE_AUTOFREE(nm_list, nm_list_free);

/* The state that it shows; what comes later is to be had by @after. */
const struct nm_state *nm_list_state(const struct nm_list *list);
/* Was it asked for all there is, or only for what came after something? */
bool nm_list_is_whole(const struct nm_list *list);
/* Messages that nm_list_next() has not given yet. */
size_t nm_list_left(const struct nm_list *list);
/* The next message: its id, NULL behind the last, and the names of its files.
   Borrowed until the next call. ERROR_IO. */
MUST_CHECK
const struct error *nm_list_next(const char **id, struct strlist *files,
				 struct nm_list *list);

/* A message, and the tags that it is to have of ours. */
struct nm_tagging {
	const char *id;
	struct strlist tags;
};
/*
 * Give the messages their tags, in one short opening of the database: of
 * @prefix itself and what begins with "@prefix/" exactly those, all other tags
 * stay. Messages that are not there are passed over; those that have them
 * already are not written. *done of them were, from the first on, also when it
 * fails: ERROR_TEMPORARY when somebody else holds the lock.
 */
MUST_CHECK
const struct error *nm_tag(size_t *done, const struct nm_tagging *v, size_t n,
			   const char *prefix);

#endif
