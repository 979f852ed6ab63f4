#include "divergence-override.h"

#include <string.h>

#include "alloc.h"
#include "arena.h"
#include "buf.h"
#include "divergence-code.h"
#include "rules/platform.h"

/* A function that serves more members than this does nothing, or refuses. */
enum { HALF_MEMBERS = 3, PATH_BYTES = 256 };

struct finder {
	struct overrides *overrides;
	struct divergence_code *code;
	struct codegraph *graph;
};

static struct span
first_name(struct span path)
{
	const char *dot = memchr(path.ptr, '.', path.len);

	return (struct span){ path.ptr,
			      dot ? (size_t)(dot - path.ptr) : path.len };
}

static struct span
last_name(struct span path)
{
	const char *dot = memrchr(path.ptr, '.', path.len);

	if (!dot)
		return path;
	return (struct span){ dot + 1,
			      (size_t)(path.ptr + path.len - dot - 1) };
}

/*
 * The symbol of @base followed by @rest (".mmu.set_pte"). Where "pv_ops.mmu"
 * is copied from the member of that name of another such structure, ".mmu" is
 * in both.
 */
static uint32_t
join_path(struct finder *finder, uint32_t base, uint32_t rest)
{
	struct span a = codegraph_name(finder->graph, base);
	struct span b = codegraph_name(finder->graph, rest), own;
	char path[PATH_BYTES];

	if (b.len < 2 || b.ptr[0] != '.')
		return 0;
	own = first_name((struct span){ b.ptr + 1, b.len - 1 });
	if (own.len + 1 < b.len && own.len + 1 < a.len &&
	    span_equal(own, last_name(a)))
		a.len -= own.len + 1;
	if (a.len + b.len > sizeof(path))
		return 0;
	memcpy(path, a.ptr, a.len);
	memcpy(path + a.len, b.ptr, b.len);
	own = (struct span){ path, a.len + b.len };
	if (!codegraph_symbol(finder->graph, own))
		own.ptr = arena_span(finder->code->arena, own);
	return codegraph_intern(finder->graph, own);
}

/* Room for every symbol there is: paths are still being made. */
static void
make_room(struct finder *finder)
{
	struct overrides *o = finder->overrides;
	size_t n = finder->graph->nsymbols * 2;
	uint32_t *longer;

	if (finder->graph->nsymbols <= o->nsymbols)
		return;
	longer = ARENA_ARRAY(finder->code->arena, n, uint32_t);
	if (o->nsymbols)
		memcpy(longer, o->by_path, o->nsymbols * sizeof(*longer));
	o->by_path = longer;
	o->nsymbols = n;
}

static struct override *
override_at(struct finder *finder, uint32_t path)
{
	struct overrides *o = finder->overrides;

	make_room(finder);
	return o->by_path[path] ? &o->v[o->by_path[path] - 1] : NULL;
}

static void
add_override(struct finder *finder, const struct override *new)
{
	struct overrides *o = finder->overrides;

	make_room(finder);
	ARENA_GROW(finder->code->arena, o->v, o->cap, o->n);
	o->v[o->n] = *new;
	o->by_path[new->path] = (uint32_t)++o->n;
}

/* Of several setters one that is not of a mode wins, then one whose value we
   know, then the first. */
static void
add_guest(struct finder *finder, uint32_t path, uint32_t function,
	  uint32_t setter)
{
	const uint16_t *flags = finder->code->flags;
	struct override new = {
		.path = path,
		.guest = function,
		.by_mode = (flags[function] | flags[setter]) & NODE_MODE,
	};
	struct override *o = override_at(finder, path);

	if (!o)
		add_override(finder, &new);
	else if ((o->by_mode && !new.by_mode) ||
		 (o->by_mode == new.by_mode && !o->guest))
		*o = new;
}

/* Each member that @variable of the guest initialises with a function. */
static void
copy_members(struct finder *finder, uint32_t base, uint32_t variable,
	     uint32_t setter)
{
	const struct code_node node = finder->graph->nodes[variable];
	uint32_t last, function, path, value;

	for (uint32_t r = node.refs; r < node.refs + node.nrefs; r = last + 1) {
		const struct code_ref ref = finder->graph->refs[r];

		last = r;
		if (ref.kind != CSOURCE_SET)
			continue;
		value = code_set_value(&last, finder->graph, variable, r);
		function = codegraph_find(finder->graph, value, node.file,
					  CSOURCE_FUNCTION);
		path = value ? join_path(finder, base, ref.path) : 0;
		if (path)
			add_guest(finder, path, function, setter);
	}
}

