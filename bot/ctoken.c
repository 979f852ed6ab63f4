#include "ctoken.h"

enum {
	MARK = 0, /* all else, bytes over 127 and NUL included */
	BLANK,
	NEWLINE,
	LETTER,
	DIGIT,
	QUOTE,
	SLASH,
	HASH,
	BACKSLASH,
	BRACE,
};

/* clang-format off */
static const unsigned char classes[256] = {
	[' '] = BLANK, ['\t'] = BLANK, ['\r'] = BLANK, ['\f'] = BLANK,
	['\v'] = BLANK, ['\n'] = NEWLINE,
	['_'] = LETTER, ['"'] = QUOTE, ['\''] = QUOTE, ['/'] = SLASH,
	['a'] = LETTER, ['b'] = LETTER, ['c'] = LETTER, ['d'] = LETTER,
	['e'] = LETTER, ['f'] = LETTER, ['g'] = LETTER, ['h'] = LETTER,
	['i'] = LETTER, ['j'] = LETTER, ['k'] = LETTER, ['l'] = LETTER,
	['m'] = LETTER, ['n'] = LETTER, ['o'] = LETTER, ['p'] = LETTER,
	['q'] = LETTER, ['r'] = LETTER, ['s'] = LETTER, ['t'] = LETTER,
	['u'] = LETTER, ['v'] = LETTER, ['w'] = LETTER, ['x'] = LETTER,
	['y'] = LETTER, ['z'] = LETTER, ['A'] = LETTER, ['B'] = LETTER,
	['C'] = LETTER, ['D'] = LETTER, ['E'] = LETTER, ['F'] = LETTER,
	['G'] = LETTER, ['H'] = LETTER, ['I'] = LETTER, ['J'] = LETTER,
	['K'] = LETTER, ['L'] = LETTER, ['M'] = LETTER, ['N'] = LETTER,
	['O'] = LETTER, ['P'] = LETTER, ['Q'] = LETTER, ['R'] = LETTER,
	['S'] = LETTER, ['T'] = LETTER, ['U'] = LETTER, ['V'] = LETTER,
	['W'] = LETTER, ['X'] = LETTER, ['Y'] = LETTER, ['Z'] = LETTER,
	['0'] = DIGIT, ['1'] = DIGIT, ['2'] = DIGIT, ['3'] = DIGIT,
	['4'] = DIGIT, ['5'] = DIGIT, ['6'] = DIGIT, ['7'] = DIGIT,
	['8'] = DIGIT, ['9'] = DIGIT,
	['#'] = HASH, ['\\'] = BACKSLASH, ['{'] = BRACE, ['}'] = BRACE,
};
/* clang-format on */

static unsigned
class_of(char c)
{
	return classes[(unsigned char)c];
}

bool
ctoken_is_word_char(char c)
{
	return class_of(c) == LETTER || class_of(c) == DIGIT;
}

void
ctokens_init(struct ctokens *tokens, struct span text, uint32_t line)
{
	*tokens = (struct ctokens){ .p = text.ptr,
				    .end = text.ptr + text.len,
				    .bol = text.ptr,
				    .line = line,
				    .fresh = true };
}

static void
newline(struct ctokens *t, const char *behind)
{
	t->line++;
	t->bol = behind;
}

/* From behind its slash and star to behind its end. */
static const char *
skip_comment(struct ctokens *t, const char *p)
{
	for (; p < t->end; p++) {
		if (*p == '\n')
			newline(t, p + 1);
		else if (*p == '*' && p + 1 < t->end && p[1] == '/')
			return p + 2;
	}
	return p;
}

/* To the newline that ends it, unless a backslash takes that away. */
static const char *
skip_line_comment(struct ctokens *t, const char *p)
{
	while (p < t->end && *p != '\n') {
		if (*p == '\\' && p + 1 < t->end && p[1] == '\n') {
			p++;
			newline(t, p + 1);
		}
		p++;
	}
	return p;
}

static const char *
skip_string(struct ctokens *t, const char *p)
{
	char quote = *p++;

	while (p < t->end && *p != quote && *p != '\n') {
		if (*p == '\\' && p + 1 < t->end) {
			p++;
			if (*p == '\n')
				newline(t, p + 1);
		}
		p++;
	}
	return p < t->end && *p == quote ? p + 1 : p;
}

static bool
is_comment(const struct ctokens *t, const char *p)
{
	return p + 1 < t->end && (p[1] == '*' || p[1] == '/');
}

static const char *
skip_any_comment(struct ctokens *t, const char *p)
{
	return p[1] == '*' ? skip_comment(t, p + 2)
			   : skip_line_comment(t, p + 2);
}

/* A backslash at @p: does it join lines? CR before the newline is no bar. */
static const char *
skip_join(struct ctokens *t, const char *p)
{
	const char *q = p + 1;

	while (q < t->end && *q == '\r')
		q++;
	if (q == t->end || *q != '\n')
		return p;
	newline(t, q + 1);
	return q + 1;
}

