#include "rules/map-place.h"

#include <string.h>

#include "bot/arena.h"
#include "bot/codeword.h"
#include "bot/place.h"
#include "rules/platform.h"
#include "rules/regex.h"

static const unsigned NATIVE_ONLY =
	1u << MAP_ENTRY | 1u << MAP_SKIPPED | 1u << MAP_REPLACED;

/* One place on the way. */
struct looking {
	struct map_scope *scope;
	struct map_place *found;
	const struct place *place;
};

static bool
applies(const struct looking *l, const struct map_fact *fact)
{
	return map_file_applies(&l->scope->file, fact);
}

/* The first evidence for a kind is kept, unless a later one knows more. */
static void
note(struct looking *l, const struct map_fact *fact, long line,
     struct span text)
{
	struct map_evidence *at = &l->found->at[fact->kind];

	if (at->holds && (!at->fact || *at->fact->counterpart ||
			  !*fact->counterpart || at->line != line))
		return;
	*at = (struct map_evidence){ fact, line, text, true };
}

static void
note_all(struct looking *l, struct span name, unsigned kinds, long line)
{
	size_t n;
	const struct map_fact *facts = divergence_find(&n, l->scope->map, name);

	for (size_t i = 0; i < n; i++)
		if (kinds & 1u << facts[i].kind && applies(l, &facts[i]))
			note(l, &facts[i], line, name);
}

static void
look_at_functions(struct looking *l)
{
	const char *after = l->place->function_after;
	const char *before = l->place->function_before;

	if (after)
		note_all(l, span_of(after), MAP_OF_FUNCTIONS, -1);
	if (before && (!after || strcmp(after, before)))
		note_all(l, span_of(before), MAP_OF_FUNCTIONS, -1);
}

/* As far as is known: what a map does not mention, the guest may run. */
static bool
is_run_by_guest(const struct looking *l)
{
	for (int i = 0; i < NMAP_KINDS; i++)
		if (NATIVE_ONLY & 1u << i && l->found->at[i].holds)
			return false;
	return l->place->function_after != NULL;
}

static struct span
last_component(struct span path)
{
	const char *dot = memrchr(path.ptr, '.', path.len);

	if (dot) {
		path.len -= (size_t)(dot + 1 - path.ptr);
		path.ptr = dot + 1;
	}
	return path;
}

static struct span
first_component(struct span path)
{
	const char *dot = memchr(path.ptr, '.', path.len);

	if (dot)
		path.len = (size_t)(dot - path.ptr);
	return path;
}

/* What a declaration with braces says in its first line: "struct TAG {", or
   "struct TAG NAME = {". */
struct declared {
	struct span tag, name; /* len 0: none */
};

static void
look_at_declaration(struct declared *out, struct span line, struct arena *arena)
{
	struct codeline code = { .arena = arena };
	struct codeword word;
	bool tag = false;

	if (!line.len || strchr(" \t\r#/*", line.ptr[0]))
		return;
	*out = (struct declared){ 0 };
	if (memchr(line.ptr, '(', line.len))
		return;
	codeline_start(&code, line);
	while (codeword_next(&word, &code)) {
		if (tag)
			out->tag = word.text;
		else if (out->tag.len && !out->name.len)
			out->name = word.text;
		tag = span_equal(word.text, SPAN("struct")) ||
		      span_equal(word.text, SPAN("union"));
	}
}

/* The declaration that the place stands in the middle of. */
static struct declared
declared_around(const struct place *place, struct arena *arena)
{
	struct declared around = { 0 };

	if (place->function_before || place->function_after)
		return around;
	if (place->hunk)
		look_at_declaration(&around, place->hunk->heading, arena);
	for (size_t i = 0; i < place->nlines; i++) {
		if (place->lines[i].kind != LINE_CONTEXT)
			break;
		look_at_declaration(&around, place->lines[i].text, arena);
	}
	return around;
}

static const struct map_fact *
member_of_initialiser(const struct looking *l, const struct declared *around,
		      struct span path)
{
	const struct divergence *map = l->scope->map;
	struct span leaf = last_component(path);
	const struct map_fact *fact =
		divergence_member_under(map, around->name, leaf);

