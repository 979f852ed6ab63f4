#include "mail.h"

#include <strings.h>

#include "arena.h"
#include "body.h"
#include "content.h"
#include "error.h"
#include "header.h"
#include "limits.h"
#include "mime.h"
#include "utf8.h"

static const char *
decoded(struct arena *arena, struct span value)
{
	return mime_decode_header(arena, header_text(arena, value));
}

/* The first address of a list; addr "": none. */
static struct address
first_address(struct arena *arena, struct span value)
{
	struct addresses list = { .n = 0 };

	if (value.len)
		address_parse(&list, arena, header_text(arena, value));
	return list.n ? list.v[0] : (struct address){ "", "" };
}

/*
 * Add the addresses of the fields of that name: RFC 5322 3.6 wants one, but
 * some scripts write one for each address.
 */
static void
add_addresses(struct addresses *out, struct arena *arena,
	      const struct header *header, const char *name)
{
	size_t bytes = 0;

	for (size_t i = 0; i < header->n && bytes < LIMIT_ADDRESS_BYTES; i++) {
		struct addresses list;

		if (!header_field_is(&header->v[i], name))
			continue;
		bytes += header->v[i].value.len;
		address_parse(&list, arena,
			      header_text(arena, header->v[i].value));
		for (size_t k = 0; k < list.n; k++)
			addresses_add(out, arena, list.v[k]);
	}
}

static void
read_people(struct mail *mail, struct arena *arena, const struct header *header)
{
	mail->from = first_address(arena, header_find(header, "From"));
	mail->author = mail->from;
	add_addresses(&mail->to, arena, header, "To");
	add_addresses(&mail->cc, arena, header, "Cc");
	if (mail->to.n > LIMIT_MAIL_ADDRESSES)
		mail->to.n = LIMIT_MAIL_ADDRESSES;
	if (mail->cc.n > LIMIT_MAIL_ADDRESSES - mail->to.n)
		mail->cc.n = LIMIT_MAIL_ADDRESSES - mail->to.n;
}

/* "A. Person via B4 Relay", "A. Person via some-list": lists and relays put
   their own address there when DMARC would have the mail refused. */
static bool
is_rewritten(const struct mail *mail)
{
	return strcasestr(mail->from.name, " via ") ||
	       !strncasecmp(mail->from.addr, "devnull+", 8);
}

/* The person behind a rewritten From:. Reply-To: may name the list as well. */
static struct address
find_submitter(struct arena *arena, const struct mail *mail,
	       const struct header *header)
{
	struct addresses list = { .n = 0 };

	if (!is_rewritten(mail))
		return mail->from;
	add_addresses(&list, arena, header, "X-Original-From");
	add_addresses(&list, arena, header, "Reply-To");
	for (size_t i = 0; i < list.n; i++)
		if (strcasecmp(list.v[i].addr, mail->from.addr) != 0)
			return list.v[i];
	return mail->author;
}

/* RFC 3834 5: the value may have parameters. */
static bool
is_automatic(const struct header *header)
{
	struct span path = header_find(header, "Return-Path");
	struct span value = header_find(header, "Auto-Submitted");
	size_t n = 0;

	while (n < value.len && !strchr(" \t\r\n;(", value.ptr[n]))
		n++;
	return span_equal(path, SPAN("<>")) ||
	       (n && (n != 2 || strncasecmp(value.ptr, "no", 2)));
}

static const char *
list_id(struct arena *arena, struct span value)
{
	const char *open = memrchr(value.ptr, '<', value.len), *close;

	if (open) {
		value.len -= (size_t)(open + 1 - value.ptr);
		value.ptr = open + 1;
		close = memchr(value.ptr, '>', value.len);
		if (close)
			value.len = (size_t)(close - value.ptr);
	}
	return header_text(arena, value);
}

static void
read_transport(struct mail *mail, struct arena *arena,
	       const struct header *header)
{
	struct span agent = header_find(header, "User-Agent");
	struct span list = header_find(header, "List-Id");

	if (!agent.ptr)
		agent = header_find(header, "X-Mailer");
	if (agent.ptr)
		mail->user_agent = header_text(arena, agent);
	if (list.len)
		mail->list_id = list_id(arena, list);
	mail->automatic = is_automatic(header);
}

/* Message-ID and the thread. */
static const struct error *
read_ids(struct mail *mail, struct arena *arena, const struct header *header)
{
	struct span id = header_find(header, "Message-ID");

	if (id.len > LIMIT_MSGID_BYTES + 2)
		return error_new(ERROR_INPUT,
				 "a Message-ID of more than %d bytes",
				 LIMIT_MSGID_BYTES);
	mail->msgid = msgid_first(arena, id);
	mail->in_reply_to =
		msgid_first(arena, header_find(header, "In-Reply-To"));
	msgids_parse(&mail->references, arena,
		     header_find(header, "References"));
	return NULL;
}

