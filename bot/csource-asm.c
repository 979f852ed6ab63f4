#include "csource-reader.h"

#include "asmop.h"
#include "locals.h"

enum {
	STATEMENT = 64, /* tokens of one; more are left out */
	INNER = 16,	/* labels in one function */
	NUMBERED = 64,	/* labels that are a number: "1:" */
};

/* A file of assembly, statement by statement. */
struct assembly {
	struct csource_reader *r;
	struct locals *global; /* names that were declared .globl */
	struct ctoken v[STATEMENT];
	size_t n;
	uint32_t last;	      /* line of the last statement before this one */
	bool explicit_end;    /* the open definition ends with a macro */
	bool empty;	      /* nothing has followed its name */
	bool data;	      /* the section is one of data */
	bool leaves;	      /* the last instruction does */
	bool ahead[NUMBERED]; /* "1f" was used, and no "1:" has come */
	size_t inner[INNER], ninner;
	size_t macro; /* the open .macro */
};

static bool
is_word_at(const struct assembly *a, size_t i)
{
	return i < a->n && a->v[i].kind == CTOKEN_WORD;
}

static bool
is_mark_at(const struct assembly *a, size_t i, char mark)
{
	return i < a->n && ctoken_is_mark(&a->v[i], mark);
}

static struct span
text_at(const struct assembly *a, size_t i)
{
	return i < a->n ? a->v[i].text : (struct span){ "", 0 };
}

/* The name in "MACRO(name": none for "MACRO(\name)" of another macro. */
static struct span
argument(const struct assembly *a, size_t i)
{
	if (is_mark_at(a, i + 1, '(') && is_word_at(a, i + 2) &&
	    !is_mark_at(a, i + 3, '\\'))
		return text_at(a, i + 2);
	return (struct span){ "", 0 };
}

/* Close what is open; the functions that end here may go on behind it. */
static void
close_open(struct assembly *a, uint32_t last)
{
	struct csource_reader *r = a->r;
	struct csource_def *def = csource_def(r, r->state.def);
	bool falls = !a->leaves;

	for (size_t i = 0; i < NUMBERED; i++)
		falls |= a->ahead[i];
	memset(a->ahead, 0, sizeof(a->ahead));
	if (def)
		def->falls_through = falls && def->kind == CSOURCE_FUNCTION;
	csource_close(r, r->state.def, last);
	for (; a->ninner; a->ninner--) {
		size_t inner = a->inner[a->ninner - 1];

		csource_close(r, inner, last);
		if (csource_def(r, inner))
			csource_def(r, inner)->falls_through = falls;
	}
	r->state.def = 0;
	a->explicit_end = false;
}

static void
open_named(struct assembly *a, enum csource_kind kind, struct span name,
	   bool is_static, bool explicit_end)
{
	struct csource_reader *r = a->r;
	uint32_t line = a->v[0].line;

	if (!name.len || a->macro)
		return;
	if (r->state.def)
		close_open(a, a->last);
	r->state.def = csource_open(r, kind, name, line);
	if (r->state.def)
		csource_def(r, r->state.def)->is_static = is_static;
	a->explicit_end = explicit_end;
	a->empty = true;
	a->leaves = false;
}

/* A name inside of a function that others can jump to. */
static void
open_inner(struct assembly *a, struct span name, bool is_static)
{
	size_t def;

	if (a->ninner == INNER || !name.len || a->macro)
		return;
	def = csource_open(a->r, CSOURCE_FUNCTION, name, a->v[0].line);
	if (!def)
		return;
	csource_def(a->r, def)->is_static = is_static;
	a->inner[a->ninner++] = def;
	a->empty = true;
}

static bool
is_data(const struct assembly *a)
{
	const struct csource_def *def = csource_def(a->r, a->r->state.def);

	return def && def->kind == CSOURCE_VARIABLE;
}

