#include "output-map.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "buf.h"
#include "output.h"
#include "prose.h"

enum {
	LISTED = 40,	   /* facts of a kind that the overview prints */
	WHY_BYTES = 16384, /* of the sentences about a name */
};

static const struct {
	const char *one, *many; /* what a fact of the kind is */
} kinds[NMAP_KINDS] = {
	[MAP_ENTRY] = { "step of a native entry sequence",
			"steps of native entry sequences" },
	[MAP_SKIPPED] = { "function that only bare metal reaches",
			  "functions that only bare metal reaches" },
	[MAP_REPLACED] = { "native half of an operation that the guest replaces",
			   "native halves of operations that the guest "
			   "replaces" },
	[MAP_MEMBER] = { "operation or structure that the guest overrides",
			 "operations and structures that the guest "
			 "overrides" },
	[MAP_HOOK] = { "function that calls one of these", "calls of these" },
	[MAP_CALLEE] = { "function that guest code calls",
			 "functions that guest code calls" },
	[MAP_MACRO] = { "macro that guest code uses",
			"macros that guest code uses" },
	[MAP_YIELD] = { "function that tests for the guest",
			"tests for the guest" },
	[MAP_GUEST_STATE] = { "variable that guest code writes",
			      "variables that guest code writes" },
	[MAP_NATIVE_STATE] = { "variable that native-only code alone writes",
			       "variables that native-only code alone "
			       "writes" },
	[MAP_PRIVILEGED] = { "function that does what only the hypervisor may",
			     "functions that do what only the hypervisor "
			     "may" },
};

static const char *
file_of(const struct map_fact *fact)
{
	return *fact->file ? fact->file : "(no file)";
}

static const char *
joined(struct arena *arena, const char *const *names, size_t n)
{
	const char *text = "";

	for (size_t i = 0; i < n; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? " -> " : "",
				    names[i]);
	return text;
}

/* "function() in file" of "file:function". */
static const char *
counterpart(struct arena *arena, const char *text)
{
	const char *colon = strrchr(text, ':');

	if (!colon)
		return text;
	return arena_printf(arena, "%s() in %.*s", colon + 1,
			    (int)(colon - text), text);
}

static void
print_heading(FILE *out, struct arena *arena, const struct map_shown *shown)
{
	const char *date = output_time(arena, shown->map->date);

	fprintf(out, "%s beside bare metal in %s", shown->guest,
		*shown->map->of ? shown->map->of : "an unnamed tree");
	if (*date)
		fprintf(out, " of %.10s", date);
	fprintf(out, " (%s map)\n", map_how_name(shown->how));
}

static void
print_paths(FILE *out, struct arena *arena, const struct map_shown *shown)
{
	for (size_t i = 0; i < shown->map->npaths; i++) {
		const struct map_path *path = &shown->map->paths[i];

		fprintf(out, "  %s: %s runs %s", path->native, shown->guest,
			path->nguest ? joined(arena, path->guest, path->nguest)
				     : "nothing");
		if (*path->join)
			fprintf(out, "; both go on in %s", path->join);
		fputc('\n', out);
	}
}

/* Names stand once, though they may have several facts. */
static size_t
count_names(const struct divergence *map, enum map_kind kind)
{
	const char *last = NULL;
	size_t n = 0;

	for (size_t i = 0; i < map->nfacts; i++) {
		const struct map_fact *fact = &map->facts[i];

		if (fact->kind != kind || (last && !strcmp(last, fact->name)))
			continue;
		last = fact->name;
		n++;
	}
	return n;
}

static void
print_names(FILE *out, const struct divergence *map, enum map_kind kind)
{
	const char *last = NULL;

	for (size_t i = 0; i < map->nfacts; i++) {
		const struct map_fact *fact = &map->facts[i];

		if (fact->kind != kind || (last && !strcmp(last, fact->name)))
			continue;
		last = fact->name;
		fprintf(out, "                     %s  %s\n", fact->name,
			file_of(fact));
	}
}

