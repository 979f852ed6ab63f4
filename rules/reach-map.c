#include "rules/reach-map.h"

#include <string.h>

#include "bot/buf.h"
#include "bot/codeword.h"
#include "bot/csource.h"
#include "bot/ctoken.h"
#include "bot/limits.h"
#include "bot/patch.h"
#include "rules/platform.h"
#include "rules/regex.h"

struct reading {
	const struct divergence *map;
	struct map_file at;
	struct arena *arena;
	/* The lines may go on with what began in the first column: by side,
	   whose lines may stand between each other. */
	bool open_before, open_after;
	unsigned kinds;	 /* found so far */
	struct buf bare; /* changed lines without their comments */
};

static void
note(struct reading *r, unsigned kinds, struct span name)
{
	size_t n;
	const struct map_fact *facts = divergence_find(&n, r->map, name);

	for (size_t i = 0; i < n; i++)
		if (kinds & 1u << facts[i].kind &&
		    map_file_applies(&r->at, &facts[i]))
			r->kinds |= 1u << facts[i].kind;
}

/* Whether a variable or a structure of that name has overridden members. */
static bool
has_members(const struct divergence *map, struct span name)
{
	return divergence_member_of(map, name, SPAN("")) ||
	       divergence_member_under(map, name, SPAN(""));
}

/* A line that may name the function or the structure that places are in. */
static void
read_head(struct reading *r, struct span line)
{
	const char *end = line.ptr + line.len, *p = line.ptr;
	bool declares = line.len && !memchr(line.ptr, '(', line.len);

	while (p < end) {
		struct span word = { p, 0 };

		while (p < end && ctoken_is_word_char(*p))
			p++;
		word.len = (size_t)(p - word.ptr);
		if (!word.len) {
			p++;
			continue;
		}
		if (!divergence_may_know(r->map, word))
			continue;
		note(r, MAP_OF_FUNCTIONS, word);
		if (declares && has_members(r->map, word))
			r->kinds |= 1u << MAP_MEMBER;
	}
}

static void
read_word(struct reading *r, const struct codeword *word, bool added)
{
	unsigned kinds = 1u << MAP_GUEST_STATE | 1u << MAP_MEMBER;
	const char *dot = memchr(word->text.ptr, '.', word->text.len);
	struct span first = word->text;
	const struct map_fact *fact;

	if (dot)
		first.len = (size_t)(dot - first.ptr);
	if (!divergence_may_know(r->map, first))
		return;
	if (word->is_defined)
		kinds |= 1u << MAP_MACRO;
	if (added)
		kinds |= 1u << MAP_NATIVE_STATE;
	note(r, kinds, first);
	fact = dot ? divergence_member(r->map, word->text) : NULL;
	if (fact && map_file_applies(&r->at, fact))
		r->kinds |= 1u << MAP_MEMBER;
	if (divergence_test(r->map, word->text))
		r->kinds |= 1u << MAP_YIELD;
}

/* @text as code, taken to begin inside of a comment or not. */
static void
read_code(struct reading *r, struct span text, bool added, bool comment)
{
	struct codeline code = { .comment = comment,
				 .arena = r->arena,
				 .assembly = r->at.is_assembly };
	struct codeword word;
	struct span bare;

	codeline_start(&code, text);
	while (codeword_next(&word, &code))
		read_word(r, &word, added);
	code.comment = comment;
	bare = codeline_strip(&code, text);
	buf_add(&r->bare, bare.ptr, bare.len);
	buf_add(&r->bare, "\n", 1);
}

/* Which of both it is, only the lines before it tell. */
static void
read_changed(struct reading *r, const struct patch_line *line)
{
	struct span text = line->text;
	bool added = line->kind == LINE_ADDED;

	if (codeline_is_comment(text))
		return;
	read_code(r, text, added, false);
	if (text.len && memmem(text.ptr, text.len, "*/", 2))
		read_code(r, text, added, true);
}

/* Definitions begin in the first column, or in assembly, or with "#"; they may
   go on up to a line that ends their head. */
static bool
may_be_head(struct reading *r, const struct patch_line *line)
{
	struct span text = span_trim(line->text);
	bool before = line->kind != LINE_ADDED;
	bool after = line->kind != LINE_REMOVED;
	bool begins, is, ends;

	if (!text.len)
		return false;
	begins = r->at.is_assembly || text.ptr == line->text.ptr ||
		 *text.ptr == '#';
	is = begins || (before && r->open_before) || (after && r->open_after);
	ends = strchr(";{}", text.ptr[text.len - 1]) != NULL;
	if (before)
		r->open_before = !ends && (begins || r->open_before);
	if (after)
		r->open_after = !ends && (begins || r->open_after);
	return is;
}

static void
read_hunk(struct reading *r, const struct hunk *hunk)
{
	bool reads = r->at.is_code && !r->at.is_guest;

	r->open_before = r->open_after = true;
	read_head(r, hunk->heading);
	for (size_t i = 0; i < hunk->nlines; i++) {
		const struct patch_line *line = &hunk->lines[i];

		if (may_be_head(r, line))
			read_head(r, line->text);
		if (reads && line->kind != LINE_CONTEXT)
			read_changed(r, line);
	}
}

static bool
is_privileged(const struct reading *r, const struct platform *platform,
	      struct regex_scratch *scratch)
{
	if (r->bare.toobig)
		return true;
	for (size_t i = 0; platform && i < platform->privileged.n; i++)
		if (regex_may_match(platform->privileged.v[i], scratch,
				    buf_span(&r->bare)))
			return true;
	return false;
}

static bool
is_source(const char *path)
{
	enum csource_language is = path ? csource_language(path) : CSOURCE_NONE;

	return is == CSOURCE_C || is == CSOURCE_ASM;
}

unsigned
reach_map_kinds(const struct reach_map *scope, struct arena *arena,
		const struct patch_file *file, struct regex_scratch *scratch)
{
	struct reading r = { .map = scope->map,
			     .arena = arena,
			     .bare = BUF(LIMIT_MAIL_BYTES) };

	if (!is_source(file->old_path) && !is_source(file->new_path))
		return 0;
	map_file_look(&r.at, scope->platform, file);
	if (scope->in_tree)
		r.kinds = MAP_OF_FUNCTIONS;
	for (size_t i = 0; i < file->nhunks; i++)
		read_hunk(&r, &file->hunks[i]);
	if (is_privileged(&r, scope->platform, scratch))
		r.kinds |= 1u << MAP_PRIVILEGED;
	buf_free(&r.bare);
	return r.kinds;
}
