/*
 * store.h - the database of what came in and what was found
 *
 * SQLite, WAL, one writer. Every statement of the program is in db/. Writes
 * between store_begin() and store_commit() are one transaction: a mail, its
 * verdict, its request and the source's cursor are in together or not at all.
 */
#ifndef DB_STORE_H
#define DB_STORE_H

#include <stdbool.h>
#include <stddef.h> /* size_t */
#include <stdint.h>

#include "bot/attr.h"
#include "bot/mail.h"
#include "bot/recipient.h"
#include "bot/series.h"
#include "bot/verdict.h"

struct arena;
struct error;
struct store;

enum store_open {
	STORE_READ = 0,	 /* must exist */
	STORE_WRITE = 1, /* made when missing, migrated when older */
};
/*
 * @path "": to write, a database of one's own that goes when it is closed.
 * ERROR_NOINPUT: none there (to read). ERROR_CONFIG: a newer schema than this
 * program's, or not a database of pvwatch. ERROR_TEMPORARY: locked by another
 * writer for longer than five seconds.
 */
MUST_CHECK
const struct error *store_open(struct store **out, const char *path,
			       enum store_open how);
void store_close(struct store *store);
DEFINE_AUTOFREE(store, store_close);

MUST_CHECK const struct error *store_begin(struct store *store);
MUST_CHECK const struct error *store_commit(struct store *store);
void store_rollback(struct store *store);

/* Is the mail of this key in? */
MUST_CHECK
const struct error *store_has(bool *out, struct store *store, const char *key);

/* A mail as it goes in. */
struct store_mail {
	const struct mail *mail;
	const struct verdict *verdict; /* key, kind, findings ... */
	const struct patch *patch;     /* NULL: none. Its paths */
	const char *patch_id;	       /* NULL: none, or not looked for */
	int64_t series;		       /* row of store_series_add(); 0: none */
	struct span packed; /* the raw mail, from compress(); ptr NULL: it is
			       not kept */
};
/* Insert mail, patch, verdict and findings; *id is the mail's, 0 when one of
   its key is in already and nothing was added. When it fails nothing of this
   mail is in; inside of a transaction every further call fails until
   store_rollback(). */
MUST_CHECK
const struct error *store_add(int64_t *id, struct store *store,
			      const struct store_mail *in);
/* Put a new verdict beside the ones that the mail of verdict->id has; it is
   the current one from now on. */
MUST_CHECK
const struct error *store_rejudge(struct store *store,
				  const struct verdict *verdict);
/* The list's owner removed the mail: its raw text goes, its row says so. One
   that never came in is no error. */
MUST_CHECK
const struct error *store_removed(struct store *store, const char *key);

/* To and Cc of the stored mails of the thread that the mail @msgid is in or
   begins, with their authors and senders, each once; of the first
   LIMIT_THREAD_MAILS that came in. */
MUST_CHECK
const struct error *store_thread(struct addresses *out, struct arena *arena,
				 struct store *store, const char *msgid);

/* Requests: mails to maintainers that wait, or were sent. */
enum request_state {
	REQUEST_QUEUED, /* composed; in the outbox */
	REQUEST_HELD,
	REQUEST_APPROVED,
	REQUEST_SENT,
	REQUEST_PARTLY, /* some recipients refused */
	REQUEST_REFUSED,
	REQUEST_DEFERRED,
	REQUEST_UNCERTAIN, /* no answer after DATA */
	REQUEST_DROPPED,   /* by a person */
	NREQUEST_STATES,
};

/* Numbers of mails. */
struct ids {
	int64_t *v;
	size_t n, cap;
};

/* The other patches of the series of mail @id that @pack flags, in their order;
   with @self that mail, too, and that alone when it is in no series. */
MUST_CHECK
const struct error *store_series_flagged(struct ids *out, struct arena *arena,
					 struct store *store, int64_t id,
					 const char *pack, bool self);
/* The request of @pack that was not sent yet about any mail of the series of
   mail @id, and how far it is; *request 0: none. */
MUST_CHECK
const struct error *store_series_request(int64_t *request,
					 enum request_state *state,
					 struct store *store, int64_t id,
					 const char *pack);

/*
 * Series, as series.h has them: of struct series, what stands in its row. They
 * go in before their mails.
 */
