#include "finding.h"

#include <string.h>

#include "arena.h"
#include "buf.h"
#include "place.h"
#include "rules/match.h"
#include "utf8.h"

enum {
	WHY_BYTES = 16 << 10,
	EXCERPT_BYTES = 400, /* of a line; generated files have longer ones */
};

struct placeholder {
	const char *name;
	const char *value;
};

/* The placeholder that @s starts with; NULL: none. */
static const struct placeholder *
placeholder_at(const struct placeholder *table, const char *s)
{
	for (; table->name; table++)
		if (!strncmp(s, table->name, strlen(table->name)))
			return table;
	return NULL;
}

static const char *
fill_in(struct arena *arena, const char *why, const struct placeholder *table)
{
	struct buf buf = BUF(WHY_BYTES);
	const char *filled;

	while (*why) {
		const struct placeholder *p = placeholder_at(table, why);

		if (p) {
			buf_addstr(&buf, p->value);
			why += strlen(p->name);
		} else {
			buf_addch(&buf, *why++);
		}
	}
	filled = arena_strdup(arena, buf_str(&buf));
	buf_free(&buf);
	return filled;
}

/* The function that the line shown is in, on the side where it stands. */
static const char *
function_of(const struct place *place, const struct patch_line *line)
{
	const char *before = place->function_before;
	const char *after = place->function_after;

	if (line && line->kind == LINE_REMOVED)
		return before ? before : after;
	return after ? after : before;
}

static const char *
excerpt(struct arena *arena, const struct patch_line *line)
{
	struct span text = line->text;
	const char *clean;

	if (text.len > EXCERPT_BYTES)
		text.len = EXCERPT_BYTES;
	clean = utf8_clean_but(arena, text, "\t");
	return arena_printf(arena, "%c%s", (char)line->kind, clean);
}

/* A new member of a structure is known by those that are overridden already:
   the fact is one of these, whichever. */
static bool
is_about_structure(const struct match_hit *hit)
{
	return hit->kind == MAP_MEMBER && hit->fact &&
	       span_equal(hit->named, span_of(hit->fact->type));
}

/* Of these the counterpart is what may have to follow the change. */
static const char *
tell_change(const struct match_hit *hit)
{
	if (hit->kind != MAP_ENTRY && hit->kind != MAP_REPLACED &&
	    hit->kind != MAP_MEMBER)
		return "";
	return hit->changes_counterpart ? ", which this patch changes, too"
					: ", untouched by this patch";
}

/* "function() in file" of "file:function". */
static const char *
counterpart_text(struct arena *arena, const struct finding_map *map,
		 const struct match_hit *hit)
{
	const char *colon = map ? strrchr(map->counterpart, ':') : NULL;

	if (colon)
		return arena_printf(arena, "%s() in %.*s%s", colon + 1,
				    (int)(colon - map->counterpart),
				    map->counterpart, tell_change(hit));
	return map && *map->counterpart ? map->counterpart : "code of its own";
}

/* Long ones without their middle: both ends are what one wants to know. */
static const char *
chain_text(struct arena *arena, const struct finding_map *map,
	   const char *otherwise)
{
	enum { SHOWN = 9, HEAD = 4, TAIL = 4 };
	const char *text = "";
	size_t n = map ? map->nchain : 0;

	if (n == 1) /* the chain of where it begins */
		return "entering there";
	for (size_t i = 0; i < n; i++) {
		const char *name = map->chain[i];

		if (n > SHOWN && i == HEAD) {
			name = "...";
			i = n - TAIL - 1;
		}
		text = arena_printf(arena, "%s%s%s", text, *text ? " -> " : "",
				    name);
	}
	return n ? text : otherwise;
}

static const char *
member_text(struct arena *arena, const struct finding_map *map,
	    const struct match_hit *hit)
{
	if (!map || !*map->member)
		return "an operation of the guest";
	if (is_about_structure(hit))
		return arena_printf(arena, "members of struct %s, such as %s,",
				    hit->fact->type, map->member);
	return map->member;
}

