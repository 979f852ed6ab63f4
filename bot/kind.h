/*
 * kind.h - what sort of mail it is, and why it is not judged
 */
#ifndef BOT_KIND_H
#define BOT_KIND_H

#include <stdbool.h>

struct mail;
struct patch;

enum mail_kind {
	KIND_PATCH,
	KIND_COMMIT, /* notice of a commit with its diff: judged only */
	KIND_COVER,
	KIND_REPLY,
	KIND_PULL,
	KIND_STABLE, /* notice of a backport */
	KIND_BOT,
	KIND_OTHER,
	NKINDS,
};

const char *kind_name(enum mail_kind kind); /* "patch" ... */
/* -1 when @name names none, else the kind. */
int kind_by_name(const char *name);

static inline bool
kind_is_judged(enum mail_kind kind)
{
	return kind == KIND_PATCH || kind == KIND_COMMIT;
}

/*
 * Tell the kind of @mail, whose diffs are @patch. *why gets the reason in a
 * few words ("a reply; its diff is a proposal"), a static string, NULL for
 * what is judged.
 */
enum mail_kind kind_of_mail(const char **why, const struct mail *mail,
			    const struct patch *patch);

#endif
