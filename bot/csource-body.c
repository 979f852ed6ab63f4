#include "csource-body.h"

#include "arena.h"
#include "cahead.h"
#include "callee.h"
#include "csource-reader.h"
#include "locals.h"

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
	if (nbrackets < CBRACKETS)
		body->nbrackets = nbrackets;
	body->operand = (struct coperand){ 0 };
	body->statement = !nbrackets ||
			  body->brackets[nbrackets - 1].kind == CBRACKET_BLOCK;
}

void
cbody_start(struct cbody *body, struct span args)
{
	struct locals *locals = body->locals;

	locals_clear(locals);
	memset(body, 0, offsetof(struct cbody, brackets));
	body->locals = locals;
	if (args.ptr)
		locals_add_parameters(locals, args);
	body->statement = true;
	body->file_scope = !args.ptr;
}

void
cbody_flush(struct cbody *body, struct csource_reader *r)
{
	coperand_end(&body->operand, r);
}

static void
on_assignment(struct cbody *body, struct csource_reader *r,
	      const struct ctoken *token, const struct ctokens *ahead)
{
	struct coperand operand = body->operand;
	const struct cbracket *in = cbody_top(body);
	struct span path, value;

	body->path = (struct span){ NULL, 0 };
	body->operand = (struct coperand){ 0 };
	if (!operand.open)
		return;
	coperand_write(&operand, r);
	if (operand.local && !operand.last.len)
		return;
	path = coperand_path(r->arena, &operand);
	if (operand.designator && in && in->prefix.len)
		path = span_of(arena_printf(r->arena, "%.*s%.*s",
					    (int)in->prefix.len, in->prefix.ptr,
					    (int)path.len, path.ptr));
	if (path.len > COPERAND_PATH)
		path = operand.last;
	body->path = path;
	value = token->mark == '=' ? cahead_name(*ahead)
				   : (struct span){ token->text.ptr, 0 };
	if (token->mark != '=') {
		if (operand.last.len)
			csource_mention(r, CSOURCE_MEMBER, operand.last, path,
					operand.line);
		return;
	}
	if (value.len && locals_have(body->locals, value))
		value.len = 0;
	if (!cahead_is_brace(*ahead))
		csource_mention(r, CSOURCE_SET, value, path, operand.line);
	if (value.len)
		body->value = value.ptr;
}

static void
on_comma(struct cbody *body, struct csource_reader *r)
{
	struct cbracket *in = cbody_top(body);

	if (in && in->kind == CBRACKET_CALL) {
		if (!in->arg)
			in->first = body->operand;
		in->arg++;
		in->used = false;
		if (in->arg == 1 &&
		    callee_is_transparent(in->callee.ptr ? in->callee
							 : SPAN("")))
			body->operand = (struct coperand){ 0 };
	}
	body->declare =
		body->declaring && body->declaring_at == body->nbrackets;
	cbody_flush(body, r);
}

static void
on_dot(struct cbody *body, const struct ctoken *token)
{
	struct cbracket *in = cbody_top(body);
	const struct ctoken *last = &body->last;

	if (body->operand.open)
		return;
	body->operand = (struct coperand){ .open = true,
					   .local = true,
					   .line = token->line,
					   .start = token->text.ptr };
	/* ".b =" and "[i].b =" */
	if (in && in->kind == CBRACKET_VALUES && token->text.len == 1)
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
		cbody_open_paren(body, r);
		return;
	case '[':
		cbody_open_index(body);
		return;
	case '{':
		cbody_open_brace(body, r);
		return;
	case ')':
	case ']':
	case '}':
		cbody_close(body, r, token->mark);
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
		coperand_write(&body->operand, r);
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
	struct cbracket *in = cbody_top(body);
	bool written;

	if (!in || in->kind != CBRACKET_CALL || in->used || !in->callee.ptr)
		return false;
	written = callee_written_argument(in->callee) == (int)in->arg;
	in->used = true;
	return written;
}

static void
on_member(struct cbody *body, const struct ctoken *token)
{
	struct coperand *operand = &body->operand;

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
	const struct cbracket *in = cbody_top(body);

	if (!in || in->kind != CBRACKET_PLAIN ||
	    !ctoken_is_mark(&body->last, '('))
		return false;
	return cahead_is_cast(ahead);
}

static void
on_name(struct cbody *body, struct csource_reader *r,
	const struct ctoken *token, const struct ctokens *ahead)
{
	struct coperand *operand = &body->operand;
	bool starred = ctoken_is_mark(&body->last, '*');

	cbody_flush(body, r);
	*operand =
		(struct coperand){ .open = true,
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
		coperand_write(operand, r);
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
