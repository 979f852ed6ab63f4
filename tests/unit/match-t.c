#include "rules/match.h"

#include "bot/arena.h"
#include "bot/limits.h"
#include "rules/pack-parse.h"
#include "rules/pack.h"
#include "rules/regex.h"
#include "tests/unit/tap.h"

/*
 * A patch as a rule sees it, built by hand from a sketch:
 *   "= path"       a file that is modified, with a place outside functions
 *   "> old new"    one that is renamed; "x path": one that is deleted
 *   "@ before after"  another place of the file; "." is no function
 *   "+", "-", " "  its lines; the first stands on line 10
 */
enum { MAX = 2048, MAX_LINES = 16 };

struct built {
	struct subject_patch subject;
	struct patch patch;
	struct applied applied;
	struct places places;
	struct patch_file files[MAX];
	struct place v[MAX];
	struct patch_line lines[MAX][MAX_LINES];
};

static void
add_place(struct built *b, const char *before, const char *after)
{
	struct place *place = &b->v[b->places.n];

	place->file_index = b->patch.nfiles - 1;
	place->file = &b->files[place->file_index];
	place->lines = b->lines[b->places.n++];
	place->old_line = place->new_line = 10;
	place->function_before = strcmp(before, ".") ? before : NULL;
	place->function_after = strcmp(after, ".") ? after : NULL;
}

static void
add_file(struct built *b, char kind, const char *path, const char *new_path)
{
	struct patch_file *file = &b->files[b->patch.nfiles++];

	file->op = kind == '='	 ? FILE_MODIFY
		   : kind == '>' ? FILE_RENAME
				 : FILE_DELETE;
	file->old_path = path;
	file->new_path = kind == 'x' ? NULL : kind == '>' ? new_path : path;
}

static void
add_line(struct built *b, struct span line)
{
	struct place *place = &b->v[b->places.n - 1];
	struct patch_line *l = &b->lines[b->places.n - 1][place->nlines++];

	l->kind = (enum line_kind)line.ptr[0];
	l->text = (struct span){ line.ptr + 1, line.len - 1 };
}

static void
add_sketch_line(struct built *b, struct arena *arena, struct span line)
{
	struct span words = { line.ptr + 2, line.len < 2 ? 0 : line.len - 2 };
	const char *first = arena_span(arena, words), *second = "";
	char *blank = strchr(first, ' ');

	if (blank) {
		*blank = '\0';
		second = blank + 1;
	}
	if (strchr("=>x", line.ptr[0])) {
		add_file(b, line.ptr[0], first, second);
		add_place(b, ".", ".");
	} else if (line.ptr[0] == '@') {
		/* The place that the file began with, if it is empty still. */
		if (!b->v[b->places.n - 1].nlines)
			b->places.n--;
		add_place(b, first, second);
	} else {
		add_line(b, line);
	}
}

static const struct subject_patch *
build(struct arena *arena, const char *sketch)
{
	struct built *b = ARENA_NEW(arena, struct built);
	struct span rest = span_of(sketch), line;

	b->patch.files = b->files;
	b->places.v = b->v;
	b->applied.patch = &b->patch;
	b->subject.subject = "x86/mm: do things";
	b->subject.message = SPAN("First line\nSecond, of Xen\n");
	b->subject.applied = &b->applied;
	b->subject.places = &b->places;
	while (span_line(&line, &rest))
		add_sketch_line(b, arena, line);
	return &b->subject;
}

static const char *
describe(struct arena *arena, const struct match_result *r)
{
	char *s = arena_printf(arena, "%d:", r->score);

	for (size_t i = 0; i < r->nhits; i++)
		s = arena_printf(arena, "%s %s@%s.%ld", s, r->hits[i].rule->id,
				 patch_file_path(r->hits[i].place->file),
				 r->hits[i].line);
	for (size_t i = 0; i < r->ntraces; i++) {
		const struct rule_trace *t = &r->traces[i];

		s = arena_printf(arena, "%s; %s %zu %s %s", s,
				 rule_outcome_name(t->outcome), t->nheld,
				 t->failed ? t->failed->name : "-",
				 t->value ? t->value : "-");
	}
	return s;
}

