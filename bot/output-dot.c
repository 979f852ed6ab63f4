#include "output-map.h"

#include <string.h>

static void
print_chain(FILE *out, const struct map_fact *fact)
{
	for (size_t i = 1; i < fact->nchain; i++)
		fprintf(out, "\t\"%s\" -> \"%s\";\n", fact->chain[i - 1],
			fact->chain[i]);
}

/* The guest's function stands beside, in its own colour. */
static void
print_counterpart(FILE *out, const struct map_fact *fact)
{
	const char *colon = strrchr(fact->counterpart, ':');
	const char *guest = colon ? colon + 1 : fact->counterpart;
	/* Of these the guest is the caller. */
	bool calls = fact->kind == MAP_CALLEE || fact->kind == MAP_MACRO ||
		     fact->kind == MAP_GUEST_STATE;

	if (!*guest)
		return;
	fprintf(out, "\t\"%s\" [style=filled, fillcolor=lightblue];\n", guest);
	fprintf(out, "\t\"%s\" -> \"%s\" [style=dashed, label=\"%s\"];\n",
		calls ? guest : fact->name, calls ? fact->name : guest,
		*fact->member ? fact->member : map_kind_name(fact->kind));
}

/* Names are printable ASCII without blanks; a quote is no part of any. */
static bool
is_fit(const struct map_fact *fact)
{
	for (size_t i = 0; i < fact->nchain; i++)
		if (strpbrk(fact->chain[i], "\"\\"))
			return false;
	return !strpbrk(fact->name, "\"\\") &&
	       !strpbrk(fact->counterpart, "\"\\") &&
	       !strpbrk(fact->member, "\"\\") && !strpbrk(fact->file, "\"\\");
}

/* Of a "strict" graph an edge that is said again is the same one. */
void
output_map_dot(FILE *out, const struct map_fact *const *facts, size_t n)
{
	fputs("strict digraph map {\n\trankdir=LR;\n\tnode [shape=box];\n",
	      out);
	for (size_t i = 0; i < n; i++) {
		if (!is_fit(facts[i]))
			continue;
		fprintf(out, "\t\"%s\" [tooltip=\"%s\"];\n", facts[i]->name,
			facts[i]->file);
		print_chain(out, facts[i]);
		print_counterpart(out, facts[i]);
	}
	fputs("}\n", out);
}
