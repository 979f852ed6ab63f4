#include "divergence-reach.h"

#include <stdbool.h>

#include "arena.h"
#include "divergence-code.h"
#include "divergence-override.h"
#include "rules/platform.h"

/* Nodes that wait to be looked at: each gets in once at most. */
struct queue {
	uint32_t *v;
	size_t head, tail;
};

struct search {
	struct divergence_code *code;
	const struct codegraph *graph;
	const struct overrides *overrides;
	struct reach_step *steps;
	struct queue queue;
	unsigned flag;	  /* what this search sets */
	unsigned barrier; /* what it does not enter */
};

/* Macros that name a function for a tool, and call it nowhere. */
static bool
only_names(struct span macro)
{
	static const char *const marks[] = {
		"EXPORT_",
		"NOKPROBE_",
		"_ASM_NOKPROBE",
		"STACK_FRAME_NON_",
		"MODULE_",
		"PV_CALLEE_SAVE_REGS_THUNK",
		"DEFINE_STATIC_CALL",
		"_ASM_EXTABLE",
	};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (span_starts(macro, marks[i]))
			return true;
	return false;
}

static bool
visit(struct search *search, uint32_t node, const struct reach_step *step)
{
	uint16_t *flags = &search->code->flags[node];

	if (*flags & (search->flag | search->barrier))
		return false;
	*flags |= (uint16_t)search->flag;
	if (step)
		search->steps[node] = *step;
	search->queue.v[search->queue.tail++] = node;
	return true;
}

/* All that reference @r of @node leads to. */
static void
follow(struct search *search, uint32_t node, uint32_t r,
       const struct reach_step *step)
{
	const struct code_ref *ref = &search->graph->refs[r];
	uint32_t file = search->graph->nodes[node].file;
	struct code_meaning meaning;

	if (search->overrides->by_ref[r] || !ref->symbol)
		return;
	if (ref->kind != CSOURCE_CALL && ref->kind != CSOURCE_NAME &&
	    ref->kind != CSOURCE_SET)
		return;
	meaning = codegraph_meaning(search->graph, ref->symbol, file);
	for (uint32_t at; (at = codegraph_next(&meaning)) != 0;)
		if (at != node)
			visit(search, at, step);
}

/* The label that assembly runs into: an inner one, or at its end the next
   function; 0: none. */
static uint32_t
runs_into(const struct codegraph *graph, uint32_t node)
{
	const struct code_node *n = &graph->nodes[node];
	const struct code_file *file = &graph->files[n->file];
	uint32_t end = file->first_node + file->nnodes;

	if (!file->is_asm || n->kind != CSOURCE_FUNCTION)
		return 0;
	for (uint32_t i = node + 1; i < end; i++) {
		const struct code_node *next = &graph->nodes[i];

		if (next->symbol && next->kind == CSOURCE_FUNCTION)
			return next->first_line <= n->last_line ||
					       n->falls_through
				       ? i
				       : 0;
	}
	return 0;
}

static void
expand(struct search *search, uint32_t node, const struct reach_step *step)
{
	const struct code_node *n = &search->graph->nodes[node];
	uint32_t next = runs_into(search->graph, node);

	for (uint32_t i = 0; i < n->nrefs; i++)
		follow(search, node, n->refs + i, step);
	if (next)
		visit(search, next, step);
}

/* Names at file scope, but for those that only mark. */
static void
expand_loose(struct search *search, uint32_t node)
{
	const struct code_node *n = &search->graph->nodes[node];
	bool marks = false;

	for (uint32_t r = n->refs; r < n->refs + n->nrefs; r++) {
		const struct code_ref *ref = &search->graph->refs[r];

		if (ref->kind == CSOURCE_CALL)
			marks = only_names(
				codegraph_name(search->graph, ref->symbol));
		else if (!marks)
			follow(search, node, r,
			       &(struct reach_step){ .from = node });
	}
}

static bool
is_guest_root(const struct search *search, uint32_t node)
{
	const struct code_node *n = &search->graph->nodes[node];
	unsigned flags = search->code->flags[node];

	if (flags & (NODE_MODE | NODE_STRANGER | NODE_ENTRY | NODE_TABLE))
		return false;
	if (n->kind != CSOURCE_FUNCTION && n->kind != CSOURCE_VARIABLE)
		return false;
	if (!(flags & NODE_NATIVE))
		return true;
	return n->kind == CSOURCE_VARIABLE && !(flags & NODE_ASM);
}

