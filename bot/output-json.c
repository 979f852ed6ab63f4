#include "output.h"

#include "output-json.h"

#include <string.h>

#include "arena.h"
#include "verdict.h"

static void
add_addresses(json_t *array, struct arena *arena, const struct addresses *list)
{
	for (size_t i = 0; i < list->n; i++)
		json_array_append_new(
			array, text(arena, address_format(arena, list->v[i])));
}

static json_t *
addresses(struct arena *arena, const struct addresses *list)
{
	json_t *array = json_array();

	add_addresses(array, arena, list);
	return array;
}

static void
add_new(json_t *array, struct arena *arena, const struct addresses *list)
{
	for (size_t i = 0; i < list->n; i++) {
		const char *one = address_format(arena, list->v[i]);
		size_t j, n = json_array_size(array);

		for (j = 0; j < n; j++)
			if (!strcmp(json_string_value(json_array_get(array, j)),
				    one))
				break;
		if (j == n)
			json_array_append_new(array, text(arena, one));
	}
}

/* All packs' people together. */
static json_t *
cc(struct arena *arena, const struct verdict *verdict)
{
	json_t *needed = json_array(), *present = json_array();

	for (size_t i = 0; i < verdict->npacks; i++) {
		add_new(needed, arena, &verdict->packs[i].needed);
		add_new(present, arena, &verdict->packs[i].present);
	}
	return json_pack("{s:o, s:o}", "needed", needed, "present", present);
}

static json_t *
packs(struct arena *arena, const struct verdict *verdict)
{
	json_t *array = json_array();

	for (size_t i = 0; i < verdict->npacks; i++) {
		const struct pack_verdict *p = &verdict->packs[i];

		json_array_append_new(
			array,
			json_pack("{s:o, s:o, s:o, s:o, s:s, s:o, s:o}", "pack",
				  text(arena, p->pack), "version",
				  text(arena, p->version), "hash",
				  text(arena, p->hash), "score",
				  points(p->score), "decision",
				  decision_name(p->decision), "needed",
				  addresses(arena, &p->needed), "present",
				  addresses(arena, &p->present)));
	}
	return array;
}

static json_t *
base(struct arena *arena, const struct verdict *verdict)
{
	const struct base *b = &verdict->base;
	json_t *attempts = json_array();

	for (size_t i = 0; i < b->nattempts; i++)
		json_array_append_new(
			attempts,
			json_pack("{s:s, s:o, s:o}", "how",
				  base_how_name(b->attempts[i].how), "rev",
				  text(arena, b->attempts[i].rev), "outcome",
				  text(arena, b->attempts[i].outcome)));
	return json_pack("{s:o, s:s, s:o}", "commit", text(arena, b->commit),
			 "how", base_how_name(b->how), "attempts", attempts);
}

static json_t *
hunks(const struct verdict *verdict)
{
	json_t *object = json_object();

	for (size_t i = 0; i < NPLACINGS; i++)
		json_object_set_new(
			object, placing_name((enum placing)i),
			json_integer((json_int_t)verdict->hunks[i]));
	return object;
}

static json_t *
finding_map(struct arena *arena, const struct finding_map *map)
{
	json_t *chain;

	if (!map)
		return json_null();
	chain = json_array();
	for (size_t i = 0; i < map->nchain; i++)
		json_array_append_new(chain, text(arena, map->chain[i]));
	return json_pack(
		"{s:o, s:o, s:o, s:o}", "kind", text(arena, map->kind),
		"member", *map->member ? text(arena, map->member) : json_null(),
		"counterpart",
		*map->counterpart ? text(arena, map->counterpart) : json_null(),
		"chain", chain);
}

static json_t *
map(struct arena *arena, const struct verdict *verdict)
{
	if (!verdict->map_of)
		return json_null();
	return json_pack("{s:o, s:s}", "of", text(arena, verdict->map_of),
			 "how", map_how_name(verdict->map_how));
}

static json_t *
findings(struct arena *arena, const struct verdict *verdict)
{
	json_t *array = json_array();

	for (size_t i = 0; i < verdict->nfindings; i++) {
		const struct finding *f = &verdict->findings[i];
		json_t *line = f->line ? json_integer(f->line) : json_null();
		const char *basis = finding_basis_name(f->basis);

		json_array_append_new(
			array,
			json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s, "
				  "s:o, s:o, s:o, s:o, s:o}",
				  "pack", text(arena, f->pack), "rule",
				  text(arena, f->rule), "title",
				  text(arena, f->title), "points",
				  points(f->points), "area",
				  text(arena, f->area), "path",
				  text(arena, f->path), "line", line, "side",
				  f->old_side ? "old" : "new", "function",
				  text(arena, f->function), "text",
				  text(arena, f->text), "why",
				  text(arena, f->why), "basis",
				  text(arena, basis), "map",
				  finding_map(arena, f->map)));
	}
	return array;
}

static json_t *
errors(struct arena *arena, const struct verdict *verdict)
{
	json_t *array = json_array();

	for (size_t i = 0; i < verdict->nerrors; i++)
		json_array_append_new(array, text(arena, verdict->errors[i]));
	return array;
}

static json_t *
series(const struct verdict *verdict)
{
	json_t *missing = NULL;

	for (size_t i = 0; i < verdict->nmissing; i++) {
		if (!missing)
			missing = json_array();
		json_array_append_new(missing,
				      json_integer(verdict->missing[i]));
	}
	return json_pack("{s:i, s:i, s:i, s:b, s:o*}", "version",
			 (int)verdict->version, "part", (int)verdict->part,
			 "total", (int)verdict->total, "complete",
			 (int)verdict->series_complete, "missing", missing);
}

/* In the order of design.md 7; jansson keeps it. */
json_t *
verdict_object(struct arena *arena, const struct verdict *v)
{
	const char *date = output_time(arena, v->date);
	json_t *id = v->id ? json_integer(v->id) : json_null();

	return json_pack(
		"{s:i, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:o, "
		"s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		"schema", SCHEMA, "id", id, "kind", kind_name(v->kind), "msgid",
		text(arena, v->msgid), "commit", text(arena, v->commit),
		"subject", text(arena, v->subject), "author",
		text(arena, address_format(arena, v->author)), "date",
		*date ? text(arena, date) : json_null(), "source",
		text(arena, v->source), "series", series(v), "decision",
		decision_name(v->decision), "skipped", text(arena, v->skipped),
		"score", points(v->score), "packs", packs(arena, v), "cc",
		cc(arena, v), "base", base(arena, v), "map", map(arena, v),
		"hunks", hunks(v), "findings", findings(arena, v), "errors",
		errors(arena, v));
}

void
output_json(FILE *out, const struct verdict *verdict)
{
	AUTOFREE(arena) *arena = arena_new();

	print_object(out, verdict_object(arena, verdict));
}
