#include "divergence-privileged.h"

#include <string.h>

#include "arena.h"
#include "divergence-code.h"
#include "divergence-facts.h"
#include "divergence-override.h"
#include "divergence.h"
#include "rules/platform.h"
#include "rules/regex.h"

/* The lines of a file, one after the other. */
struct lines {
	struct span rest;
	uint32_t at; /* the number of the next one */
};

/* Lines @first to @last; those before are behind us. */
static struct span
take_lines(struct lines *lines, uint32_t first, uint32_t last)
{
	struct span block, line;

	while (lines->at < first && span_line(&line, &lines->rest))
		lines->at++;
	block = lines->rest;
	while (lines->at <= last && span_line(&line, &lines->rest))
		lines->at++;
	block.len -= lines->rest.len;
	return block;
}

static bool
may_match(const struct platform_regexes *regexes, struct regex_scratch *scratch,
	  struct span block)
{
	for (size_t i = 0; i < regexes->n; i++)
		if (regex_may_match(regexes->v[i], scratch, block))
			return true;
	return false;
}

static bool
is_comment(struct span line)
{
	line = span_trim(line);
	return span_starts(line, "/*") || span_starts(line, "*") ||
	       span_starts(line, "//") || span_starts(line, "#");
}

static bool
any_matches(const struct platform_regexes *regexes,
	    struct regex_scratch *scratch, struct span block)
{
	struct span line;

	if (!may_match(regexes, scratch, block))
		return false;
	while (span_line(&line, &block))
		if (!is_comment(line) &&
		    platform_match(regexes, scratch, line) >= 0)
			return true;
	return false;
}

bool *
privileged_instructions(struct arena *arena, const struct code_file *file,
			const struct platform *platform,
			struct regex_scratch *scratch)
{
	const struct csource *source = &file->source;
	struct lines lines = { file->text, 1 };
	bool *does = NULL;

	if (file->role == CODE_GUEST || !platform->privileged.n ||
	    (!file->is_asm &&
	     !memmem(file->text.ptr, file->text.len, "asm", 3)))
		return NULL;
	for (size_t i = 0; i < source->ndefs; i++) {
		const struct csource_def *def = &source->defs[i];
		struct span block;

		/* One in another, as an inner label, is not looked at again. */
		if (def->kind != CSOURCE_FUNCTION || def->first < lines.at)
			continue;
		block = take_lines(&lines, def->first, def->last);
		if (!file->is_asm && !memmem(block.ptr, block.len, "asm", 3))
			continue;
		if (!any_matches(&platform->privileged, scratch, block))
			continue;
		if (!does)
			does = ARENA_ARRAY(arena, source->ndefs, bool);
		does[i] = true;
	}
	return does;
}

/* Of each symbol, whether code that calls it matches: "wbinvd(" is a wrapper
   where "wbinvd" is an instruction. */
static bool *
privileged_names(const struct divergence_code *code)
{
	AUTOFREE(regex_scratch) *scratch = regex_scratch_new();
	bool *names = ARENA_ARRAY(code->arena, code->graph.nsymbols, bool);
	char call[128];

	for (uint32_t i = 1; i < code->graph.nsymbols; i++) {
		struct span name = codegraph_name(&code->graph, i);

		if (name.len >= sizeof(call))
			continue;
		memcpy(call, name.ptr, name.len);
		call[name.len] = '(';
		names[i] = platform_match(
				   &code->platform->privileged, scratch,
				   (struct span){ call, name.len + 1 }) >= 0;
	}
	return names;
}

/* What a wrapper is of: itself a privileged name, or a native half. */
static bool *
find_wrappers(const struct divergence_view *view, const bool *names)
{
	const struct codegraph *graph = &view->code->graph;
	bool *wrappers = ARENA_ARRAY(view->code->arena, graph->nnodes, bool);

	for (uint32_t i = 1; i < graph->nnodes; i++)
		wrappers[i] = names[graph->nodes[i].symbol];
	for (size_t i = 0; i < view->overrides->n; i++) {
		const struct override *o = &view->overrides->v[i];

		for (size_t j = 0; j < o->nnatives; j++)
			wrappers[o->natives[j]] = true;
	}
	return wrappers;
}

/* The first privileged name that @node mentions; 0: none. */
static uint32_t
privileged_name(const struct codegraph *graph, uint32_t node, const bool *names)
{
	const struct code_node *n = &graph->nodes[node];

	for (uint32_t r = n->refs; r < n->refs + n->nrefs; r++)
		if (names[graph->refs[r].symbol])
			return graph->refs[r].symbol;
	return 0;
}

void
divergence_add_privileged(struct divergence *map,
			  const struct divergence_view *view)
{
	const struct divergence_code *code = view->code;
	const struct codegraph *graph = &code->graph;
	const bool *names = privileged_names(code);
	const bool *wrappers = find_wrappers(view, names);
	const unsigned others = NODE_GUEST | NODE_STRANGER;

	for (uint32_t i = 1; i < graph->nnodes; i++) {
		const struct code_node *n = &graph->nodes[i];
		const struct code_file *file = &graph->files[n->file];
		uint32_t name = privileged_name(graph, i, names);
		struct map_fact fact;

		if (n->kind != CSOURCE_FUNCTION || !n->symbol || wrappers[i] ||
		    code->flags[i] & others ||
		    (!name && !(file->privileged &&
				file->privileged[i - file->first_node])))
			continue;
		fact = divergence_fact_of(map, graph, i, MAP_PRIVILEGED);
		if (name)
			fact.member = arena_span(map->arena,
						 codegraph_name(graph, name));
		divergence_add(map, &fact);
	}
}