static uint32_t
first_named(const struct codegraph *graph, uint32_t symbol)
{
	return symbol ? graph->symbols[symbol].nodes : 0;
}

static void
find_reached(struct search *search)
{
	const struct divergence_code *code = search->code;

	search->flag = NODE_REACHED;
	search->barrier = NODE_MODE | NODE_STRANGER | NODE_ENTRY | NODE_TABLE;
	for (uint32_t i = 1; i < search->graph->nnodes; i++) {
		if (!search->graph->nodes[i].symbol) {
			if (!(code->flags[i] & NODE_MODE))
				expand_loose(search, i);
		} else if (is_guest_root(search, i)) {
			visit(search, i, NULL);
		}
	}
	for (size_t i = 0; i < code->njoins; i++)
		for (uint32_t at = first_named(search->graph, code->joins[i]);
		     at; at = search->graph->nodes[at].next)
			visit(search, at, NULL);
	while (search->queue.head < search->queue.tail) {
		struct reach_step step = {
			.from = search->queue.v[search->queue.head++]
		};

		expand(search, step.from, &step);
	}
}

static bool
is_function(const struct search *search, uint32_t node)
{
	return search->graph->nodes[node].kind == CSOURCE_FUNCTION;
}

/* Breadth first, so that chains are the shortest there are. What stands in
   assembly and data is on the way, and costs no call. */
static void
spread(struct search *search)
{
	while (search->queue.head < search->queue.tail) {
		uint32_t node = search->queue.v[search->queue.head++];
		struct reach_step step = search->steps[node];

		step.from = node;
		if (is_function(search, node) &&
		    !(search->code->flags[node] & NODE_ASM))
			step.depth++;
		expand(search, node, &step);
	}
}

/* The entries of one way in: the first that the tree has begins; others that
   it leads to are as near as it is. */
static void
skip_from_entry(struct search *search, size_t index)
{
	const struct platform_entry *entry =
		&search->code->platform->entries[index];

	for (size_t i = 0; i < entry->native.n; i++) {
		struct reach_step step = { .entry = (uint16_t)(index + 1) };
		uint32_t symbol = codegraph_symbol(search->graph,
						   span_of(entry->native.v[i]));

		for (uint32_t at = first_named(search->graph, symbol); at;
		     at = search->graph->nodes[at].next)
			if (search->code->flags[at] & NODE_ENTRY)
				visit(search, at, &step);
		spread(search);
	}
}

static void
skip_from_halves(struct search *search)
{
	for (size_t i = 0; i < search->overrides->n; i++) {
		const struct override *o = &search->overrides->v[i];
		struct reach_step step = { .half = o->path };

		if (o->by_mode)
			continue;
		for (size_t j = 0; j < o->nnatives; j++)
			visit(search, o->natives[j], &step);
		spread(search);
	}
}

static void
skip_from_tables(struct search *search)
{
	for (uint32_t i = 1; i < search->graph->nnodes; i++) {
		struct reach_step step = { 0 };

		if (search->code->flags[i] & NODE_TABLE)
			visit(search, i, &step);
		spread(search);
	}
}

void
reach_find(struct reach *out, struct divergence_code *code,
	   const struct overrides *overrides)
{
	const struct codegraph *graph = &code->graph;
	struct search search = { .code = code,
				 .graph = graph,
				 .overrides = overrides };

	search.queue.v = ARENA_ARRAY(code->arena, graph->nnodes, uint32_t);
	search.steps =
		ARENA_ARRAY(code->arena, graph->nnodes, struct reach_step);
	find_reached(&search);
	search.queue.head = search.queue.tail = 0;
	search.flag = NODE_SKIPPED;
	search.barrier = NODE_REACHED | NODE_STRANGER | NODE_GUEST;
	for (size_t i = 0; i < code->platform->nentries; i++)
		skip_from_entry(&search, i);
	skip_from_halves(&search);
	skip_from_tables(&search);
	out->steps = search.steps;
}
