/*
 * ctoken.h - the tokens of C, one after the other
 *
 * Translation phases 2 and 3 of C (ISO/IEC 9899 5.1.1.2) as far as a reader
 * of declarations needs them: comments, blanks and continued lines vanish, a
 * preprocessing directive is one token. Total: an unknown byte is a mark, an
 * open string ends with its line, an open comment with the text.
 */
#ifndef BOT_CTOKEN_H
#define BOT_CTOKEN_H

#include <stdbool.h>
#include <stddef.h> /* size_t */
#include <stdint.h>

#include "span.h"

enum ctoken_kind {
	CTOKEN_END,
	CTOKEN_WORD, /* identifier or keyword */
	CTOKEN_NUMBER,
	CTOKEN_STRING, /* character constants, too */
	CTOKEN_MARK,
	CTOKEN_DIRECTIVE, /* "#" up to the end of the last continued line */
};

/* Marks are their character, but for these, which are longer or stand for
   several. "->" is the mark '.', "==" and all else that reads only is '@'. */
enum {
	CMARK_UPDATE = 'U', /* += -= |= ... */
	CMARK_STEP = 'S',   /* ++ -- */
	CMARK_OTHER = '@',
};

struct ctoken {
	enum ctoken_kind kind;
	char mark; /* of CTOKEN_MARK */
	bool column0;
	uint32_t line; /* 1-based, where it begins */
	struct span text;
};

struct ctokens {
	const char *p, *end, *bol; /* bol: the beginning of the line of p */
	uint32_t line;		   /* of p */
	bool fresh;		   /* no token on this line yet */
};

void ctokens_init(struct ctokens *tokens, struct span text, uint32_t line);

/* CTOKEN_END, again and again, behind the last. */
void ctoken_next(struct ctoken *out, struct ctokens *tokens);
/* The next that is a brace or a directive: a body that nobody looks into. */
void ctoken_next_brace(struct ctoken *out, struct ctokens *tokens);

/* So that @token, which was the last, is the next. */
void ctokens_back(struct ctokens *tokens, const struct ctoken *token);

static inline bool
ctoken_is_mark(const struct ctoken *token, char mark)
{
	return token->kind == CTOKEN_MARK && token->mark == mark;
}

/* What a word is to C; CWORD_NAME: nothing, so it names something. */
enum cword {
	CWORD_NAME,
	CWORD_STRUCT, /* struct, union */
	CWORD_ENUM,
	CWORD_STATIC,
	CWORD_EXTERN,
	CWORD_TYPEDEF,
	CWORD_TYPE,	 /* int, unsigned, bool ... */
	CWORD_QUALIFIER, /* const, inline, register ... */
	CWORD_TYPEOF,
	CWORD_CONTROL, /* if, for, while, switch: "(" follows */
	CWORD_FOR,
	CWORD_CASE, /* case, default: ":" follows */
	CWORD_GOTO,
	CWORD_FLOW,   /* else, do: a statement follows */
	CWORD_RETURN, /* return, break, continue, sizeof */
	CWORD_ASM,
	CWORD_ATTRIBUTE, /* takes arguments, and declares nothing by it */
};
enum cword cword(struct span word);

/* Whether @c may stand in an identifier. */
bool ctoken_is_word_char(char c);

#endif