static struct pack *
load(const char *rules)
{
	struct pack *pack = NULL;
	struct rules_text files[] = { { "p.rules",
					SPAN("Pack: p\nMax-Files: 3\n") },
				      { "t.rules", span_of(rules) } };

	succeeds(pack_parse(&pack, files, 2), "rules parse");
	if (!pack)
		exit(1);
	return pack;
}

static const char *
run(struct match_result *r, struct arena *arena, const struct pack *pack,
    const struct match_input *input)
{
	AUTOFREE(regex_scratch) *scratch = regex_scratch_new();

	match_pack(r, arena, pack, input, scratch);
	return describe(arena, r);
}

#define R "Rule: r\nWhy: w\n"
#define A "= a/b.c\n"

static const struct {
	const char *rules, *patch, *want, *what;
} cases[] = {
	/* Fields. */
	{ R "F: a/\n", A "+x\n", "20: r@a/b.c.0; held 1 - x", "F" },
	{ R "F: b/\nN: ^a/.*c$\n", A "+x\n", "20: r@a/b.c.0; held 1 - x",
	  "F and N are alternatives" },
	{ R "F: b/\n", A "+x\n", "0:; failed 0 F -", "another directory" },
	{ R "F: a/\n", "> a/b c/d\n+x\n", "20: r@c/d.0; held 1 - x",
	  "the old path of a rename" },
	{ R "F: c/\n", "> a/b c/d\n+x\n", "20: r@c/d.0; held 1 - x",
	  "and the new one" },
	{ R "F: a/\nX: c/\n", "> a/b c/d\n+x\n", "0:; failed 1 X c/d",
	  "X goes by the path that is shown" },
	{ R "F: c/\nX: a/\n", "> a/b c/d\n+x\n", "20: r@c/d.0; held 2 - x",
	  "and not by the old one" },
	{ R "F: a/\nX: a/b*\n", "x a/b\n-x\n", "0:; failed 1 X a/b",
	  "a deleted file has its old path" },
	{ R "F: a/\n", A, "20: r@a/b.c.-1; held 1 - a/b.c",
	  "a change without lines" },
	{ R "Added: x\n", A "-x\n x\n", "0:; failed 0 Added -",
	  "Added looks at added lines only" },
	{ R "Removed: x\n", A "+x\n x\n-ax\n", "20: r@a/b.c.2; held 1 - ax",
	  "Removed" },
	{ R "Context: x\n", A "+x\n x\n", "20: r@a/b.c.1; held 1 - x",
	  "Context" },
	{ R "K: x\n", A " x\n-x\n", "20: r@a/b.c.1; held 1 - x",
	  "K looks at removed" },
	{ R "K: x\n", A " x\n+x\n", "20: r@a/b.c.1; held 1 - x",
	  "and added lines" },
	{ R "Added: ^x$\n", A "+x\r\n", "20: r@a/b.c.0; held 1 - x\r",
	  "CR is no part of a line" },
	{ R "Added: x.*y\n", A "+x\n+y\n", "0:; failed 0 Added -",
	  "a match does not span lines" },
	{ R "Added: x\nContext: y\n", A " y\n+z\n+x\n",
	  "20: r@a/b.c.2; held 2 - x", "a changed line is shown first" },
	{ R "Context: y\n", A "+z\n y\n", "20: r@a/b.c.1; held 1 - y",
	  "a context line next" },
	{ R "F: a/\n", A " y\n-z\n", "20: r@a/b.c.1; held 1 - z",
	  "else the first that changed" },
	{ R "Function: ^f$\n", A "@ f g\n+x\n", "20: r@a/b.c.0; held 1 - x",
	  "the function before" },
	{ R "Function: ^g$\n", A "@ f g\n+x\n", "20: r@a/b.c.0; held 1 - x",
	  "and after" },
	{ R "Function: ^$\n", A "+x\n", "0:; failed 0 Function -",
	  "no function is not an empty name" },
	{ R "F: a/\nNot-Function: .\n", A "+x\n", "20: r@a/b.c.0; held 2 - x",
	  "outside all functions" },
	{ R "Subject: ^x86/mm\n", A "+x\n", "20: r@a/b.c.0; held 1 - x",
	  "Subject" },
	{ R "Message: ^Second.*Xen$\n", A "+x\n", "20: r@a/b.c.0; held 1 - x",
	  "Message, by lines" },
	{ R "Message: line.Second\n", A "+x\n", "0:; failed 0 Message -",
	  "not across them" },
	/* How they go together. */
	{ R "Added: x\nAdded: y\n", A "+y\n", "20: r@a/b.c.0; held 1 - y",
	  "values are alternatives" },
	{ R "Added: x\nRemoved: y\n", A "+x\n@ . .\n-y\n",
	  "0:; failed 1 Added -", "fields must hold at the same place" },
	{ R "Added|Removed: y\n", A "+x\n@ . .\n-y\n",
	  "20: r@a/b.c.0; held 1 - y", "a joint name" },
	{ R "F|Subject: a/\n", "= b\n+x\n= a/b\n+x\n",
	  "20: r@a/b.0; held 1 - x", "file and patch joined" },
	{ R "Added: x\nNot-Added: y\n", A "+x\n@ . .\n+x\n+zy\n",
	  "20: r@a/b.c.0; held 2 - x", "Not- is of the place" },
	{ R "Added: x\nNot-Added: y\n", A "+x\n+zy\n",
	  "0:; failed 1 Not-Added zy", "and tells what matched" },
	{ R "Added: x\nUnless-Added: y\n", A "+x\n@ . .\n+zy\n",
	  "0:; vetoed 1 Unless-Added zy", "Unless- is of the patch" },
	{ R "Added: x\nUnless-F: c/\n", A "+x\n= c/d\n+z\n",
	  "0:; vetoed 1 Unless-F c/d", "Unless-F, any file" },
	{ R "Added: x\nUnless-Added: y\nUnless-Removed: y\n",
	  A "+x\n@ . .\n-y\n", "0:; vetoed 2 Unless-Removed y",
	  "one of several is enough" },
	{ R "Added: x\nUnless-Added: y\n", A "+z\n= c\n+y\n",
	  "0:; failed 0 Added -", "nothing to veto" },
	{ R "F: a/\nFunction: ^g$\nAdded: x\n", A "@ f f\n+x\n",
	  "0:; failed 1 Function f", "the best place and what failed there" },
	{ R "F: a/\nFunction: ^g$\nAdded: x\n",
	  A "@ f f\n+x\n@ g g\n+y\n@ g g\n+z\n", "0:; failed 2 Added -",
	  "the first of the best" },
	{ R "Points: 1.5\nF: a/\n\nRule: s\nWhy: w\nPoints: 0.7\nAdded: y\n",
	  A "+x\n@ . .\n+y\n",
	  "22: r@a/b.c.0 r@a/b.c.0 s@a/b.c.0; held 1 - x; held 1 - y",
	  "points once a rule, hits by place" },
	/* Mutes. */
	{ R "Added: x\n\nMute: m\nF: a/\n", A "+x\n", "0:; muted 1 - -",
	  "a mute" },
	{ R "Added: x\n\nMute: m\nF: a/\n", A "+x\n= c\n+x\n",
	  "20: r@c.0; held 1 - x", "elsewhere it is seen" },
	{ R "Added: x\n\nMute: m\nF: a/\nAdded: z\n", A "+x\n@ . .\n+x\n+z\n",
	  "20: r@a/b.c.0; held 1 - x", "all of a mute must hold" },
	{ R "Added: x\n\nRule: s\nWhy: w\nAdded: x\n\n"
	    "Mute: m\nF: a/\nExcept: s\n",
	  A "+x\n", "20: s@a/b.c.0; muted 1 - -; held 1 - x", "Except" },
	{ R "Added: x\nUnless-Added: y\n\nMute: m\nAdded: y\n",
	  A "+x\n@ . .\n+y\n", "0:; vetoed 1 Unless-Added y",
	  "Unless- sees what is muted" },
	{ R "Added: x\n\nMute: m\nF: a/\nUnless-Added: y\n",
	  A "+x\n@ . .\n+y\n", "20: r@a/b.c.0; held 1 - x",
	  "Unless- in a mute" },
	{ R "Added: x\n\nMute: m\nMap: entry\n", A "+x\n",
	  "20: r@a/b.c.0; held 1 - x", "a mute that cannot be told" },
	/* No map, tree-wide, no places. */
	{ R "Map: entry\nF: a/\n", A "+x\n", "0:; failed 1 Map -", "no map" },
	{ R "Map|Added: entry\n", A "+entry\n", "20: r@a/b.c.0; held 1 - entry",
	  "an alternative is" },
	{ R "Added: x\nNot-Map: entry\n", A "+x\n", "20: r@a/b.c.0; held 2 - x",
	  "Not- of what no map says" },
	{ R "Added: x\nUnless-Map|Added: entry\n", A "+x\n",
	  "20: r@a/b.c.0; held 2 - x", "and Unless-" },
	{ R "F: a/\n\nRule: s\nWhy: w\nWide: yes\nPoints: 1\nF: a/\n",
	  A "+x\n= d\n+x\n= e\n+x\n= f\n+x\n",
	  "30: r@a/b.c.0 s@a/b.c.0; wide 1 - x; held 1 - x", "tree-wide" },
	{ R "F: a/\n", "", "0:; failed 0 - -", "an empty patch" },
};