	return fact ? fact : divergence_member_of(map, around->tag, leaf);
}

static void
note_member(struct looking *l, const struct map_fact *fact, long line,
	    struct span text)
{
	if (fact && applies(l, fact))
		note(l, fact, line, text);
}

static void
look_at_word(struct looking *l, const struct declared *around,
	     const struct codeword *word, long line)
{
	bool added = l->place->lines[line].kind == LINE_ADDED;
	const struct divergence *map = l->scope->map;
	unsigned kinds = 1u << MAP_GUEST_STATE | 1u << MAP_MEMBER;
	const struct map_fact *test;

	if (word->is_path && word->text.ptr[0] == '.') {
		note_member(l, member_of_initialiser(l, around, word->text),
			    line, word->text);
		return;
	}
	if (word->is_path)
		note_member(l, divergence_member(map, word->text), line,
			    word->text);
	else if (around->tag.len && !around->name.len)
		note_member(l,
			    divergence_member_of(map, around->tag, word->text),
			    line, word->text);
	if (word->is_defined)
		kinds |= 1u << MAP_MACRO;
	if (added && is_run_by_guest(l))
		kinds |= 1u << MAP_NATIVE_STATE;
	note_all(l, first_component(word->text), kinds, line);
	test = divergence_test(map, word->text);
	if (test)
		note(l, test, line, word->text);
}

/* A line inside of a structure that has overridden members is about them, be
   it a new one. */
static void
look_at_struct(struct looking *l, const struct declared *around)
{
	const struct map_fact *fact =
		divergence_member_of(l->scope->map, around->tag, SPAN(""));

	for (size_t i = 0; fact && i < l->place->nlines; i++) {
		const struct patch_line *line = &l->place->lines[i];

		if (line->kind == LINE_CONTEXT || span_is_blank(line->text) ||
		    codeline_is_comment(line->text))
			continue;
		note_member(l, fact, (long)i, around->tag);
		return;
	}
}

/* Both sides of a hunk, each with the comment that it may be in. */
struct sides {
	struct codeline before, after;
};

static bool
opens_in_comment(const struct patch_line *lines, size_t n, enum line_kind side)
{
	for (size_t i = 0; i < n; i++) {
		struct span text = lines[i].text;

		if (lines[i].kind != LINE_CONTEXT && lines[i].kind != side)
			continue;
		if (codeline_ends_comment(text))
			return true;
		if (text.len && memmem(text.ptr, text.len, "/*", 2))
			return false;
	}
	return false;
}

static void
pass(struct sides *sides, const struct patch_line *line)
{
	if (line->kind != LINE_ADDED)
		codeline_pass(&sides->before, line->text);
	if (line->kind != LINE_REMOVED)
		codeline_pass(&sides->after, line->text);
}

static void
begin_hunk(struct map_comments *comments, const struct place *place)
{
	const struct patch_line *lines = place->lines;
	size_t n = place->nlines;

	if (place->hunk) {
		lines = place->hunk->lines;
		n = place->hunk->nlines;
	}
	*comments = (struct map_comments){ .hunk = place->hunk, .at = lines };
	comments->before = opens_in_comment(lines, n, LINE_REMOVED);
	comments->after = opens_in_comment(lines, n, LINE_ADDED);
}

/* As they are in front of the place. */
static struct sides
sides_of(const struct looking *l)
{
	struct map_comments *comments = &l->scope->comments;
	const struct place *place = l->place;
	struct codeline code = { .arena = l->scope->arena,
				 .assembly = l->scope->file.is_assembly };
	struct sides sides = { code, code };

	if (!comments->hunk || comments->hunk != place->hunk ||
	    comments->at > place->lines)
		begin_hunk(comments, place);
	sides.before.comment = comments->before;
	sides.after.comment = comments->after;
	for (; comments->at < place->lines; comments->at++)
		pass(&sides, comments->at);
	comments->before = sides.before.comment;
	comments->after = sides.after.comment;
	return sides;
}

