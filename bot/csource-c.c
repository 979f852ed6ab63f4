#include "csource-reader.h"

/* SYSCALL_DEFINE3 and kin: capitals are macros. */
static bool
is_capitals(struct span word)
{
	size_t letters = 0;

	for (size_t i = 0; i < word.len; i++) {
		if (word.ptr[i] >= 'a' && word.ptr[i] <= 'z')
			return false;
		letters += word.ptr[i] >= 'A' && word.ptr[i] <= 'Z';
	}
	return letters > 1;
}

/* Section and such, which may stand in front of a name. */
static bool
is_annotation(struct span word)
{
	static const char *const starts[] = {
		"__init", "__exit",	  "__read_mostly",  "__ro_after",
		"__used", "__maybe",	  "__always",	    "__weak",
		"__cold", "__hot",	  "__user",	    "__iomem",
		"__rcu",  "__percpu",	  "__force",	    "__must",
		"__pure", "__noreturn",	  "__meminit",	    "__cpuinit",
		"__dev",  "__ref",	  "__net_init",	    "__sched",
		"__kpr",  "__cacheline",  "__page_aligned", "__latent",
		"__no",	  "__deprecated", "__packed",	    "__randomize",
		"____",	  "__visible",	  "__cpu",	    "__unused",
	};

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (span_starts(word, starts[i]))
			return true;
	return false;
}

static void
forget(struct csource_reader *r)
{
	r->state.decl = (struct cdeclaration){ 0 };
}

static struct span
args_of(const struct cdeclaration *d)
{
	if (!d->args || !d->args_end)
		return (struct span){ "", 0 };
	return (struct span){ d->args, (size_t)(d->args_end - d->args) };
}

/* The last word of argument number @n of a macro's call; len 0: none. */
static struct span
macro_argument(const struct cdeclaration *d, unsigned n)
{
	struct ctokens tokens;
	struct ctoken token;
	struct span word = { "", 0 };
	unsigned depth = 0, at = 0;

	ctokens_init(&tokens, args_of(d), 1);
	for (ctoken_next(&token, &tokens); token.kind != CTOKEN_END && at <= n;
	     ctoken_next(&token, &tokens)) {
		depth += ctoken_is_mark(&token, '(');
		depth -= depth && ctoken_is_mark(&token, ')');
		at += ctoken_is_mark(&token, ',') && !depth;
		if (at == n && token.kind == CTOKEN_WORD)
			word = token.text;
	}
	return word;
}

/* DEFINE_PER_CPU(type, name) and DEFINE_MUTEX(name) are variables. */
static bool
is_variable_macro(struct span name)
{
	return span_starts(name, "DEFINE_") ||
	       span_equal(name, SPAN("LIST_HEAD")) ||
	       span_equal(name, SPAN("HLIST_HEAD")) ||
	       span_equal(name, SPAN("DECLARE_BITMAP")) ||
	       span_equal(name, SPAN("DECLARE_RWSEM")) ||
	       span_equal(name, SPAN("DECLARE_WORK")) ||
	       span_equal(name, SPAN("DECLARE_WAIT_QUEUE_HEAD")) ||
	       span_equal(name, SPAN("ATOMIC_NOTIFIER_HEAD")) ||
	       span_equal(name, SPAN("BLOCKING_NOTIFIER_HEAD")) ||
	       span_equal(name, SPAN("RAW_NOTIFIER_HEAD"));
}

static size_t
open_variable(struct csource_reader *r, struct span name, bool per_cpu)
{
	const struct cdeclaration *d = &r->state.decl;
	size_t number = csource_open(r, CSOURCE_VARIABLE, name, d->first);
	struct csource_def *def = csource_def(r, number);

	if (!def)
		return 0;
	def->is_static = d->is_static && !r->header;
	def->per_cpu = per_cpu;
	def->type = d->tag;
	return number;
}

/* All that the arguments of a macro mention. */
static void
mention_arguments(struct csource_reader *r)
{
	const struct cdeclaration *d = &r->state.decl;
	struct ctokens tokens;
	struct ctoken token;

	ctokens_init(&tokens, args_of(d), d->args_line);
	cbody_start(r->macro, (struct span){ NULL, 0 });
	for (ctoken_next(&token, &tokens); token.kind != CTOKEN_END;
	     ctoken_next(&token, &tokens))
		if (token.kind != CTOKEN_DIRECTIVE)
			cbody_token(r->macro, r, &token, &tokens);
	cbody_flush(r->macro, r);
}

/* MACRO(...) at file scope. */
static size_t
open_macro_variable(struct csource_reader *r)
{
	struct cdeclaration *d = &r->state.decl;
	bool per_cpu = span_starts(d->name, "DEFINE_PER_CPU") ||
		       span_starts(d->name, "DEFINE_EARLY_PER_CPU");
	struct span name = macro_argument(d, per_cpu ? 1 : 0);

	if (!is_variable_macro(d->name) || !name.len)
		return 0;
	if (per_cpu) {
		struct ctokens tokens;
		struct ctoken token;

		ctokens_init(&tokens, args_of(d), 1);
		ctoken_next(&token, &tokens);
		if (token.kind == CTOKEN_WORD &&
		    cword(token.text) == CWORD_STRUCT) {
			ctoken_next(&token, &tokens);
			d->tag = token.text;
		}
	}
	return open_variable(r, name, per_cpu);
}