static void
test_cases(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTOFREE(arena) *arena = arena_new();
		AUTOFREE(pack) *pack = load(cases[i].rules);
		const struct match_input input = {
			.patch = build(arena, cases[i].patch)
		};
		struct match_result r;

		is_str(run(&r, arena, pack, &input), cases[i].want,
		       cases[i].what);
		is_int((intmax_t)r.nerrors, 0, "no error");
	}
}

static void
test_wide(void)
{
	AUTOFREE(arena) *arena = arena_new();
	AUTOFREE(pack) *pack = load(R "F: a\nWide: yes\nPoints: 3\n\n"
				      "Rule: s\nWhy: w\nF: a\n");
	struct match_input input = { .patch = build(arena, "= a\n= b\n= c\n") };
	struct match_result r;

	run(&r, arena, pack, &input);
	ok(!r.wide, "as many files as Max-Files");
	input.patch = build(arena, "= a\n= b\n= c\n= d\n");
	run(&r, arena, pack, &input);
	ok(r.wide, "one more");
	is_int(r.score, 50, "all points");
	is_int(r.wide_score, 30, "those of Wide: yes");
}

static void
test_series(void)
{
	AUTOFREE(arena) *arena = arena_new();
	AUTOFREE(pack) *pack = load(R "Added: x\nUnless-Series-Added: y\n");
	const struct subject_patch *others[] = { build(arena, "= c\n+z\n"),
						 build(arena, "= d\n+y\n") };
	struct match_input input = { .patch = build(arena, A "+x\n"),
				     .series = others,
				     .nseries = 1 };
	struct match_result r;

	is_str(run(&r, arena, pack, &input), "20: r@a/b.c.0; held 2 - x",
	       "nothing in the series");
	input.nseries = 2;
	is_str(run(&r, arena, pack, &input),
	       "0:; vetoed 1 Unless-Series-Added y", "another patch of it");
	input.patch = build(arena, A "+x\n+y\n");
	input.nseries = 0;
	is_str(run(&r, arena, pack, &input),
	       "0:; vetoed 1 Unless-Series-Added y", "the patch itself");
}