static bool
is_kernels(const struct finder *finder, struct span root, uint32_t file)
{
	uint32_t symbol = codegraph_symbol(finder->graph, root);
	uint32_t at =
		codegraph_find(finder->graph, symbol, file, CSOURCE_VARIABLE);

	return at && !(finder->code->flags[at] & NODE_GUEST);
}

/* "path = value" in a function of the guest. */
static void
guest_assigns(struct finder *finder, uint32_t setter, uint32_t r)
{
	const struct code_node node = finder->graph->nodes[setter];
	uint32_t path = finder->graph->refs[r].path, last, value, at;
	struct span text = codegraph_name(finder->graph, path);

	value = code_set_value(&last, finder->graph, setter, r);
	if (!value || !text.len || text.ptr[0] == '.' ||
	    !is_kernels(finder, first_name(text), node.file))
		return;
	at = codegraph_find(finder->graph, value, node.file, CSOURCE_FUNCTION);
	if (at) {
		add_guest(finder, path, at, setter);
		return;
	}
	at = codegraph_find(finder->graph, value, node.file, CSOURCE_VARIABLE);
	if (at && finder->code->flags[at] & NODE_GUEST)
		copy_members(finder, path, at, setter);
	else if (!at)
		add_guest(finder, path, 0, setter);
}

static bool
is_driver(const struct finder *finder, uint32_t type)
{
	const struct platform_list *drivers = &finder->code->platform->drivers;
	struct span tag = codegraph_name(finder->graph, type);

	for (size_t i = 0; type && i < drivers->n; i++)
		if (span_equal(tag, span_of(drivers->v[i])))
			return true;
	return false;
}

static void
find_guests(struct finder *finder)
{
	for (uint32_t i = 1; i < finder->graph->nnodes; i++) {
		const struct code_node node = finder->graph->nodes[i];

		if (!(finder->code->flags[i] & NODE_GUEST))
			continue;
		if (node.kind == CSOURCE_VARIABLE &&
		    is_driver(finder, node.type))
			copy_members(finder, node.type, i, i);
		if (node.kind != CSOURCE_FUNCTION || !node.symbol)
			continue;
		for (uint32_t r = 0; r < node.nrefs; r++)
			if (finder->graph->refs[node.refs + r].kind ==
			    CSOURCE_SET)
				guest_assigns(finder, i, node.refs + r);
	}
}

/* The whole path that a SET of @node means. */
static uint32_t
set_path(struct finder *finder, uint32_t node, uint32_t path)
{
	const struct code_node *n = &finder->graph->nodes[node];

	if (codegraph_name(finder->graph, path).ptr[0] != '.')
		return path;
	if (n->kind != CSOURCE_VARIABLE)
		return 0;
	return join_path(
		finder, is_driver(finder, n->type) ? n->type : n->symbol, path);
}

static void
add_half(struct finder *finder, struct override *o, uint32_t function)
{
	if (!function || function == o->guest)
		return;
	for (size_t i = 0; i < o->nnatives; i++)
		if (o->natives[i] == function)
			return;
	ARENA_GROW(finder->code->arena, o->natives, o->cap, o->nnatives);
	o->natives[o->nnatives++] = function;
}

/* The function that @value is, or a macro that is a function's other name. */
static uint32_t
half_of(const struct finder *finder, uint32_t value, uint32_t file)
{
	const struct codegraph *graph = finder->graph;
	uint32_t at = codegraph_find(graph, value, file, CSOURCE_FUNCTION);
	const struct code_node *macro;

	if (at)
		return at;
	at = codegraph_find(graph, value, file, CSOURCE_MACRO);
	macro = &graph->nodes[at];
	if (!at || macro->nrefs != 1 ||
	    !codegraph_find(graph, graph->refs[macro->refs].symbol, macro->file,
			    CSOURCE_FUNCTION))
		return 0;
	return at;
}

static void
add_native(struct finder *finder, uint32_t node, uint32_t r)
{
	uint32_t path = finder->graph->refs[r].path, last, value;
	uint32_t file = finder->graph->nodes[node].file;
	struct override *o;

	path = path ? set_path(finder, node, path) : 0;
	o = path ? override_at(finder, path) : NULL;
	if (!o)
		return;
	value = code_set_value(&last, finder->graph, node, r);
	add_half(finder, o, half_of(finder, value, file));
	for (uint32_t i = r; i <= last; i++)
		finder->overrides->by_ref[i] = o->path;
}

