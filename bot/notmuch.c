#include "notmuch.h"

#include <inttypes.h>
#include <limits.h>
#include <notmuch.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "alloc.h"
#include "child.h"
#include "error.h"

enum {
	SEARCH_SILENCE_MS = 60000, /* a large query takes its time */
	SEARCH_TRIES = 5,	   /* that get no further */
	SEARCH_PAUSE_MS = 200,
	SAVE_EVERY = 256,      /* messages */
	TAG_SILENCE_MS = 5000, /* for the lock, or for the disk */
	TAG_WORK_MS = 1000,    /* how long we hold the lock */
	MAX_FILES = 100,       /* of one message */
};

/* What went wrong in a child; class 0: nothing. */
struct report {
	enum error_class class;
	char message[256];
};

static enum error_class
class_of(notmuch_status_t status)
{
	if (status == NOTMUCH_STATUS_NO_CONFIG ||
	    status == NOTMUCH_STATUS_NO_DATABASE ||
	    status == NOTMUCH_STATUS_NO_MAIL_ROOT ||
	    status == NOTMUCH_STATUS_FILE_ERROR ||
	    status == NOTMUCH_STATUS_PATH_ERROR)
		return ERROR_NOINPUT;
	if (status == NOTMUCH_STATUS_BAD_QUERY_SYNTAX)
		return ERROR_USAGE;
	if (status == NOTMUCH_STATUS_UPGRADE_REQUIRED)
		return ERROR_UNAVAILABLE;
	/* "The database was modified", mostly. */
	if (status == NOTMUCH_STATUS_XAPIAN_EXCEPTION ||
	    status == NOTMUCH_STATUS_OUT_OF_MEMORY)
		return ERROR_TEMPORARY;
	return ERROR_IO;
}

static void
report(struct report *report, enum error_class class, const char *what)
{
	report->class = class;
	if (!strncmp(what, "Error: ", 7))
		what += 7;
	snprintf(report->message, sizeof(report->message), "%s", what);
	report->message[strcspn(report->message, "\n")] = '\0';
}

static const struct error *
error_of(const struct report *report, enum child_end end)
{
	if (end == CHILD_SILENT)
		return error_new(ERROR_TEMPORARY,
				 "notmuch: no answer from the database");
	if (report->class)
		return error_new(report->class, "notmuch: %s", report->message);
	return error_new(ERROR_TEMPORARY,
			 "notmuch: libnotmuch ended the process");
}

/* NULL: *failed says why. */
static notmuch_database_t *
open_database(struct report *failed, notmuch_database_mode_t mode)
{
	notmuch_database_t *db = NULL;
	char *message = NULL;
	notmuch_status_t status = notmuch_database_open_with_config(
		NULL, mode, NULL, NULL, &db, &message);

	if (!status)
		return db;
	report(failed, class_of(status),
	       message ? message : notmuch_status_to_string(status));
	free(message);
	return NULL;
}

/* What parent and child both see of a search. */
struct shared {
	_Atomic unsigned beats;
	struct report failed;
	struct nm_state state; /* uuid "": not opened yet */
	bool whole;
	size_t n;    /* messages in the file so far, whole ones, ... */
	long bytes;  /* ... that take these bytes */
	time_t date; /* of the last of them */
};

struct nm_list {
	FILE *file; /* "id\0file\0file\0\0", each */
	struct shared *shared;
	size_t left;
	char *id, *name; /* getdelim(3)'s */
	size_t id_size, name_size;
	/* while it is filled */
	const char *query;
	const struct nm_state *after;
};

static void
forget_all(struct shared *shared)
{
	shared->n = 0;
	shared->bytes = 0;
	shared->date = 0;
}

/*
 * The revision is the one from before the first message was listed: what is
 * changed while we list comes once more, rather than never.
 */
static void
note_state(struct nm_list *list, notmuch_database_t *db)
{
	struct shared *shared = list->shared;
	const char *uuid = "";
	unsigned long revision = notmuch_database_get_revision(db, &uuid);

	if (shared->n && !strcmp(shared->state.uuid, uuid))
		return;
	forget_all(shared);
	snprintf(shared->state.uuid, sizeof(shared->state.uuid), "%s", uuid);
	shared->state.revision = revision;
	shared->whole = !list->after ||
			strcmp(list->after->uuid, shared->state.uuid) != 0 ||
			list->after->revision > revision;
}

/*
 * The limits stand first: a quote that @query leaves open must not swallow
 * them. An earlier try got as far as shared->date.
 */
static char *
limited_query(const struct nm_list *list)
{
	const struct shared *shared = list->shared;
	bool all = !strcmp(list->query, "*");
	CLEANUP(xfree) char *since = NULL;
	CLEANUP(xfree) char *from = NULL;

	if (shared->whole && !shared->n)
		return xstrdup(list->query);
	since = shared->whole
			? xstrdup("")
			: xasprintf("lastmod:%lu..", list->after->revision + 1);
	from = shared->n ? xasprintf("%sdate:@%lld..",
				     shared->whole ? "" : " and ",
				     (long long)shared->date)
			 : xstrdup("");
	if (all)
		return xasprintf("%s%s", since, from);
	return xasprintf("%s%s and (%s)", since, from, list->query);
}

