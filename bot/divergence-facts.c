#include "divergence-facts.h"

#include <string.h>

#include "arena.h"
#include "divergence-code.h"
#include "divergence-override.h"
#include "divergence-privileged.h"
#include "divergence-reach.h"
#include "divergence.h"
#include "limits.h"
#include "rules/platform.h"
#include "rules/regex.h"

static const char *
text_of(struct divergence *map, const struct codegraph *graph, uint32_t symbol)
{
	return symbol ? arena_span(map->arena, codegraph_name(graph, symbol))
		      : "";
}

struct map_fact
divergence_fact_of(struct divergence *map, const struct codegraph *graph,
		   uint32_t node, enum map_kind kind)
{
	const struct code_node *n = &graph->nodes[node];

	return (struct map_fact){
		.name = text_of(map, graph, n->symbol),
		.kind = kind,
		.file = graph->files[n->file].path,
		.is_static = n->is_static,
	};
}

const char *
divergence_place_of(struct divergence *map, const struct codegraph *graph,
		    uint32_t node)
{
	const struct code_node *n = &graph->nodes[node];

	if (!node)
		return "";
	return arena_printf(map->arena, "%s:%s", graph->files[n->file].path,
			    text_of(map, graph, n->symbol));
}

void
divergence_set_chain(struct map_fact *fact, struct divergence *map,
		     const struct divergence_view *view, uint32_t node)
{
	const struct codegraph *graph = &view->code->graph;
	const char **chain;
	size_t n = 0;

	for (uint32_t at = node; at && n < LIMIT_MAP_CHAIN;
	     at = view->reach->steps[at].from)
		n++;
	chain = ARENA_ARRAY(map->arena, n, const char *);
	fact->chain = chain;
	fact->nchain = n;
	for (uint32_t at = node; n; at = view->reach->steps[at].from)
		chain[--n] = text_of(map, graph, graph->nodes[at].symbol);
}

/* The last of the guest's functions on this way in that the tree has. */
static uint32_t
guest_entry(const struct divergence_code *code,
	    const struct platform_entry *entry)
{
	const struct codegraph *graph = &code->graph;

	for (size_t i = entry->guest.n; i-- > 0;) {
		uint32_t symbol =
			codegraph_symbol(graph, span_of(entry->guest.v[i]));

		for (uint32_t at = symbol ? graph->symbols[symbol].nodes : 0;
		     at; at = graph->nodes[at].next)
			if (graph->nodes[at].kind == CSOURCE_FUNCTION)
				return at;
	}
	return 0;
}

static bool
is_half(const struct overrides *overrides, uint32_t path, uint32_t node)
{
	const struct override *o = override_of(overrides, path);

	for (size_t i = 0; o && i < o->nnatives; i++)
		if (o->natives[i] == node)
			return true;
	return false;
}

/* Of a table whose members are single operations, no steps in an order? */
static bool
is_operation(const struct divergence_view *view, uint32_t path)
{
	const struct platform_list *tables = &view->code->platform->operations;
	struct span name = codegraph_name(&view->code->graph, path);

	for (size_t i = 0; i < tables->n; i++)
		if (span_starts(name, tables->v[i]) &&
		    name.len > strlen(tables->v[i]) &&
		    name.ptr[strlen(tables->v[i])] == '.')
			return true;
	return false;
}

/* Native-only functions: of a sequence, or deeper. */
static void
add_skipped(struct divergence *map, const struct divergence_view *view,
	    uint32_t node)
{
	const struct divergence_code *code = view->code;
	const struct reach_step *step = &view->reach->steps[node];
	const struct override *o = override_of(view->overrides, step->half);
	bool near = step->depth <= code->platform->limits[PLATFORM_ENTRY_DEPTH];
	struct map_fact fact;
	uint32_t guest = o ? o->guest : 0;

	if (is_half(view->overrides, step->half, node))
		return;
	fact = divergence_fact_of(
		map, &code->graph, node,
		near && (step->entry ||
			 (step->half && !is_operation(view, step->half)))
			? MAP_ENTRY
			: MAP_SKIPPED);
	if (step->entry)
		guest = guest_entry(code,
				    &code->platform->entries[step->entry - 1]);
	fact.depth = step->depth;
	fact.counterpart = divergence_place_of(map, &code->graph, guest);
	fact.member = text_of(map, &code->graph, step->half);
	divergence_set_chain(&fact, map, view, node);
	divergence_add(map, &fact);
}

static void
add_replaced(struct divergence *map, const struct divergence_view *view,
	     const struct override *o)
{
	const struct codegraph *graph = &view->code->graph;

	for (size_t i = 0; i < o->nnatives; i++) {
		struct map_fact fact = divergence_fact_of(
			map, graph, o->natives[i], MAP_REPLACED);

		fact.member = text_of(map, graph, o->path);
		fact.counterpart = divergence_place_of(map, graph, o->guest);
		divergence_add(map, &fact);
	}
}