void
output_map_overview(FILE *out, struct arena *arena,
		    const struct map_shown *shown)
{
	print_heading(out, arena, shown);
	if (shown->map->npaths)
		fputs("\nWays into the kernel\n", out);
	print_paths(out, arena, shown);
	fputs("\nWhat differs\n", out);
	for (int i = 0; i < NMAP_KINDS; i++) {
		enum map_kind kind = (enum map_kind)i;
		size_t n = count_names(shown->map, kind);

		fprintf(out, "  %6zu  %-12s %s\n", n, map_kind_name(kind),
			n == 1 ? kinds[kind].one : kinds[kind].many);
		if (kind == MAP_NATIVE_STATE && n <= LISTED)
			print_names(out, shown->map, kind);
	}
	fputs("\n\"pvwatch map NAME\" explains one, "
	      "\"pvwatch map --kind KIND\" lists them.\n",
	      out);
}

/* Of the native half of an operation, or of a way into the kernel. */
static const char *
skipped_sentence(struct arena *arena, const struct map_shown *shown,
		 const struct map_fact *fact, const char *other)
{
	if (*fact->member)
		return arena_printf(arena,
				    "part of what bare metal runs for "
				    "%s; %s runs %s.",
				    fact->member, shown->guest, other);
	return arena_printf(arena,
			    "%s, which %s does not take: it enters at "
			    "%s.",
			    fact->kind == MAP_ENTRY
				    ? "step of a native entry sequence"
				    : "on bare metal's way into the kernel",
			    shown->guest, other);
}

/* One sentence about one fact. */
static const char *
sentence(struct arena *arena, const struct map_shown *shown,
	 const struct map_fact *fact)
{
	const char *guest = shown->guest;
	const char *other = *fact->counterpart
				    ? counterpart(arena, fact->counterpart)
				    : "code of its own";

	switch (fact->kind) {
	case MAP_ENTRY:
	case MAP_SKIPPED:
		return skipped_sentence(arena, shown, fact, other);
	case MAP_REPLACED:
		return arena_printf(arena,
				    "what bare metal runs for %s; %s "
				    "runs %s.",
				    fact->member, guest, other);
	case MAP_MEMBER:
		return arena_printf(arena, "%s overrides it with %s.", guest,
				    other);
	case MAP_HOOK:
		return arena_printf(arena,
				    "calls %s, which leads %s to %s: "
				    "the order around the call matters.",
				    fact->member, guest, other);
	case MAP_CALLEE:
		return arena_printf(arena, "guest code calls it: %s.", other);
	case MAP_MACRO:
		return arena_printf(arena, "guest code uses it: %s.", other);
	case MAP_YIELD:
		return arena_printf(arena,
				    "tests for the guest by %s and "
				    "takes another way there.",
				    *fact->member ? fact->member : "a word");
	case MAP_GUEST_STATE:
		return arena_printf(arena, "guest code writes it: %s.", other);
	case MAP_NATIVE_STATE:
		return "written on bare metal's way alone.";
	case MAP_PRIVILEGED:
		return "does what only the hypervisor may.";
	case NMAP_KINDS:
		break;
	}
	return "";
}

static void
print_fact(FILE *out, struct arena *arena, const struct map_shown *shown,
	   const struct map_fact *fact)
{
	struct buf buf = BUF(WHY_BYTES);

	prose_wrap(&buf, "    ",
		   arena_printf(arena, "%s: %s", map_kind_name(fact->kind),
				sentence(arena, shown, fact)));
	if (fact->nchain > 1)
		prose_wrap(
			&buf, "      ",
			arena_printf(arena, "by %s",
				     joined(arena, fact->chain, fact->nchain)));
	fputs(buf_str(&buf), out);
	buf_free(&buf);
}

/* Other functions of the file that step aside for the guest. */
static void
print_yields_near(FILE *out, const struct map_shown *shown,
		  const struct map_fact *of)
{
	const struct divergence *map = shown->map;
	const char *last = NULL;

	for (size_t i = 0; i < map->nfacts; i++) {
		const struct map_fact *fact = &map->facts[i];

		if (fact->kind != MAP_YIELD || strcmp(fact->file, of->file) ||
		    !strcmp(fact->name, of->name) ||
		    (last && !strcmp(last, fact->name)))
			continue;
		fprintf(out, "%s %s (%s)",
			last ? "," : "    near: in this file", fact->name,
			*fact->member ? fact->member : "?");
		last = fact->name;
	}
	if (last)
		fputs(last ? " test for the guest, too.\n" : "", out);
}