static void
end_macro_call(struct csource_reader *r, uint32_t line)
{
	struct cdeclaration *d = &r->state.decl;
	size_t def = open_macro_variable(r);

	if (r->want_refs) {
		if (!def)
			csource_mention(r, CSOURCE_CALL, d->name,
					(struct span){ NULL, 0 }, d->args_line);
		mention_arguments(r);
	}
	csource_close(r, def, line);
}

static bool
is_macro_call(const struct cdeclaration *d)
{
	return d->after_args && d->args_end && !d->types && !d->aggregate &&
	       !d->pointer;
}

static bool
is_variable(const struct cdeclaration *d)
{
	return d->word.len && d->types && !d->is_typedef && !d->is_extern &&
	       (!d->after_args || d->pointer);
}

/* ";" or "," behind a declarator. */
static void
end_declarator(struct csource_reader *r, uint32_t line)
{
	struct cdeclaration *d = &r->state.decl;

	if (is_macro_call(d))
		end_macro_call(r, line);
	else if (is_variable(d))
		csource_close(r, open_variable(r, d->word, false), line);
}

/* What came so far was a macro's call without ";": @token begins anew. */
static void
restart(struct csource_reader *r)
{
	if (is_macro_call(&r->state.decl))
		end_macro_call(r, r->state.decl.args_line);
	forget(r);
}

static struct span
function_name(const struct cdeclaration *d)
{
	struct span argument;

	if (is_capitals(d->name) && d->types < 1) {
		argument = macro_argument(d, 0);
		if (argument.len)
			return argument;
	}
	return d->name;
}

static void
open_function(struct csource_reader *r, const struct ctoken *brace)
{
	struct cstate *s = &r->state;
	struct cdeclaration *d = &s->decl;
	struct csource_def *def;

	s->def = csource_open(r, CSOURCE_FUNCTION, function_name(d), d->first);
	def = csource_def(r, s->def);
	if (def)
		def->is_static = d->is_static && !r->header;
	if (r->body)
		cbody_start(r->body, args_of(d));
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

static void
on_outer_brace(struct csource_reader *r, const struct ctoken *token)
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
			forget(r);
	}
}

static void
open_value(struct csource_reader *r)
{
	struct cstate *s = &r->state;
	struct cdeclaration *d = &s->decl;

	s->def = 0;
	if (is_macro_call(d)) {
		s->def = open_macro_variable(r);
		if (s->def && r->want_refs)
			mention_arguments(r);
	} else if (is_variable(d) || (d->word.len && d->types)) {
		s->def = open_variable(r, d->word, false);
	}
	if (r->body)
		cbody_start(r->body, (struct span){ NULL, 0 });
	s->where = CWHERE_VALUE;
	s->depth = s->parens = 0;
}

/* The first token of a value is judged by the "=" in front of it. */
static void
begin_value(struct csource_reader *r, const struct ctoken *equals)
{
	open_value(r);
	if (r->body)
		cbody_token(r->body, r, equals, &r->tokens);
}

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
		struct span inner = macro_argument(d, 0);

		if (is_capitals(d->name) && inner.len)
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
	    ((d->word.len && d->types && !is_annotation(d->word)) ||
	     d->after_args || is_annotation(word))) {
		d->after_word = false;
		return;
	}
	if (d->after_args && reserved && paren_follows(r)) {
		d->attribute = true;
		return;
	}
	if (d->after_args) {
		restart(r);
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
		restart(r);
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
		on_open_paren(d, r);
		break;
	case '{':
		on_outer_brace(r, token);
		return;
	case '=':
		begin_value(r, token);
		return;
	case ';':
		end_declarator(r, token->line);
		forget(r);
		return;
	case ',':
		end_declarator(r, token->line);
		d->name = d->word = (struct span){ NULL, 0 };
		d->after_args = d->pointer = false;
		break;
	case '}':
		forget(r);
		return;
	case '*':
		d->types += d->after_word;
		break;
	default:
		break;
	}
	d->want_tag = false;
	if (token->mark != '(')
		d->after_word = false;
}

static void
on_outer(struct csource_reader *r, const struct ctoken *token)
{
	if (r->state.decl.parens)
		in_parens(r, token);
	else if (token->kind == CTOKEN_WORD)
		on_outer_word(r, token);
	else if (token->kind == CTOKEN_MARK)
		on_outer_mark(r, token);
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
			forget(r);
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
		forget(r);
}

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

static void
in_members(struct csource_reader *r, const struct ctoken *token)
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

void
csource_read_c(struct csource_reader *r, struct span text)
{
	struct ctoken token;

	ctokens_init(&r->tokens, text, 1);
	for (csource_next(&token, r); token.kind != CTOKEN_END;
	     csource_next(&token, r)) {
		switch (r->state.where) {
		case CWHERE_OUTSIDE:
			on_outer(r, &token);
			break;
		case CWHERE_FUNCTION:
			in_function(r, &token);
			break;
		case CWHERE_VALUE:
			in_value(r, &token);
			break;
		case CWHERE_MEMBERS:
			in_members(r, &token);
			break;
		case CWHERE_ELSE:
			in_braces(r, &token);
			break;
		}
	}
	csource_close(r, r->state.def, r->tokens.line);
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