static struct span
last_name(struct span path)
{
	size_t at = path.len;

	while (at && path.ptr[at - 1] != '.')
		at--;
	return (struct span){ path.ptr + at, path.len - at };
}

static bool
declares(const struct codegraph *graph, uint32_t node, uint32_t name)
{
	const struct code_node *n = &graph->nodes[node];

	for (uint32_t r = n->refs; r < n->refs + n->nrefs; r++)
		if (graph->refs[r].kind == CSOURCE_MEMBER &&
		    graph->refs[r].symbol == name)
			return true;
	return false;
}

/* How many of the overridden members beside @path structure @node has. */
static unsigned
siblings_in(const struct divergence_view *view, struct span path, uint32_t node)
{
	const struct codegraph *graph = &view->code->graph;
	size_t base = path.len - last_name(path).len;
	unsigned n = 0;

	for (size_t i = 0; i < view->overrides->n; i++) {
		struct span other =
			codegraph_name(graph, view->overrides->v[i].path);

		if (other.len > base && !memcmp(other.ptr, path.ptr, base) &&
		    last_name(other).len + base == other.len)
			n += declares(
				graph, node,
				codegraph_symbol(graph, last_name(other)));
	}
	return n;
}

/* Of "smp_ops.cpu_die" the type of smp_ops, as the variable is defined. */
static uint32_t
type_of_root(const struct codegraph *graph, struct span path)
{
	struct span root = path;
	uint32_t symbol;

	root.len -= last_name(path).len + 1;
	symbol = codegraph_symbol(graph, root);
	for (uint32_t at = symbol ? graph->symbols[symbol].nodes : 0; at;
	     at = graph->nodes[at].next)
		if (graph->nodes[at].kind == CSOURCE_VARIABLE &&
		    graph->nodes[at].type)
			return graph->nodes[at].type;
	return 0;
}

/* The structure that declares a member: of those which have one of that name,
   the one that has the most of the overridden members beside it. */
static uint32_t
declared_by(const struct divergence_view *view, uint32_t path)
{
	const struct codegraph *graph = &view->code->graph;
	struct span text = codegraph_name(graph, path);
	uint32_t name = codegraph_symbol(graph, last_name(text)), best = 0;
	unsigned most = 0;

	if (last_name(text).len == text.len)
		return 0;
	best = type_of_root(graph, text);
	if (best || !name)
		return best;
	for (uint32_t i = 1; i < graph->nnodes; i++) {
		unsigned n;

		if (graph->nodes[i].kind != CSOURCE_STRUCT ||
		    !graph->nodes[i].symbol || !declares(graph, i, name))
			continue;
		n = siblings_in(view, text, i);
		if (n > most)
			best = i, most = n;
	}
	return best ? graph->nodes[best].symbol : 0;
}

static void
add_member(struct divergence *map, const struct divergence_view *view,
	   const struct override *o)
{
	const struct codegraph *graph = &view->code->graph;
	struct map_fact fact = {
		.name = text_of(map, graph, o->path),
		.kind = MAP_MEMBER,
		.type = text_of(map, graph, declared_by(view, o->path)),
		.counterpart = divergence_place_of(map, graph, o->guest),
	};

	divergence_add(map, &fact);
}

/* What of @node's reference goes through an overridden member; NULL. */
static const struct override *
hook_of(const struct divergence_view *view, uint32_t node, uint32_t r)
{
	const struct codegraph *graph = &view->code->graph;
	const struct code_ref *ref = &graph->refs[r];

	if (graph->nodes[node].kind == CSOURCE_STRUCT)
		return NULL;
	if (ref->kind == CSOURCE_VIA || ref->kind == CSOURCE_MEMBER)
		return override_of(view->overrides, ref->path);
	if (ref->kind == CSOURCE_CALL) /* a pointer's own name */
		return override_of(view->overrides, ref->symbol);
	return NULL;
}

static void
add_hooks(struct divergence *map, const struct divergence_view *view,
	  uint32_t node)
{
	const struct codegraph *graph = &view->code->graph;
	const struct code_node *n = &graph->nodes[node];

	for (uint32_t r = n->refs; r < n->refs + n->nrefs; r++) {
		const struct override *o = hook_of(view, node, r);
		struct map_fact fact;

		if (!o || is_operation(view, o->path))
			continue;
		fact = divergence_fact_of(map, graph, node, MAP_HOOK);
		fact.member = text_of(map, graph, o->path);
		fact.counterpart = divergence_place_of(map, graph, o->guest);
		divergence_add(map, &fact);
	}
}

