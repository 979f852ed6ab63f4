#include "csource.h"

#include <stdlib.h>

#include "arena.h"
#include "csource-reader.h"
#include "limits.h"

static bool
ends_with(struct span path, const char *end)
{
	size_t n = strlen(end);

	return path.len >= n && !memcmp(path.ptr + path.len - n, end, n);
}

enum csource_language
csource_language(const char *path)
{
	struct span whole = span_of(path);
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;

	if (ends_with(whole, ".c") || ends_with(whole, ".h"))
		return CSOURCE_C;
	if (ends_with(whole, ".lds.S"))
		return CSOURCE_NONE; /* of the linker */
	if (ends_with(whole, ".S"))
		return CSOURCE_ASM;
	if (!strncmp(base, "Kconfig", 7) && (!base[7] || base[7] == '.'))
		return CSOURCE_KCONFIG;
	return CSOURCE_NONE;
}

struct csource_def *
csource_def(struct csource_reader *r, size_t def)
{
	return def ? &r->out->defs[def - 1] : NULL;
}

size_t
csource_open(struct csource_reader *r, enum csource_kind kind, struct span name,
	     uint32_t first)
{
	struct csource *out = r->out;

	if (out->ndefs == LIMIT_SOURCE_DEFS)
		return 0;
	ARENA_GROW(r->arena, out->defs, out->defs_cap, out->ndefs);
	out->defs[out->ndefs] = (struct csource_def){
		.kind = kind, .name = name, .first = first, .refs = out->nrefs
	};
	return ++out->ndefs;
}

void
csource_close(struct csource_reader *r, size_t number, uint32_t last)
{
	struct csource_def *def = csource_def(r, number);

	if (!def)
		return;
	def->last = last < def->first ? def->first : last;
	def->nrefs = r->out->nrefs - def->refs;
}

size_t
csource_mention(struct csource_reader *r, enum csource_ref_kind kind,
		struct span name, struct span path, uint32_t line)
{
	struct csource *out = r->out;

	if (out->nrefs == LIMIT_SOURCE_REFS)
		return 0;
	ARENA_GROW(r->arena, out->refs, out->refs_cap, out->nrefs);
	out->refs[out->nrefs] = (struct csource_ref){
		.kind = kind, .name = name, .path = path, .line = line
	};
	return ++out->nrefs;
}

static int
compare_defs(const void *a, const void *b)
{
	const struct csource_def *l = a, *r = b;

	if (l->first != r->first)
		return l->first < r->first ? -1 : 1;
	return l->name.ptr < r->name.ptr ? -1 : l->name.ptr > r->name.ptr;
}

/* A definition is entered when its name is known, which may be behind that of
   one inside. */
static void
sort_defs(struct csource *out)
{
	for (size_t i = 1; i < out->ndefs; i++)
		if (compare_defs(&out->defs[i - 1], &out->defs[i]) > 0) {
			qsort(out->defs, out->ndefs, sizeof(*out->defs),
			      compare_defs);
			return;
		}
}

static void
nest_defs(struct csource *out)
{
	for (size_t i = 1; i < out->ndefs; i++) {
		size_t outer = i; /* the one before, from 1 */

		while (outer && out->defs[outer - 1].last < out->defs[i].first)
			outer = out->defs[outer - 1].outer;
		out->defs[i].outer = outer;
	}
}

static void
start(struct csource_reader *r, struct csource *out, struct arena *arena,
      const char *path, bool want_refs)
{
	memset(r, 0, offsetof(struct csource_reader, branches));
	*out = (struct csource){ 0 };
	r->out = out;
	r->arena = arena;
	r->want_refs = want_refs;
	r->header = ends_with(span_of(path), ".h");
	if (want_refs) {
		r->body = cbody_new(arena);
		r->macro = cbody_new(arena);
	}
}

void
csource_read(struct csource *out, struct arena *arena, const char *path,
	     struct span text, const struct csource_symbols *symbols,
	     bool want_refs)
{
	struct csource_reader r;

	start(&r, out, arena, path, want_refs);
	r.symbols = symbols;
	switch (text.ptr ? csource_language(path) : CSOURCE_NONE) {
	case CSOURCE_C:
		csource_read_c(&r, text);
		break;
	case CSOURCE_ASM:
		csource_read_asm(&r, text);
		break;
	case CSOURCE_KCONFIG:
		csource_read_kconfig(&r, text);
		break;
	case CSOURCE_NONE:
		break;
	}
	sort_defs(out);
	nest_defs(out);
}

void
csource_read_piece(struct csource *out, struct arena *arena, const char *path,
		   struct span heading, struct span text)
{
	struct csource_reader r;

	start(&r, out, arena, path, false);
	switch (text.ptr ? csource_language(path) : CSOURCE_NONE) {
	case CSOURCE_C:
		csource_read_c_piece(&r, heading, text);
		break;
	case CSOURCE_ASM:
		csource_read_asm_piece(&r, heading, text);
		break;
	case CSOURCE_KCONFIG:
	case CSOURCE_NONE:
		break;
	}
	sort_defs(out);
	nest_defs(out);
}

static bool
is_place(const struct csource_def *def)
{
	return def->kind == CSOURCE_FUNCTION || def->kind == CSOURCE_MACRO ||
	       def->kind == CSOURCE_CONFIG;
}

const struct csource_def *
csource_at(const struct csource *source, uint32_t lineno)
{
	const struct csource_def *at = NULL;
	size_t low = 0, high = source->ndefs;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (source->defs[mid].first <= lineno)
			low = mid + 1;
		else
			high = mid;
	}
	while (low) {
		const struct csource_def *def = &source->defs[low - 1];

		if (def->last >= lineno && is_place(def) &&
		    (!at || def->kind == CSOURCE_FUNCTION))
			at = def;
		low = def->outer;
	}
	return at;
}