/* As notmuch-search(1) does. */
static void
exclude_tags(notmuch_query_t *query, notmuch_database_t *db)
{
	notmuch_config_values_t *tags =
		notmuch_config_get_values(db, NOTMUCH_CONFIG_EXCLUDE_TAGS);

	for (; notmuch_config_values_valid(tags);
	     notmuch_config_values_move_to_next(tags))
		notmuch_query_add_tag_exclude(query,
					      notmuch_config_values_get(tags));
	notmuch_config_values_destroy(tags);
}

/* NULL: *failed says why. */
static notmuch_messages_t *
search(struct report *failed, notmuch_database_t *db, const char *text)
{
	notmuch_query_t *query = notmuch_query_create(db, text);
	notmuch_messages_t *messages = NULL;
	notmuch_status_t status = NOTMUCH_STATUS_OUT_OF_MEMORY;

	if (query) {
		exclude_tags(query, db);
		notmuch_query_set_sort(query, NOTMUCH_SORT_OLDEST_FIRST);
		status = notmuch_query_search_messages(query, &messages);
	}
	if (!status)
		return messages;
	report(failed, class_of(status), notmuch_status_to_string(status));
	return NULL;
}

/* What is in the file from here on stays in it, whatever comes. */
static void
save(struct nm_list *list, size_t n, time_t date)
{
	struct shared *shared = list->shared;

	shared->beats++;
	if (fflush(list->file)) {
		report(&shared->failed, ERROR_IO, "a temporary file: no room");
		return;
	}
	shared->n = n;
	shared->date = date;
	shared->bytes = ftell(list->file);
}

static bool
put_message(FILE *file, notmuch_message_t *message)
{
	const char *id = notmuch_message_get_message_id(message);
	notmuch_filenames_t *names = notmuch_message_get_filenames(message);

	if (!id || !names)
		return false;
	fwrite(id, strlen(id) + 1, 1, file);
	for (int n = 0; notmuch_filenames_valid(names) && n < MAX_FILES;
	     notmuch_filenames_move_to_next(names), n++) {
		const char *name = notmuch_filenames_get(names);

		if (*name)
			fwrite(name, strlen(name) + 1, 1, file);
	}
	putc('\0', file);
	return true;
}

static void
put_messages(struct nm_list *list, notmuch_messages_t *messages)
{
	struct shared *shared = list->shared;
	time_t date = shared->date;
	size_t n = shared->n;

	for (; notmuch_messages_valid(messages) && !shared->failed.class;
	     notmuch_messages_move_to_next(messages)) {
		notmuch_message_t *message = notmuch_messages_get(messages);

		if (!message || !put_message(list->file, message)) {
			report(&shared->failed, ERROR_TEMPORARY,
			       "the database was modified");
			return;
		}
		date = notmuch_message_get_date(message);
		notmuch_message_destroy(message);
		if (++n % SAVE_EVERY == 0)
			save(list, n, date);
	}
	if (!shared->failed.class)
		save(list, n, date);
}

static void
search_in_child(void *arg)
{
	struct nm_list *list = arg;
	struct shared *shared = list->shared;
	notmuch_messages_t *messages = NULL;
	notmuch_database_t *db;

	db = open_database(&shared->failed, NOTMUCH_DATABASE_MODE_READ_ONLY);
	if (!db)
		return;
	note_state(list, db);
	if (ftruncate(fileno(list->file), shared->bytes) ||
	    fseek(list->file, shared->bytes, SEEK_SET))
		report(&shared->failed, ERROR_IO, "a temporary file");
	else
		messages = search(&shared->failed, db, limited_query(list));
	if (messages)
		put_messages(list, messages);
}