static const char *
why_of(struct arena *arena, const struct finding *f,
       const struct match_hit *hit)
{
	const char *function =
		f->function ? arena_printf(arena, "%s()", f->function)
			    : "this code";
	const struct placeholder table[] = {
		{ "{function}", function },
		{ "{line}", arena_printf(arena, "%u", (unsigned)f->line) },
		{ "{counterpart}", counterpart_text(arena, f->map, hit) },
		{ "{member}", member_text(arena, f->map, hit) },
		{ "{chain}", chain_text(arena, f->map, function) },
		{ NULL, NULL },
	};

	return fill_in(arena, hit->rule->why, table);
}

/* Members, macros and variables are what the fact is about; of a function it
   is the member that it has to do with. */
static const char *
member_of(struct arena *arena, const struct match_hit *hit)
{
	const struct map_fact *fact = hit->fact;

	if (fact && *fact->member)
		return fact->member;
	if (fact && hit->kind != MAP_MEMBER && hit->kind != MAP_MACRO &&
	    hit->kind != MAP_GUEST_STATE && hit->kind != MAP_NATIVE_STATE)
		return "";
	return fact ? fact->name : utf8_clean(arena, span_trim(hit->named));
}

static const struct finding_map *
map_of(struct arena *arena, const struct match_hit *hit)
{
	struct finding_map *map = ARENA_NEW(arena, struct finding_map);

	map->kind = map_kind_name(hit->kind);
	map->member = member_of(arena, hit);
	map->counterpart = hit->fact && !is_about_structure(hit)
				   ? hit->fact->counterpart
				   : "";
	if (hit->fact) {
		map->chain = hit->fact->chain;
		map->nchain = hit->fact->nchain;
	}
	return map;
}

void
finding_of_hit(struct finding *out, struct arena *arena,
	       const struct pack *pack, const struct match_hit *hit)
{
	const struct place *place = hit->place;
	const struct rule *rule = hit->rule;
	const struct patch_line *line = NULL;
	const char *function;

	memset(out, 0, sizeof(*out));
	if (hit->line >= 0 && (size_t)hit->line < place->nlines)
		line = &place->lines[hit->line];
	out->pack = pack->name;
	out->rule = rule->id;
	out->title = rule->title;
	out->area = rule->area;
	out->points = rule->points;
	out->path = utf8_clean(arena, span_of(patch_file_path(place->file)));
	function = function_of(place, line);
	if (function)
		out->function = utf8_clean(arena, span_of(function));
	out->basis = place->images ? BASIS_TREE : BASIS_DIFF;
	out->text = "";
	if (line) {
		out->line = place_line(place, (size_t)hit->line);
		out->old_side = line->kind == LINE_REMOVED;
		out->text = excerpt(arena, line);
	}
	if (hit->has_map)
		out->map = map_of(arena, hit);
	out->why = why_of(arena, out, hit);
}

/* Step over the name of the finding's own function at *@s. */
static bool
skip_function(const char **s, const struct finding *finding)
{
	static const char unknown[] = "this code";
	size_t n = finding->function ? strlen(finding->function) : 0;

	if (n && !strncmp(*s, finding->function, n) &&
	    !strncmp(*s + n, "()", 2)) {
		*s += n + 2;
		return true;
	}
	if (!n && !strncmp(*s, unknown, strlen(unknown))) {
		*s += strlen(unknown);
		return true;
	}
	return false;
}

bool
finding_same_reason(const struct finding *a, const struct finding *b)
{
	const char *left = a->why, *right = b->why;

	if (strcmp(a->rule, b->rule) != 0 || strcmp(a->pack, b->pack) != 0)
		return false;
	for (;;) {
		const char *l = left, *r = right;

		if (skip_function(&l, a) && skip_function(&r, b)) {
			left = l;
			right = r;
			continue;
		}
		if (*left != *right)
			return false;
		if (!*left)
			return true;
		left++, right++;
	}
}
