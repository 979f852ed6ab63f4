#include "callseq.h"

#include <stdbool.h>

#include "arena.h"
#include "asmop.h"
#include "csource.h"
#include "ctoken.h"
#include "limits.h"

enum {
	NESTING = 256, /* deeper ones are not told apart */
	PATH_BYTES = 256,
};

enum level {
	LEVEL_BRACE,
	LEVEL_BRANCH, /* if, else, for ...: up to the end of its statement */
	LEVEL_PAREN,
	LEVEL_HEAD, /* the "(" of a branch */
};

struct scan {
	struct callseq *out;
	struct arena *arena;
	unsigned char levels[NESTING];
	size_t nlevels; /* may be more than there is room for */
	uint32_t branches, ifdefs;
	struct ctoken last;
	bool head; /* the next "(" is that of a branch */
	/* The path that was read last: "a", "a.b". */
	const char *start, *end;
	bool member; /* "." was read last */
	bool joined; /* it is of one piece in the text */
};

static void
push(struct scan *s, enum level level)
{
	if (s->nlevels < NESTING)
		s->levels[s->nlevels] = (unsigned char)level;
	s->nlevels++;
	s->branches += level == LEVEL_BRANCH;
}

static int
top(const struct scan *s)
{
	if (!s->nlevels || s->nlevels > NESTING)
		return -1;
	return s->levels[s->nlevels - 1];
}

static void
pop(struct scan *s)
{
	s->branches -= s->branches && top(s) == LEVEL_BRANCH;
	s->nlevels -= s->nlevels > 0;
}

/* A statement has ended, and with it the branches that it is all of. */
static void
end_statement(struct scan *s)
{
	while (top(s) == LEVEL_BRANCH)
		pop(s);
}

static void
close_brace(struct scan *s)
{
	while (s->nlevels && top(s) != LEVEL_BRACE)
		pop(s);
	pop(s);
	end_statement(s);
}

static void
close_paren(struct scan *s)
{
	int level = top(s);

	if (level != LEVEL_PAREN && level != LEVEL_HEAD)
		return;
	pop(s);
	if (level == LEVEL_HEAD)
		push(s, LEVEL_BRANCH);
}

static bool
is_loop_macro(struct span name)
{
	return memmem(name.ptr, name.len, "for_each", 8) != NULL;
}

static struct span
path_of(struct scan *s)
{
	struct span text = { s->start, (size_t)(s->end - s->start) };
	struct ctokens tokens;
	struct ctoken token;
	char path[PATH_BYTES];
	size_t len = 0;

	if (s->joined || text.len > PATH_BYTES)
		return text;
	ctokens_init(&tokens, text, 1);
	for (ctoken_next(&token, &tokens); token.kind != CTOKEN_END;
	     ctoken_next(&token, &tokens)) {
		if (ctoken_is_mark(&token, '.'))
			path[len++] = '.';
		else if (token.kind == CTOKEN_WORD)
			len = (size_t)((char *)mempcpy(path + len,
						       token.text.ptr,
						       token.text.len) -
				       path);
	}
	return (struct span){ arena_strndup(s->arena, path, len), len };
}

static void
add_call(struct scan *s, struct span name, uint32_t line)
{
	struct callseq *out = s->out;

	if (out->n == LIMIT_SOURCE_REFS)
		return;
	ARENA_GROW(s->arena, out->v, out->cap, out->n);
	out->v[out->n++] = (struct call){ name, line, s->branches, s->ifdefs };
}

static void
open_paren(struct scan *s, uint32_t line)
{
	bool branch = s->head;

	s->head = false;
	if (s->last.kind == CTOKEN_WORD && s->start) {
		struct span name = path_of(s);

		add_call(s, name, line);
		branch |= is_loop_macro(name);
	}
	push(s, branch ? LEVEL_HEAD : LEVEL_PAREN);
}

static void
on_word(struct scan *s, const struct ctoken *token)
{
	enum cword is = cword(token->text);
	bool member = s->member && s->start;

	s->member = false;
	if (is != CWORD_NAME && !member) {
		s->start = NULL;
		s->head = is == CWORD_CONTROL || is == CWORD_FOR;
		if (is == CWORD_FLOW)
			push(s, LEVEL_BRANCH); /* else, do */
		return;
	}
	if (!member) {
		s->start = token->text.ptr;
		s->joined = true;
	} else {
		s->joined &= token->text.ptr == s->end + 1;
	}
	s->end = token->text.ptr + token->text.len;
}

