/*
 * csource-reader.h - what the readers of C, assembly and Kconfig share
 *
 * Private to csource*.c. A reader walks over one text once, and keeps all
 * that changes on the way of braces in one struct, so that #else can go back
 * to what was at #if.
 */
#ifndef BOT_CSOURCE_READER_H
#define BOT_CSOURCE_READER_H

#include "csource.h"
#include "ctoken.h"

struct cbody;

enum cwhere {
	CWHERE_OUTSIDE,	 /* in a declaration of file scope, or between two */
	CWHERE_FUNCTION, /* in its body */
	CWHERE_VALUE,	 /* behind the "=" of a variable */
	CWHERE_MEMBERS,	 /* of a struct or union */
	CWHERE_ELSE,	 /* in braces of no interest */
};

/* A declaration of file scope, as far as it has been read. */
struct cdeclaration {
	uint32_t first;	      /* its line; 0: nothing read yet */
	struct span word;     /* what would be its name */
	struct span name;     /* of a function or of a macro's call */
	const char *args;     /* behind the "(" of the name; NULL */
	const char *args_end; /* at its ")" */
	uint32_t args_line;
	struct span tag; /* of its struct */
	unsigned parens; /* open ones */
	unsigned types;	 /* words that can be a type's */
	bool is_static, is_extern, is_typedef;
	bool aggregate; /* struct or union was read, "{" may follow */
	bool want_tag;	/* ... just now */
	bool enumeration;
	bool after_word;   /* the last token may be a name */
	bool after_args;   /* ")" of the arguments has been read */
	bool attribute;	   /* "(" would be the arguments of one */
	bool pointer;	   /* "(*name" */
	bool want_pointer; /* "(*" was read */
};

struct cstate {
	enum cwhere where;
	unsigned depth;	 /* braces open within */
	unsigned parens; /* ... and others */
	size_t def;	 /* the open definition, from 1; 0: none */
	size_t nbrackets;
	bool wide; /* the body's "{" stands in column 0 */
	struct cdeclaration decl;
};

enum { CBRANCHES = 64 }; /* #if in #if; deeper ones are not told apart */

struct cbranch {
	struct cstate start; /* what was at #if */
	struct cstate end;   /* ... at the end of the branch before this one */
	bool read;	     /* some branch of it */
	bool taken;	     /* one that is known to be true: no other is */
};

struct csource_reader {
	struct csource *out;
	struct arena *arena;
	const struct csource_symbols *symbols; /* NULL: none */
	bool want_refs;
	bool header;
	struct ctokens tokens;
	struct cstate state;
	struct cbody *body; /* NULL: no refs are wanted */
	struct cbody *macro;
	size_t nbranches;
	bool uneven;	/* branches of an #if in this body differ in braces */
	bool piece;	/* the text begins and ends anywhere in a file */
	bool inherited; /* we are in the function that its heading names */
	struct cbranch branches[CBRANCHES]; /* last: need not be cleared */
};

/* csource.c */

/* A new definition, open: its last line and refs are set by the other one.
   Its index from 1; 0: there are too many. */
size_t csource_open(struct csource_reader *r, enum csource_kind kind,
		    struct span name, uint32_t first);
void csource_close(struct csource_reader *r, size_t def, uint32_t last);
struct csource_def *csource_def(struct csource_reader *r, size_t def);

/* A new reference, its index from 1; 0: there are too many. */
size_t csource_mention(struct csource_reader *r, enum csource_ref_kind kind,
		       struct span name, struct span path, uint32_t line);

/* csource-cpp.c */

/* The next token that is no directive, and of no branch that is known not to
   be compiled; the next brace, where nothing else matters. */
void csource_next(struct ctoken *out, struct csource_reader *r);

/* csource-c.c, csource-asm.c, csource-kconfig.c */
void csource_read_c(struct csource_reader *r, struct span text);
void csource_read_c_piece(struct csource_reader *r, struct span heading,
			  struct span text);
void csource_read_asm_piece(struct csource_reader *r, struct span heading,
			    struct span text);
void csource_read_asm(struct csource_reader *r, struct span text);
void csource_read_kconfig(struct csource_reader *r, struct span text);

/* "#define @name": the macro and what it mentions; C and assembly. */
void csource_define(struct csource_reader *r, const struct ctoken *directive,
		    struct ctokens *rest);

/* csource-members.c: a token in the braces of a struct */
void csource_in_members(struct csource_reader *r, const struct ctoken *token);

/* csource-body.c */

struct cbody *cbody_new(struct arena *arena);
/* Begin with the body of a function or macro, whose parameters @args are, or
   of a variable (@args.ptr NULL). */
void cbody_start(struct cbody *body, struct span args);
/* One token; @ahead: what follows it. */
void cbody_token(struct cbody *body, struct csource_reader *r,
		 const struct ctoken *token, const struct ctokens *ahead);
/* What was read last is complete. */
void cbody_flush(struct cbody *body, struct csource_reader *r);
size_t cbody_nbrackets(const struct cbody *body);
void cbody_back_to(struct cbody *body, size_t nbrackets);

#endif
