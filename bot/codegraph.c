#include "codegraph.h"

#include <string.h>

#include "arena.h"

static uint32_t
hash_of(struct span s)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < s.len; i++)
		hash = (hash ^ (unsigned char)s.ptr[i]) * 16777619u;
	return hash;
}

static void
rehash(struct codegraph *graph)
{
	graph->nbuckets = graph->nbuckets ? graph->nbuckets * 2 : 1 << 16;
	graph->buckets = ARENA_ARRAY(graph->arena, graph->nbuckets, uint32_t);
	for (uint32_t i = 1; i < graph->nsymbols; i++) {
		size_t b = graph->symbols[i].hash & (graph->nbuckets - 1);

		while (graph->buckets[b])
			b = (b + 1) & (graph->nbuckets - 1);
		graph->buckets[b] = i;
	}
}

/* The bucket of @name: its own, or the free one where it would be. */
static size_t
bucket_of(const struct codegraph *graph, struct span name, uint32_t hash)
{
	size_t b = hash & (graph->nbuckets - 1);

	while (graph->buckets[b]) {
		const struct code_symbol *symbol =
			&graph->symbols[graph->buckets[b]];

		if (symbol->hash == hash && span_equal(symbol->name, name))
			break;
		b = (b + 1) & (graph->nbuckets - 1);
	}
	return b;
}

uint32_t
codegraph_symbol(const struct codegraph *graph, struct span name)
{
	return graph->buckets[bucket_of(graph, name, hash_of(name))];
}

uint32_t
codegraph_intern(struct codegraph *graph, struct span name)
{
	uint32_t hash = hash_of(name);
	size_t b = bucket_of(graph, name, hash);

	if (graph->buckets[b])
		return graph->buckets[b];
	ARENA_GROW(graph->arena, graph->symbols, graph->symbols_cap,
		   graph->nsymbols);
	graph->symbols[graph->nsymbols] =
		(struct code_symbol){ .name = name, .hash = hash };
	graph->buckets[b] = (uint32_t)graph->nsymbols++;
	if (graph->nsymbols * 2 > graph->nbuckets)
		rehash(graph);
	return (uint32_t)graph->nsymbols - 1;
}

static void
add_ref(struct codegraph *graph, uint32_t user, const struct csource_ref *ref)
{
	struct code_ref out = { .kind = ref->kind };

	if (ref->path.len)
		out.path = codegraph_intern(graph, ref->path);
	if (ref->name.len) {
		struct code_symbol *symbol;

		out.symbol = codegraph_intern(graph, ref->name);
		symbol = &graph->symbols[out.symbol];
		if (ref->kind != CSOURCE_MEMBER && ref->kind != CSOURCE_VIA &&
		    symbol->last_user != user) {
			symbol->last_user = user;
			symbol->users++;
		}
		symbol->calls += ref->kind == CSOURCE_CALL;
	}
	ARENA_GROW(graph->arena, graph->refs, graph->refs_cap, graph->nrefs);
	graph->refs[graph->nrefs++] = out;
}

static uint32_t
add_node(struct codegraph *graph, uint32_t file)
{
	ARENA_GROW(graph->arena, graph->nodes, graph->nodes_cap, graph->nnodes);
	graph->nodes[graph->nnodes] =
		(struct code_node){ .file = file,
				    .refs = (uint32_t)graph->nrefs };
	return (uint32_t)graph->nnodes++;
}

static void
add_def(struct codegraph *graph, uint32_t file, const struct csource *source,
	const struct csource_def *def)
{
	uint32_t at = add_node(graph, file);
	struct code_node *node = &graph->nodes[at];
	struct code_symbol *symbol;

	node->symbol = codegraph_intern(graph, def->name);
	node->kind = def->kind;
	node->is_static = def->is_static;
	node->falls_through = def->falls_through;
	node->first_line = def->first;
	node->last_line = def->last;
	if (def->type.len)
		node->type = codegraph_intern(graph, def->type);
	symbol = &graph->symbols[node->symbol];
	node->next = symbol->nodes;
	symbol->nodes = at;
	for (size_t i = 0; i < def->nrefs; i++)
		add_ref(graph, at, &source->refs[def->refs + i]);
	node->nrefs = (uint32_t)graph->nrefs - node->refs;
}

