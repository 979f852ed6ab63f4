/*
 * series.h - which patches were posted together, and what came before them
 *
 * The model is b4's: a posting is the patches of one submitter, version and
 * number of parts that hang together by their threads, or follow each other
 * closely when nothing threads them; a cover letter may lend its version to
 * parts that state none. Unlike there, what one person sends in reply to the
 * series of another stays a series of its own. Every patch is in one.
 *
 * Two postings are versions of one series when they share a change-id, or are
 * of one submitter and one answers the other or has its title.
 */
#ifndef BOT_SERIES_H
#define BOT_SERIES_H

#include <stdbool.h>
#include <stddef.h> /* size_t */
#include <stdint.h>

#include "kind.h"

struct arena;
struct mail;

/* Borrowed. Any kind of mail: what is no patch may still thread others. */
struct series_mail {
	const struct mail *mail;
	enum mail_kind kind;
};

struct series {
	const char *submitter; /* address */
	unsigned version;
	unsigned total; /* 1 for a patch without a number */
	bool versioned; /* one of its mails states the version */
	bool resend;
	bool numbered;
	int64_t first, last; /* dates of its mails */
	size_t cover;	     /* number of the mail; SERIES_NONE */
	size_t *patches;     /* numbers of mails, by part */
	size_t npatches, cap;
	const char *title;     /* of the cover letter, else of a patch */
	const char *change_id; /* NULL */
	const char *root;      /* Message-ID that stands for its thread; NULL */
	bool grown;	       /* that row was there before this batch */
	bool copied;	       /* and had one of these mails already */
	int64_t id, lineage;   /* of its row in the database, and what all of
				  its versions have in common; 0: not there */
	/* Of series_link(): the version before it; NULL: none known. */
	const struct series *before;
};
#define SERIES_NONE SIZE_MAX

struct series_list {
	const struct series_mail *mails;
	size_t nmails;
	struct series **of; /* of each mail; NULL: it is in none */
	size_t *parent;	    /* the nearest mail above each that is here;
			       SERIES_NONE */
	struct series **v;  /* by the date of their first mail */
	size_t n, cap;
};

/*
 * Sort @n mails into series. Total, and no matter in which order they come.
 * Of mails that are the same (Message-ID, or submitter, date and subject:
 * what came over two lists) the first one stands in series->patches; all are
 * of it.
 */
void series_find(struct series_list *out, struct arena *arena,
		 const struct series_mail *mails, size_t n);

/* The patch that is part @part; SERIES_NONE: not there. */
size_t series_part(const struct series_list *list, const struct series *series,
		   unsigned part);

/*
 * The patches of @series in order, those of an earlier version in place of
 * what was not sent again: a partial re-roll answers, part by part, the mails
 * that it replaces. *n numbers in @arena.
 */
const size_t *series_patches(size_t *n, struct arena *arena,
			     const struct series_list *list,
			     const struct series *series);
/* Are all parts there? */
bool series_complete(const struct series_list *list,
		     const struct series *series);

/* Is @date so near to its mails that nothing else need thread one? */
bool series_is_close(const struct series *series, int64_t date);
/*
 * Is @more, of another batch, part of the posting @known? Whether they have
 * the same parts is for the caller to ask. @same_thread: they are in one;
 * @begins: nothing threads @more.
 */
bool series_continues(const struct series *known, const struct series *more,
		      bool same_thread, bool begins);

/*
 * Is @later a later version of @earlier? @answers: one of its mails does. Of
 * each the fields above root are asked.
 */
bool series_follows(const struct series *later, const struct series *earlier,
		    bool answers);
/* Find what each version follows. */
void series_link(const struct series_list *list);
/* The latest version that is known of @series, once they are linked. */
const struct series *series_newest(const struct series_list *list,
				   const struct series *series);

/* How alike two titles are, from 0 to 100: words that both have. */
unsigned series_title_likeness(const char *a, const char *b);

#endif
