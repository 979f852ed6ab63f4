#include "locals.h"

#include <stdint.h>

#include "arena.h"

enum {
	SLOTS = 2048, /* a power of two */
	PROBES = 16,
	AHEAD = 24, /* tokens of a type */
};

struct slot {
	struct span name;
	uint32_t round;
};

struct locals {
	struct slot slots[SLOTS];
	uint32_t round; /* slots of other rounds are empty */
};

struct locals *
locals_new(struct arena *arena)
{
	struct locals *locals = ARENA_NEW(arena, struct locals);

	locals->round = 1;
	return locals;
}

void
locals_clear(struct locals *locals)
{
	locals->round++;
}

static uint32_t
hash_of(struct span name)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < name.len; i++)
		hash = (hash ^ (unsigned char)name.ptr[i]) * 16777619u;
	return hash;
}

void
locals_add(struct locals *locals, struct span name)
{
	uint32_t at = hash_of(name);

	for (uint32_t i = 0; i < PROBES; i++) {
		struct slot *slot = &locals->slots[(at + i) % SLOTS];

		if (slot->round != locals->round) {
			*slot = (struct slot){ name, locals->round };
			return;
		}
		if (span_equal(slot->name, name))
			return;
	}
}

bool
locals_have(const struct locals *locals, struct span name)
{
	uint32_t at = hash_of(name);

	for (uint32_t i = 0; i < PROBES; i++) {
		const struct slot *slot = &locals->slots[(at + i) % SLOTS];

		if (slot->round != locals->round)
			return false;
		if (span_equal(slot->name, name))
			return true;
	}
	return false;
}

/* "int a, char *b[], int (*f)(int)": the last name of each, or the one behind
   the first "(*". */
void
locals_add_parameters(struct locals *locals, struct span args)
{
	struct span name = { NULL, 0 };
	struct ctokens tokens;
	struct ctoken token;
	unsigned depth = 0;
	bool star = false, fixed = false;

	ctokens_init(&tokens, args, 1);
	do {
		ctoken_next(&token, &tokens);
		if (token.kind == CTOKEN_WORD && !fixed && (!depth || star)) {
			name = token.text;
			fixed = depth > 0;
		} else if (token.kind == CTOKEN_MARK) {
			depth += token.mark == '(' || token.mark == '[';
			depth -= depth &&
				 (token.mark == ')' || token.mark == ']');
			star = token.mark == '*' && depth == 1;
		}
		if (token.kind == CTOKEN_END ||
		    (ctoken_is_mark(&token, ',') && !depth)) {
			if (name.len && cword(name) == CWORD_NAME)
				locals_add(locals, name);
			name.len = 0;
			fixed = false;
		}
	} while (token.kind != CTOKEN_END);
}

/* DECLARE_BITMAP(x, 8), DEFINE_WAIT(x), LIST_HEAD(x) */
static bool
is_declaring_macro(struct span word)
{
	return span_starts(word, "DECLARE_") || span_starts(word, "DEFINE_") ||
	       span_equal(word, SPAN("LIST_HEAD")) ||
	       span_equal(word, SPAN("HLIST_HEAD"));
}

/* Over "(...)"; *token is what follows. */
static void
skip_parens(struct ctoken *token, struct ctokens *ahead)
{
	unsigned depth = 0;

	for (int i = 0; i < AHEAD * 4; i++) {
		depth += ctoken_is_mark(token, '(');
		depth -= depth && ctoken_is_mark(token, ')');
		ctoken_next(token, ahead);
		if (!depth)
			return;
	}
}

static bool
ends_declarator(const struct ctoken *token)
{
	return token->kind == CTOKEN_MARK && token->mark &&
	       strchr("=;,[):", token->mark);
}

static bool
is_type_word(enum cword word)
{
	return word == CWORD_TYPE || word == CWORD_QUALIFIER ||
	       word == CWORD_STATIC || word == CWORD_EXTERN ||
	       word == CWORD_TYPEDEF;
}

/* The declarator behind a type: "*const x =", "(*f)(", "x __attribute". */
static enum locals_found
declarator(struct span *name, struct ctoken *token, struct ctokens *ahead)
{
	bool stars = false;

	for (int i = 0; i < AHEAD; i++) {
		if (ctoken_is_mark(token, '*') || ctoken_is_mark(token, '(')) {
			stars |= token->mark == '*';
			if (token->mark == '(' && stars)
				return LOCALS_NOTHING;
		} else if (token->kind != CTOKEN_WORD) {
			return LOCALS_NOTHING;
		} else if (cword(token->text) == CWORD_NAME) {
			struct ctoken next;

			*name = token->text;
			ctoken_next(&next, ahead);
			if (ends_declarator(&next))
				return LOCALS_DECLARED;
			if (next.kind != CTOKEN_WORD)
				return LOCALS_NOTHING;
			*token = next; /* "__user x", "x __unused" */
			if (span_starts(next.text, "__") &&
			    !span_starts(*name, "__"))
				return LOCALS_DECLARED;
			continue;
		} else if (!is_type_word(cword(token->text))) {
			return LOCALS_NOTHING;
		}
		ctoken_next(token, ahead);
	}
	return LOCALS_NOTHING;
}

/* A type that no keyword shows: "foo_t x", "foo_t *x". */
static enum locals_found
named_type(struct span *name, struct span type, struct ctokens ahead)
{
	struct ctoken token;

	ctoken_next(&token, &ahead);
	if (ctoken_is_mark(&token, ':'))
		return LOCALS_LABEL;
	if (ctoken_is_mark(&token, '(') && is_declaring_macro(type)) {
		ctoken_next(&token, &ahead);
		*name = token.text;
		return token.kind == CTOKEN_WORD ? LOCALS_DECLARED
						 : LOCALS_NOTHING;
	}
	if (token.kind == CTOKEN_WORD || ctoken_is_mark(&token, '*'))
		return declarator(name, &token, &ahead);
	return LOCALS_NOTHING;
}

enum locals_found
locals_declared(struct span *name, const struct ctoken *first,
		struct ctokens ahead)
{
	struct ctoken token = *first;

	for (int i = 0; i < AHEAD; i++) {
		enum cword is = token.kind == CTOKEN_WORD ? cword(token.text)
							  : CWORD_RETURN;

		if (is == CWORD_STRUCT || is == CWORD_ENUM) {
			ctoken_next(&token, &ahead); /* the tag */
			ctoken_next(&token, &ahead);
			return declarator(name, &token, &ahead);
		}
		if (is == CWORD_TYPEOF) {
			ctoken_next(&token, &ahead);
			skip_parens(&token, &ahead);
			return declarator(name, &token, &ahead);
		}
		if (is == CWORD_TYPE) {
			while (token.kind == CTOKEN_WORD &&
			       is_type_word(cword(token.text)))
				ctoken_next(&token, &ahead);
			return declarator(name, &token, &ahead);
		}
		if (is == CWORD_NAME)
			return named_type(name, token.text, ahead);
		if (!is_type_word(is))
			return LOCALS_NOTHING;
		ctoken_next(&token, &ahead);
	}
	return LOCALS_NOTHING;
}