/* What stands between definitions: calls of macros at file scope. */
static void
add_loose(struct codegraph *graph, uint32_t file, const struct csource *source)
{
	uint32_t at = add_node(graph, file);
	size_t ref = 0;

	for (size_t i = 0; i <= source->ndefs; i++) {
		const struct csource_def *def = &source->defs[i];
		size_t end = i < source->ndefs ? def->refs : source->nrefs;

		for (; ref < end; ref++)
			add_ref(graph, at, &source->refs[ref]);
		if (i < source->ndefs && def->refs + def->nrefs > ref)
			ref = def->refs + def->nrefs;
	}
	graph->nodes[at].nrefs = (uint32_t)graph->nrefs - graph->nodes[at].refs;
}

void
codegraph_build(struct codegraph *out, struct arena *arena,
		struct code_file *files, size_t n)
{
	*out = (struct codegraph){ .arena = arena,
				   .files = files,
				   .nfiles = n };
	rehash(out);
	/* Number 0 of each is nobody's. */
	ARENA_GROW(arena, out->symbols, out->symbols_cap, 0);
	out->nsymbols = 1;
	ARENA_GROW(arena, out->nodes, out->nodes_cap, 0);
	out->nnodes = 1;
	for (uint32_t f = 0; f < n; f++) {
		const struct csource *source = &files[f].source;

		files[f].first_node = (uint32_t)out->nnodes;
		for (size_t i = 0; i < source->ndefs; i++)
			add_def(out, f, source, &source->defs[i]);
		add_loose(out, f, source);
		files[f].nnodes = (uint32_t)out->nnodes - files[f].first_node;
	}
}

static bool
is_code(const struct code_node *node)
{
	return node->kind == CSOURCE_FUNCTION || node->kind == CSOURCE_MACRO ||
	       node->kind == CSOURCE_VARIABLE;
}

struct code_meaning
codegraph_meaning(const struct codegraph *graph, uint32_t symbol, uint32_t file)
{
	struct code_meaning meaning = { .graph = graph, .file = file };

	if (!symbol)
		return meaning;
	meaning.at = graph->symbols[symbol].nodes;
	for (uint32_t i = meaning.at; i; i = graph->nodes[i].next)
		if (graph->nodes[i].file == file && is_code(&graph->nodes[i]))
			meaning.local = true;
	return meaning;
}

/* Local symbols of assembly are known in the files that include theirs, which
   are of assembly, too (verify_cpu.S). */
static bool
is_seen_from(const struct codegraph *graph, const struct code_node *node,
	     uint32_t file)
{
	return !node->is_static ||
	       (graph->files[node->file].is_asm && graph->files[file].is_asm);
}

uint32_t
codegraph_next(struct code_meaning *meaning)
{
	while (meaning->at) {
		uint32_t at = meaning->at;
		const struct code_node *node = &meaning->graph->nodes[at];

		meaning->at = node->next;
		if (!is_code(node))
			continue;
		if (meaning->local
			    ? node->file == meaning->file
			    : is_seen_from(meaning->graph, node, meaning->file))
			return at;
	}
	return 0;
}

uint32_t
codegraph_find(const struct codegraph *graph, uint32_t symbol, uint32_t file,
	       enum csource_kind kind)
{
	struct code_meaning meaning = codegraph_meaning(graph, symbol, file);
	uint32_t node;

	while ((node = codegraph_next(&meaning)) != 0)
		if (graph->nodes[node].kind == kind)
			return node;
	return 0;
}
