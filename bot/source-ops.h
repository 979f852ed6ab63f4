/*
 * source-ops.h - what one kind of source is to source.c
 *
 * Each kind embeds a struct source as its first member, and has one function
 * that opens it. Only source.c and source-*.c include this.
 */
#ifndef BOT_SOURCE_OPS_H
#define BOT_SOURCE_OPS_H

#include <stdint.h>

#include "attr.h"
#include "source.h"
#include "strlist.h"

struct arena;
struct error;
struct lines;

struct source_ops {
	/* As source_next(); *item is zeroed before. */
	const struct error *(*next)(struct source_item *item,
				    struct arena *arena, struct source *source);
	/* As their namesakes; NULL: what source.h says of sources without. */
	const char *(*cursor)(const struct source *source);
	long (*left)(const struct source *source);
	struct repo *(*repo)(const struct source *source);
	void (*close)(struct source *source);
	bool asks_known; /* next() calls source->known */
};

struct source {
	const struct source_ops *ops;
	bool (*known)(void *arg, const char *msgid); /* NULL: nobody asked */
	void *known_arg;
};

/* A file that is a mail, a patch or an mbox, told by what is in it; "-":
   standard input. */
MUST_CHECK
const struct error *source_file_open(struct source **out, const char *path);
/* An mbox; takes over @lines. The first line must be a separator. */
void source_mbox_open(struct source **out, struct lines *lines,
		      const char *name);
MUST_CHECK
const struct error *source_maildir_open(struct source **out, const char *dir);
/* The file of one mail. *raw stays without ptr when @path is no file, but a
   directory, a pipe ... @where names it in messages. */
MUST_CHECK
const struct error *source_read_mail(struct span *raw, struct arena *arena,
				     const char *path, const char *where);
/* The *.patch, *.eml and *.mbox of a directory. */
MUST_CHECK
const struct error *source_directory_open(struct source **out, const char *dir);
/* A bare epoch; or a directory of them, here or in git/. */
MUST_CHECK
const struct error *source_epoch_open(struct source **out, const char *dir,
				      const char *cursor);
MUST_CHECK
const struct error *source_epochs_open(struct source **out, const char *dir,
				       const char *cursor);
/* @spec is "DIR:A..B" or "DIR:REV". */
MUST_CHECK
const struct error *source_git_open(struct source **out, const char *spec);
/* What matches @query in the user's notmuch database. */
MUST_CHECK
const struct error *source_notmuch_open(struct source **out, const char *query,
					const char *cursor);
/* A public-inbox on a server, at @url. */
MUST_CHECK
const struct error *source_inbox_open(struct source **out, const char *url,
				      const struct source_begin *from);
/* What a search at lore or another public-inbox finds. */
MUST_CHECK
const struct error *source_lore_open(struct source **out, const char *query,
				     const struct source_begin *from);

/* Does @dir hold N.git directories, itself or in git/? */
bool source_has_epochs(const char *dir);

/*
 * The names in @dir that @want accepts, put behind @dir and "/" and added to
 * @out. Names that begin with a dot are left out, as everywhere in Unix.
 */
MUST_CHECK
const struct error *source_list(struct strlist *out, const char *dir,
				bool (*want)(const char *name));

/* @path for people: "path", or "path:offset" behind the file's beginning;
   what would upset a terminal is replaced. */
const char *source_where(struct arena *arena, const char *path,
			 uint64_t offset);
/* Make *item a fault; @err is handed over. */
void source_fault(struct source_item *item, const char *where,
		  const struct error *err);

#endif
