#include "csource-decl.h"

static void
open_function(struct csource_reader *r, const struct ctoken *brace)
{
	struct cstate *s = &r->state;
	struct cdeclaration *d = &s->decl;
	struct csource_def *def;

	s->def = csource_open(r, CSOURCE_FUNCTION, csource_function_name(d),
			      d->first);
	def = csource_def(r, s->def);
	if (def)
		def->is_static = d->is_static && !r->header;
	if (r->body)
		cbody_start(r->body, csource_args(d));
	s->where = CWHERE_FUNCTION;
	s->depth = 1;
	s->wide = brace->column0;
	r->uneven = false;
}

static void
open_members(struct csource_reader *r)
{
	struct cstate *s = &r->state;

	s->def = 0;
	if (s->decl.tag.len && r->want_refs)
		s->def = csource_open(r, CSOURCE_STRUCT, s->decl.tag,
				      s->decl.first);
	s->where = r->want_refs ? CWHERE_MEMBERS : CWHERE_ELSE;
	s->depth = 1;
	s->decl.word = s->decl.name = (struct span){ NULL, 0 };
}

void
csource_on_brace(struct csource_reader *r, const struct ctoken *token)
{
	struct cstate *s = &r->state;
	struct cdeclaration *d = &s->decl;

	if (d->name.len && d->after_args && !d->is_typedef) {
		open_function(r, token);
	} else if (d->aggregate) {
		open_members(r);
	} else {
		s->where = CWHERE_ELSE;
		s->depth = 1;
		if (!d->enumeration)
			csource_forget(r);
	}
}

static void
open_value(struct csource_reader *r)
{
	struct cstate *s = &r->state;
	struct cdeclaration *d = &s->decl;

	s->def = 0;
	if (csource_is_macro_call(d)) {
		s->def = csource_open_macro_variable(r);
		if (s->def && r->want_refs)
			csource_mention_arguments(r);
	} else if (csource_is_variable(d) || (d->word.len && d->types)) {
		s->def = csource_open_variable(r, d->word, false);
	}
	if (r->body)
		cbody_start(r->body, (struct span){ NULL, 0 });
	s->where = CWHERE_VALUE;
	s->depth = s->parens = 0;
}

/* The first token of a value is judged by the "=" in front of it. */
void
csource_on_equals(struct csource_reader *r, const struct ctoken *equals)
{
	open_value(r);
	if (r->body)
		cbody_token(r->body, r, equals, &r->tokens);
}

/* Where branches of an #if left the braces uneven, column 0 decides. */
static bool
closes_function(const struct csource_reader *r, const struct ctoken *brace)
{
	const struct cstate *s = &r->state;

	if (!r->uneven || !s->wide)
		return !s->depth;
	return brace->column0;
}

static void
in_function(struct csource_reader *r, const struct ctoken *token)
{
	struct cstate *s = &r->state;

	if (ctoken_is_mark(token, '{')) {
		s->depth++;
	} else if (ctoken_is_mark(token, '}')) {
		s->depth -= s->depth > 0;
		if (closes_function(r, token)) {
			if (r->body)
				cbody_flush(r->body, r);
			csource_close(r, s->def, token->line);
			s->def = 0;
			s->where = CWHERE_OUTSIDE;
			r->inherited = false;
			csource_forget(r);
			return;
		}
	}
	if (r->body)
		cbody_token(r->body, r, token, &r->tokens);
}

static void
in_value(struct csource_reader *r, const struct ctoken *token)
{
	struct cstate *s = &r->state;
	struct cdeclaration *d = &s->decl;

	if (token->kind == CTOKEN_MARK && token->mark) {
		s->depth += token->mark == '{';
		s->parens += token->mark == '(';
		s->depth -= s->depth && token->mark == '}';
		s->parens -= s->parens && token->mark == ')';
	}
	if (s->depth || s->parens ||
	    (!ctoken_is_mark(token, ';') && !ctoken_is_mark(token, ','))) {
		if (r->body)
			cbody_token(r->body, r, token, &r->tokens);
		return;
	}
	if (r->body)
		cbody_flush(r->body, r);
	csource_close(r, s->def, token->line);
	s->def = 0;
	s->where = CWHERE_OUTSIDE;
	d->name = d->word = (struct span){ NULL, 0 };
	d->after_args = d->pointer = d->after_word = false;
	if (token->mark == ';')
		csource_forget(r);
}

static void
in_braces(struct csource_reader *r, const struct ctoken *token)
{
	struct cstate *s = &r->state;

	s->depth += ctoken_is_mark(token, '{');
	if (!ctoken_is_mark(token, '}') || --s->depth)
		return;
	s->where = CWHERE_OUTSIDE;
	s->decl.types += s->decl.aggregate || s->decl.enumeration;
	s->decl.aggregate = s->decl.enumeration = false;
}

/* Whether a function begins on the line of @word, in column 0: "f(" without
   ";" or "=". */
static bool
begins_function(const struct csource_reader *r, const struct ctoken *word)
{
	struct ctokens ahead = r->tokens;
	struct ctoken token = *word, last = token;
	bool named = false;

	for (; token.kind != CTOKEN_END && token.line == word->line;
	     ctoken_next(&token, &ahead)) {
		if (ctoken_is_mark(&token, ';') ||
		    ctoken_is_mark(&token, '=') ||
		    (!named && ctoken_is_mark(&token, ':')))
			return false;
		named |= ctoken_is_mark(&token, '(') &&
			 last.kind == CTOKEN_WORD &&
			 cword(last.text) == CWORD_NAME;
		last = token;
	}
	return named;
}

