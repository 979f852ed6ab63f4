#include "funcrange.h"

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "cdecl.h"
#include "csource.h"
#include "funcname.h"

enum where {
	OUTSIDE,
	DECLARATION, /* it may become a function */
	FUNCTION,
	MACRO,
	LABEL, /* of assembly: the next one ends it */
};

struct scan {
	struct funcranges *out;
	struct arena *arena;
	const char *path;
	struct cdecl decl;
	size_t lineno, first; /* of the declaration */
	enum where where;
	bool directive; /* the last line was one that goes on ("\") */
	bool inherited; /* the open range is what the heading said */
};

static bool
goes_on(struct span line)
{
	line.len -= line.len && line.ptr[line.len - 1] == '\r';
	return line.len && line.ptr[line.len - 1] == '\\';
}

static void
open_range(struct scan *s, const char *name, size_t first, enum where where)
{
	struct funcranges *out = s->out;

	ARENA_GROW(s->arena, out->v, out->cap, out->n);
	out->v[out->n++] = (struct funcrange){ first, SIZE_MAX, name };
	s->where = where;
}

/* The open range ends with line @last. */
static void
close_range(struct scan *s, size_t last)
{
	struct funcranges *out = s->out;

	if (out->n && out->v[out->n - 1].last == SIZE_MAX)
		out->v[out->n - 1].last = last;
	s->where = OUTSIDE;
	s->inherited = false;
}

static void
on_declaration(struct scan *s, struct span line)
{
	enum cdecl_state state = cdecl_feed(&s->decl, line);
	struct span name = s->decl.name;

	switch (state) {
	case CDECL_GOING:
		return;
	case CDECL_FUNCTION:
	case CDECL_INLINE:
		open_range(s, arena_strndup(s->arena, name.ptr, name.len),
			   s->first, FUNCTION);
		if (state == CDECL_INLINE)
			close_range(s, s->lineno);
		break;
	case CDECL_OVER:
		s->where = OUTSIDE;
		break;
	}
	cdecl_start(&s->decl);
}

static void
on_directive(struct scan *s, struct span line)
{
	/* Only to see whether a comment begins in it */
	struct cdecl decl = { 0 };
	const char *name;

	cdecl_feed(&decl, line);
	s->decl.comment = decl.comment;
	s->directive = goes_on(line);
	if (s->where == OUTSIDE &&
	    funcname_of_line(&name, s->arena, s->path, line) == FUNCNAME_OPENS)
		open_range(s, name, s->lineno, MACRO);
}

/* A line of C outside of all functions, or in a declaration. */
static void
on_outer_line(struct scan *s, struct span line)
{
	if (s->directive) {
		s->directive = goes_on(line);
		return;
	}
	if (!s->decl.comment && span_starts(line, "#")) {
		on_directive(s, line);
		return;
	}
	if (s->where == DECLARATION && span_starts(line, "}")) {
		/* The end of data, whatever #if did to its braces */
		s->where = OUTSIDE;
		cdecl_start(&s->decl);
		return;
	}
	if (s->where == OUTSIDE || cdecl_restarts(&s->decl, line)) {
		cdecl_start(&s->decl);
		s->first = s->lineno;
		s->where = cdecl_begins(line) && !s->decl.comment ? DECLARATION
								  : OUTSIDE;
	}
	if (s->where == DECLARATION)
		on_declaration(s, line);
	else
		cdecl_feed(&s->decl, line); /* a comment may begin or end */
}

/* A heading said that we are in a function, but here one begins. */
static bool
contradicts(struct scan *s, struct span line)
{
	const char *name;

	return s->inherited && !span_starts(line, "#") &&
	       funcname_of_line(&name, s->arena, s->path, line) ==
		       FUNCNAME_OPENS;
}