struct series_row {
	struct series series;
	bool same_thread; /* as the one that was asked about */
};
struct series_rows {
	struct series_row *v;
	size_t n, cap;
};
/* Those that may be one with @series, or other versions of it, oldest first;
   not all, when there are very many. */
MUST_CHECK
const struct error *store_series_like(struct series_rows *out,
				      struct arena *arena, struct store *store,
				      const struct series *series);
/* Add it; its lineage is series->lineage, or one of its own that is put
   there. */
MUST_CHECK
const struct error *store_series_add(struct store *store,
				     struct series *series);
/* Mails were added to it: dates, title and version may be others. */
MUST_CHECK
const struct error *store_series_grew(struct store *store,
				      const struct series *series);
/* All versions of one lineage belong to the other. */
MUST_CHECK
const struct error *store_series_join(struct store *store, int64_t from,
				      int64_t to);

/* A mail of a series, or a reply, for lists of them. */
struct member {
	int64_t id;
	const char *msgid; /* or what else identifies it; NULL: of a reply */
	enum mail_kind kind;
	unsigned part, total;
	unsigned level; /* of a reply: 1 answers the mail itself */
	int64_t date;
	const char *subject;
	struct address author; /* of a reply */
	enum decision decision;
};
struct members {
	struct member *v;
	size_t n, cap;
};
/* The series that mail @id is in: id 0 when it is in none. */
MUST_CHECK
const struct error *store_series_of(struct series *out, struct arena *arena,
				    struct store *store, int64_t id);
/* Its mails by part: the cover letter, then patches. */
MUST_CHECK
const struct error *store_series_mails(struct members *out, struct arena *arena,
				       struct store *store, int64_t series);
/* All versions, the oldest first. */
MUST_CHECK
const struct error *store_series_versions(struct series_rows *out,
					  struct arena *arena,
					  struct store *store, int64_t lineage);
/* What answers mail @id, and what answers that, by date. */
MUST_CHECK
const struct error *store_replies(struct members *out, struct arena *arena,
				  struct store *store, int64_t id);
/* Other mails of its thread that are flagged. */
MUST_CHECK
const struct error *store_flagged_beside(struct ids *out, struct arena *arena,
					 struct store *store, int64_t id);

/* True when @pack's findings of mail @id are all on lines that a request about
   another series of the same submitter told already: a new version, or a
   resend. */
MUST_CHECK
const struct error *store_told_before(bool *out, struct store *store,
				      int64_t id, const char *pack);

/* The raw bytes of a stored mail; ptr NULL: not kept. */
MUST_CHECK
const struct error *store_raw(struct span *out, struct arena *arena,
			      struct store *store, int64_t id);

/* The object of git that mail @id came from, of an epoch; oid NULL: it did not,
   or its list's owner removed it. */
struct store_origin {
	const char *path, *oid;
};
MUST_CHECK
const struct error *store_origin(struct store_origin *out, struct arena *arena,
				 struct store *store, int64_t id);
/* Keep the raw mail, from compress(), if it is not kept yet. */
MUST_CHECK
const struct error *store_keep_raw(struct store *store, int64_t id,
				   struct span packed);

MUST_CHECK
const struct error *store_cursor(const char **out, struct arena *arena,
				 struct store *store, const char *source);
MUST_CHECK
const struct error *store_set_cursor(struct store *store, const char *source,
				     const char *cursor);

/* The random name of this installation, for those who are asked for mail; NULL
   until it was made, once for all. */
MUST_CHECK
const struct error *store_installation(const char **out, struct arena *arena,
				       struct store *store);
MUST_CHECK const struct error *store_make_installation(struct store *store);

/* How a source did: kept under the name of its cursor. */
struct source_health {
	int64_t succeeded, failed; /* the last times; 0: never */
	const char *message;	   /* of the last failure; "": none yet */
	int64_t failures;	   /* in a row, up to now; 0: it is well */
	int64_t since;		   /* the first of these; 0 */
	int64_t mails;		   /* that it brought */
};
/* All zeros for one that was never taken. */
MUST_CHECK
const struct error *store_health(struct source_health *out, struct arena *arena,
				 struct store *store, const char *source);
/* It brought @n more mails: in the transaction that stores them. */
MUST_CHECK
const struct error *store_brought(struct store *store, const char *source,
				  size_t n);