/* The heading said that we are in a function, but here one begins: that one
   had ended before the piece. */
static void
leave_inherited(struct csource_reader *r)
{
	struct csource *out = r->out;

	out->ndefs--;
	memmove(out->defs, out->defs + 1, out->ndefs * sizeof(*out->defs));
	r->state = (struct cstate){ .where = CWHERE_OUTSIDE };
	r->inherited = false;
}

static void
on_token(struct csource_reader *r, const struct ctoken *token)
{
	if (r->inherited && token->kind == CTOKEN_WORD && token->column0 &&
	    begins_function(r, token))
		leave_inherited(r);
	switch (r->state.where) {
	case CWHERE_OUTSIDE:
		csource_on_outer(r, token);
		break;
	case CWHERE_FUNCTION:
		in_function(r, token);
		break;
	case CWHERE_VALUE:
		in_value(r, token);
		break;
	case CWHERE_MEMBERS:
		csource_in_members(r, token);
		break;
	case CWHERE_ELSE:
		in_braces(r, token);
		break;
	}
}

static void
read_tokens(struct csource_reader *r, struct span text, uint32_t line)
{
	struct ctoken token;

	ctokens_init(&r->tokens, text, line);
	for (csource_next(&token, r); token.kind != CTOKEN_END;
	     csource_next(&token, r))
		on_token(r, &token);
}

void
csource_read_c(struct csource_reader *r, struct span text)
{
	read_tokens(r, text, 1);
	csource_close(r, r->state.def, r->tokens.line);
}

/* A macro's call that stands alone is as good as its name in a heading. */
static bool
is_idle(struct span name)
{
	return span_starts(name, "EXPORT_") || span_starts(name, "MODULE_") ||
	       span_starts(name, "NOKPROBE_") ||
	       span_starts(name, "DECLARE_") ||
	       span_starts(name, "STACK_FRAME_NON_STANDARD");
}

/* A declaration that was cut off: of a function, if it may become one. */
static void
end_cut(struct csource_reader *r, const char *end)
{
	struct cstate *s = &r->state;
	struct cdeclaration *d = &s->decl;
	struct ctoken brace = { .kind = CTOKEN_END, .column0 = true };

	if (s->where != CWHERE_OUTSIDE || !d->name.len ||
	    (!d->args && !d->after_args) || d->is_typedef || is_idle(d->name))
		return;
	if (!d->args_end)
		d->args_end = end;
	open_function(r, &brace);
}

/* Over the rest of a macro that began before the piece; how many lines. */
static uint32_t
skip_macro(struct span *text)
{
	struct span line, rest = *text;
	uint32_t n = 0;

	while (span_line(&line, &rest)) {
		line = span_trim(line);
		if (!line.len || line.ptr[0] == '#' ||
		    line.ptr[line.len - 1] != '\\')
			break;
		*text = rest;
		n++;
	}
	if (n && span_line(&line, text))
		n++;
	return n;
}

/* What the heading, which ends at @end, leaves open. */
static void
inherit(struct csource_reader *r, const char *end)
{
	struct cstate *s = &r->state;
	struct csource *out = r->out;

	if (s->where == CWHERE_FUNCTION && s->def)
		out->defs[0] = out->defs[s->def - 1];
	else
		out->ndefs = 0;
	end_cut(r, end);
	r->inherited = s->where == CWHERE_FUNCTION && s->def;
	if (!r->inherited) {
		*s = (struct cstate){ .where = CWHERE_OUTSIDE };
		return;
	}
	out->ndefs = s->def = 1;
	s->wide = r->uneven = true; /* nobody knows how deep we are */
}

void
csource_read_c_piece(struct csource_reader *r, struct span heading,
		     struct span text)
{
	uint32_t line = 1;

	r->piece = true;
	/* That of a macro's body is none. */
	if (heading.len && heading.ptr[0] != '#' &&
	    heading.ptr[heading.len - 1] != '\\') {
		read_tokens(r, heading, 1);
		inherit(r, heading.ptr + heading.len);
	}
	line += skip_macro(&text);
	read_tokens(r, text, line);
	end_cut(r, text.ptr + text.len);
	csource_close(r, r->state.def, UINT32_MAX);
}

void
csource_define(struct csource_reader *r, const struct ctoken *directive,
	       struct ctokens *rest)
{
	struct ctoken token, next;
	struct span args = { "", 0 };
	size_t def;

	ctoken_next(&token, rest);
	if (token.kind != CTOKEN_WORD)
		return;
	def = csource_open(r, CSOURCE_MACRO, token.text, directive->line);
	if (!r->want_refs) {
		csource_close(r, def, r->tokens.line);
		return;
	}
	/* Only "x(" without a blank takes arguments. */
	if (rest->p < rest->end && *rest->p == '(') {
		ctoken_next(&next, rest);
		args.ptr = rest->p;
		do
			ctoken_next(&next, rest);
		while (next.kind != CTOKEN_END && !ctoken_is_mark(&next, ')'));
		args.len = (size_t)(next.text.ptr - args.ptr);
	}
	cbody_start(r->macro, args);
	for (ctoken_next(&next, rest); next.kind != CTOKEN_END;
	     ctoken_next(&next, rest))
		cbody_token(r->macro, r, &next, rest);
	cbody_flush(r->macro, r);
	csource_close(r, def, r->tokens.line);
}