/* "name:" or GLOBAL(name), at the beginning of a line or not. */
static void
on_label(struct assembly *a, struct span name, bool global)
{
	const struct csource_def *def = csource_def(a->r, a->r->state.def);
	bool open = def != NULL;

	if (open && a->explicit_end) {
		if (global)
			open_inner(a, name, false);
		return;
	}
	/* Inside of startup_64: only .globl and GLOBAL begin another one. */
	if (open && !global && !def->is_static && !is_data(a))
		return;
	open_named(a, a->data ? CSOURCE_VARIABLE : CSOURCE_FUNCTION, name,
		   !global, false);
}

static void
on_number(struct assembly *a, struct span number)
{
	size_t n = 0;

	for (size_t i = 0; i < number.len && n < NUMBERED; i++)
		n = n * 10 + (size_t)(number.ptr[i] - '0');
	if (n < NUMBERED)
		a->ahead[n] = false;
}

/* Over the labels in front of a statement. */
static size_t
skip_labels(struct assembly *a)
{
	size_t i = 0;

	for (;;) {
		if (is_word_at(a, i) && is_mark_at(a, i + 1, ':')) {
			on_label(a, text_at(a, i),
				 locals_have(a->global, text_at(a, i)));
			i += 2;
		} else if (i < a->n && a->v[i].kind == CTOKEN_NUMBER &&
			   is_mark_at(a, i + 1, ':')) {
			on_number(a, text_at(a, i));
			i += 2;
		} else if (is_mark_at(a, i, '.') && is_word_at(a, i + 1) &&
			   is_mark_at(a, i + 2, ':')) {
			i += 3; /* ".Lname:" */
		} else {
			return i;
		}
	}
}

static void
mention(struct assembly *a, enum csource_ref_kind kind, size_t i)
{
	if (a->r->want_refs)
		csource_mention(a->r, kind, text_at(a, i),
				(struct span){ NULL, 0 }, a->v[i].line);
}

/* A symbol: no register, no argument of a macro, no ".Lname", no "name=". */
static bool
is_symbol(const struct assembly *a, size_t i)
{
	if (!is_word_at(a, i) || is_mark_at(a, i + 1, '='))
		return false;
	return !i || a->v[i - 1].kind != CTOKEN_MARK ||
	       (a->v[i - 1].mark != '%' && a->v[i - 1].mark != '\\' &&
		a->v[i - 1].mark != '.' && a->v[i - 1].mark != '@');
}

/* "jmp 1f": to be found before the end, or this goes on in the next one. */
static void
note_forward(struct assembly *a, size_t i)
{
	struct span text = text_at(a, i);
	size_t n = 0, at = 0;

	for (; at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9' &&
	       n < NUMBERED;
	     at++)
		n = n * 10 + (size_t)(text.ptr[at] - '0');
	if (at && at + 1 == text.len && text.ptr[at] == 'f' && n < NUMBERED)
		a->ahead[n] = true;
}

/* "call x" in a string of ALTERNATIVE. */
static void
mention_string(struct assembly *a, size_t i)
{
	struct ctokens tokens;
	struct ctoken op, token;
	struct span text = text_at(a, i);

	if (text.len < 2 || !a->r->want_refs)
		return;
	ctokens_init(&tokens, (struct span){ text.ptr + 1, text.len - 2 },
		     a->v[i].line);
	ctoken_next(&op, &tokens);
	ctoken_next(&token, &tokens);
	if (op.kind == CTOKEN_WORD && token.kind == CTOKEN_WORD &&
	    asmop_is_branch(op.text))
		csource_mention(a->r, CSOURCE_CALL, token.text,
				(struct span){ NULL, 0 }, token.line);
}

static size_t
last_operand(const struct assembly *a, size_t from)
{
	size_t depth = 0, last = from;

	for (size_t i = from; i < a->n; i++) {
		depth += is_mark_at(a, i, '(');
		depth -= depth && is_mark_at(a, i, ')');
		if (!depth && is_mark_at(a, i, ','))
			last = i + 1;
	}
	return last;
}