MUST_CHECK
const struct error *store_succeeded(struct store *store, const char *source);
MUST_CHECK
const struct error *store_failed(struct store *store, const char *source,
				 const char *message);

/* An event: something that happened to a mail or to the service. */
MUST_CHECK
const struct error *store_event(struct store *store, int64_t mail_id,
				const char *what, const char *detail);

/*
 * What query asks. Empty lists and zeros do not restrict. All must hold;
 * several values of one filter are alternatives, but every word must be there,
 * and of those that are denied, none may hold.
 * Rule, area and function hold for one and the same finding, which is of one of
 * the packs; with a pack, the state is that of the mail in this pack. Only "*"
 * is special, where a glob may stand. Unknown kinds and states, more than
 * LIMIT_FILTERS, or values without end are ERROR_USAGE.
 */
enum filter_field {
	FILTER_PACK,
	FILTER_RULE,	 /* id or glob */
	FILTER_AREA,	 /* case ignored */
	FILTER_PATH,	 /* prefix of a touched path, or a glob with "*" */
	FILTER_FUNCTION, /* name or glob */
	FILTER_AUTHOR,	 /* part of name or address, case ignored */
	FILTER_LIST, /* an address on To or Cc, or the List-Id; case ignored;
			without its host any list of that name */
	FILTER_KIND,
	FILTER_STATE, /* a decision, the state of its request, or "all" */
	FILTER_WORD,  /* words in a row, of the subject or a finding, case and
			 ending ignored, the last one cut short by "*"; with an
			 "@", a Message-ID or its beginning */
	NFILTERS,
};
struct filter_value {
	enum filter_field field;
	const char *value;
	bool denied; /* it must not hold */
};
enum query_sort {
	SORT_DATE_DESC,
	SORT_DATE,
	SORT_SCORE, /* the highest first */
	SORT_SCORE_LOW,
	SORT_AUTHOR, /* by name, or address without one; case ignored */
	SORT_AUTHOR_DESC,
	SORT_SUBJECT, /* without "[...]" in front; case ignored */
	SORT_SUBJECT_DESC,
};
struct query {
	struct filter_value *values;
	size_t n, cap;
	int64_t since, until; /* of the mail's date, inclusive; 0: open */
	long limit;	      /* -1: none */
	enum query_sort sort;
	/* Without a state: filter, flagged, covered and noted only. */
	bool all_states;
};
MUST_CHECK
const struct error *store_query(struct ids *out, struct arena *arena,
				struct store *store, const struct query *query);

/* The current verdict of mail @id, findings and all. ERROR_NOINPUT. */
MUST_CHECK
const struct error *store_verdict(struct verdict *out, struct arena *arena,
				  struct store *store, int64_t id);
/* By number, Message-ID (with or without <>), commit (abbreviated, at least 7
   digits) or key. ERROR_NOINPUT when there is none, ERROR_USAGE when several
   commits begin so. */
MUST_CHECK
const struct error *store_find(int64_t *id, struct store *store,
			       const char *name);
struct store_event {
	int64_t at; /* seconds since 1970 UTC */
	const char *what, *detail;
};
struct store_events {
	struct store_event *v;
	size_t n, cap;
};
/* Everything that happened to a mail, verdicts of the past included. */
MUST_CHECK
const struct error *store_history(struct store_events *out, struct arena *arena,
				  struct store *store, int64_t mail_id);

const char *request_state_name(enum request_state state);

struct request {
	int64_t id, mail_id;
	const char *msgid; /* of our mail; unique */
	const char *pack;
	const char *series; /* what it is about: series root id */
	unsigned version;
	enum request_state state;
	int64_t created;
	const char *to; /* envelope recipients, by ", " */
	const char *subject;
	struct span text; /* the whole mail, headers and body, LF */
	/* Since it was approved: when to try again, and how often it was. */
	int64_t due, tries, first_try;
};
struct requests {
	struct request *v;
	size_t n, cap;
};
/*
 * Queue @request unless one of its msgid is there already: *added says which.
 * A queued or held one is replaced by the newer text; not an approved one,
 * whose text a person has read, nor one that was edited or tried.
 */
MUST_CHECK
const struct error *store_request(bool *added, struct store *store,
				  const struct request *request);
/* All requests, oldest first; without their text. */
MUST_CHECK
const struct error *store_requests(struct requests *out, struct arena *arena,
				   struct store *store);