static void
read_subject(struct mail *mail, struct arena *arena, struct span value)
{
	mail->subject = value.len ? decoded(arena, value) : "";
	subject_parse(&mail->prefix, arena, mail->subject);
}

static void
read_date(struct mail *mail, struct arena *arena, struct span value)
{
	int64_t date;

	if (value.len && mime_date(&date, header_text(arena, value)) &&
	    date > 0)
		mail->date = date;
}

/* Message, diff, trailers and author out of mail->body. */
static void
read_body(struct mail *mail, struct arena *arena)
{
	struct trailers trailers = { .n = 0 };
	struct address author;
	struct span block, line;
	struct body body;

	body_split(&body, mail->body);
	mail->message = body.message;
	mail->diff = body.diff;
	/* git-show(1)'s text sent as a patch is one. */
	if (body.commit.ptr && !mail->prefix.patch)
		mail->commit = arena_span(arena, body.commit);
	author = first_address(arena, body.author);
	if (author.addr[0])
		mail->author = author;
	while (span_line(&line, &body.preamble))
		trailers_add_line(&trailers, arena, line);
	trailers_add_message(&trailers, &block, arena, body.message);
	trailers_add_body(&trailers, arena, mail->body, block);
	mail->trailers = trailers.v;
	mail->ntrailers = trailers.n;
}

static const struct error *
read_content(struct mail *mail, struct arena *arena,
	     const struct header *header, struct span text)
{
	struct content content;
	const struct error *err = content_read(&content, arena, header, text);

	if (err)
		return err;
	mail->body = content.text;
	mail->format_flowed = content.flowed;
	mail->crlf = content.crlf;
	return NULL;
}

const struct error *
mail_parse(struct mail *out, struct arena *arena, struct span raw)
{
	struct mail mail = { .raw = raw };
	const struct error *err;
	struct header header;
	struct span text;

	if (raw.len > LIMIT_MAIL_BYTES)
		return error_new(ERROR_INPUT, "larger than %d bytes",
				 LIMIT_MAIL_BYTES);
	err = header_read(&header, &text, arena, raw);
	if (!err)
		err = read_ids(&mail, arena, &header);
	if (!err)
		err = read_content(&mail, arena, &header, text);
	if (err)
		return err;
	read_subject(&mail, arena, header_find(&header, "Subject"));
	read_people(&mail, arena, &header);
	read_date(&mail, arena, header_find(&header, "Date"));
	read_transport(&mail, arena, &header);
	read_body(&mail, arena);
	mail.submitter = find_submitter(arena, &mail, &header);
	*out = mail;
	return NULL;
}

/*
 * Take the first paragraph off *@message, and the blank lines behind it: it
 * is the subject, on one line.
 */
static const char *
commit_subject(struct arena *arena, struct span *message)
{
	struct span line, rest = body_skip_blank(*message);
	struct span first = { rest.ptr, 0 };

	*message = rest;
	while (span_line(&line, &rest) && span_trim(line).len) {
		first.len = (size_t)(line.ptr + line.len - first.ptr);
		*message = rest;
	}
	*message = body_skip_blank(*message);
	return utf8_clean(arena, span_trim(first));
}

void
mail_from_commit(struct mail *out, struct arena *arena,
		 const struct mail_commit *commit)
{
	struct mail mail = { .commit = commit->oid,
			     .date = commit->date,
			     .merge = commit->merge };
	struct span message = commit->message;
	struct trailers trailers = { .n = 0 };
	struct span block;
	char *body;

	mail.subject = commit_subject(arena, &message);
	subject_parse(&mail.prefix, arena, mail.subject);
	mail.author = mail.from = mail.submitter = commit->author;
	body = arena_alloc(arena, message.len + 4 + commit->diff.len + 1);
	mail.message = (struct span){ body, message.len };
	if (message.len)
		memcpy(body, message.ptr, message.len);
	mail.diff = (struct span){ body + message.len, 0 };
	if (commit->diff.len) {
		memcpy(body + message.len, "---\n", 4);
		memcpy(body + message.len + 4, commit->diff.ptr,
		       commit->diff.len);
		mail.diff.len = 4 + commit->diff.len;
	}
	mail.body = (struct span){ body, mail.message.len + mail.diff.len };
	trailers_add_message(&trailers, &block, arena, mail.message);
	trailers_add_body(&trailers, arena, mail.message, block);
	mail.trailers = trailers.v;
	mail.ntrailers = trailers.n;
	*out = mail;
}

const char *
mail_trailer(const struct mail *mail, const char *key, size_t nth)
{
	for (size_t i = 0; i < mail->ntrailers; i++)
		if (!strcasecmp(mail->trailers[i].key, key) && !nth--)
			return mail->trailers[i].value;
	return NULL;
}

const char *
mail_thread_root(const struct mail *mail)
{
	if (mail->references.n)
		return mail->references.v[0];
	return mail->in_reply_to ? mail->in_reply_to : mail->msgid;
}
