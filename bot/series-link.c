#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "mail.h"
#include "series.h"
#include "span.h"

enum {
	LEVELS_MAX = 100,
	WORDS_MAX = 32,	   /* of a title */
	ALIKE_ANSWER = 50, /* of what answers the other, in percent */
	ALIKE_ALONE = 70,
	VERSIONS_MAX = 16, /* that re-rolls go back */
};

static bool
is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || (c & 0x80);
}

/* The next word of *@title, which goes on behind it; len 0: none. */
static struct span
next_word(const char **title)
{
	const char *p = *title;
	struct span word;

	while (*p && !is_word(*p))
		p++;
	word.ptr = p;
	while (is_word(*p))
		p++;
	word.len = (size_t)(p - word.ptr);
	*title = p;
	return word;
}

static size_t
split_words(struct span *words, const char *title)
{
	size_t n = 0;

	while (n < WORDS_MAX && (words[n] = next_word(&title)).len)
		n++;
	return n;
}

static bool
same_word(struct span a, struct span b)
{
	return a.len == b.len && !strncasecmp(a.ptr, b.ptr, a.len);
}

/* Twice the words that both have, of all words (Dice). */
unsigned
series_title_likeness(const char *a, const char *b)
{
	struct span left[WORDS_MAX], right[WORDS_MAX];
	size_t n = split_words(left, a), m = split_words(right, b);
	unsigned both = 0;

	if (!n || !m)
		return 0;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < m; k++) {
			if (!same_word(left[i], right[k]) || !right[k].len)
				continue;
			right[k].len = 0;
			both++;
			break;
		}
	return both * 200 / (unsigned)(n + m);
}

bool
series_continues(const struct series *known, const struct series *more,
		 bool same_thread, bool begins)
{
	bool close = series_is_close(known, more->first);

	if (!known->numbered || !more->numbered ||
	    known->total != more->total ||
	    strcmp(known->submitter, more->submitter) != 0)
		return false;
	if (known->version != more->version &&
	    (!same_thread || !close || known->versioned == more->versioned))
		return false;
	if (same_thread)
		return known->resend == more->resend || !more->resend;
	return begins && close && known->resend == more->resend;
}

bool
series_follows(const struct series *later, const struct series *earlier,
	       bool answers)
{
	unsigned alike;

	if (later->version < earlier->version)
		return false;
	if (later->change_id && earlier->change_id)
		return !strcmp(later->change_id, earlier->change_id);
	if (strcmp(later->submitter, earlier->submitter) != 0)
		return false;
	if (answers && later->version > earlier->version && later->versioned)
		return true;
	/* "v3.1 2/7", in place of that part of v3 */
	if (answers && later->numbered && later->total == earlier->total)
		return true;
	alike = series_title_likeness(later->title, earlier->title);
	return alike == 100 || (answers && alike >= ALIKE_ANSWER) ||
	       (later->version > earlier->version && alike >= ALIKE_ALONE);
}

/* Does @later hang below a mail of @earlier? Its first patch shows. */
static bool
answers(const struct series_list *list, const struct series *later,
	const struct series *earlier)
{
	size_t i = later->cover;

	if (i == SERIES_NONE && later->npatches)
		i = later->patches[0];
	for (int level = 0; level < LEVELS_MAX && i != SERIES_NONE;
	     level++, i = list->parent[i])
		if (list->of[i] == earlier)
			return true;
	return false;
}

/* The latest of the highest version. */
static bool
is_newer(const struct series *a, const struct series *b)
{
	if (a->version != b->version)
		return a->version > b->version;
	return a->first >= b->first;
}

void
series_link(const struct series_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		for (size_t k = 0; k < i; k++) {
			struct series *later = list->v[i];
			const struct series *earlier = list->v[k];

			if (!series_follows(later, earlier,
					    answers(list, later, earlier)))
				continue;
			if (!later->before || is_newer(earlier, later->before))
				later->before = earlier;
		}
}

static const struct series *
first_of(const struct series *series)
{
	while (series->before)
		series = series->before;
	return series;
}

const struct series *
series_newest(const struct series_list *list, const struct series *series)
{
	const struct series *first = first_of(series);

	for (size_t i = 0; i < list->n; i++)
		if (first_of(list->v[i]) == first &&
		    is_newer(list->v[i], series))
			series = list->v[i];
	return series;
}

/* Each patch that was sent again answers the same part of an earlier version,
   perhaps with others in between. */
static bool
replaces(const struct series_list *list, size_t patch)
{
	const struct subject *prefix = &list->mails[patch].mail->prefix;
	size_t i = list->parent[patch];

	for (int level = 0; level < LEVELS_MAX && i != SERIES_NONE;
	     level++, i = list->parent[i]) {
		const struct subject *above = &list->mails[i].mail->prefix;

		if (above->part == prefix->part &&
		    above->total == prefix->total)
			return true;
	}
	return false;
}

static bool
is_partial(const struct series_list *list, const struct series *series)
{
	if (!series->before || !series->numbered || !series->npatches)
		return false;
	for (size_t i = 0; i < series->npatches; i++)
		if (!replaces(list, series->patches[i]))
			return false;
	return true;
}

/*
 * Where the parts of @series are looked for: in itself and, when it is a
 * partial re-roll, in what it was rolled from.
 */
struct versions {
	const struct series *v[VERSIONS_MAX];
	size_t n;
};

static void
find_versions(struct versions *out, const struct series_list *list,
	      const struct series *series)
{
	out->n = 0;
	do
		out->v[out->n++] = series;
	while (out->n < VERSIONS_MAX && is_partial(list, series) &&
	       (series = series->before));
}

static size_t
find_part(const struct series_list *list, const struct versions *versions,
	  unsigned part)
{
	size_t found = SERIES_NONE;

	for (size_t i = 0; i < versions->n && found == SERIES_NONE; i++)
		found = series_part(list, versions->v[i], part);
	return found;
}

const size_t *
series_patches(size_t *n, struct arena *arena, const struct series_list *list,
	       const struct series *series)
{
	size_t *patches = ARENA_ARRAY(
		arena, series->npatches + series->total + 1, size_t);
	struct versions versions;

	find_versions(&versions, list, series);
	*n = 0;
	for (unsigned part = 0; part <= series->total; part++) {
		size_t patch = find_part(list, &versions, part);

		if (patch != SERIES_NONE)
			patches[(*n)++] = patch;
	}
	/* "3/2" */
	for (size_t i = 0; i < series->npatches; i++)
		if (list->mails[series->patches[i]].mail->prefix.part >
		    series->total)
			patches[(*n)++] = series->patches[i];
	return patches;
}

bool
series_complete(const struct series_list *list, const struct series *series)
{
	struct versions versions;

	find_versions(&versions, list, series);
	for (unsigned part = 1; part <= series->total; part++)
		if (find_part(list, &versions, part) == SERIES_NONE)
			return false;
	return true;
}
