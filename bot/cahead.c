#include "cahead.h"

enum { REACH = 8 }; /* tokens */

/* Behind "(type)" or "(type *)", of which @*next is the first token behind the
   word: *token is what is cast; false: it was none. */
static bool
step_over_cast(struct ctoken *token, struct ctokens *ahead,
	       const struct ctoken *next)
{
	struct ctokens rest = *ahead;
	struct ctoken then = *next;

	if (!ctoken_is_mark(&then, ')') && !ctoken_is_mark(&then, '*'))
		return false;
	while (ctoken_is_mark(&then, '*') || ctoken_is_mark(&then, ')'))
		ctoken_next(&then, &rest);
	if (then.kind != CTOKEN_WORD && !ctoken_is_mark(&then, '&'))
		return false;
	*token = then;
	*ahead = rest;
	return true;
}

/* What may stand in front of the name: "&", "(", "(struct tag *)". */
static bool
may_precede_name(const struct ctoken *token)
{
	if (token->kind == CTOKEN_MARK)
		return token->mark == '(' || token->mark == ')' ||
		       token->mark == '&' || token->mark == '*';
	return token->kind == CTOKEN_WORD;
}

struct span
cahead_name(struct ctokens ahead)
{
	struct span none = { ahead.p, 0 };
	struct ctoken token, next;

	ctoken_next(&token, &ahead);
	for (int i = 0; i < REACH; i++) {
		bool word = token.kind == CTOKEN_WORD;

		ctoken_next(&next, &ahead);
		if (word && cword(token.text) == CWORD_NAME) {
			if (ctoken_is_mark(&next, '('))
				return none;
			if (i && step_over_cast(&token, &ahead, &next))
				continue;
			return token.text;
		}
		if (!may_precede_name(&token))
			return none;
		if (word && cword(token.text) == CWORD_STRUCT)
			ctoken_next(&next, &ahead); /* over the tag */
		token = next;
	}
	return none;
}

bool
cahead_is_brace(struct ctokens ahead)
{
	struct ctoken token;

	ctoken_next(&token, &ahead);
	return ctoken_is_mark(&token, '{');
}

bool
cahead_is_cast(struct ctokens ahead)
{
	struct ctoken token;

	ctoken_next(&token, &ahead);
	if (!ctoken_is_mark(&token, '*'))
		return false;
	ctoken_next(&token, &ahead);
	return ctoken_is_mark(&token, ')') || ctoken_is_mark(&token, '*');
}
