#include <stdlib.h>

#include "arena.h"
#include "csource-reader.h"
#include "locals.h"

enum { BRACKETS = 200, PATH_BYTES = 256, PATH_REACH = 1024 };

/* What was read last, as far as it may go on: "a", "a.b", "a[i]->b". */
struct operand {
	bool open;	 /* there is one */
	bool local;	 /* its root is, or no name at all */
	bool designator; /* ".b" of an initialiser */
	bool called;	 /* behind the ")" of a call */
	bool starred;	 /* "(*x)" */
	uint32_t line;
	const char *start, *end;
	struct span last; /* its last member; len 0: none */
	size_t ref;	  /* of its root, from 1; 0: none */
};

enum bracket_kind {
	BRACKET_PLAIN,	 /* "(" */
	BRACKET_CALL,	 /* "f(" */
	BRACKET_CONTROL, /* "if (" */
	BRACKET_INDEX,	 /* "[" */
	BRACKET_BLOCK,	 /* "{" of statements */
	BRACKET_VALUES,	 /* "{" of an initialiser */
};

struct bracket {
	enum bracket_kind kind;
	struct span callee;    /* of a call */
	unsigned arg;	       /* which of its arguments, from 0 */
	bool used;	       /* the argument has had an operand */
	struct operand before; /* of an index: goes on behind it */
	struct operand first;  /* of a call: its first argument */
	struct span prefix;    /* of an initialiser: the path to it */
};

struct cbody {
	struct locals *locals;
	struct bracket brackets[BRACKETS];
	size_t nbrackets; /* may be more than there is room for */
	struct ctoken last;
	struct operand operand;
	struct operand condition; /* of the control bracket just closed */
	bool statement;		  /* one begins */
	bool in_case;
	bool declaring; /* names are declared at this depth: */
	size_t declaring_at;
	bool declare;	   /* ... and the next one is */
	const char *value; /* the name that a CSOURCE_SET tells already */
	struct span path;  /* of the designator just set: for "= {" */
	bool step;	   /* "++" was read */
	bool skip_word;	   /* behind struct, goto */
	bool file_scope;
};

struct cbody *
cbody_new(struct arena *arena)
{
	struct cbody *body = ARENA_NEW(arena, struct cbody);

	body->locals = locals_new(arena);
	return body;
}

size_t
cbody_nbrackets(const struct cbody *body)
{
	return body->nbrackets;
}

void
cbody_back_to(struct cbody *body, size_t nbrackets)
{
	if (nbrackets < BRACKETS)
		body->nbrackets = nbrackets;
	body->operand = (struct operand){ 0 };
	body->statement = !nbrackets ||
			  body->brackets[nbrackets - 1].kind == BRACKET_BLOCK;
}

void
cbody_start(struct cbody *body, struct span args)
{
	struct locals *locals = body->locals;

	locals_clear(locals);
	*body = (struct cbody){ .locals = locals };
	if (args.ptr)
		locals_add_parameters(locals, args);
	body->statement = true;
	body->file_scope = !args.ptr;
}

static struct bracket *
top(struct cbody *body)
{
	if (!body->nbrackets || body->nbrackets > BRACKETS)
		return NULL;
	return &body->brackets[body->nbrackets - 1];
}

static void
push(struct cbody *body, const struct bracket *bracket)
{
	if (body->nbrackets < BRACKETS)
		body->brackets[body->nbrackets] = *bracket;
	body->nbrackets++;
	body->operand = (struct operand){ 0 };
}

/* "a [i] -> b" from @start on as "a.b" or, without a root, ".b". */
static struct span
make_path(struct arena *arena, const struct operand *operand)
{
	struct span text = { operand->start,
			     (size_t)(operand->end - operand->start) };
	struct ctokens tokens;
	struct ctoken token;
	char path[PATH_BYTES];
	size_t len = 0;
	bool member = false;
	int depth = 0;

	if (text.len > PATH_REACH)
		return operand->last;
	ctokens_init(&tokens, text, 1);
	for (ctoken_next(&token, &tokens); token.kind != CTOKEN_END;
	     ctoken_next(&token, &tokens)) {
		bool root = !operand->local && token.text.ptr == text.ptr;

		if (token.kind == CTOKEN_MARK) {
			depth += token.mark == '[' || token.mark == '(';
			depth -= token.mark == ']' || token.mark == ')';
			member = token.mark == '.' && depth <= 0;
			continue;
		}
		if (token.kind != CTOKEN_WORD || (!member && !root))
			continue;
		if (len + token.text.len + 1 > sizeof(path))
			return operand->last;
		if (member)
			path[len++] = '.';
		memcpy(path + len, token.text.ptr, token.text.len);
		len += token.text.len;
		member = false;
	}
	if (len == text.len && !memcmp(path, text.ptr, len))
		return text;
	return (struct span){ arena_strndup(arena, path, len), len };
}