static const char *
skip_directive(struct ctokens *t, const char *p)
{
	while (p < t->end && *p != '\n') {
		const char *joined;

		switch (class_of(*p)) {
		case SLASH:
			p = is_comment(t, p) ? skip_any_comment(t, p) : p + 1;
			break;
		case QUOTE:
			p = skip_string(t, p);
			break;
		case BACKSLASH:
			joined = skip_join(t, p);
			p = joined == p ? p + 1 : joined;
			break;
		default:
			p++;
		}
	}
	return p;
}

/* To the next token, or the end; true: a line began on the way. */
static const char *
skip_blanks(struct ctokens *t)
{
	const char *p = t->p;

	while (p < t->end) {
		const char *joined;

		switch (class_of(*p)) {
		case BLANK:
			p++;
			break;
		case NEWLINE:
			newline(t, ++p);
			t->fresh = true;
			break;
		case SLASH:
			if (!is_comment(t, p))
				return p;
			p = skip_any_comment(t, p);
			break;
		case BACKSLASH:
			joined = skip_join(t, p);
			if (joined == p)
				return p;
			p = joined;
			break;
		default:
			return p;
		}
	}
	return p;
}

static const char *
read_mark(struct ctoken *out, const struct ctokens *t, const char *p)
{
	char c = *p, next = p + 1 < t->end ? p[1] : '\0';
	char third = p + 2 < t->end ? p[2] : '\0';

	out->mark = c;
	if (!strchr("-+*/%&|^<>=!.", c) || !c)
		return p + 1;
	if (c == '-' && next == '>') {
		out->mark = '.';
		return p + 2;
	}
	if ((c == '-' || c == '+') && next == c) {
		out->mark = CMARK_STEP;
		return p + 2;
	}
	if ((c == '<' || c == '>') && next == c) {
		out->mark = third == '=' ? CMARK_UPDATE : CMARK_OTHER;
		return p + 2 + (third == '=');
	}
	if (next == '=' && c != '.') {
		out->mark = strchr("<>=!", c) ? CMARK_OTHER : CMARK_UPDATE;
		return p + 2;
	}
	if ((c == '&' || c == '|' || c == '.') && next == c) {
		out->mark = CMARK_OTHER;
		return p + 2 + (c == '.' && third == '.');
	}
	return p + 1;
}

static const char *
read_number(const struct ctokens *t, const char *p)
{
	while (p < t->end && (ctoken_is_word_char(*p) || *p == '.')) {
		if (*p == '.' && p + 1 < t->end && p[1] == '.')
			break; /* "1...5" of a case or a designator */
		p++;
	}
	return p;
}

static const char *
read_token(struct ctoken *out, struct ctokens *t, const char *p)
{
	switch (class_of(*p)) {
	case LETTER:
		out->kind = CTOKEN_WORD;
		while (++p < t->end && ctoken_is_word_char(*p))
			;
		return p;
	case DIGIT:
		out->kind = CTOKEN_NUMBER;
		return read_number(t, p);
	case QUOTE:
		out->kind = CTOKEN_STRING;
		return skip_string(t, p);
	case HASH:
		if (t->fresh) {
			out->kind = CTOKEN_DIRECTIVE;
			return skip_directive(t, p);
		}
		break;
	default:
		break;
	}
	out->kind = CTOKEN_MARK;
	return read_mark(out, t, p);
}

void
ctoken_next(struct ctoken *out, struct ctokens *t)
{
	const char *p = skip_blanks(t);

	out->line = t->line;
	out->column0 = p == t->bol;
	out->text.ptr = p;
	if (p == t->end) {
		out->kind = CTOKEN_END;
	} else {
		p = read_token(out, t, p);
		t->fresh = false;
	}
	out->text.len = (size_t)(p - out->text.ptr);
	t->p = p;
}

/* Over what is neither brace nor directive; at the end: the end. */
static const char *
skip_to_brace(struct ctokens *t)
{
	const char *p = t->p, *joined;

	while (p < t->end) {
		switch (class_of(*p)) {
		case BRACE:
			return p;
		case HASH:
			if (t->fresh)
				return p;
			t->fresh = false;
			p++;
			break;
		case NEWLINE:
			newline(t, ++p);
			t->fresh = true;
			break;
		case SLASH:
			p = is_comment(t, p) ? skip_any_comment(t, p) : p + 1;
			break;
		case QUOTE:
			p = skip_string(t, p);
			t->fresh = false;
			break;
		case BACKSLASH:
			joined = skip_join(t, p);
			p = joined == p ? p + 1 : joined;
			break;
		case BLANK:
			p++;
			break;
		default:
			t->fresh = false;
			p++;
		}
	}
	return p;
}

void
ctoken_next_brace(struct ctoken *out, struct ctokens *t)
{
	t->p = skip_to_brace(t);
	ctoken_next(out, t);
}

void
ctokens_back(struct ctokens *t, const struct ctoken *token)
{
	t->p = token->text.ptr;
	t->line = token->line;
	t->bol = token->column0 ? t->p : NULL;
	t->fresh = token->kind == CTOKEN_DIRECTIVE;
}
