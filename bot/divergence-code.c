#include "divergence-code.h"

#include <string.h>

#include "arena.h"
#include "rules/platform.h"
#include "rules/regex.h"

enum code_role
code_role_of(const struct platform *platform, const char *path)
{
	if (platform_path(&platform->skipped, path))
		return CODE_UNREAD;
	if (platform_path(&platform->guest, path))
		return CODE_GUEST;
	if (platform_path(&platform->native, path))
		return CODE_NATIVE;
	return platform_path(&platform->common, path) ? CODE_COMMON
						      : CODE_UNREAD;
}

/* What regexes say of a name, found out once for each symbol. */
struct judge {
	const struct platform_regexes *regexes;
	struct regex_scratch *scratch;
	const struct codegraph *graph;
	signed char *answers; /* of each symbol; 0: not asked yet */
};

static bool
judge_name(struct judge *judge, uint32_t symbol)
{
	signed char *answer = &judge->answers[symbol];

	if (!*answer)
		*answer =
			platform_match(judge->regexes, judge->scratch,
				       codegraph_name(judge->graph, symbol)) < 0
				? -1
				: 1;
	return *answer > 0;
}

static void
flag_files(struct divergence_code *code, struct regex_scratch *scratch)
{
	const struct codegraph *graph = &code->graph;
	struct judge strangers = { &code->platform->strangers, scratch, graph,
				   arena_alloc(code->arena, graph->nsymbols) };
	struct judge modes = { &code->platform->modes, scratch, graph,
			       arena_alloc(code->arena, graph->nsymbols) };

	for (size_t f = 0; f < graph->nfiles; f++) {
		const struct code_file *file = &graph->files[f];
		bool guest = file->role == CODE_GUEST;
		bool mode = guest && platform_match(modes.regexes, scratch,
						    span_of(file->path)) >= 0;
		unsigned flags = guest			     ? NODE_GUEST
				 : file->role == CODE_NATIVE ? NODE_NATIVE
							     : 0;

		if (file->is_asm)
			flags |= NODE_ASM;
		for (uint32_t i = 0; i < file->nnodes; i++) {
			uint32_t at = file->first_node + i;
			uint32_t name = graph->nodes[at].symbol;
			unsigned more = 0;

			if (guest && (mode || judge_name(&modes, name)))
				more = NODE_MODE;
			else if (!guest && judge_name(&strangers, name))
				more = NODE_STRANGER;
			code->flags[at] = (uint16_t)(flags | more);
		}
	}
}

static void
flag_name(struct divergence_code *code, const char *name, unsigned flag,
	  enum csource_kind kind)
{
	uint32_t symbol = codegraph_symbol(&code->graph, span_of(name));

	for (uint32_t at = symbol ? code->graph.symbols[symbol].nodes : 0; at;
	     at = code->graph.nodes[at].next)
		if (code->graph.nodes[at].kind == kind &&
		    code->flags[at] & NODE_NATIVE)
			code->flags[at] |= (uint16_t)flag;
}

static void
flag_drivers(struct divergence_code *code, const char *tag)
{
	uint32_t type = codegraph_symbol(&code->graph, span_of(tag));

	for (uint32_t i = 1; type && i < code->graph.nnodes; i++)
		if (code->graph.nodes[i].type == type &&
		    code->graph.nodes[i].kind == CSOURCE_VARIABLE &&
		    code->flags[i] & NODE_NATIVE)
			code->flags[i] |= NODE_TABLE;
}

static void
flag_names(struct divergence_code *code)
{
	const struct platform *platform = code->platform;

	for (size_t i = 0; i < platform->nentries; i++) {
		const struct platform_entry *entry = &platform->entries[i];

		for (size_t j = 0; j < entry->native.n; j++)
			flag_name(code, entry->native.v[j], NODE_ENTRY,
				  CSOURCE_FUNCTION);
		for (size_t j = 0; j < entry->join.n; j++) {
			ARENA_GROW(code->arena, code->joins, code->joins_cap,
				   code->njoins);
			code->joins[code->njoins++] = codegraph_symbol(
				&code->graph, span_of(entry->join.v[j]));
		}
	}
	for (size_t i = 0; i < platform->tables.n; i++)
		flag_name(code, platform->tables.v[i], NODE_TABLE,
			  CSOURCE_VARIABLE);
	for (size_t i = 0; i < platform->drivers.n; i++)
		flag_drivers(code, platform->drivers.v[i]);
}

void
divergence_code_build(struct divergence_code *out, struct arena *arena,
		      const struct platform *platform, struct code_file *files,
		      size_t n)
{
	AUTOFREE(regex_scratch) *scratch = regex_scratch_new();

	*out = (struct divergence_code){ .platform = platform, .arena = arena };
	codegraph_build(&out->graph, arena, files, n);
	out->flags = ARENA_ARRAY(arena, out->graph.nnodes, uint16_t);
	flag_files(out, scratch);
	flag_names(out);
}

uint32_t
code_set_value(uint32_t *last, const struct codegraph *graph, uint32_t node,
	       uint32_t ref)
{
	const struct code_node *n = &graph->nodes[node];
	const struct code_ref *r = &graph->refs[ref];
	uint32_t end = n->refs + n->nrefs;

	*last = ref;
	if (r->symbol || ref + 2 >= end)
		return r->symbol;
	/* .save_fl = PV_CALLEE_SAVE(xen_save_fl) */
	if (r[1].kind != CSOURCE_CALL || r[2].kind != CSOURCE_NAME ||
	    !codegraph_find(graph, r[1].symbol, n->file, CSOURCE_MACRO))
		return 0;
	*last = ref + 2;
	return r[2].symbol;
}
