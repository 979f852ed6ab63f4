#include "encode.h"

#include <stdbool.h>

#include "address.h"
#include "buf.h"

enum {
	FOLD_COLUMN = 76,  /* RFC 5322 2.1.1: 78 is what a line should have */
	ENCODED_WORD = 75, /* RFC 2047 2 */
	QP_COLUMN = 76,	   /* RFC 2045 6.7 (5) */
	LINE_MAX_BYTES = 998,
};

static const char word_begin[] = "=?UTF-8?Q?", word_end[] = "?=";
static const char hex[] = "0123456789ABCDEF";

static bool
is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9');
}

static bool
is_ascii(const char *s)
{
	for (; *s; s++)
		if (*s & 0x80)
			return false;
	return true;
}

void
field_begin(struct field_writer *field, struct buf *out, const char *name)
{
	field->out = out;
	buf_addf(out, "%s:", name);
	field->column = strlen(name) + 1;
}

static bool
is_first(const struct field_writer *field)
{
	return field->out->data[field->out->len - 1] == ':';
}

static void
write_word(struct field_writer *field, struct span word)
{
	/* The first word stays: a line of blanks alone confuses many. */
	bool fold =
		field->column + 1 + word.len > FOLD_COLUMN && !is_first(field);

	buf_addstr(field->out, fold ? "\n " : " ");
	buf_addspan(field->out, word);
	field->column = (fold ? 0 : field->column) + 1 + word.len;
}

void
field_word(struct field_writer *field, const char *word)
{
	write_word(field, span_of(word));
}

void
field_end(struct field_writer *field)
{
	buf_addch(field->out, '\n');
}

void
encode_token(struct buf *out, const char *name, const char *token)
{
	struct field_writer field;

	field_begin(&field, out, name);
	field_word(&field, token);
	field_end(&field);
}

/* Bytes of the UTF-8 character at @s. */
static size_t
character(const char *s)
{
	size_t n = 1;

	while ((s[0] & 0x80) && (s[n] & 0xc0) == 0x80 && n < 4)
		n++;
	return n;
}

/* The set that RFC 2047 5 (3) allows in names, too. */
static bool
is_literal(char c)
{
	return is_alnum(c) || (c && strchr("!*+-/ ", c));
}

static void
encode_byte(struct buf *word, char c)
{
	unsigned char byte = (unsigned char)c;

	if (is_literal(c))
		buf_addch(word, c == ' ' ? '_' : c);
	else
		buf_addf(word, "=%c%c", hex[byte >> 4], hex[byte & 15]);
}

static size_t
encoded_length(const char *s, size_t n)
{
	size_t len = 0;

	while (n--)
		len += is_literal(*s++) ? 1 : 3;
	return len;
}

/* @text as encoded words, none of which ends within a character. */
static void
encoded_words(struct field_writer *field, const char *text)
{
	struct buf word = BUF(ENCODED_WORD);

	while (*text) {
		size_t room = is_first(field) ? FOLD_COLUMN - 1 - field->column
					      : ENCODED_WORD;
		size_t n = character(text);

		buf_clear(&word);
		buf_addstr(&word, word_begin);
		do {
			for (; n; n--)
				encode_byte(&word, *text++);
			n = character(text);
		} while (*text &&
			 word.len + encoded_length(text, n) + 2 <= room);
		buf_addstr(&word, word_end);
		field_word(field, buf_str(&word));
	}
	buf_free(&word);
}

static void
plain_words(struct field_writer *field, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, " ");

		if (n)
			write_word(field, (struct span){ text, n });
		text += n + strspn(text + n, " ");
	}
}

void
encode_text(struct buf *out, const char *name, const char *text)
{
	struct field_writer field;

	field_begin(&field, out, name);
	if (is_ascii(text) && !strstr(text, "=?"))
		plain_words(&field, text);
	else
		encoded_words(&field, text);
	field_end(&field);
}

/* A display name: atoms, a quoted string or encoded words (RFC 5322 3.4). */
static void
write_name(struct field_writer *field, const char *name)
{
	struct buf quoted = BUF(LINE_MAX_BYTES);
	bool atoms = true;

	if (!is_ascii(name) || strstr(name, "=?")) {
		encoded_words(field, name);
		return;
	}
	for (const char *p = name; *p; p++)
		atoms = atoms &&
			(is_alnum(*p) || strchr(" !#$%&'*+-/=?^_`{|}~", *p));
	if (atoms) {
		plain_words(field, name);
		return;
	}
	buf_addch(&quoted, '"');
	for (const char *p = name; *p; p++) {
		if (*p == '"' || *p == '\\')
			buf_addch(&quoted, '\\');
		buf_addch(&quoted, *p);
	}
	buf_addch(&quoted, '"');
	plain_words(field, buf_str(&quoted));
	buf_free(&quoted);
}

void
encode_mailboxes(struct buf *out, const char *name,
		 const struct addresses *list)
{
	struct field_writer field;
	struct buf addr = BUF(LINE_MAX_BYTES);

	field_begin(&field, out, name);
	for (size_t i = 0; i < list->n; i++) {
		const char *comma = i + 1 < list->n ? "," : "";

		buf_clear(&addr);
		if (list->v[i].name[0]) {
			write_name(&field, list->v[i].name);
			buf_addf(&addr, "<%s>%s", list->v[i].addr, comma);
		} else {
			buf_addf(&addr, "%s%s", list->v[i].addr, comma);
		}
		field_word(&field, buf_str(&addr));
	}
	field_end(&field);
	buf_free(&addr);
}

static bool
is_7bit(struct span body)
{
	struct span line;

	for (size_t i = 0; i < body.len; i++)
		if (body.ptr[i] & 0x80)
			return false;
	while (span_line(&line, &body))
		if (line.len > LINE_MAX_BYTES || span_starts(line, "From "))
			return false;
	return true;
}

static void
quoted_line(struct buf *out, struct span line)
{
	size_t column = 0;

	for (size_t i = 0; i < line.len; i++) {
		unsigned char c = (unsigned char)line.ptr[i];
		bool last = i + 1 == line.len;
		bool blank = c == ' ' || c == '\t';
		struct span rest = { line.ptr + i, line.len - i };
		bool literal =
			(c > ' ' && c < 0x7f && c != '=') || (blank && !last);

		if (column + (literal ? 1 : 3) > QP_COLUMN - 1) {
			buf_addstr(out, "=\n");
			column = 0;
		}
		if (!column && span_starts(rest, "From "))
			literal = false;
		if (literal)
			buf_addch(out, (char)c);
		else
			buf_addf(out, "=%c%c", hex[c >> 4], hex[c & 15]);
		column += literal ? 1 : 3;
	}
	buf_addch(out, '\n');
}

void
encode_body(struct buf *out, struct span body)
{
	struct span line;

	if (is_7bit(body)) {
		buf_addstr(out, "Content-Transfer-Encoding: 7bit\n\n");
		buf_addspan(out, body);
		return;
	}
	buf_addstr(out, "Content-Transfer-Encoding: quoted-printable\n\n");
	while (span_line(&line, &body))
		quoted_line(out, line);
}