static void
pause_ms(long ms)
{
	const struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

/*
 * A database that changes twice while it is read throws its reader out, and
 * libnotmuch ends the process then: the next child goes on where that was.
 */
static const struct error *
fill(struct nm_list *list)
{
	struct shared *shared = list->shared;
	const struct child_work work = { search_in_child, list, &shared->beats,
					 SEARCH_SILENCE_MS };
	enum child_end end = CHILD_DIED;

	for (int tries = 0; tries < SEARCH_TRIES; tries++) {
		time_t before = shared->date;
		const struct error *err;

		shared->failed.class = 0;
		err = child_run(&end, &work);
		if (err || (end == CHILD_DONE && !shared->failed.class))
			return err;
		if (end == CHILD_SILENT ||
		    (shared->failed.class &&
		     shared->failed.class != ERROR_TEMPORARY))
			break;
		if (shared->date > before)
			tries = -1;
		pause_ms(SEARCH_PAUSE_MS);
	}
	return error_of(&shared->failed, end);
}

const struct error *
nm_search(struct nm_list **out, const char *query, const struct nm_state *after)
{
	AUTOFREE(nm_list) *list = xcalloc(1, sizeof(*list));
	const struct error *err;

	list->shared = child_share(sizeof(*list->shared));
	list->query = query;
	list->after = after;
	list->file = tmpfile();
	if (!list->file)
		return error_errno("a temporary file");
	err = fill(list);
	if (err)
		return err;
	rewind(list->file);
	list->left = list->shared->n;
	*out = TAKE(list);
	return NULL;
}

void
nm_list_free(struct nm_list *list)
{
	if (!list)
		return;
	if (list->file)
		fclose(list->file);
	child_unshare(list->shared, sizeof(*list->shared));
	free(list->id);
	free(list->name);
	free(list);
}

const struct nm_state *
nm_list_state(const struct nm_list *list)
{
	return &list->shared->state;
}

bool
nm_list_is_whole(const struct nm_list *list)
{
	return list->shared->whole;
}

size_t
nm_list_left(const struct nm_list *list)
{
	return list->left;
}

const struct error *
nm_list_next(const char **id, struct strlist *files, struct nm_list *list)
{
	*id = NULL;
	if (!list->left)
		return NULL;
	strlist_free(files);
	if (getdelim(&list->id, &list->id_size, '\0', list->file) < 0)
		return error_errno("a temporary file");
	for (;;) {
		if (getdelim(&list->name, &list->name_size, '\0', list->file) <
		    0)
			return error_errno("a temporary file");
		if (!*list->name)
			break;
		strlist_add(files, list->name);
	}
	list->left--;
	*id = list->id;
	return NULL;
}

/* What parent and child both see of tags being written. */
struct tagged {
	_Atomic unsigned beats;
	struct report failed;
	size_t done;
};

struct tagging {
	struct tagged *shared;
	const struct nm_tagging *v;
	size_t n;
	const char *prefix;
};

static bool
is_ours(const char *tag, const char *prefix)
{
	size_t n = strlen(prefix);

	return !strncmp(tag, prefix, n) && (!tag[n] || tag[n] == '/');
}

/* Adding a tag that is there would be a change, for notmuch. */
static bool
set_tags(notmuch_message_t *message, const struct strlist *tags,
	 const char *prefix)
{
	struct strlist has = STRLIST;
	notmuch_tags_t *list = notmuch_message_get_tags(message);
	bool good = list != NULL;

	for (; list && notmuch_tags_valid(list);
	     notmuch_tags_move_to_next(list))
		strlist_add(&has, notmuch_tags_get(list));
	for (size_t i = 0; good && i < has.n; i++)
		if (is_ours(has.v[i], prefix) && !strlist_has(tags, has.v[i]))
			good = !notmuch_message_remove_tag(message, has.v[i]);
	for (size_t i = 0; good && i < tags->n; i++)
		if (!strlist_has(&has, tags->v[i]))
			good = !notmuch_message_add_tag(message, tags->v[i]);
	strlist_free(&has);
	return good;
}

static bool
tag_message(notmuch_database_t *db, const struct nm_tagging *tagging,
	    const char *prefix)
{
	notmuch_message_t *message = NULL;
	bool good;

	if (notmuch_database_find_message(db, tagging->id, &message))
		return false;
	if (!message)
		return true;
	good = !notmuch_message_freeze(message) &&
	       set_tags(message, &tagging->tags, prefix) &&
	       !notmuch_message_thaw(message);
	notmuch_message_destroy(message);
	return good;
}

static long
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000L + t.tv_nsec / 1000000;
}

/* All of it or, when we are killed, nothing. */
static void
tag_in_child(void *arg)
{
	const struct tagging *work = arg;
	struct tagged *shared = work->shared;
	notmuch_database_t *db = open_database(
		&shared->failed, NOTMUCH_DATABASE_MODE_READ_WRITE);
	long since = now_ms();
	bool good = db && !notmuch_database_begin_atomic(db);
	size_t i = 0;

	while (good && i < work->n && now_ms() - since < TAG_WORK_MS) {
		good = tag_message(db, &work->v[i++], work->prefix);
		shared->beats++;
	}
	if (good && !notmuch_database_end_atomic(db) &&
	    !notmuch_database_close(db))
		shared->done = i;
	else if (db)
		report(&shared->failed, ERROR_TEMPORARY,
		       "tags could not be written");
}

const struct error *
nm_tag(size_t *done, const struct nm_tagging *v, size_t n, const char *prefix)
{
	struct tagged *shared = child_share(sizeof(*shared));
	struct tagging tagging = { shared, v, n, prefix };
	const struct child_work work = { tag_in_child, &tagging, &shared->beats,
					 TAG_SILENCE_MS };
	enum child_end end = CHILD_DIED;
	const struct error *err = child_run(&end, &work);

	*done = shared->done;
	if (!err && (end != CHILD_DONE || shared->failed.class))
		err = error_of(&shared->failed, end);
	child_unshare(shared, sizeof(*shared));
	return err;
}