static void
on_operands(struct assembly *a, struct span op, size_t from)
{
	bool branch = asmop_is_branch(op);
	size_t written = asmop_writes(op) ? last_operand(a, from) : a->n;

	if (is_mark_at(a, written, '$'))
		written = a->n;
	branch &= !is_mark_at(a, from, '*');
	for (size_t i = from; i < a->n; i++) {
		if (a->v[i].kind == CTOKEN_NUMBER)
			note_forward(a, i);
		else if (a->v[i].kind == CTOKEN_STRING)
			mention_string(a, i);
		if (!is_symbol(a, i))
			continue;
		if (branch && i == from)
			mention(a, CSOURCE_CALL, i);
		else
			mention(a, i >= written ? CSOURCE_WRITE : CSOURCE_NAME,
				i);
	}
}

/* "idtentry sym do_sym ...", "apicinterrupt VECTOR sym do_sym" outside of all:
   the macro makes the function sym, which calls do_sym. */
static bool
on_entry_macro(struct assembly *a, struct span op, size_t from)
{
	size_t words[2] = { 0, 0 }, n = 0;

	if (a->r->state.def || a->macro || !asmop_makes_entry(op))
		return false;
	for (size_t i = from; i < a->n; i++) {
		if (is_mark_at(a, i, '\\'))
			return false; /* in another macro */
		if (is_mark_at(a, i, '='))
			break;
		if (!is_symbol(a, i))
			continue;
		words[0] = words[1];
		words[1] = i;
		n++;
	}
	if (n < 2)
		return false;
	open_named(a, CSOURCE_FUNCTION, text_at(a, words[0]), false, true);
	mention(a, CSOURCE_CALL, words[1]);
	a->leaves = true;
	close_open(a, a->v[0].line);
	return true;
}

static void
on_directive(struct assembly *a, size_t i)
{
	struct csource_reader *r = a->r;
	struct span word = text_at(a, i);

	switch (asmop_directive(word)) {
	case ASMOP_GLOBAL:
		for (i++; i < a->n; i++)
			if (is_word_at(a, i))
				locals_add(a->global, text_at(a, i));
		break;
	case ASMOP_MACRO:
		if (r->state.def && !a->explicit_end)
			close_open(a, a->last);
		if (!a->macro && is_word_at(a, i + 1))
			a->macro =
				csource_open(r, CSOURCE_MACRO,
					     text_at(a, i + 1), a->v[0].line);
		break;
	case ASMOP_ENDM:
		csource_close(r, a->macro, a->v[0].line);
		a->macro = 0;
		break;
	case ASMOP_DATA:
		if (a->empty && r->state.def && !a->explicit_end)
			csource_def(r, r->state.def)->kind = CSOURCE_VARIABLE;
		a->empty = false;
		on_operands(a, word, i + 1);
		break;
	case ASMOP_TEXT_SECTION:
		a->data = false;
		break;
	case ASMOP_DATA_SECTION:
		a->data = true;
		break;
	case ASMOP_SECTION:
		a->data = is_mark_at(a, i + 1, '.') &&
			  asmop_is_data_section(text_at(a, i + 2));
		break;
	case ASMOP_OTHER:
		break;
	}
}

/* SYM_FUNC_START(x) and what was there before it, since 2.6 and to 5.4. */
static bool
on_macro(struct assembly *a, size_t i)
{
	struct span name = argument(a, i);

	switch (asmop_macro(text_at(a, i))) {
	case ASMOP_FUNCTION:
		open_named(a, CSOURCE_FUNCTION, name, false, true);
		return true;
	case ASMOP_LOCAL_FUNCTION:
		open_named(a, CSOURCE_FUNCTION, name, true, true);
		return true;
	case ASMOP_ENTRY:
		open_named(a, CSOURCE_FUNCTION, name, false, true);
		a->explicit_end = !a->data;
		return true;
	case ASMOP_LABEL:
		on_label(a, name, true);
		return true;
	case ASMOP_INNER_LABEL:
		if (a->r->state.def)
			on_label(a, name, true);
		return true;
	case ASMOP_VARIABLE:
		open_named(a, CSOURCE_VARIABLE, name, false, false);
		on_operands(a, text_at(a, i), i + 3);
		a->empty = false;
		return true;
	case ASMOP_ALIAS:
		open_named(a, CSOURCE_FUNCTION, name, false, true);
		if (is_word_at(a, i + 4))
			mention(a, CSOURCE_CALL, i + 4);
		a->leaves = true;
		close_open(a, a->v[0].line);
		return true;
	case ASMOP_END:
		if (name.len && a->r->state.def)
			close_open(a, a->v[0].line);
		return true;
	case ASMOP_NO_MACRO:
		break;
	}
	return false;
}