static void
write_root(struct csource_reader *r, const struct operand *operand)
{
	if (operand->ref)
		r->out->refs[operand->ref - 1].kind = CSOURCE_WRITE;
}

/* Nothing more will be known of the operand. */
void
cbody_flush(struct cbody *body, struct csource_reader *r)
{
	struct operand *operand = &body->operand;

	if (operand->open && operand->last.len && !operand->designator)
		csource_mention(r, CSOURCE_MEMBER, operand->last,
				make_path(r->arena, operand), operand->line);
	*operand = (struct operand){ 0 };
}

/* The name that the value behind "=" begins with; len 0: it has none. */
static struct span
first_name(struct ctokens ahead)
{
	struct span none = { ahead.p, 0 };
	struct ctoken token, next;

	ctoken_next(&token, &ahead);
	for (int i = 0; i < 8; i++) {
		ctoken_next(&next, &ahead);
		if (token.kind == CTOKEN_WORD &&
		    cword(token.text) == CWORD_NAME) {
			if (ctoken_is_mark(&next, '('))
				return none;
			/* "(type)x", "(type *)x" */
			if (next.kind == CTOKEN_MARK && i &&
			    (next.mark == ')' || next.mark == '*')) {
				struct ctokens rest = ahead;
				struct ctoken then = next;

				while (ctoken_is_mark(&then, '*') ||
				       ctoken_is_mark(&then, ')'))
					ctoken_next(&then, &rest);
				if (then.kind == CTOKEN_WORD ||
				    ctoken_is_mark(&then, '&')) {
					token = then;
					ahead = rest;
					continue;
				}
			}
			return token.text;
		}
		if (token.kind == CTOKEN_WORD &&
		    cword(token.text) == CWORD_STRUCT) {
			ctoken_next(&next, &ahead); /* over the tag */
		} else if (token.kind == CTOKEN_MARK &&
			   !strchr("(&*)", token.mark)) {
			return none;
		} else if (token.kind != CTOKEN_MARK &&
			   token.kind != CTOKEN_WORD) {
			return none;
		}
		token = next;
	}
	return none;
}

static bool
opens_brace(struct ctokens ahead)
{
	struct ctoken token;

	ctoken_next(&token, &ahead);
	return ctoken_is_mark(&token, '{');
}

static void
on_assignment(struct cbody *body, struct csource_reader *r,
	      const struct ctoken *token, const struct ctokens *ahead)
{
	struct operand operand = body->operand;
	const struct bracket *in = top(body);
	struct span path, value;

	body->path = (struct span){ NULL, 0 };
	body->operand = (struct operand){ 0 };
	if (!operand.open)
		return;
	write_root(r, &operand);
	if (operand.local && !operand.last.len)
		return;
	path = make_path(r->arena, &operand);
	if (operand.designator && in && in->prefix.len)
		path = span_of(arena_printf(r->arena, "%.*s%.*s",
					    (int)in->prefix.len, in->prefix.ptr,
					    (int)path.len, path.ptr));
	if (path.len > PATH_BYTES)
		path = operand.last;
	body->path = path;
	value = token->mark == '=' ? first_name(*ahead)
				   : (struct span){ token->text.ptr, 0 };
	if (token->mark != '=') {
		if (operand.last.len)
			csource_mention(r, CSOURCE_MEMBER, operand.last, path,
					operand.line);
		return;
	}
	if (value.len && locals_have(body->locals, value))
		value.len = 0;
	if (!opens_brace(*ahead))
		csource_mention(r, CSOURCE_SET, value, path, operand.line);
	if (value.len)
		body->value = value.ptr;
}

