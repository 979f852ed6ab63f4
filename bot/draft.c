#include "draft.h"

#include <stdbool.h>
#include <strings.h>

#include "arena.h"
#include "buf.h"
#include "encode.h"
#include "error.h"
#include "header.h"
#include "limits.h"
#include "mail.h"
#include "printable.h"
#include "utf8.h"

enum { SUBJECT_CHARS = 400 };

static const char subject_field[] = "Subject:";

const struct error *
draft_of(struct draft *out, struct arena *arena, struct span text)
{
	struct mail mail;
	const struct error *err = mail_parse(&mail, arena, text);

	if (err)
		return err;
	out->subject = mail.subject;
	out->body = mail.body;
	return NULL;
}

void
draft_write(struct buf *out, const struct draft *draft)
{
	buf_addf(out, "%s %s\n\n", subject_field, draft->subject);
	buf_addspan(out, draft->body);
}

static bool
is_blank(struct span text)
{
	return !span_trim(text).len;
}

/* Text as draft_write() left it, or as an editor without manners does: a
   last line without its end, CRLF. */
static struct span
clean_body(struct arena *arena, struct span body)
{
	struct span trimmed = span_trim(body);
	size_t len = (size_t)(trimmed.ptr + trimmed.len - body.ptr);
	char *text = arena_printf(
		arena, "%s\n",
		utf8_clean_but(arena, (struct span){ body.ptr, len }, "\t\n"));

	return span_of(text);
}

const struct error *
draft_read(struct draft *out, struct arena *arena, struct span text)
{
	const size_t n = sizeof(subject_field) - 1;
	struct span line = { "", 0 }, empty = { "", 0 };

	if (!span_line(&line, &text) || line.len < n ||
	    strncasecmp(line.ptr, subject_field, n) != 0)
		return error_new(ERROR_INPUT,
				 "the first line is not \"Subject: ...\"");
	line = span_trim((struct span){ line.ptr + n, line.len - n });
	if (!line.len)
		return error_new(ERROR_INPUT, "the subject is empty");
	if (!span_line(&empty, &text) || !is_blank(empty))
		return error_new(ERROR_INPUT,
				 "only the subject may stand above the empty "
				 "line");
	if (is_blank(text))
		return error_new(ERROR_INPUT, "the body is empty");
	if (memchr(text.ptr, '\0', text.len))
		return error_new(ERROR_INPUT, "the body is no text");
	out->subject = printable(arena, line, SUBJECT_CHARS);
	out->body = clean_body(arena, text);
	return NULL;
}

static bool
is_field(struct span line, const char *name)
{
	size_t n = strlen(name);

	return line.len > n && line.ptr[n] == ':' &&
	       !strncasecmp(line.ptr, name, n);
}

static void
add_field(struct buf *out, struct span line, const struct draft *draft,
	  struct address from)
{
	if (is_field(line, "Content-Transfer-Encoding"))
		return; /* encode_body() says it */
	if (is_field(line, "Subject")) {
		encode_text(out, "Subject", draft->subject);
	} else if (is_field(line, "From") && from.addr) {
		encode_mailboxes(out, "From",
				 &(struct addresses){ &from, 1, 1 });
	} else {
		buf_addspan(out, line);
		buf_addch(out, '\n');
	}
}

const struct error *
draft_apply(struct span *out, struct arena *arena, struct span mail,
	    const struct draft *draft, struct address from)
{
	struct buf text = BUF(LIMIT_MAIL_BYTES);
	const struct error *err;
	struct span line;

	while (header_line(&line, &mail) && line.len)
		add_field(&text, line, draft, from);
	encode_body(&text, draft->body);
	err = buf_check(&text, "the edited mail");
	if (!err)
		*out = (struct span){ arena_strndup(arena, text.data, text.len),
				      text.len };
	buf_free(&text);
	return err;
}
