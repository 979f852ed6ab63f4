/* State: variables that guest code writes, or that native-only code alone
   does; and macros that guest code is made of. */
#include <string.h>

#include "arena.h"
#include "divergence-code.h"
#include "divergence-facts.h"
#include "divergence-override.h"
#include "divergence-reach.h"
#include "divergence.h"
#include "rules/platform.h"

/* Who writes a variable: nodes, the first found; 0: nobody. */
struct writers {
	uint32_t guest, native, common;
};

static void
add_writer(struct writers *writers, const struct divergence_code *code,
	   uint32_t writer)
{
	unsigned flags = code->flags[writer];
	uint32_t *who = flags & NODE_MODE      ? NULL
			: flags & NODE_GUEST   ? &writers->guest
			: flags & NODE_SKIPPED ? &writers->native
			: flags & NODE_REACHED ? &writers->common
					       : NULL;

	if (who && !*who)
		*who = writer;
}

/* The writers of each node that is a variable. */
static struct writers *
find_writers(const struct divergence_code *code)
{
	const struct codegraph *graph = &code->graph;
	struct writers *writers =
		ARENA_ARRAY(code->arena, graph->nnodes, struct writers);

	for (uint32_t i = 1; i < graph->nnodes; i++) {
		const struct code_node *n = &graph->nodes[i];

		for (uint32_t r = n->refs; r < n->refs + n->nrefs; r++) {
			struct code_meaning meaning;

			if (graph->refs[r].kind != CSOURCE_WRITE || !n->symbol)
				continue;
			meaning = codegraph_meaning(
				graph, graph->refs[r].symbol, n->file);
			for (uint32_t at; (at = codegraph_next(&meaning)) != 0;)
				if (graph->nodes[at].kind == CSOURCE_VARIABLE)
					add_writer(&writers[at], code, i);
		}
	}
	return writers;
}

/* Of each symbol: is it the variable of an overridden member? To set that is
   what MAP_MEMBER is about. */
static bool *
member_roots(const struct divergence_view *view)
{
	const struct codegraph *graph = &view->code->graph;
	bool *roots = ARENA_ARRAY(view->code->arena, graph->nsymbols, bool);

	for (size_t i = 0; i < view->overrides->n; i++) {
		struct span path =
			codegraph_name(graph, view->overrides->v[i].path);
		const char *dot = memchr(path.ptr, '.', path.len);

		if (dot)
			path.len = (size_t)(dot - path.ptr);
		roots[codegraph_symbol(graph, path)] = true;
	}
	return roots;
}

static void
add_state(struct divergence *map, const struct divergence_view *view,
	  uint32_t node, const struct writers *writers)
{
	const struct divergence_code *code = view->code;
	const struct code_node *n = &code->graph.nodes[node];
	unsigned most = code->platform->limits[PLATFORM_STATE_USERS];
	struct map_fact fact;

	if (writers->guest && code->graph.symbols[n->symbol].users <= most) {
		fact = divergence_fact_of(map, &code->graph, node,
					  MAP_GUEST_STATE);
		fact.counterpart =
			divergence_place_of(map, &code->graph, writers->guest);
		divergence_add(map, &fact);
	}
	/* What is static no other file can come to read. */
	if (writers->native && !writers->guest && !writers->common &&
	    !n->is_static && code->flags[node] & NODE_NATIVE) {
		fact = divergence_fact_of(map, &code->graph, node,
					  MAP_NATIVE_STATE);
		divergence_set_chain(&fact, map, view, writers->native);
		divergence_add(map, &fact);
	}
}

void
divergence_add_states(struct divergence *map,
		      const struct divergence_view *view)
{
	const struct divergence_code *code = view->code;
	const struct writers *writers = find_writers(code);
	const bool *roots = member_roots(view);

	for (uint32_t i = 1; i < code->graph.nnodes; i++) {
		const struct code_node *n = &code->graph.nodes[i];

		if (n->kind == CSOURCE_VARIABLE && n->symbol &&
		    !roots[n->symbol] &&
		    !(code->flags[i] & (NODE_GUEST | NODE_STRANGER)))
			add_state(map, view, i, &writers[i]);
	}
}

/* Macros of native headers that the nodes of @queue name get in line behind
   them; *from is who named them first. */
static size_t
next_macros(const struct divergence_code *code, uint32_t *queue, size_t n,
	    size_t begin, uint32_t *from)
{
	const struct codegraph *graph = &code->graph;
	unsigned most = code->platform->limits[PLATFORM_MACRO_USERS];
	size_t end = n;

	for (size_t q = begin; q < end; q++) {
		const struct code_node *node = &graph->nodes[queue[q]];

		for (uint32_t r = node->refs; r < node->refs + node->nrefs;
		     r++) {
			const struct code_ref *ref = &graph->refs[r];
			struct code_meaning meaning = codegraph_meaning(
				graph, ref->symbol, node->file);

			if (ref->kind == CSOURCE_VIA ||
			    ref->kind == CSOURCE_MEMBER ||
			    graph->symbols[ref->symbol].users > most)
				continue;
			for (uint32_t at;
			     (at = codegraph_next(&meaning)) != 0;) {
				if (graph->nodes[at].kind != CSOURCE_MACRO ||
				    !(code->flags[at] & NODE_NATIVE) ||
				    from[at])
					continue;
				from[at] = code->flags[queue[q]] & NODE_GUEST
						   ? queue[q]
						   : from[queue[q]];
				queue[n++] = at;
			}
		}
	}
	return n;
}

void
divergence_add_macros(struct divergence *map,
		      const struct divergence_view *view)
{
	const struct divergence_code *code = view->code;
	const struct codegraph *graph = &code->graph;
	uint32_t *queue = ARENA_ARRAY(code->arena, graph->nnodes, uint32_t);
	uint32_t *from = ARENA_ARRAY(code->arena, graph->nnodes, uint32_t);
	size_t n = 0, guests;

	for (uint32_t i = 1; i < graph->nnodes; i++)
		if ((code->flags[i] & (NODE_GUEST | NODE_MODE)) == NODE_GUEST &&
		    graph->nodes[i].symbol)
			queue[n++] = i;
	guests = n;
	for (unsigned depth = 0, begin = 0;
	     depth < code->platform->limits[PLATFORM_MACRO_DEPTH]; depth++) {
		size_t end = n;

		n = next_macros(code, queue, n, begin, from);
		begin = (unsigned)end;
	}
	for (size_t i = guests; i < n; i++) {
		struct map_fact fact =
			divergence_fact_of(map, graph, queue[i], MAP_MACRO);

		fact.counterpart =
			divergence_place_of(map, graph, from[queue[i]]);
		divergence_add(map, &fact);
	}
}