/* A pointer to a function has its native half as its own initialiser. */
static void
add_pointer(struct finder *finder, uint32_t node)
{
	const struct code_node *n = &finder->graph->nodes[node];
	struct override *o = override_at(finder, n->symbol);

	if (!o || n->nrefs != 1)
		return;
	add_half(finder, o,
		 codegraph_find(finder->graph,
				finder->graph->refs[n->refs].symbol, n->file,
				CSOURCE_FUNCTION));
	finder->overrides->by_ref[n->refs] = o->path;
}

/* Members that nobody sets to a function are data. */
static void
drop_data(struct finder *finder)
{
	struct overrides *all = finder->overrides;
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++) {
		all->by_path[all->v[i].path] = 0;
		if (!all->v[i].guest && !all->v[i].nnatives)
			continue;
		all->v[n] = all->v[i];
		all->by_path[all->v[n].path] = (uint32_t)n + 1;
		n++;
	}
	all->n = n;
	for (size_t r = 0; r < finder->graph->nrefs; r++)
		if (all->by_ref[r] && !all->by_path[all->by_ref[r]])
			all->by_ref[r] = 0;
}

/* Leave out what serves many members. */
static void
drop_nops(struct finder *finder)
{
	uint8_t *members =
		arena_alloc(finder->code->arena, finder->graph->nnodes);
	struct overrides *all = finder->overrides;

	for (size_t i = 0; i < all->n; i++)
		for (size_t j = 0; j < all->v[i].nnatives; j++)
			if (members[all->v[i].natives[j]] <= HALF_MEMBERS)
				members[all->v[i].natives[j]]++;
	for (size_t i = 0; i < all->n; i++) {
		struct override *o = &all->v[i];
		size_t n = 0;

		for (size_t j = 0; j < o->nnatives; j++)
			if (members[o->natives[j]] <= HALF_MEMBERS &&
			    finder->code->flags[o->natives[j]] & NODE_NATIVE &&
			    !(finder->code->flags[o->natives[j]] &
			      NODE_STRANGER))
				o->natives[n++] = o->natives[j];
		o->nnatives = n;
	}
}

static void
find_natives(struct finder *finder)
{
	finder->overrides->by_ref = ARENA_ARRAY(finder->code->arena,
						finder->graph->nrefs, uint32_t);
	for (uint32_t i = 1; i < finder->graph->nnodes; i++) {
		const struct code_node node = finder->graph->nodes[i];

		if (finder->code->flags[i] & (NODE_GUEST | NODE_STRANGER) ||
		    !node.symbol)
			continue;
		if (node.kind == CSOURCE_VARIABLE)
			add_pointer(finder, i);
		for (uint32_t r = node.refs; r < node.refs + node.nrefs; r++)
			if (finder->graph->refs[r].kind == CSOURCE_SET)
				add_native(finder, i, r);
	}
	drop_data(finder);
	drop_nops(finder);
}

static void
index_tails(struct finder *finder)
{
	struct overrides *o = finder->overrides;

	make_room(finder);
	o->by_tail = ARENA_ARRAY(finder->code->arena, o->nsymbols, uint32_t);
	for (size_t i = 0; i < o->n; i++) {
		struct span path = codegraph_name(finder->graph, o->v[i].path);
		struct span head = first_name(path), tail;
		uint32_t symbol;

		if (head.len == path.len)
			continue;
		tail = (struct span){ path.ptr + head.len + 1,
				      path.len - head.len - 1 };
		symbol = memchr(tail.ptr, '.', tail.len)
				 ? codegraph_symbol(finder->graph, tail)
				 : 0;
		if (symbol)
			o->by_tail[symbol] = (uint32_t)i + 1;
	}
}

void
overrides_find(struct overrides *out, struct divergence_code *code)
{
	struct finder finder = { out, code, &code->graph };

	*out = (struct overrides){ .n = 0 };
	find_guests(&finder);
	find_natives(&finder);
	index_tails(&finder);
}

const struct override *
override_of(const struct overrides *overrides, uint32_t path)
{
	uint32_t at = path < overrides->nsymbols ? overrides->by_path[path] : 0;

	if (!at && path < overrides->nsymbols)
		at = overrides->by_tail[path];
	return path && at ? &overrides->v[at - 1] : NULL;
}
