/*
 * csource-body.h - a body of C on its way: brackets that are open, and what
 * was read last
 *
 * Private to csource*.c.
 */
#ifndef BOT_CSOURCE_BODY_H
#define BOT_CSOURCE_BODY_H

#include <stdbool.h>
#include <stddef.h> /* size_t */

#include "coperand.h"
#include "ctoken.h"
#include "span.h"

struct csource_reader;
struct locals;

enum { CBRACKETS = 200 };

enum cbracket_kind {
	CBRACKET_PLAIN,	  /* "(" */
	CBRACKET_CALL,	  /* "f(" */
	CBRACKET_CONTROL, /* "if (" */
	CBRACKET_INDEX,	  /* "[" */
	CBRACKET_BLOCK,	  /* "{" of statements */
	CBRACKET_VALUES,  /* "{" of an initialiser */
};

struct cbracket {
	enum cbracket_kind kind;
	struct span callee;	/* of a call */
	unsigned arg;		/* which of its arguments, from 0 */
	bool used;		/* the argument has had an operand */
	struct coperand before; /* of an index: goes on behind it */
	struct coperand first;	/* of a call: its first argument */
	struct span prefix;	/* of an initialiser: the path to it */
};

struct cbody {
	struct locals *locals;
	struct ctoken last;
	struct coperand operand;
	bool statement; /* one begins */
	bool in_case;
	bool declaring; /* names are declared at this depth: */
	size_t declaring_at;
	bool declare;	   /* ... and the next one is */
	const char *value; /* the name that a CSOURCE_SET tells already */
	struct span path;  /* of the designator just set: for "= {" */
	bool step;	   /* "++" was read */
	bool skip_word;	   /* behind struct, goto */
	bool file_scope;
	size_t nbrackets; /* may be more than there is room for */
	struct cbracket brackets[CBRACKETS]; /* last: need not be cleared */
};

/* The innermost bracket; NULL: none, or there was no room for it. */
struct cbracket *cbody_top(struct cbody *body);

void cbody_open_paren(struct cbody *body, struct csource_reader *r);
void cbody_open_index(struct cbody *body);
void cbody_open_brace(struct cbody *body, struct csource_reader *r);
/* @mark: ")" "]" or "}". */
void cbody_close(struct cbody *body, struct csource_reader *r, char mark);

#endif
