#include "csource-decl.h"

static void
on_open_paren(struct cdeclaration *d, const struct csource_reader *r)
{
	struct ctokens ahead = r->tokens;
	struct ctoken next;

	d->parens = 1;
	if (d->attribute)
		return;
	ctoken_next(&next, &ahead);
	if (ctoken_is_mark(&next, '*') && !d->after_args) {
		/* "int (*f)(int)", "pte_t (*f(int))(int)" */
		d->types += d->after_word;
		d->pointer = true;
		d->want_pointer = true;
		return;
	}
	if (d->after_word && d->word.len) {
		d->name = d->word;
	} else if (d->after_args && d->name.len && !d->pointer) {
		/* "static int FNAME(walk)(int x)" */
		struct span inner = csource_macro_argument(d, 0);

		if (csource_is_capitals(d->name) && inner.len)
			d->name = inner;
	} else {
		return;
	}
	d->args = next.text.ptr;
	d->args_line = next.line;
	d->args_end = NULL;
}

static void
in_parens(struct csource_reader *r, const struct ctoken *token)
{
	struct cdeclaration *d = &r->state.decl;

	if (token->kind == CTOKEN_WORD && d->want_pointer &&
	    cword(token->text) == CWORD_NAME) {
		d->word = token->text;
		d->want_pointer = false;
	} else if (ctoken_is_mark(token, '(')) {
		if (d->pointer && d->parens == 1 && d->word.len && !d->name.len)
			d->name = d->word; /* it returns a pointer */
		d->parens++;
	} else if (ctoken_is_mark(token, ')') && !--d->parens) {
		d->want_pointer = false;
		if (d->attribute) {
			d->attribute = false;
			return;
		}
		if (d->args && !d->args_end)
			d->args_end = token->text.ptr;
		d->after_args = d->name.len > 0 || d->pointer;
		d->after_word = false;
	}
}

/* Whether "(" is the next byte that is no blank. */
static bool
paren_follows(const struct csource_reader *r)
{
	const char *p = r->tokens.p;

	while (p < r->tokens.end && (*p == ' ' || *p == '\t'))
		p++;
	return p < r->tokens.end && *p == '(';
}

static void
on_outer_name(struct csource_reader *r, const struct ctoken *token)
{
	struct cdeclaration *d = &r->state.decl;
	struct span word = token->text;
	bool reserved = span_starts(word, "__");

	if (d->want_tag) {
		d->want_tag = false;
		d->tag = word;
		d->types++;
		return;
	}
	if (reserved && !paren_follows(r) &&
	    ((d->word.len && d->types && !csource_is_annotation(d->word)) ||
	     d->after_args || csource_is_annotation(word))) {
		d->after_word = false;
		return;
	}
	if (d->after_args && reserved && paren_follows(r)) {
		d->attribute = true;
		return;
	}
	if (d->after_args) {
		csource_end_macro(r);
		d->first = token->line;
	}
	if (d->word.len && d->after_word)
		d->types++;
	d->word = word;
	d->after_word = true;
}

static void
on_outer_word(struct csource_reader *r, const struct ctoken *token)
{
	struct cdeclaration *d = &r->state.decl;
	enum cword is = cword(token->text);

	if (!d->first)
		d->first = token->line;
	if (is == CWORD_ATTRIBUTE || is == CWORD_ASM || is == CWORD_TYPEOF) {
		d->types += is == CWORD_TYPEOF;
		d->attribute = true;
		return;
	}
	d->attribute = false;
	if (is == CWORD_NAME) {
		on_outer_name(r, token);
		return;
	}
	if (d->after_args && is != CWORD_QUALIFIER) {
		csource_end_macro(r);
		d->first = token->line;
	}
	if (d->after_word && d->word.len)
		d->types++; /* "asmlinkage int f" */
	d->after_word = false;
	d->is_static |= is == CWORD_STATIC;
	d->is_extern |= is == CWORD_EXTERN;
	d->is_typedef |= is == CWORD_TYPEDEF;
	d->types += is == CWORD_TYPE;
	d->aggregate |= is == CWORD_STRUCT;
	d->want_tag = is == CWORD_STRUCT || is == CWORD_ENUM;
	d->enumeration |= is == CWORD_ENUM;
}

static void
on_outer_mark(struct csource_reader *r, const struct ctoken *token)
{
	struct cdeclaration *d = &r->state.decl;

	switch (token->mark) {
	case '(':
		if (!d->first)
			d->first = token->line;
		on_open_paren(d, r);
		break;
	case '{':
		csource_on_brace(r, token);
		return;
	case '=':
		csource_on_equals(r, token);
		return;
	case ';':
		csource_end_declarator(r, token->line);
		csource_forget(r);
		return;
	case ',':
		csource_end_declarator(r, token->line);
		d->name = d->word = (struct span){ NULL, 0 };
		d->after_args = d->pointer = false;
		break;
	case '}':
		csource_forget(r);
		return;
	case '*':
		d->types += d->after_word;
		break;
	case ':':
		if (d->after_word && !d->name.len)
			csource_forget(r); /* a label, in a piece of code */
		return;
	default:
		break;
	}
	d->want_tag = false;
	if (token->mark != '(')
		d->after_word = false;
}

void
csource_on_outer(struct csource_reader *r, const struct ctoken *token)
{
	/* In a piece of a file, what is indented may be of a body. */
	if (r->piece && !r->state.decl.first && !token->column0)
		return;
	if (r->state.decl.parens)
		in_parens(r, token);
	else if (token->kind == CTOKEN_WORD)
		on_outer_word(r, token);
	else if (token->kind == CTOKEN_MARK)
		on_outer_mark(r, token);
}
