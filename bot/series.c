#include "series.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "identity.h"
#include "mail.h"

enum {
	LEVELS_MAX = 100,    /* of answers, in a circle perhaps */
	CLOSE_SECONDS = 3600 /* that parts nothing threads are apart */
};

struct sorting {
	struct series_list *out;
	struct arena *arena;
	size_t *by_id, nids; /* mails that have a Message-ID, by it */
	const char **who;    /* the submitter of each, to be compared; NULL:
				the mail is in no series */
	const char **root;   /* of the thread of each; NULL: was not sent */
};

/* How a mail hangs together with a series. */
enum relation {
	UNRELATED,
	CLOSE,	     /* in time, and nothing else threads it */
	SAME_THREAD, /* or nobody has sent either of them yet */
	ANSWERS,     /* it is below a mail of the series ... */
	ANSWERS_HEAD /* ... and right below its cover letter or first part */
};

static bool
is_member(const struct series_mail *in)
{
	return in->kind == KIND_PATCH || in->kind == KIND_COVER;
}

static const struct mail *
mail_of(const struct sorting *s, size_t i)
{
	return s->out->mails[i].mail;
}

static int
compare_ids(const void *a, const void *b, void *arg)
{
	size_t left = *(const size_t *)a, right = *(const size_t *)b;
	int order =
		strcmp(mail_of(arg, left)->msgid, mail_of(arg, right)->msgid);

	return order ? order : (left > right) - (left < right);
}

static int
compare_dates(const void *a, const void *b, void *arg)
{
	size_t left = *(const size_t *)a, right = *(const size_t *)b;
	int64_t first = mail_of(arg, left)->date;
	int64_t second = mail_of(arg, right)->date;

	if (first != second)
		return first < second ? -1 : 1;
	return (left > right) - (left < right);
}