static void
look_at_lines(struct looking *l)
{
	const struct place *place = l->place;
	struct declared around = declared_around(place, l->scope->arena);
	struct sides sides = sides_of(l);
	struct codeword word;

	l->found->looked_at_lines = true;
	for (size_t i = 0; i < place->nlines; i++) {
		const struct patch_line *line = &place->lines[i];
		struct codeline *code =
			line->kind == LINE_ADDED ? &sides.after : &sides.before;

		if (line->kind == LINE_CONTEXT ||
		    codeline_is_comment(line->text)) {
			pass(&sides, line);
			continue;
		}
		codeline_start(code, line->text);
		while (codeword_next(&word, code))
			look_at_word(l, &around, &word, (long)i);
	}
	if (around.tag.len && !around.name.len &&
	    !l->found->at[MAP_MEMBER].holds)
		look_at_struct(l, &around);
}

/* Of several members that the function calls, the one that the hunk shows is
   meant: the change stands beside that call. */
static void
note_nearest_hook(struct looking *l)
{
	struct map_evidence *at = &l->found->at[MAP_HOOK];
	struct codeline code = { .arena = l->scope->arena };
	struct codeword word;
	size_t n;
	const struct map_fact *facts =
		divergence_find(&n, l->scope->map, at->text);

	for (size_t i = 0; i < l->place->nlines; i++) {
		codeline_start(&code, l->place->lines[i].text);
		while (codeword_next(&word, &code))
			for (size_t j = 0; j < n && word.is_path; j++)
				if (facts[j].kind == MAP_HOOK &&
				    applies(l, &facts[j]) &&
				    span_equal(word.text,
					       span_of(facts[j].member)))
					at->fact = &facts[j];
	}
}

/* Of a native half it is the very point: what the guest puts in its place. */
static void
look_at_privileged(struct looking *l, struct regex_scratch *scratch)
{
	const struct place *place = l->place;
	struct map_evidence *at = &l->found->at[MAP_PRIVILEGED];
	struct sides sides;

	l->found->looked_at_privileged = true;
	if (!l->scope->platform || l->found->at[MAP_REPLACED].holds)
		return;
	sides = sides_of(l);
	for (size_t i = 0; i < place->nlines; i++) {
		const struct patch_line *line = &place->lines[i];
		struct codeline *code =
			line->kind == LINE_ADDED ? &sides.after : &sides.before;
		struct span text;

		if (line->kind == LINE_CONTEXT ||
		    codeline_is_comment(line->text)) {
			pass(&sides, line);
			continue;
		}
		text = codeline_strip(code, line->text);
		if (platform_match(&l->scope->platform->privileged, scratch,
				   text) < 0)
			continue;
		*at = (struct map_evidence){ NULL, (long)i, text, true };
		return;
	}
}

/* What a line may show, though the function does not. */
static bool
is_of_lines(enum map_kind kind)
{
	return kind == MAP_MACRO || kind == MAP_YIELD ||
	       !(MAP_OF_FUNCTIONS & 1u << kind);
}

/* As far as it takes to tell whether @kind holds. */
static void
look(struct looking *l, enum map_kind kind, struct regex_scratch *scratch)
{
	struct map_place *found = l->found;
	struct map_file *file = &l->scope->file;

	if (file->file != l->place->file)
		map_file_look(file, l->scope->platform, l->place->file);
	if (!found->looked_at_functions) {
		found->looked_at_functions = true;
		look_at_functions(l);
		if (found->at[MAP_HOOK].holds)
			note_nearest_hook(l);
	}
	if (found->at[kind].holds || !file->is_code || file->is_guest)
		return;
	if (kind == MAP_PRIVILEGED && !found->looked_at_privileged)
		look_at_privileged(l, scratch);
	else if (is_of_lines(kind) && !found->looked_at_lines)
		look_at_lines(l);
}

bool
map_place_holds(struct map_evidence *out, struct map_scope *scope,
		const struct place *place, size_t nth, enum map_kind kind,
		struct regex_scratch *scratch)
{
	struct looking l = { .scope = scope, .place = place };

	if (!scope->places)
		scope->places = ARENA_ARRAY(scope->arena, scope->nplaces,
					    struct map_place);
	l.found = &scope->places[nth];
	look(&l, kind, scratch);
	*out = l.found->at[kind];
	return out->holds;
}
