#include "csource-reader.h"

/* What is known of a condition: 0 and 1 as C has it, and neither. */
enum truth { FALSE, TRUE, UNKNOWN };

enum { NESTING = 32 }; /* brackets in a condition */

struct condition {
	const struct csource_symbols *symbols;
	struct ctokens rest;
	struct ctoken token;
	unsigned depth;
};

static enum truth truth_of_any(struct condition *c);

static void
advance(struct condition *c)
{
	ctoken_next(&c->token, &c->rest);
}

static bool
is_listed(struct span name, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_equal(name, span_of(list[i])))
			return true;
	return false;
}

static enum truth
truth_of_name(const struct csource_symbols *symbols, struct span name)
{
	if (!symbols)
		return UNKNOWN;
	if (is_listed(name, symbols->defined, symbols->ndefined))
		return TRUE;
	if (is_listed(name, symbols->undefined, symbols->nundefined))
		return FALSE;
	return UNKNOWN;
}

/* "defined X", "defined(X)", "IS_ENABLED(X)": X, and the ")" left to read. */
static enum truth
truth_of_defined(struct condition *c)
{
	enum truth truth = UNKNOWN;
	bool brackets;

	advance(c);
	brackets = ctoken_is_mark(&c->token, '(');
	if (brackets)
		advance(c);
	if (c->token.kind == CTOKEN_WORD) {
		truth = truth_of_name(c->symbols, c->token.text);
		advance(c);
	}
	if (brackets && ctoken_is_mark(&c->token, ')'))
		advance(c);
	return truth;
}

static enum truth
truth_of_number(struct condition *c)
{
	bool zero = true;

	for (size_t i = 0; i < c->token.text.len; i++)
		zero &= c->token.text.ptr[i] == '0';
	advance(c);
	return zero ? FALSE : TRUE;
}

static bool
is_operator(const struct ctoken *token, const char *text)
{
	return token->kind == CTOKEN_MARK &&
	       span_equal(token->text, span_of(text));
}

static bool
is_word(const struct ctoken *token, const char *text)
{
	return token->kind == CTOKEN_WORD &&
	       span_equal(token->text, span_of(text));
}

/* What one would need to calculate is not known: over it, to && || or ). */
static enum truth
skip_arithmetic(struct condition *c, enum truth truth)
{
	unsigned depth = 0;

	while (c->token.kind != CTOKEN_END) {
		bool closes = ctoken_is_mark(&c->token, ')');

		if (!depth && (closes || is_operator(&c->token, "&&") ||
			       is_operator(&c->token, "||")))
			break;
		truth = UNKNOWN;
		depth += ctoken_is_mark(&c->token, '(');
		depth -= closes;
		advance(c);
	}
	return truth;
}

static enum truth
truth_of_one(struct condition *c)
{
	enum truth truth = UNKNOWN;

	if (ctoken_is_mark(&c->token, '!')) {
		bool odd = false;

		for (; ctoken_is_mark(&c->token, '!'); advance(c))
			odd = !odd;
		truth = truth_of_one(c);
		if (truth == UNKNOWN || !odd)
			return truth;
		return truth == TRUE ? FALSE : TRUE;
	}
	if (is_word(&c->token, "defined") || is_word(&c->token, "IS_ENABLED")) {
		truth = truth_of_defined(c);
	} else if (c->token.kind == CTOKEN_NUMBER) {
		truth = truth_of_number(c);
	} else if (c->token.kind == CTOKEN_WORD) {
		truth = truth_of_name(c->symbols, c->token.text);
		advance(c);
	} else if (ctoken_is_mark(&c->token, '(') && c->depth < NESTING) {
		c->depth++;
		advance(c);
		truth = truth_of_any(c);
		if (ctoken_is_mark(&c->token, ')'))
			advance(c);
		c->depth--;
	}
	return skip_arithmetic(c, truth);
}

static enum truth
truth_of_all(struct condition *c)
{
	enum truth truth = truth_of_one(c);

	while (is_operator(&c->token, "&&")) {
		enum truth next;

		advance(c);
		next = truth_of_one(c);
		if (truth != FALSE)
			truth = next == TRUE ? truth : next;
	}
	return truth;
}

static enum truth
truth_of_any(struct condition *c)
{
	enum truth truth = truth_of_all(c);

	while (is_operator(&c->token, "||")) {
		enum truth next;

		advance(c);
		next = truth_of_all(c);
		if (truth != TRUE)
			truth = next == FALSE ? truth : next;
	}
	return truth;
}

static enum truth
truth_of(const struct csource_reader *r, struct span word,
	 const struct ctokens *rest)
{
	struct condition c = { .symbols = r->symbols, .rest = *rest };
	enum truth truth;

	advance(&c);
	if (!span_equal(word, SPAN("ifdef")) &&
	    !span_equal(word, SPAN("ifndef")))
		return truth_of_any(&c);
	truth = truth_of_name(r->symbols, c.token.text);
	if (truth == UNKNOWN || span_equal(word, SPAN("ifdef")))
		return truth;
	return truth == TRUE ? FALSE : TRUE;
}