static void
on_c_line(struct scan *s, struct span line)
{
	if (contradicts(s, line)) {
		s->out->n--;
		s->inherited = false;
		s->where = OUTSIDE;
	}
	switch (s->where) {
	case FUNCTION:
		/* A "}" of a macro that is defined in the body ends nothing. */
		if (!s->directive && span_starts(line, "}"))
			close_range(s, s->lineno);
		else if (s->directive || span_starts(line, "#"))
			s->directive = goes_on(line);
		break;
	case MACRO:
		s->directive = goes_on(line);
		if (!s->directive)
			close_range(s, s->lineno);
		break;
	case OUTSIDE:
	case DECLARATION:
	case LABEL:
		on_outer_line(s, line);
		break;
	}
}

static bool
is_label(struct span line)
{
	size_t n = cdecl_word(line).len;

	return n && n < line.len && line.ptr[n] == ':';
}

static void
on_asm_line(struct scan *s, struct span line)
{
	const char *name;

	if (s->where == MACRO) {
		if (!goes_on(line))
			close_range(s, s->lineno);
		return;
	}
	switch (funcname_of_line(&name, s->arena, s->path, line)) {
	case FUNCNAME_NOTHING:
		break;
	case FUNCNAME_CLOSES:
		close_range(s, s->lineno);
		break;
	case FUNCNAME_OPENS:
		if (s->where == FUNCTION &&
		    (is_label(line) || span_starts(line, "#")))
			break;
		close_range(s, s->lineno - 1);
		open_range(s, name, s->lineno,
			   span_starts(line, "#") ? MACRO
			   : is_label(line)	  ? LABEL
						  : FUNCTION);
		break;
	}
}

static bool
is_asm(const char *path)
{
	size_t len = strlen(path);

	return len > 2 && !strcmp(path + len - 2, ".S");
}

static void
scan_text(struct scan *s, struct span text)
{
	bool assembly = is_asm(s->path);
	struct span line;

	while (span_line(&line, &text)) {
		s->lineno++;
		if (assembly)
			on_asm_line(s, line);
		else
			on_c_line(s, line);
	}
}

/* A macro of one line is no place to be in. */
static bool
is_range(const struct csource_def *def)
{
	return def->kind == CSOURCE_FUNCTION ||
	       (def->kind == CSOURCE_MACRO && def->last > def->first);
}

void
funcranges_find(struct funcranges *out, struct arena *arena, const char *path,
		struct span text)
{
	struct csource source;

	*out = (struct funcranges){ 0 };
	csource_read(&source, arena, path, text, NULL, false);
	for (size_t i = 0; i < source.ndefs; i++) {
		const struct csource_def *def = &source.defs[i];

		if (!is_range(def) ||
		    (out->n && out->v[out->n - 1].last >= def->last))
			continue;
		if (out->n && out->v[out->n - 1].last >= def->first)
			out->v[out->n - 1].last = def->first - 1;
		ARENA_GROW(arena, out->v, out->cap, out->n);
		out->v[out->n++] =
			(struct funcrange){ def->first, def->last,
					    arena_strndup(arena, def->name.ptr,
							  def->name.len) };
	}
}

void
funcranges_find_in_piece(struct funcranges *out, struct arena *arena,
			 const char *path, struct span heading,
			 struct span text)
{
	struct scan s = { .out = out, .arena = arena, .path = path };
	struct span name;
	const char *opened;

	*out = (struct funcranges){ 0 };
	if (!funcname_has(path))
		return;
	if (!span_starts(heading, "#") &&
	    funcname_of_line(&opened, arena, path, heading) == FUNCNAME_OPENS) {
		open_range(&s, opened, 1,
			   is_asm(path) && is_label(heading) ? LABEL
							     : FUNCTION);
		s.inherited = true;
	}
	scan_text(&s, text);
	name = s.decl.name;
	if (s.where == DECLARATION && name.ptr && !s.decl.value)
		open_range(&s, arena_strndup(arena, name.ptr, name.len),
			   s.first, FUNCTION);
}

const char *
funcranges_at(const struct funcranges *ranges, size_t lineno)
{
	size_t low = 0, high = ranges->n;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (lineno < ranges->v[mid].first)
			high = mid;
		else if (lineno > ranges->v[mid].last)
			low = mid + 1;
		else
			return ranges->v[mid].name;
	}
	return NULL;
}