/* @name as a whole member, or as the end of one. */
static const struct map_fact *
facts_of(size_t *n, const struct divergence *map, const char *name)
{
	const struct map_fact *facts = divergence_find(n, map, span_of(name));

	if (facts)
		return facts;
	facts = divergence_member(map, span_of(name));
	*n = facts != NULL;
	return facts;
}

bool
output_map_name(FILE *out, struct arena *arena, const struct map_shown *shown,
		const char *name)
{
	size_t n;
	const struct map_fact *facts = facts_of(&n, shown->map, name);

	for (size_t i = 0; i < n; i++) {
		if (!i || strcmp(facts[i].file, facts[i - 1].file))
			fprintf(out, "%s  %s\n", facts[i].name,
				file_of(&facts[i]));
		print_fact(out, arena, shown, &facts[i]);
		if (i + 1 == n || strcmp(facts[i].file, facts[i + 1].file))
			print_yields_near(out, shown, &facts[i]);
	}
	return n;
}

void
output_map_kinds(FILE *out, const struct map_shown *shown, unsigned set)
{
	const struct divergence *map = shown->map;

	for (size_t i = 0; i < map->nfacts; i++) {
		const struct map_fact *fact = &map->facts[i];

		if (!(set & 1u << fact->kind))
			continue;
		fprintf(out, "%s %s %s", map_kind_name(fact->kind),
			file_of(fact), fact->name);
		if (*fact->member)
			fprintf(out, " %s", fact->member);
		if (*fact->counterpart)
			fprintf(out, " | %s", fact->counterpart);
		fputc('\n', out);
	}
}

static const char *const titles[NCHANGES] = {
	[CHANGE_NATIVE_ONLY] = "native-only now: the guest does not get "
			       "there",
	[CHANGE_SHARED] = "no longer native-only: gone, or the guest gets "
			  "there",
	[CHANGE_LOST_GUEST] = "pairs that have lost the guest's half",
	[CHANGE_LOST_NATIVE] = "pairs that have lost the native half",
	[CHANGE_COUNTERPART] = "the guest puts in something else",
	[CHANGE_CAME] = "new",
	[CHANGE_WENT] = "gone",
};

static size_t
count_what(const struct map_changes *changes, enum map_change_what what)
{
	size_t n = 0;

	for (size_t i = 0; i < changes->n; i++)
		n += changes->v[i].what == what;
	return n;
}

static void
print_change(FILE *out, struct arena *arena, const struct map_change *change)
{
	const struct map_fact *fact = change->is ? change->is : change->was;
	const struct map_fact *was = change->was;

	fprintf(out, "  %-12s %s  %s\n", map_kind_name(fact->kind), fact->name,
		file_of(fact));
	if (change->what == CHANGE_LOST_GUEST)
		fprintf(out, "      of %s, which was %s\n", was->name,
			counterpart(arena, was->counterpart));
	else if (change->what == CHANGE_LOST_NATIVE)
		fprintf(out,
			"      beside %s() in %s, while the guest has %s\n",
			was->name, file_of(was),
			counterpart(arena, fact->counterpart));
	else if (change->what == CHANGE_COUNTERPART)
		fprintf(out, "      %s, not %s\n",
			counterpart(arena, fact->counterpart),
			counterpart(arena, was->counterpart));
	else if (*fact->member)
		fprintf(out, "      %s\n", fact->member);
	else if (fact->nchain > 1)
		fprintf(out, "      by %s\n",
			joined(arena, fact->chain, fact->nchain));
}

void
output_map_changes(FILE *out, struct arena *arena,
		   const struct divergence *before,
		   const struct divergence *after,
		   const struct map_changes *changes)
{
	enum map_change_what last = NCHANGES;

	fprintf(out, "from %s to %s: %zu changes\n", before->of, after->of,
		changes->n);
	for (size_t i = 0; i < changes->n; i++) {
		const struct map_change *change = &changes->v[i];

		if (change->what != last)
			fprintf(out, "\n%s (%zu)\n", titles[change->what],
				count_what(changes, change->what));
		last = change->what;
		print_change(out, arena, change);
	}
}