/* The word behind the "#"; *rest: what follows. */
static struct span
directive_word(struct ctokens *rest, const struct ctoken *directive)
{
	struct span text = { directive->text.ptr + 1, directive->text.len - 1 };
	struct ctoken word;

	ctokens_init(rest, text, directive->line);
	ctoken_next(&word, rest);
	return word.kind == CTOKEN_WORD ? word.text
					: (struct span){ text.ptr, 0 };
}

/* Go to the #elif, #else or #endif of a branch that is not compiled, which is
   the next token then. */
static void
skip_branch(struct csource_reader *r)
{
	unsigned depth = 0;

	for (;;) {
		struct ctokens rest;
		struct ctoken token;
		struct span word;

		ctoken_next_brace(&token, &r->tokens);
		if (token.kind == CTOKEN_END)
			return;
		if (token.kind != CTOKEN_DIRECTIVE)
			continue;
		word = directive_word(&rest, &token);
		if (span_starts(word, "if")) {
			depth++;
		} else if (span_equal(word, SPAN("endif")) && depth) {
			depth--;
		} else if (!depth && (span_equal(word, SPAN("endif")) ||
				      span_starts(word, "el"))) {
			ctokens_back(&r->tokens, &token);
			return;
		}
	}
}

/* As it was at #if: the branches are alternatives. */
static void
go_back(struct csource_reader *r, const struct cstate *start, uint32_t line)
{
	struct cstate *now = &r->state;

	if (now->def && now->def != start->def)
		csource_close(r, now->def, line - 1);
	r->uneven |= now->depth != start->depth || now->where != start->where;
	*now = *start;
	if (r->body && now->where != CWHERE_OUTSIDE)
		cbody_back_to(r->body, now->nbrackets);
}

static void
on_if(struct csource_reader *r, struct span word, const struct ctokens *rest)
{
	struct cbranch *branch;
	enum truth truth;

	if (r->nbranches++ >= CBRANCHES)
		return;
	branch = &r->branches[r->nbranches - 1];
	if (r->body)
		r->state.nbrackets = cbody_nbrackets(r->body);
	branch->start = branch->end = r->state;
	truth = truth_of(r, word, rest);
	branch->read = truth != FALSE;
	branch->taken = truth == TRUE;
	if (truth == FALSE)
		skip_branch(r);
}

static void
on_else(struct csource_reader *r, struct span word, const struct ctokens *rest,
	uint32_t line)
{
	struct cbranch *branch;
	enum truth truth = TRUE;

	if (!r->nbranches || r->nbranches > CBRANCHES)
		return;
	branch = &r->branches[r->nbranches - 1];
	if (!branch->taken && !span_equal(word, SPAN("else")))
		truth = truth_of(
			r,
			span_starts(word, "elif") && word.len > 4
				? (struct span){ word.ptr + 2, word.len - 2 }
				: word,
			rest);
	if (branch->taken || truth == FALSE) {
		skip_branch(r);
		return;
	}
	branch->end = r->state;
	if (branch->read)
		go_back(r, &branch->start, line);
	branch->read = true;
	branch->taken = truth == TRUE;
}

static void
on_endif(struct csource_reader *r)
{
	const struct cstate *start;

	if (!r->nbranches || r->nbranches-- > CBRANCHES)
		return;
	start = &r->branches[r->nbranches].start;
	r->uneven |= r->state.where == start->where &&
		     r->state.depth != start->depth;
}

/* A branch with #error is none: it goes on as the one before ended. */
static void
on_error(struct csource_reader *r)
{
	const struct cbranch *branch;

	if (!r->nbranches || r->nbranches > CBRANCHES)
		return;
	branch = &r->branches[r->nbranches - 1];
	if (branch->end.where == CWHERE_OUTSIDE &&
	    branch->start.where == CWHERE_VALUE)
		r->state = branch->end;
}

static void
on_directive(struct csource_reader *r, const struct ctoken *directive)
{
	struct ctokens rest;
	struct span word = directive_word(&rest, directive);

	if (span_equal(word, SPAN("define")))
		csource_define(r, directive, &rest);
	else if (span_starts(word, "if"))
		on_if(r, word, &rest);
	else if (span_starts(word, "el"))
		on_else(r, word, &rest, directive->line);
	else if (span_equal(word, SPAN("endif")))
		on_endif(r);
	else if (span_equal(word, SPAN("error")))
		on_error(r);
}

/* Whether nothing but braces matters here. */
static bool
only_braces(const struct csource_reader *r)
{
	switch (r->state.where) {
	case CWHERE_FUNCTION:
		return !r->body && !r->inherited;
	case CWHERE_VALUE:
		return !r->body && r->state.depth;
	case CWHERE_ELSE:
		return true;
	case CWHERE_OUTSIDE:
	case CWHERE_MEMBERS:
		break;
	}
	return false;
}

void
csource_next(struct ctoken *out, struct csource_reader *r)
{
	for (;;) {
		if (only_braces(r))
			ctoken_next_brace(out, &r->tokens);
		else
			ctoken_next(out, &r->tokens);
		if (out->kind != CTOKEN_DIRECTIVE)
			return;
		on_directive(r, out);
	}
}