static void
on_mark(struct scan *s, const struct ctoken *token)
{
	switch (token->mark) {
	case '(':
		open_paren(s, token->line);
		break;
	case ')':
		close_paren(s);
		break;
	case '{':
		push(s, LEVEL_BRACE);
		break;
	case '}':
		close_brace(s);
		break;
	case ';':
		if (top(s) != LEVEL_HEAD) /* "for (;;)" */
			end_statement(s);
		break;
	case '.':
		/* The "->" of "a->b" is one byte longer than that of "a.b". */
		s->joined &= token->text.len == 1 && token->text.ptr == s->end;
		s->member = true;
		return;
	default:
		break;
	}
	s->start = NULL;
	s->member = false;
}

static void
on_directive(struct scan *s, const struct ctoken *directive)
{
	struct span word = { directive->text.ptr + 1, directive->text.len - 1 };

	while (word.len && (*word.ptr == ' ' || *word.ptr == '\t'))
		word.ptr++, word.len--;
	if (span_starts(word, "if"))
		s->ifdefs++;
	else if (span_starts(word, "endif"))
		s->ifdefs -= s->ifdefs > 0;
}

static void
scan_c(struct scan *s, struct ctokens *tokens)
{
	struct ctoken token;

	for (ctoken_next(&token, tokens); token.kind != CTOKEN_END;
	     ctoken_next(&token, tokens)) {
		if (token.kind == CTOKEN_WORD)
			on_word(s, &token);
		else if (token.kind == CTOKEN_MARK)
			on_mark(s, &token);
		else if (token.kind == CTOKEN_DIRECTIVE)
			on_directive(s, &token);
		else
			s->start = NULL;
		if (token.kind != CTOKEN_DIRECTIVE)
			s->last = token;
	}
}

/* "call x", "jmp x": the word behind a branch, if it is a symbol. */
static void
scan_asm(struct scan *s, struct ctokens *tokens)
{
	struct ctoken token, op = { .kind = CTOKEN_END };

	for (ctoken_next(&token, tokens); token.kind != CTOKEN_END;
	     ctoken_next(&token, tokens)) {
		if (token.kind == CTOKEN_DIRECTIVE) {
			on_directive(s, &token);
			continue;
		}
		if (token.kind == CTOKEN_WORD && op.kind == CTOKEN_WORD &&
		    op.line == token.line && asmop_is_branch(op.text))
			add_call(s, token.text, token.line);
		op = token;
	}
}

/* Over "#define name(args)" or up to the "{" of a function. */
static struct span
skip_head(struct span text, uint32_t *line)
{
	struct ctokens tokens;
	struct ctoken token;

	ctokens_init(&tokens, text, *line);
	ctoken_next(&token, &tokens);
	if (token.kind == CTOKEN_DIRECTIVE && span_starts(token.text, "#")) {
		ctokens_init(&tokens,
			     (struct span){ text.ptr + 1, text.len - 1 },
			     *line);
		ctoken_next(&token, &tokens); /* define */
		ctoken_next(&token, &tokens); /* its name */
		if (tokens.p < tokens.end && *tokens.p == '(')
			while (token.kind != CTOKEN_END &&
			       !ctoken_is_mark(&token, ')'))
				ctoken_next(&token, &tokens);
	} else {
		while (token.kind != CTOKEN_END && !ctoken_is_mark(&token, '{'))
			ctoken_next(&token, &tokens);
	}
	*line = tokens.line;
	return (struct span){ tokens.p, (size_t)(tokens.end - tokens.p) };
}

void
callseq_add(struct callseq *out, struct arena *arena, const char *path,
	    struct span text, uint32_t line, enum callseq_from from)
{
	struct scan s = { .out = out, .arena = arena };
	struct ctokens tokens;

	switch (text.len ? csource_language(path) : CSOURCE_NONE) {
	case CSOURCE_C:
		if (from == CALLSEQ_FUNCTION)
			text = skip_head(text, &line);
		ctokens_init(&tokens, text, line);
		scan_c(&s, &tokens);
		break;
	case CSOURCE_ASM:
		ctokens_init(&tokens, text, line);
		scan_asm(&s, &tokens);
		break;
	case CSOURCE_KCONFIG:
	case CSOURCE_NONE:
		break;
	}
}