#define BAD "^(?:a+)+$"
#define HOSTILE "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"

static void
test_limit(void)
{
	AUTOFREE(arena) *arena = arena_new();
	AUTOFREE(pack) *pack =
		load(R "Added: " BAD "\n\nRule: s\nWhy: w\nAdded: b\n\n"
		       "Mute: m\nRemoved: " BAD "\n");
	struct match_input input = {
		.patch = build(arena, A " x\n-x\n+a\n= c\n+" HOSTILE "\n")
	};
	struct match_result r;

	is_str(run(&r, arena, pack, &input),
	       "20: s@c.0; limit 0 Added -; held "
	       "1 - " HOSTILE,
	       "no hit is left of the rule, the other goes on");
	is_int((intmax_t)r.nerrors, 1, "one error");
	is_str(r.nerrors ? r.errors[0] : NULL,
	       "rule r (t.rules:3): Added: match limit reached on c:10",
	       "that names the rule, its line and the place");
	input.patch = build(arena, A " x\n-" HOSTILE "\n x\n+b\n");
	run(&r, arena, pack, &input);
	is_int(r.score, 20, "a mute that met its limit mutes nothing");
	is_str(r.nerrors ? r.errors[0] : NULL,
	       "mute (t.rules:10): Removed: match limit reached on a/b.c:11",
	       "and is told");
}

