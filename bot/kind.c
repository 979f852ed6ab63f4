#include "kind.h"

#include <string.h>
#include <strings.h>

#include "attr.h"
#include "mail.h"
#include "patch.h"

static const char *const names[NKINDS] = {
	[KIND_PATCH] = "patch", [KIND_COMMIT] = "commit",
	[KIND_COVER] = "cover", [KIND_REPLY] = "reply",
	[KIND_PULL] = "pull",	[KIND_STABLE] = "stable",
	[KIND_BOT] = "bot",	[KIND_OTHER] = "other",
};

const char *
kind_name(enum mail_kind kind)
{
	return names[kind];
}

int
kind_by_name(const char *name)
{
	for (int i = 0; i < NKINDS; i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}

/* @text within the first part of @in: what a mail is, it says soon. */
static bool
says(struct span in, const char *text)
{
	enum { SOON_BYTES = 16 << 10 };

	return in.ptr &&
	       memmem(in.ptr, in.len < SOON_BYTES ? in.len : SOON_BYTES, text,
		      strlen(text));
}

/* One of the words of @tags holds a kernel release: "5.10", "v5.4.y". */
static bool
has_release(const char *tags)
{
	for (const char *s = tags; *s; s++) {
		size_t major = strspn(s, "0123456789");

		if (major && s[major] == '.' && s[major + 1] >= '0' &&
		    s[major + 1] <= '9')
			return true;
		s += major ? major - 1 : 0;
	}
	return strcasestr(tags, "stable");
}

/* As git-format-patch(1) passes over them. */
static bool
is_merge(const struct mail *mail, UNUSED bool diff)
{
	return mail->merge;
}

static bool
is_commit(const struct mail *mail, bool diff)
{
	return !mail->raw.len && diff;
}

static bool
is_empty_commit(const struct mail *mail, bool diff)
{
	return !mail->raw.len && !diff;
}

/* Somebody answers, with or without "Re:". */
static bool
is_reply(const struct mail *mail, UNUSED bool diff)
{
	const struct subject *prefix = &mail->prefix;

	if (prefix->reply)
		return true;
	return mail->in_reply_to && !prefix->patch && !prefix->rfc &&
	       !prefix->total && !mail->commit &&
	       (says(mail->message, "\n>") || span_starts(mail->message, ">"));
}

static bool
is_proposal(const struct mail *mail, bool diff)
{
	return diff && is_reply(mail, diff);
}

/*
 * tip-bot and its like. On a list of commits others write too: they ask
 * something, or post a patch.
 */
static bool
is_empty_notice(const struct mail *mail, UNUSED bool diff)
{
	return !mail->prefix.reply && !mail->prefix.patch &&
	       (mail->commit || !strncasecmp(mail->from.addr, "tip-bot", 7) ||
		!strncasecmp(mail->from.addr, "tipbot", 6));
}

static bool
is_notice(const struct mail *mail, bool diff)
{
	if (!diff)
		return false;
	return is_empty_notice(mail, diff) ||
	       (mail->list_id && strstr(mail->list_id, "commits") &&
		!mail->prefix.patch && !is_reply(mail, diff));
}

static bool
is_stable(const struct mail *mail, UNUSED bool diff)
{
	const struct subject *prefix = &mail->prefix;

	if (prefix->reply)
		return false;
	return strcasestr(prefix->tags, "AUTOSEL") ||
	       !strncmp(mail->subject, "FAILED: patch", 13) ||
	       says(mail->body, "This is a note to let you know that I've just "
				"added the patch") ||
	       says(mail->body, "This is the start of the stable review") ||
	       says(mail->body, "-stable review patch.") ||
	       says(mail->raw, "\nX-stable: ") ||
	       (has_release(prefix->tags) &&
		(says(mail->message, "[ Upstream commit ") ||
		 says(mail->message, " upstream.\n")));
}

/* "bot", perhaps with a number, is a word of the local part of @addr. */
static bool
is_bot_address(const char *addr)
{
	size_t len = strcspn(addr, "@");

	for (size_t i = 0; i + 3 <= len; i++) {
		size_t end = i + 3 + strspn(addr + i + 3, "0123456789");

		if (!strncasecmp(addr + i, "bot", 3) &&
		    strchr("@+-_.=", addr[end]) &&
		    (!i || strchr("-_.+", addr[i - 1])))
			return true;
	}
	return false;
}

static bool
is_bot_sender(const struct mail *mail)
{
	static const char *const starts[] = {
		"lkp@intel.com",      "syzbot",		"tipbot@",
		"pr-tracker-bot@",    "patchwork@",	"no-reply@",
		"noreply@",	      "mailer-daemon@", "buildbot",
		"cki-project@redhat", "kernelci",	"ci_notify@",
	};
	const char *name = mail->from.name;

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (!strncasecmp(mail->from.addr, starts[i], strlen(starts[i])))
			return true;
	return is_bot_address(mail->from.addr) ||
	       strcasestr(name, "test robot") || !strcasecmp(name, "syzbot");
}

/* What it sends as a patch of its own is judged like anybody's. */
static bool
is_bot(const struct mail *mail, bool diff)
{
	if (mail->prefix.patch && !mail->prefix.reply && diff)
		return false;
	return mail->automatic || is_bot_sender(mail);
}

/*
 * git-request-pull(1) says so; but the cover letter of a series may too, and
 * a part of a series that is sent as a pull request is a patch.
 */
static bool
is_pull(const struct mail *mail, bool diff)
{
	const struct subject *prefix = &mail->prefix;

	if (diff && (prefix->patch || prefix->part))
		return false;
	return prefix->pull ||
	       (!(prefix->patch && prefix->total) &&
		(says(mail->body, "are available in the Git repository at") ||
		 says(mail->body, "are available in the git repository at")));
}

/* A cover letter may show what changed since the last version as a diff. */
static bool
is_cover(const struct mail *mail, bool diff)
{
	const struct subject *prefix = &mail->prefix;

	return prefix->total && !prefix->part &&
	       (!diff || says(mail->body, "\nInterdiff") ||
		says(mail->body, "\nRange-diff"));
}

static bool
is_patch(UNUSED const struct mail *mail, bool diff)
{
	return diff;
}

static bool
is_lost_part(const struct mail *mail, UNUSED bool diff)
{
	return mail->prefix.part && (mail->prefix.patch || mail->prefix.rfc);
}

static bool
is_empty_patch(const struct mail *mail, UNUSED bool diff)
{
	return mail->prefix.patch;
}

static bool
is_any(UNUSED const struct mail *mail, UNUSED bool diff)
{
	return true;
}

/* The first that holds says what it is. */
static const struct {
	bool (*holds)(const struct mail *mail, bool diff);
	enum mail_kind kind;
	const char *why;
} kinds[] = {
	{ is_merge, KIND_OTHER, "a merge: its commits are judged, not it" },
	{ is_commit, KIND_PATCH, NULL },
	{ is_empty_commit, KIND_OTHER, "no diff" },
	{ is_notice, KIND_COMMIT, NULL },
	{ is_empty_notice, KIND_OTHER, "a commit notice without a diff" },
	{ is_stable, KIND_STABLE, "a backport to a stable kernel" },
	{ is_bot, KIND_BOT, "mail of a bot" },
	{ is_proposal, KIND_REPLY, "a reply; its diff is a proposal" },
	{ is_reply, KIND_REPLY, "a reply" },
	{ is_pull, KIND_PULL, "a pull request" },
	{ is_cover, KIND_COVER, "a cover letter" },
	{ is_patch, KIND_PATCH, NULL },
	{ is_lost_part, KIND_OTHER, "its diff is missing" },
	{ is_empty_patch, KIND_OTHER, "no diff" },
	{ is_any, KIND_OTHER, "no patch" },
};

enum mail_kind
kind_of_mail(const char **why, const struct mail *mail,
	     const struct patch *patch)
{
	size_t i = 0;

	while (!kinds[i].holds(mail, patch->nfiles > 0))
		i++;
	*why = kinds[i].why;
	return kinds[i].kind;
}