/* Functions and macros that write what an argument of theirs names. */
static int
written_argument(struct span callee)
{
	static const struct {
		const char *name;
		int arg;
	} writers[] = {
		{ "memset", 0 },
		{ "memcpy", 0 },
		{ "memmove", 0 },
		{ "WRITE_ONCE", 0 },
		{ "ACCESS_ONCE_RW", 0 },
		{ "this_cpu_write", 0 },
		{ "__this_cpu_write", 0 },
		{ "raw_cpu_write", 0 },
		{ "percpu_write", 0 },
		{ "this_cpu_add", 0 },
		{ "this_cpu_sub", 0 },
		{ "this_cpu_inc", 0 },
		{ "this_cpu_dec", 0 },
		{ "this_cpu_or", 0 },
		{ "this_cpu_and", 0 },
		{ "this_cpu_xchg", 0 },
		{ "this_cpu_cmpxchg", 0 },
		{ "__this_cpu_inc", 0 },
		{ "__this_cpu_dec", 0 },
		{ "__this_cpu_or", 0 },
		{ "__this_cpu_and", 0 },
		{ "xchg", 0 },
		{ "cmpxchg", 0 },
		{ "atomic_set", 0 },
		{ "atomic_inc", 0 },
		{ "atomic_dec", 0 },
		{ "strcpy", 0 },
		{ "strlcpy", 0 },
		{ "strscpy", 0 },
		{ "cpumask_copy", 0 },
		{ "cpumask_clear", 0 },
		{ "cpumask_setall", 0 },
		{ "bitmap_zero", 0 },
		{ "bitmap_fill", 0 },
		{ "rcu_assign_pointer", 0 },
		{ "smp_store_release", 0 },
		{ "static_call_update", 0 },
		{ "static_branch_enable", 0 },
		{ "static_branch_disable", 0 },
		{ "set_bit", 1 },
		{ "__set_bit", 1 },
		{ "clear_bit", 1 },
		{ "__clear_bit", 1 },
		{ "change_bit", 1 },
		{ "test_and_set_bit", 1 },
		{ "test_and_clear_bit", 1 },
		{ "cpumask_set_cpu", 1 },
		{ "cpumask_clear_cpu", 1 },
		{ "__cpumask_set_cpu", 1 },
		{ "__cpumask_clear_cpu", 1 },
		{ "cpumask_test_and_set_cpu", 1 },
		{ "cpu_set", 0 },
		{ "node_set", 1 },
		{ "node_clear", 1 },
	};

	for (size_t i = 0; i < sizeof(writers) / sizeof(writers[0]); i++)
		if (writers[i].name[0] == callee.ptr[0] &&
		    span_equal(span_of(writers[i].name), callee))
			return writers[i].arg;
	return -1;
}

