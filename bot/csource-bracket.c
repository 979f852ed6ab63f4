#include "csource-body.h"

#include "callee.h"
#include "csource-reader.h"

struct cbracket *
cbody_top(struct cbody *body)
{
	if (!body->nbrackets || body->nbrackets > CBRACKETS)
		return NULL;
	return &body->brackets[body->nbrackets - 1];
}

static void
push(struct cbody *body, const struct cbracket *bracket)
{
	if (body->nbrackets < CBRACKETS)
		body->brackets[body->nbrackets] = *bracket;
	body->nbrackets++;
	body->operand = (struct coperand){ 0 };
}

void
cbody_open_paren(struct cbody *body, struct csource_reader *r)
{
	struct coperand *operand = &body->operand;
	struct cbracket bracket = { .kind = CBRACKET_PLAIN };
	bool word = body->last.kind == CTOKEN_WORD;

	if (word && !operand->open) {
		enum cword is = cword(body->last.text);

		if (is == CWORD_CONTROL || is == CWORD_FOR)
			bracket.kind = CBRACKET_CONTROL;
		else if (is != CWORD_RETURN || body->last.text.ptr[0] != 'r')
			bracket.kind = CBRACKET_CALL; /* typeof(, asm( */
	} else if (operand->open && (word || operand->starred)) {
		bracket.kind = CBRACKET_CALL;
		if (operand->last.len) {
			csource_mention(r, CSOURCE_VIA, operand->last,
					coperand_path(r->arena, operand),
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

void
cbody_open_index(struct cbody *body)
{
	struct cbracket bracket = { .kind = CBRACKET_INDEX,
				    .before = body->operand };

	push(body, &bracket);
}

/* Whether a brace opens values: "= {", "(type) {", and "{" in one. */
static bool
opens_values(struct cbody *body)
{
	const struct cbracket *in = cbody_top(body);
	const struct ctoken *last = &body->last;

	if (ctoken_is_mark(last, '='))
		return true;
	if (in && in->kind == CBRACKET_VALUES)
		return true;
	if (ctoken_is_mark(last, '('))
		return false; /* "({" */
	if (ctoken_is_mark(last, ')') && in && in->kind != CBRACKET_BLOCK)
		return true;
	return body->file_scope && !in;
}

void
cbody_open_brace(struct cbody *body, struct csource_reader *r)
{
	const struct cbracket *in = cbody_top(body);
	struct cbracket bracket = { .kind = CBRACKET_BLOCK };

	cbody_flush(body, r);
	if (opens_values(body)) {
		bracket.kind = CBRACKET_VALUES;
		if (ctoken_is_mark(&body->last, '='))
			bracket.prefix = body->path;
		else if (in && in->kind == CBRACKET_VALUES)
			bracket.prefix = in->prefix;
	}
	push(body, &bracket);
	body->statement = bracket.kind == CBRACKET_BLOCK;
}

/* The bracket that @mark closes is the top one, as far as is known. */
static struct cbracket *
matching(struct cbody *body, char mark)
{
	while (body->nbrackets > CBRACKETS && mark == '}')
		body->nbrackets--;
	for (; body->nbrackets; body->nbrackets--) {
		const struct cbracket *in = cbody_top(body);
		bool brace;

		if (!in)
			return NULL;
		brace = in->kind == CBRACKET_BLOCK ||
			in->kind == CBRACKET_VALUES;
		if (brace == (mark == '}'))
			return cbody_top(body);
		if (brace)
			return NULL; /* a stray ")" */
	}
	return NULL;
}

/* A bracket that there was no room for. */
static bool
close_unseen(struct cbody *body, char mark)
{
	if (body->nbrackets <= CBRACKETS || mark == '}')
		return false;
	body->nbrackets--;
	return true;
}

void
cbody_close(struct cbody *body, struct csource_reader *r, char mark)
{
	struct coperand operand = body->operand;
	struct cbracket *in;

	if (close_unseen(body, mark))
		return;
	in = matching(body, mark);
	if (!in) {
		cbody_flush(body, r);
		return;
	}
	if (in->kind == CBRACKET_CALL && !in->arg)
		in->first = operand;
	if (in->kind != CBRACKET_PLAIN &&
	    (in->kind != CBRACKET_CALL || in->arg || !in->callee.ptr ||
	     !callee_is_transparent(in->callee)))
		cbody_flush(body, r);
	body->nbrackets--;
	body->operand = (struct coperand){ 0 };
	switch (in->kind) {
	case CBRACKET_INDEX:
		body->operand = in->before;
		break;
	case CBRACKET_PLAIN:
		body->operand = operand;
		body->operand.starred |= operand.last.len > 0;
		break;
	case CBRACKET_CALL:
		body->operand = (struct coperand){ .open = true,
						   .local = true,
						   .called = true };
		if (in->callee.ptr && callee_is_transparent(in->callee))
			body->operand = in->first;
		break;
	case CBRACKET_CONTROL:
		body->statement = true;
		break;
	case CBRACKET_BLOCK:
		body->statement = true;
		break;
	case CBRACKET_VALUES:
		break;
	}
}