static void
on_instruction(struct assembly *a, size_t i)
{
	struct span op = text_at(a, i);

	if (asmop_is_silent(op))
		return;
	/* A label among data, with code behind it */
	if (a->empty && is_data(a) && !a->explicit_end)
		csource_def(a->r, a->r->state.def)->kind = CSOURCE_FUNCTION;
	a->empty = false;
	a->leaves = asmop_leaves(op);
	on_operands(a, op, i + 1);
}

/* ENTRY(phys_base) with data behind it had no END: it is no function. */
static void
settle_kind(struct assembly *a, size_t i)
{
	struct csource_def *def = csource_def(a->r, a->r->state.def);

	if (!def || !a->empty || def->kind != CSOURCE_FUNCTION ||
	    !is_mark_at(a, i, '.') ||
	    asmop_directive(text_at(a, i + 1)) != ASMOP_DATA)
		return;
	if (a->ninner) {
		/* GLOBAL(x) behind such a function, not in it */
		size_t inner = a->inner[--a->ninner];

		close_open(a, csource_def(a->r, inner)->first - 1);
		a->r->state.def = inner;
		def = csource_def(a->r, inner);
	}
	def->kind = CSOURCE_VARIABLE;
	a->explicit_end = false;
}

static void
on_statement(struct assembly *a)
{
	size_t i = skip_labels(a);

	settle_kind(a, i);
	if (is_mark_at(a, i, '.') && is_word_at(a, i + 1))
		on_directive(a, i + 1);
	else if (is_word_at(a, i) &&
		 asmop_directive(text_at(a, i)) == ASMOP_DATA_SECTION)
		a->data = true; /* __INITDATA */
	else if (is_word_at(a, i) &&
		 asmop_directive(text_at(a, i)) == ASMOP_TEXT_SECTION)
		a->data = false;
	else if (is_word_at(a, i) && !on_macro(a, i) &&
		 !on_entry_macro(a, text_at(a, i), i + 1))
		on_instruction(a, i);
	a->last = a->v[a->n - 1].line;
	a->n = 0;
}

static void
read_statements(struct assembly *a, struct span text)
{
	struct csource_reader *r = a->r;
	struct ctoken token;
	bool comment = false;

	ctokens_init(&r->tokens, text, 1);
	a->last = 0;
	for (csource_next(&token, r); token.kind != CTOKEN_END;
	     csource_next(&token, r)) {
		bool ends = ctoken_is_mark(&token, ';');

		if (a->n && (ends || token.line != a->v[a->n - 1].line))
			on_statement(a);
		if (ends || token.line != a->last)
			comment = false;
		comment |= ctoken_is_mark(&token, '#');
		if (!ends && !comment && a->n < STATEMENT)
			a->v[a->n++] = token;
	}
	if (a->n)
		on_statement(a);
}

void
csource_read_asm(struct csource_reader *r, struct span text)
{
	struct assembly a = { .r = r, .global = locals_new(r->arena) };

	read_statements(&a, text);
	csource_close(r, a.macro, a.last);
	close_open(&a, a.last);
}

void
csource_read_asm_piece(struct csource_reader *r, struct span heading,
		       struct span text)
{
	struct assembly a = { .r = r, .global = locals_new(r->arena) };

	if (heading.len && heading.ptr[0] != '#')
		read_statements(&a, heading);
	read_statements(&a, text);
	csource_close(r, a.macro, UINT32_MAX);
	close_open(&a, UINT32_MAX);
}
