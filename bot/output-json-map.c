#include "output-map.h"

#include <string.h>

#include "output-json.h"
#include "output.h"

static json_t *
names(const char *const *list, size_t n)
{
	json_t *array = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(array, json_string(list[i]));
	return array;
}

static json_t *
some(const char *text)
{
	return *text ? json_string(text) : json_null();
}

static json_t *
paths(const struct divergence *map)
{
	json_t *array = json_array();

	for (size_t i = 0; i < map->npaths; i++) {
		const struct map_path *path = &map->paths[i];

		json_array_append_new(
			array,
			json_pack("{s:s, s:o, s:o}", "native", path->native,
				  "guest", names(path->guest, path->nguest),
				  "join", some(path->join)));
	}
	return array;
}

void
output_map_overview_json(FILE *out, const struct map_shown *shown)
{
	AUTOFREE(arena) *arena = arena_new();
	size_t counts[NMAP_KINDS] = { 0 };
	json_t *facts = json_object();

	for (size_t i = 0; i < shown->map->nfacts; i++)
		counts[shown->map->facts[i].kind]++;
	for (int i = 0; i < NMAP_KINDS; i++)
		json_object_set_new(facts, map_kind_name((enum map_kind)i),
				    json_integer((json_int_t)counts[i]));
	print_object(
		out,
		json_pack("{s:i, s:o, s:o, s:o, s:s, s:s, s:o, s:o}", "schema",
			  SCHEMA, "of", some(shown->map->of), "commit",
			  some(shown->map->commit), "date",
			  text(arena, output_time(arena, shown->map->date)),
			  "how", map_how_name(shown->how), "guest",
			  shown->guest, "paths", paths(shown->map), "facts",
			  facts));
}

static json_t *
fact_of(const struct map_fact *fact)
{
	return json_pack("{s:i, s:s, s:s, s:o, s:b, s:i, s:o, s:o, s:o, s:o}",
			 "schema", SCHEMA, "kind", map_kind_name(fact->kind),
			 "name", fact->name, "file", some(fact->file), "static",
			 (int)fact->is_static, "depth", (int)fact->depth,
			 "member", some(fact->member), "type", some(fact->type),
			 "counterpart", some(fact->counterpart), "chain",
			 names(fact->chain, fact->nchain));
}

void
output_map_fact_json(FILE *out, const struct map_fact *fact)
{
	print_object(out, fact_of(fact));
}

void
output_map_changes_json(FILE *out, const struct map_changes *changes)
{
	for (size_t i = 0; i < changes->n; i++) {
		const struct map_change *c = &changes->v[i];

		print_object(
			out,
			json_pack("{s:i, s:s, s:o, s:o}", "schema", SCHEMA,
				  "change", map_change_name(c->what), "was",
				  c->was ? fact_of(c->was) : json_null(), "is",
				  c->is ? fact_of(c->is) : json_null()));
	}
}