/* The same, of those about mail @id, or about its posting. */
MUST_CHECK
const struct error *store_requests_about(struct requests *out,
					 struct arena *arena,
					 struct store *store, int64_t id);
MUST_CHECK
const struct error *store_request_get(struct request *out, struct arena *arena,
				      struct store *store, int64_t id);
/*
 * From one state to another, as a person wants, with a word on why (NULL).
 * ERROR_TEMPORARY: it is no longer in the first. To REQUEST_APPROVED, whoever
 * did not accept it yet is to be asked anew.
 */
MUST_CHECK
const struct error *store_request_move(struct store *store, int64_t id,
				       enum request_state from,
				       enum request_state to, const char *why);
/* Drop what is still queued about mail @mail_id, for @pack (NULL: for all): the
   reason to ask is gone, @why says how. */
MUST_CHECK
const struct error *store_request_withdraw(struct store *store, int64_t mail_id,
					   const char *pack, const char *why);

/*
 * Another subject and text, if the text is still @was's and the request is
 * queued, held or approved; ERROR_TEMPORARY if not.
 */
MUST_CHECK
const struct error *store_request_edit(struct store *store,
				       const struct request *was,
				       const char *subject, struct span text);
/* Those in @state that are due at @now, oldest first. */
MUST_CHECK
const struct error *store_requests_ready(struct ids *out, struct arena *arena,
					 struct store *store,
					 enum request_state state, int64_t now);
/* How many were tried for the first time after @since. */
MUST_CHECK
const struct error *store_requests_tried(int64_t *out, struct store *store,
					 int64_t since);
/* Whom it goes to and what became of each; none before the first attempt. */
MUST_CHECK
const struct error *store_recipients(struct recipients *out,
				     struct arena *arena, struct store *store,
				     int64_t id);

/*
 * A request that is being sent is REQUEST_UNCERTAIN, on the disk, from before
 * the first byte leaves until the answer is in: whoever is killed in between
 * leaves it so, and no start has to clean up. Both are not for the inside of
 * a transaction. Begin: ERROR_TEMPORARY, not in the state @from any more.
 */
MUST_CHECK
const struct error *store_delivery_begin(struct store *store, int64_t id,
					 enum request_state from,
					 const struct recipients *to);
struct delivery {
	const struct recipients *to;
	enum request_state state;
	int64_t due;	  /* REQUEST_DEFERRED: when to try again */
	const char *note; /* of the event: "sent", "refused: ..." */
};
MUST_CHECK
const struct error *store_delivery_end(struct store *store, int64_t id,
				       const struct delivery *delivery);
/*
 * The right to send, and to judge what is uncertain: one process has it. It
 * ends with the process or close(*fd). ERROR_TEMPORARY: another has it.
 */
MUST_CHECK
const struct error *store_delivery_lock(int *fd, struct store *store);
/* What goes into rows as the time. */
int64_t store_now(const struct store *store);

/* How much of everything there is. */
struct store_counts {
	int64_t decisions[DECISION_FLAGGED + 1]; /* mails */
	int64_t requests[NREQUEST_STATES];
	int64_t size_bytes; /* of the database's file */
};
MUST_CHECK
const struct error *store_counts(struct store_counts *out, struct store *store);

/* As it was opened. */
const char *store_path(const struct store *store);

/*
 * Tags that mails are to have in the user's mail program. A mail that was put
 * down for them is due when its verdict may be another than its tags tell.
 */
struct tag_due {
	int64_t mail, verdict; /* numbers of their rows */
	const char *id;	       /* what the mail program calls the mail */
};
struct tags_due {
	struct tag_due *v;
	size_t n, cap;
};
/* Put the mail of @key down; @again: also when it was before, for the tags may
   be gone. One that is not in is no error. */
MUST_CHECK
const struct error *store_tag_want(struct store *store, const char *key,
				   const char *id, bool again);
/* The first @limit that are due, of those behind mail @after. */
MUST_CHECK
const struct error *store_tags_due(struct tags_due *out, struct arena *arena,
				   struct store *store, int64_t after,
				   size_t limit);
/* The tags are there, of just that verdict. */
MUST_CHECK
const struct error *store_tag_done(struct store *store,
				   const struct tag_due *due);

/* The time that goes into rows; 0: the clock (tests set it). */
void store_set_now(struct store *store, int64_t now);

#endif