/* Each byte of the line begins an attempt that no match limit ends. */
static void
test_time(void)
{
	AUTOFREE(arena) *arena = arena_new();
	AUTOFREE(pack) *pack =
		load(R "F: a/\n\nRule: s\nWhy: w\nAdded: ^(a|b)*(cx|dy)\n"
		       "K: (a|b)*(cx|dy)\n");
	const size_t len = 16 << 20;
	char *sketch = arena_alloc(arena, len);
	struct match_input input = { 0 };
	struct match_result r;

	for (size_t i = 0; i + 1 < len; i++)
		sketch[i] = "ab"[i & 1];
	memcpy(sketch, A "+", strlen(A "+"));
	memcpy(sketch + len - 9, "\n+dy\n+cx", 9);
	input.patch = build(arena, sketch);
	run(&r, arena, pack, &input);
	is_int(r.traces[0].outcome, RULE_HELD, "what held holds");
	is_int(r.traces[1].outcome, RULE_LIMIT, "the mail's time was up");
	is_str(r.nerrors ? r.errors[0] : NULL,
	       "pack p: matching took more than 1000 ms of CPU time and was "
	       "ended",
	       "which is said once");
	is_int(r.score, 20, "the points of what held");
}

static void
test_disabled(void)
{
	AUTOFREE(arena) *arena = arena_new();
	AUTOFREE(pack) *pack = load(R "Added: x\n");
	const struct match_input input = { .patch = build(arena, A "+x\n") };
	struct match_result r;

	pack->rules[0].disabled = true;
	is_str(run(&r, arena, pack, &input), "0:; disabled 0 - -", "disabled");
}

static void
test_ceiling(void)
{
	AUTOFREE(arena) *arena = arena_new();
	AUTOFREE(pack) *pack = load(R "F: a\n");
	struct built *b = ARENA_NEW(arena, struct built);
	const struct match_input input = { .patch = &b->subject };
	struct match_result r;

	memcpy(b, build(arena, ""), sizeof(*b));
	b->patch.files = b->files;
	b->places.v = b->v;
	b->applied.patch = &b->patch;
	b->subject.applied = &b->applied;
	b->subject.places = &b->places;
	add_file(b, '=', "a", "");
	for (int i = 0; i < LIMIT_FINDINGS + 1; i++)
		add_place(b, ".", ".");
	run(&r, arena, pack, &input);
	is_int((intmax_t)r.nhits, LIMIT_FINDINGS, "findings end somewhere");
	is_str(r.nerrors ? r.errors[0] : NULL,
	       "pack p: more than 1000 findings; the rest is left out",
	       "and it is said");
}

static void
test_explain(void)
{
	AUTOFREE(arena) *arena = arena_new();
	AUTOFREE(regex_scratch) *scratch = regex_scratch_new();
	AUTOFREE(pack) *pack = load(R "F: a/\nFunction: ^start\nAdded: x\n"
				      "Not-Removed: y\nUnless-Added: z\n");
	const struct match_input input = {
		.patch = build(arena, A "@ start start\n-y\n"
					"@ setup_arch setup_arch\n c\n+ x\n")
	};
	static const struct {
		enum condition_outcome outcome;
		const char *value, *where;
	} want[] = {
		{ CONDITION_MATCHED, "a/b.c", "a/b.c" },
		{ CONDITION_FAILED, "setup_arch", NULL },
		{ CONDITION_MATCHED, NULL, NULL },
		{ CONDITION_MATCHED, " x", "a/b.c:11" },
		{ CONDITION_MATCHED, NULL, NULL },
	};
	struct rule_explained e;

	match_explain(&e, arena, &pack->rules[0], &input, scratch);
	is_int((intmax_t)e.nheld, 4, "all but one hold");
	ok(e.place == &input.patch->places->v[1], "at the second place");
	for (size_t i = 0; i < 5; i++) {
		const char *name = e.conditions[i].condition->name;

		is_int(e.conditions[i].outcome, want[i].outcome, name);
		is_str(e.conditions[i].value, want[i].value, "what it saw");
		is_str(e.conditions[i].where, want[i].where, "and where");
	}
}

int
main(void)
{
	test_cases();
	test_wide();
	test_series();
	test_limit();
	test_time();
	test_disabled();
	test_ceiling();
	test_explain();
	return done_testing();
}
