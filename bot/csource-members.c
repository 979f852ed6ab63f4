#include "csource-reader.h"

/* The name of a member stands before ";" "," "[" ":", or behind "(*". */
static void
on_member_mark(struct csource_reader *r, char mark)
{
	struct cdeclaration *d = &r->state.decl;

	if (strchr(";,[:", mark) && mark && d->word.len && d->types)
		csource_mention(r, CSOURCE_MEMBER, d->word,
				(struct span){ NULL, 0 }, d->args_line);
	if (strchr(";,[:", mark) && mark)
		d->word = (struct span){ NULL, 0 };
	if (mark == '(') {
		d->parens++;
		d->pointer = d->types || d->word.len;
		d->types++;
	}
	d->want_pointer = false;
	if (mark == ';' || mark == '{')
		d->types = 0;
	if (mark == '}' || mark == '*')
		d->types++;
}

static void
in_member_parens(struct cdeclaration *d, const struct ctoken *token)
{
	if (token->kind == CTOKEN_WORD && d->want_pointer) {
		d->word = token->text;
		d->args_line = token->line;
		d->types++;
	}
	d->want_pointer = ctoken_is_mark(token, '*') && d->pointer;
	d->pointer = false; /* only right behind the first bracket */
	d->parens += ctoken_is_mark(token, '(');
	d->parens -= ctoken_is_mark(token, ')');
}

static void
on_member_word(struct cdeclaration *d, const struct ctoken *token)
{
	enum cword is = cword(token->text);

	d->types += is == CWORD_TYPE || is == CWORD_STRUCT ||
		    (is == CWORD_NAME && d->word.len);
	if (is != CWORD_NAME ||
	    (d->word.len && d->types > 1 && span_starts(token->text, "__")))
		return;
	d->word = token->text;
	d->args_line = token->line;
}

void
csource_in_members(struct csource_reader *r, const struct ctoken *token)
{
	struct cstate *s = &r->state;
	struct cdeclaration *d = &s->decl;

	if (d->parens) {
		in_member_parens(d, token);
		return;
	}
	if (token->kind == CTOKEN_WORD) {
		on_member_word(d, token);
		return;
	}
	if (token->kind != CTOKEN_MARK)
		return;
	on_member_mark(r, token->mark);
	s->depth += token->mark == '{';
	if (token->mark != '}' || --s->depth)
		return;
	csource_close(r, s->def, token->line);
	s->def = 0;
	s->where = CWHERE_OUTSIDE;
	d->word = (struct span){ NULL, 0 };
	d->types = 1;
	d->parens = 0;
	d->aggregate = d->pointer = false;
}