/* Macros that stand for the variable that is their first argument. */
static bool
is_transparent(struct span callee)
{
	static const char *const names[] = {
		"per_cpu",	  "per_cpu_ptr",   "this_cpu_ptr",
		"raw_cpu_ptr",	  "__get_cpu_var", "get_cpu_var",
		"__this_cpu_ptr", "READ_ONCE",	   "ACCESS_ONCE",
		"early_per_cpu",  "get_cpu_ptr",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (span_equal(span_of(names[i]), callee))
			return true;
	return false;
}

static void
open_paren(struct cbody *body, struct csource_reader *r)
{
	struct operand *operand = &body->operand;
	struct bracket bracket = { .kind = BRACKET_PLAIN };
	bool word = body->last.kind == CTOKEN_WORD;

	if (word && !operand->open) {
		enum cword is = cword(body->last.text);

		if (is == CWORD_CONTROL || is == CWORD_FOR)
			bracket.kind = BRACKET_CONTROL;
		else if (is != CWORD_RETURN || body->last.text.ptr[0] != 'r')
			bracket.kind = BRACKET_CALL; /* typeof(, asm( */
	} else if (operand->open && (word || operand->starred)) {
		bracket.kind = BRACKET_CALL;
		if (operand->last.len) {
			csource_mention(r, CSOURCE_VIA, operand->last,
					make_path(r->arena, operand),
					operand->line);
			bracket.callee = operand->last;
		} else if (operand->ref) {
			struct csource_ref *ref =
				&r->out->refs[operand->ref - 1];

			ref->kind = CSOURCE_CALL;
			bracket.callee = ref->name;
		}
	} else {
		cbody_flush(body, r);
	}
	push(body, &bracket);
	body->statement = word && cword(body->last.text) == CWORD_FOR;
}

static void
open_index(struct cbody *body)
{
	struct bracket bracket = { .kind = BRACKET_INDEX,
				   .before = body->operand };

	push(body, &bracket);
}

/* Whether a brace opens values: "= {", "(type) {", and "{" in one. */
static bool
opens_values(struct cbody *body)
{
	const struct bracket *in = top(body);
	const struct ctoken *last = &body->last;

	if (ctoken_is_mark(last, '='))
		return true;
	if (in && in->kind == BRACKET_VALUES)
		return true;
	if (ctoken_is_mark(last, '('))
		return false; /* "({" */
	if (ctoken_is_mark(last, ')') && in && in->kind != BRACKET_BLOCK)
		return true;
	return body->file_scope && !in;
}

static void
open_brace(struct cbody *body, struct csource_reader *r)
{
	const struct bracket *in = top(body);
	struct bracket bracket = { .kind = BRACKET_BLOCK };

	cbody_flush(body, r);
	if (opens_values(body)) {
		bracket.kind = BRACKET_VALUES;
		if (ctoken_is_mark(&body->last, '='))
			bracket.prefix = body->path;
		else if (in && in->kind == BRACKET_VALUES)
			bracket.prefix = in->prefix;
	}
	push(body, &bracket);
	body->statement = bracket.kind == BRACKET_BLOCK;
}

/* The bracket that @mark closes is the top one, as far as is known. */
static struct bracket *
matching(struct cbody *body, char mark)
{
	while (body->nbrackets > BRACKETS && mark == '}')
		body->nbrackets--;
	for (; body->nbrackets; body->nbrackets--) {
		const struct bracket *in = top(body);
		bool brace;

		if (!in)
			return NULL;
		brace = in->kind == BRACKET_BLOCK || in->kind == BRACKET_VALUES;
		if (brace == (mark == '}'))
			return top(body);
		if (brace)
			return NULL; /* a stray ")" */
	}
	return NULL;
}

/* A bracket that there was no room for. */
static bool
close_unseen(struct cbody *body, char mark)
{
	if (body->nbrackets <= BRACKETS || mark == '}')
		return false;
	body->nbrackets--;
	return true;
}

static void
close_bracket(struct cbody *body, struct csource_reader *r, char mark)
{
	struct operand operand = body->operand;
	struct bracket *in;

	if (close_unseen(body, mark))
		return;
	in = matching(body, mark);
	if (!in) {
		cbody_flush(body, r);
		return;
	}
	if (in->kind == BRACKET_CALL && !in->arg)
		in->first = operand;
	if (in->kind != BRACKET_PLAIN &&
	    (in->kind != BRACKET_CALL || in->arg || !in->callee.ptr ||
	     !is_transparent(in->callee)))
		cbody_flush(body, r);
	body->nbrackets--;
	body->operand = (struct operand){ 0 };
	switch (in->kind) {
	case BRACKET_INDEX:
		body->operand = in->before;
		break;
	case BRACKET_PLAIN:
		body->operand = operand;
		body->operand.starred |= operand.last.len > 0;
		break;
	case BRACKET_CALL:
		body->operand = (struct operand){ .open = true,
						  .local = true,
						  .called = true };
		if (in->callee.ptr && is_transparent(in->callee))
			body->operand = in->first;
		break;
	case BRACKET_CONTROL:
		body->statement = true;
		break;
	case BRACKET_BLOCK:
		body->statement = true;
		break;
	case BRACKET_VALUES:
		break;
	}
}

static void
on_comma(struct cbody *body, struct csource_reader *r)
{
	struct bracket *in = top(body);

	if (in && in->kind == BRACKET_CALL) {
		if (!in->arg)
			in->first = body->operand;
		in->arg++;
		in->used = false;
		if (in->arg == 1 &&
		    is_transparent(in->callee.ptr ? in->callee : SPAN("")))
			body->operand = (struct operand){ 0 };
	}
	body->declare =
		body->declaring && body->declaring_at == body->nbrackets;
	cbody_flush(body, r);
}

static void
on_dot(struct cbody *body, const struct ctoken *token)
{
	struct bracket *in = top(body);
	const struct ctoken *last = &body->last;

	if (body->operand.open)
		return;
	body->operand = (struct operand){ .open = true,
					  .local = true,
					  .line = token->line,
					  .start = token->text.ptr };
	/* ".b =" and "[i].b =" */
	if (in && in->kind == BRACKET_VALUES && token->text.len == 1)
		body->operand.designator = ctoken_is_mark(last, '{') ||
					   ctoken_is_mark(last, ',') ||
					   ctoken_is_mark(last, ']');
}

static void
on_mark(struct cbody *body, struct csource_reader *r,
	const struct ctoken *token, const struct ctokens *ahead)
{
	switch (token->mark) {
	case '(':
		open_paren(body, r);
		return;
	case '[':
		open_index(body);
		return;
	case '{':
		open_brace(body, r);
		return;
	case ')':
	case ']':
	case '}':
		close_bracket(body, r, token->mark);
		return;
	case '.':
		on_dot(body, token);
		return;
	case '=':
	case CMARK_UPDATE:
		on_assignment(body, r, token, ahead);
		return;
	case CMARK_STEP:
		body->step = !body->operand.open;
		write_root(r, &body->operand);
		cbody_flush(body, r);
		return;
	case ',':
		on_comma(body, r);
		return;
	case ';':
		cbody_flush(body, r);
		body->declaring = false;
		body->statement = true;
		return;
	case ':':
		cbody_flush(body, r);
		body->statement = body->in_case;
		body->in_case = false;
		return;
	default:
		cbody_flush(body, r);
	}
}

/* Whether this argument of a call is written, and not only read. */
static bool
is_written(struct cbody *body)
{
	struct bracket *in = top(body);
	bool written;

	if (!in || in->kind != BRACKET_CALL || in->used || !in->callee.ptr)
		return false;
	written = written_argument(in->callee) == (int)in->arg;
	in->used = true;
	return written;
}

static void
on_member(struct cbody *body, const struct ctoken *token)
{
	struct operand *operand = &body->operand;

	if (!operand->start)
		operand->start = body->last.text.ptr;
	operand->line = token->line;
	operand->last = token->text;
	operand->end = token->text.ptr + token->text.len;
	operand->called = false;
}

/* "(type *)" */
static bool
is_cast(struct cbody *body, struct ctokens ahead)
{
	const struct bracket *in = top(body);
	struct ctoken token;

	if (!in || in->kind != BRACKET_PLAIN ||
	    !ctoken_is_mark(&body->last, '('))
		return false;
	ctoken_next(&token, &ahead);
	if (!ctoken_is_mark(&token, '*'))
		return false;
	ctoken_next(&token, &ahead);
	return ctoken_is_mark(&token, ')') || ctoken_is_mark(&token, '*');
}

static void
on_name(struct cbody *body, struct csource_reader *r,
	const struct ctoken *token, const struct ctokens *ahead)
{
	struct operand *operand = &body->operand;
	bool starred = ctoken_is_mark(&body->last, '*');

	cbody_flush(body, r);
	*operand = (struct operand){ .open = true,
				     .line = token->line,
				     .starred = starred,
				     .start = token->text.ptr,
				     .end = token->text.ptr + token->text.len };
	if (body->declare)
		locals_add(body->locals, token->text);
	body->declare = false;
	operand->local = locals_have(body->locals, token->text);
	if (operand->local || body->value == token->text.ptr ||
	    is_cast(body, *ahead))
		return;
	operand->ref = csource_mention(r, CSOURCE_NAME, token->text,
				       (struct span){ NULL, 0 }, token->line);
	if (body->step || is_written(body))
		write_root(r, operand);
}

static bool
is_dot(const struct ctoken *token)
{
	return ctoken_is_mark(token, '.');
}

static void
on_word(struct cbody *body, struct csource_reader *r,
	const struct ctoken *token, const struct ctokens *ahead)
{
	enum cword is;

	if (is_dot(&body->last) && body->operand.open) {
		on_member(body, token);
		return;
	}
	if (body->skip_word) {
		body->skip_word = false;
		return;
	}
	is = cword(token->text);
	if (is == CWORD_NAME) {
		on_name(body, r, token, ahead);
		return;
	}
	body->skip_word =
		is == CWORD_STRUCT || is == CWORD_ENUM || is == CWORD_GOTO;
	body->in_case |= is == CWORD_CASE;
	body->statement = is == CWORD_FLOW;
	cbody_flush(body, r);
}

/* Where a statement may begin: does it declare, or is it labelled? True: the
   word is a type or a label, and has been dealt with. */
static bool
begins_declaration(struct cbody *body, const struct ctoken *token,
		   const struct ctokens *ahead)
{
	struct span name;

	switch (locals_declared(&name, token, *ahead)) {
	case LOCALS_NOTHING:
		return false;
	case LOCALS_LABEL:
		body->in_case = true; /* a statement follows the ":" */
		return true;
	case LOCALS_DECLARED:
		locals_add(body->locals, name);
		break;
	}
	body->declaring = true;
	body->declaring_at = body->nbrackets;
	return cword(token->text) == CWORD_NAME;
}

void
cbody_token(struct cbody *body, struct csource_reader *r,
	    const struct ctoken *token, const struct ctokens *ahead)
{
	bool statement = body->statement;

	body->statement = false;
	if (token->kind == CTOKEN_WORD) {
		if (statement && !body->file_scope &&
		    begins_declaration(body, token, ahead))
			cbody_flush(body, r);
		else
			on_word(body, r, token, ahead);
	} else if (token->kind == CTOKEN_MARK) {
		body->skip_word = false;
		on_mark(body, r, token, ahead);
	} else {
		cbody_flush(body, r);
	}
	if (!ctoken_is_mark(token, CMARK_STEP))
		body->step = false;
	body->last = *token;
}