/* What @guest calls of native code. */
static void
add_callees(struct divergence *map, const struct divergence_view *view,
	    uint32_t guest)
{
	const struct divergence_code *code = view->code;
	const struct codegraph *graph = &code->graph;
	const struct code_node *n = &graph->nodes[guest];

	for (uint32_t r = n->refs; r < n->refs + n->nrefs; r++) {
		const struct code_ref *ref = &graph->refs[r];
		struct code_meaning meaning;
		const char **chain;

		if (ref->kind != CSOURCE_CALL ||
		    graph->symbols[ref->symbol].calls >
			    code->platform->limits[PLATFORM_CALLEE_SITES])
			continue;
		meaning = codegraph_meaning(graph, ref->symbol, n->file);
		for (uint32_t at; (at = codegraph_next(&meaning)) != 0;) {
			struct map_fact fact;

			if (graph->nodes[at].kind != CSOURCE_FUNCTION ||
			    !(code->flags[at] & NODE_NATIVE))
				continue;
			fact = divergence_fact_of(map, graph, at, MAP_CALLEE);
			fact.counterpart =
				divergence_place_of(map, graph, guest);
			chain = ARENA_ARRAY(map->arena, 2, const char *);
			chain[0] = text_of(map, graph, n->symbol);
			chain[1] = fact.name;
			fact.chain = chain;
			fact.nchain = 2;
			divergence_add(map, &fact);
		}
	}
}

/* Each word by which @node tells that it runs as a guest. */
static void
add_yields(struct divergence *map, const struct divergence_view *view,
	   uint32_t node, const bool *words)
{
	const struct codegraph *graph = &view->code->graph;
	const struct code_node *n = &graph->nodes[node];

	for (uint32_t r = n->refs; r < n->refs + n->nrefs; r++) {
		struct map_fact fact;

		if (!words[graph->refs[r].symbol])
			continue;
		fact = divergence_fact_of(map, graph, node, MAP_YIELD);
		fact.member = text_of(map, graph, graph->refs[r].symbol);
		divergence_add(map, &fact);
	}
}

/* Of each symbol, whether it is a word of Yield:. */
static bool *
yield_words(const struct divergence_code *code)
{
	AUTOFREE(regex_scratch) *scratch = regex_scratch_new();
	bool *words = ARENA_ARRAY(code->arena, code->graph.nsymbols, bool);

	for (uint32_t i = 1; i < code->graph.nsymbols; i++)
		words[i] = platform_match(&code->platform->yields, scratch,
					  codegraph_name(&code->graph, i)) >= 0;
	return words;
}

static void
add_of_node(struct divergence *map, const struct divergence_view *view,
	    uint32_t node, const bool *yields)
{
	const struct code_node *n = &view->code->graph.nodes[node];
	unsigned flags = view->code->flags[node];

	if (!n->symbol || flags & NODE_STRANGER)
		return;
	if (flags & NODE_GUEST) {
		if (!(flags & NODE_MODE))
			add_callees(map, view, node);
		return;
	}
	if (n->kind == CSOURCE_FUNCTION && flags & NODE_SKIPPED)
		add_skipped(map, view, node);
	if (n->kind == CSOURCE_FUNCTION || n->kind == CSOURCE_MACRO) {
		add_hooks(map, view, node);
		add_yields(map, view, node, yields);
	}
}

static const char *
first_known(struct divergence *map, const struct codegraph *graph,
	    const struct platform_list *names)
{
	for (size_t i = 0; i < names->n; i++) {
		uint32_t symbol = codegraph_symbol(graph, span_of(names->v[i]));

		if (symbol && graph->symbols[symbol].nodes)
			return text_of(map, graph, symbol);
	}
	return "";
}

static void
add_paths(struct divergence *map, const struct divergence_code *code)
{
	for (size_t i = 0; i < code->platform->nentries; i++) {
		const struct platform_entry *entry =
			&code->platform->entries[i];
		const char **guest =
			ARENA_ARRAY(map->arena, entry->guest.n, const char *);
		struct map_path path = { .guest = guest };

		path.native = first_known(map, &code->graph, &entry->native);
		path.join = first_known(map, &code->graph, &entry->join);
		for (size_t j = 0; j < entry->guest.n; j++) {
			struct platform_list one = { &entry->guest.v[j], 1, 1 };
			const char *name = first_known(map, &code->graph, &one);

			if (*name)
				guest[path.nguest++] = name;
		}
		if (*path.native && path.nguest)
			divergence_add_path(map, &path);
	}
}

void
divergence_add_facts(struct divergence *map, const struct divergence_view *view)
{
	const bool *yields = yield_words(view->code);

	add_paths(map, view->code);
	for (size_t i = 0; i < view->overrides->n; i++) {
		add_replaced(map, view, &view->overrides->v[i]);
		add_member(map, view, &view->overrides->v[i]);
	}
	for (uint32_t i = 1; i < view->code->graph.nnodes; i++)
		add_of_node(map, view, i, yields);
	divergence_add_states(map, view);
	divergence_add_macros(map, view);
	divergence_add_privileged(map, view);
}