/* The first mail of that Message-ID. */
static size_t
find_id(const struct sorting *s, const char *msgid)
{
	size_t low = 0, high = s->nids;

	while (msgid && low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(mail_of(s, s->by_id[middle])->msgid, msgid) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (!msgid || low == s->nids ||
	    strcmp(mail_of(s, s->by_id[low])->msgid, msgid) != 0)
		return SERIES_NONE;
	return s->by_id[low];
}

/* The nearest mail above @i that is here. */
static size_t
find_parent(const struct sorting *s, size_t i)
{
	const struct mail *mail = mail_of(s, i);
	size_t self = find_id(s, mail->msgid);
	size_t parent = find_id(s, mail->in_reply_to);
	size_t n = mail->references.n;

	while ((parent == SERIES_NONE || parent == self) && n)
		parent = find_id(s, mail->references.v[--n]);
	return parent == self ? SERIES_NONE : parent;
}

static const char *
find_root(const struct sorting *s, size_t i)
{
	for (int level = 0; level < LEVELS_MAX; level++) {
		if (s->out->parent[i] == SERIES_NONE)
			break;
		i = s->out->parent[i];
	}
	return mail_thread_root(mail_of(s, i));
}

/*
 * Submitters by one spelling each. All are put into the table first, for a
 * relay's form of an address stands for one that is there.
 */
static void
find_submitters(struct sorting *s)
{
	AUTOFREE(identity) *identity = identity_new();
	size_t n = s->out->nmails;

	for (size_t i = 0; i < n; i++) {
		const char *addr = mail_of(s, i)->submitter.addr;

		if (addr && is_member(&s->out->mails[i]))
			identity_know(identity, addr);
	}
	for (size_t i = 0; i < n; i++) {
		const char *addr = mail_of(s, i)->submitter.addr;

		if (is_member(&s->out->mails[i]))
			s->who[i] = arena_strdup(
				s->arena,
				identity_canonical(identity, addr ? addr : ""));
	}
}

static void
index_mails(struct sorting *s)
{
	size_t n = s->out->nmails;

	s->by_id = ARENA_ARRAY(s->arena, n, size_t);
	s->out->parent = ARENA_ARRAY(s->arena, n, size_t);
	s->who = ARENA_ARRAY(s->arena, n, const char *);
	s->root = ARENA_ARRAY(s->arena, n, const char *);
	for (size_t i = 0; i < n; i++)
		if (mail_of(s, i)->msgid)
			s->by_id[s->nids++] = i;
	if (s->nids)
		qsort_r(s->by_id, s->nids, sizeof(*s->by_id), compare_ids, s);
	for (size_t i = 0; i < n; i++)
		s->out->parent[i] = find_parent(s, i);
	for (size_t i = 0; i < n; i++)
		s->root[i] = find_root(s, i);
	find_submitters(s);
}

static unsigned
part_of(const struct mail *mail)
{
	return mail->prefix.total ? mail->prefix.part : 1;
}

size_t
series_part(const struct series_list *list, const struct series *series,
	    unsigned part)
{
	for (size_t i = 0; i < series->npatches; i++)
		if (part_of(list->mails[series->patches[i]].mail) == part)
			return series->patches[i];
	return SERIES_NONE;
}

static bool
is_taken(const struct sorting *s, const struct series *series, size_t i)
{
	if (s->out->mails[i].kind == KIND_COVER)
		return series->cover != SERIES_NONE;
	return series_part(s->out, series, part_of(mail_of(s, i))) !=
	       SERIES_NONE;
}

bool
series_is_close(const struct series *series, int64_t date)
{
	return date && series->first && date >= series->first - CLOSE_SECONDS &&
	       date <= series->last + CLOSE_SECONDS;
}

/*
 * What states no version has that of the cover letter or first part that it
 * answers; and a cover letter that states none, that of its parts.
 */
static bool
versions_agree(const struct series *series, const struct mail *mail,
	       enum relation how)
{
	const struct subject *prefix = &mail->prefix;

	if (series->version == prefix->version)
		return true;
	if (how != ANSWERS_HEAD || !series_is_close(series, mail->date))
		return false;
	return prefix->versioned ? !series->versioned && !series->npatches
				 : series->versioned;
}

/* An extra part may come later, as "3/2" or as "3/3". */
static bool
totals_agree(const struct series *series, const struct subject *prefix,
	     enum relation how)
{
	if (series->total == prefix->total)
		return true;
	return how >= ANSWERS && prefix->total > series->total &&
	       prefix->part > series->total;
}

/* Another address may send the parts only right behind the cover letter. */
static bool
submitters_agree(const struct sorting *s, const struct series *series, size_t i,
		 enum relation how)
{
	const struct mail *mail = mail_of(s, i);

	if (!strcmp(series->submitter, s->who[i]) || !mail->msgid)
		return true;
	return how == ANSWERS_HEAD && series->cover != SERIES_NONE &&
	       series_is_close(series, mail->date);
}

static bool
fits(const struct sorting *s, const struct series *series, size_t i,
     enum relation how)
{
	const struct mail *mail = mail_of(s, i);

	return series->numbered &&
	       (how >= ANSWERS || series->resend == mail->prefix.resend) &&
	       totals_agree(series, &mail->prefix, how) &&
	       versions_agree(series, mail, how) &&
	       submitters_agree(s, series, i, how) && !is_taken(s, series, i);
}

static bool
is_head(const struct sorting *s, const struct series *series, size_t i)
{
	return series->cover == i || part_of(mail_of(s, i)) == 1;
}

/* The nearest series above mail @i that it fits. */
static struct series *
series_above(const struct sorting *s, size_t i)
{
	size_t above = s->out->parent[i];

	for (int level = 0; level < LEVELS_MAX && above != SERIES_NONE;
	     level++, above = s->out->parent[above]) {
		struct series *series = s->out->of[above];
		enum relation how = ANSWERS;

		if (series && above == s->out->parent[i] &&
		    is_head(s, series, above))
			how = ANSWERS_HEAD;
		if (series && fits(s, series, i, how))
			return series;
	}
	return NULL;
}

static enum relation
relation(const struct sorting *s, const struct series *series, size_t i)
{
	const struct mail *mail = mail_of(s, i);

	if (!s->root[i] || !series->root)
		return s->root[i] == series->root ? SAME_THREAD : UNRELATED;
	if (!strcmp(s->root[i], series->root))
		return SAME_THREAD;
	if (!mail->in_reply_to && !mail->references.n &&
	    series_is_close(series, mail->date))
		return CLOSE;
	return UNRELATED;
}

static int64_t
gap(const struct series *series, int64_t date)
{
	return date > series->last ? date - series->last : series->last - date;
}

/* The series beside mail @i that it fits: of its thread, else by time. */
static struct series *
series_beside(const struct sorting *s, size_t i)
{
	int64_t date = mail_of(s, i)->date;
	struct series *best = NULL;
	enum relation how = UNRELATED;

	for (size_t k = 0; k < s->out->n; k++) {
		struct series *series = s->out->v[k];
		enum relation now = relation(s, series, i);

		if (now == UNRELATED || now < how || !fits(s, series, i, now))
			continue;
		if (best && now == how && gap(series, date) >= gap(best, date))
			continue;
		best = series;
		how = now;
	}
	return best;
}

/* What came over two lists, one of which gave it another Message-ID. */
static struct series *
series_of_copy(const struct sorting *s, size_t i)
{
	const struct mail *mail = mail_of(s, i);
	bool cover = s->out->mails[i].kind == KIND_COVER;

	for (size_t k = 0; mail->date && k < s->out->n; k++) {
		struct series *series = s->out->v[k];
		size_t other;

		if (mail->date < series->first || mail->date > series->last)
			continue;
		other = cover ? series->cover
			      : series_part(s->out, series, part_of(mail));
		if (other != SERIES_NONE &&
		    mail_of(s, other)->date == mail->date &&
		    !strcmp(mail_of(s, other)->subject, mail->subject) &&
		    !strcmp(s->who[other], s->who[i]))
			return series;
	}
	return NULL;
}

static struct series *
begin(struct sorting *s, size_t i)
{
	const struct subject *prefix = &mail_of(s, i)->prefix;
	struct series *series = ARENA_NEW(s->arena, struct series);

	series->submitter = s->who[i];
	series->version = prefix->version;
	series->total = prefix->total ? prefix->total : 1;
	series->numbered = prefix->total;
	series->resend = prefix->resend;
	series->root = s->root[i];
	series->cover = SERIES_NONE;
	series->title = prefix->title;
	ARENA_GROW(s->arena, s->out->v, s->out->cap, s->out->n);
	s->out->v[s->out->n++] = series;
	return series;
}

static void
insert_patch(struct sorting *s, struct series *series, size_t i)
{
	size_t at = series->npatches;

	ARENA_GROW(s->arena, series->patches, series->cap, series->npatches);
	for (; at && part_of(mail_of(s, series->patches[at - 1])) >
			     part_of(mail_of(s, i));
	     at--)
		series->patches[at] = series->patches[at - 1];
	series->patches[at] = i;
	series->npatches++;
	if (series->cover == SERIES_NONE)
		series->title = mail_of(s, series->patches[0])->prefix.title;
}

static void
add(struct sorting *s, struct series *series, size_t i)
{
	const struct mail *mail = mail_of(s, i);
	const char *change_id = mail_trailer(mail, "change-id", 0);

	s->out->of[i] = series;
	if (s->out->mails[i].kind == KIND_COVER) {
		series->cover = i;
		series->title = mail->prefix.title;
	} else {
		insert_patch(s, series, i);
	}
	if (mail->prefix.versioned && !series->versioned)
		series->version = mail->prefix.version;
	series->versioned |= mail->prefix.versioned;
	if (mail->prefix.total > series->total)
		series->total = mail->prefix.total;
	if (!series->change_id)
		series->change_id = change_id;
	if (mail->date && (!series->first || mail->date < series->first))
		series->first = mail->date;
	if (mail->date > series->last)
		series->last = mail->date;
}

static void
place(struct sorting *s, size_t i)
{
	const struct mail *mail = mail_of(s, i);
	struct series *series = series_of_copy(s, i);

	if (series) {
		s->out->of[i] = series;
		return;
	}
	if (mail->prefix.total && s->out->mails[i].kind == KIND_PATCH) {
		series = series_above(s, i);
		if (!series)
			series = series_beside(s, i);
	}
	add(s, series ? series : begin(s, i), i);
}

/* Cover letters first: a late one is still what its parts answer. */
static void
place_all(struct sorting *s, enum mail_kind kind, const size_t *order)
{
	for (size_t k = 0; k < s->out->nmails; k++) {
		size_t i = order[k];
		size_t first = find_id(s, mail_of(s, i)->msgid);

		if (s->out->mails[i].kind == kind &&
		    (first == i || first == SERIES_NONE))
			place(s, i);
	}
}

/* A cover letter that does not look like one: what the first patch answers,
   with a diffstat and without a diff. */
static void
find_naked_cover(struct sorting *s, struct series *series)
{
	size_t above;

	if (series->cover != SERIES_NONE || !series->npatches)
		return;
	above = s->out->parent[series->patches[0]];
	if (above == SERIES_NONE || s->out->of[above] ||
	    strcasecmp(mail_of(s, above)->submitter.addr,
		       mail_of(s, series->patches[0])->submitter.addr) != 0 ||
	    mail_of(s, above)->prefix.reply || mail_of(s, above)->diff.len ||
	    !memmem(mail_of(s, above)->body.ptr, mail_of(s, above)->body.len,
		    " changed, ", 10))
		return;
	series->cover = above;
	series->title = mail_of(s, above)->prefix.title;
	s->out->of[above] = series;
}

static int
compare_first(const void *a, const void *b)
{
	const struct series *left = *(struct series *const *)a;
	const struct series *right = *(struct series *const *)b;

	return (left->first > right->first) - (left->first < right->first);
}

static bool
has_members(const struct series_list *list)
{
	for (size_t i = 0; i < list->nmails; i++)
		if (is_member(&list->mails[i]))
			return true;
	return false;
}

void
series_find(struct series_list *out, struct arena *arena,
	    const struct series_mail *mails, size_t n)
{
	struct sorting s = { .out = out, .arena = arena };
	size_t *order = ARENA_ARRAY(arena, n, size_t);

	*out = (struct series_list){ .mails = mails, .nmails = n };
	out->of = ARENA_ARRAY(arena, n, struct series *);
	if (!has_members(out))
		return;
	index_mails(&s);
	for (size_t i = 0; i < n; i++)
		order[i] = i;
	qsort_r(order, n, sizeof(*order), compare_dates, &s);
	place_all(&s, KIND_COVER, order);
	place_all(&s, KIND_PATCH, order);
	for (size_t i = 0; i < n; i++) {
		size_t first = find_id(&s, mails[i].mail->msgid);

		if (is_member(&mails[i]) && first != i && first != SERIES_NONE)
			out->of[i] = out->of[first];
	}
	for (size_t i = 0; i < out->n; i++)
		find_naked_cover(&s, out->v[i]);
	if (out->n)
		qsort(out->v, out->n, sizeof(struct series *), compare_first);
}
