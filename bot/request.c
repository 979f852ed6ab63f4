#include "request.h"

#include <stdbool.h>
#include <strings.h>
#include <time.h>

#include "addrspec.h"
#include "arena.h"
#include "buf.h"
#include "digest.h"
#include "encode.h"
#include "error.h"
#include "limits.h"
#include "mail.h"
#include "printable.h"
#include "request-body.h"
#include "verdict.h"

enum {
	HEADER_TEXT_MAX = 400,
	NAME_CHARS_MAX = 100,
	REFERENCES_KEPT = 20, /* besides the first and the parent */
	MSGID_MAX = 900,      /* fits a line of 998 with its field's name */
};

static const char id_right[] = "pvwatch.invalid";

const char *
request_msgid(struct arena *arena, const char *series, unsigned version,
	      const char *pack)
{
	char digest[DIGEST_SIZE];

	/* A pack's name holds no newline: no two triples make one text. */
	digest_bytes(digest, span_of(arena_printf(arena, "%u\n%s\n%s", version,
						  pack, series)));
	return arena_printf(arena, "%s@%s", digest, id_right);
}

/* Fit for <> in a header; not every id that mail has is RFC 5322's msg-id. */
static bool
is_msgid(const char *s)
{
	size_t n = 0;

	for (; s[n]; n++)
		if (s[n] <= ' ' || s[n] >= 0x7f || s[n] == '<' || s[n] == '>')
			return false;
	return n && n <= MSGID_MAX;
}

/* Pack and rule names, which packs keep to letters, digits and "-". */
static const char *
token(struct arena *arena, const char *s)
{
	char *out = arena_strdup(arena, s);

	for (char *p = out; *p; p++)
		if (*p <= ' ' || *p >= 0x7f || strchr(";,=\"", *p))
			*p = '?';
	return out;
}

MUST_CHECK
static const struct error *
check_address(struct address *out, struct arena *arena, struct address in)
{
	struct span addr = span_of(in.addr ? in.addr : "");

	if (!addrspec_valid(addr))
		return error_new(ERROR_INPUT,
				 "\"%s\": no address that mail may be sent to",
				 printable(arena, addr, NAME_CHARS_MAX));
	out->addr = in.addr;
	out->name = printable(arena, span_of(in.name ? in.name : ""),
			      NAME_CHARS_MAX);
	return NULL;
}

MUST_CHECK
static const struct error *
check_addresses(struct addresses *out, struct arena *arena,
		const struct addresses *in)
{
	for (size_t i = 0; i < in->n; i++) {
		struct address address;
		const struct error *err =
			check_address(&address, arena, in->v[i]);

		if (err)
			return err;
		addresses_add(out, arena, address);
	}
	return NULL;
}

static const char *
reply_subject(struct arena *arena, const char *subject)
{
	const char *clean = printable(arena, span_of(subject), HEADER_TEXT_MAX);

	if (!strncasecmp(clean, "Re:", 3))
		return clean;
	return arena_printf(arena, "Re: %s", clean);
}

/* RFC 5322 3.3, without the locale's names for days and months. */
static void
add_date(struct buf *out, int64_t now)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t t = (time_t)now;
	struct tm tm = { .tm_mday = 1 };

	gmtime_r(&t, &tm);
	buf_addf(out, "Date: %.3s, %d %.3s %d %02d:%02d:%02d +0000\n",
		 days + 3 * tm.tm_wday, tm.tm_mday, months + 3 * tm.tm_mon,
		 tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/*
 * RFC 5322 3.6.4: the parent's References, else its In-Reply-To, then the
 * parent. Of a long thread the first and the last are kept (RFC 5537 3.4.4).
 */
static void
add_references(struct buf *out, struct arena *arena, const struct mail *mail)
{
	const struct msgids *all = &mail->references;
	struct field_writer field;

	field_begin(&field, out, "References");
	for (size_t i = 0; i < all->n; i++)
		if ((!i || i + REFERENCES_KEPT >= all->n) &&
		    is_msgid(all->v[i]) && strcmp(all->v[i], mail->msgid) != 0)
			field_word(&field,
				   arena_printf(arena, "<%s>", all->v[i]));
	if (!all->n && mail->in_reply_to && is_msgid(mail->in_reply_to))
		field_word(&field,
			   arena_printf(arena, "<%s>", mail->in_reply_to));
	field_word(&field, arena_printf(arena, "<%s>", mail->msgid));
	field_end(&field);
}

static bool
is_new_rule(const struct verdict *verdict, size_t at)
{
	const struct finding *finding = &verdict->findings[at];

	for (size_t i = 0; i < at; i++)
		if (!strcmp(verdict->findings[i].rule, finding->rule) &&
		    !strcmp(verdict->findings[i].pack, finding->pack))
			return false;
	return true;
}

static void
add_own_field(struct buf *out, struct arena *arena,
	      const struct verdict *verdict, const char *pack)
{
	struct field_writer field;
	const char *rule = NULL;

	field_begin(&field, out, "X-pvwatch");
	field_word(&field, arena_printf(arena, "pack=%s;", token(arena, pack)));
	for (size_t i = 0; i < verdict->nfindings; i++) {
		if (strcmp(verdict->findings[i].pack, pack) != 0 ||
		    !is_new_rule(verdict, i))
			continue;
		if (rule)
			field_word(&field, arena_printf(arena, "%s,", rule));
		rule = arena_printf(arena, "%s%s", rule ? "" : "rules=",
				    token(arena, verdict->findings[i].rule));
	}
	if (rule)
		field_word(&field, rule);
	field_end(&field);
}

/* Which mail is answered: the patch, or what begins the series of several. */
static void
add_thread(struct buf *out, struct arena *arena,
	   const struct request_about *about)
{
	const char *root = about->series_root;

	if (about->nothers && is_msgid(root)) {
		root = arena_printf(arena, "<%s>", root);
		encode_token(out, "In-Reply-To", root);
		encode_token(out, "References", root);
		return;
	}
	encode_token(out, "In-Reply-To",
		     arena_printf(arena, "<%s>", about->mail->msgid));
	add_references(out, arena, about->mail);
}

static void
add_header(struct buf *out, struct arena *arena,
	   const struct request_sender *sender,
	   const struct request_about *about,
	   const struct request_mail *request)
{
	struct address from = sender->from, reply_to = sender->reply_to;

	encode_mailboxes(out, "From", &(struct addresses){ &from, 1, 1 });
	encode_mailboxes(out, "To", &request->to);
	if (reply_to.addr)
		encode_mailboxes(out, "Reply-To",
				 &(struct addresses){ &reply_to, 1, 1 });
	encode_text(out, "Subject", request->subject);
	add_date(out, sender->now);
	encode_token(out, "Message-ID",
		     arena_printf(arena, "<%s>", request->msgid));
	add_thread(out, arena, about);
	encode_token(out, "Auto-Submitted", "auto-generated"); /* RFC 3834 */
	encode_token(out, "Precedence", "bulk");
}

MUST_CHECK
static const struct error *
check(struct request_sender *sender, struct addresses *to, struct arena *arena,
      const struct mail *mail, const struct pack_verdict *pack)
{
	const struct error *err;

	if (!mail->msgid || !is_msgid(mail->msgid))
		return error_new(ERROR_INPUT,
				 "no Message-ID that an answer could name");
	if (!pack->needed.n)
		return error_new(ERROR_INPUT, "nobody needs to be asked");
	err = check_address(&sender->from, arena, sender->from);
	if (sender->reply_to.addr && !sender->reply_to.addr[0])
		sender->reply_to.addr = NULL;
	if (sender->contact && !sender->contact[0])
		sender->contact = NULL;
	if (!err && sender->reply_to.addr)
		err = check_address(&sender->reply_to, arena, sender->reply_to);
	if (!err)
		err = check_addresses(to, arena, &pack->needed);
	return err;
}

static bool
found_anything(const struct verdict *verdict, const char *pack)
{
	for (size_t i = 0; i < verdict->nfindings; i++)
		if (!strcmp(verdict->findings[i].pack, pack))
			return true;
	return false;
}

const struct error *
request_compose(struct request_mail *out, struct arena *arena,
		const struct request_sender *sender,
		const struct request_about *about)
{
	const char *pack = about->pack->pack;
	struct request_mail request = { 0 };
	struct request_sender us = *sender;
	struct buf text = BUF(LIMIT_MAIL_BYTES), body = BUF(LIMIT_MAIL_BYTES);
	const struct error *err;

	err = check(&us, &request.to, arena, about->mail, about->pack);
	if (err)
		return error_wrap(err, "request of pack %s", pack);
	if (!found_anything(about->verdict, pack))
		return error_new(ERROR_INPUT,
				 "request of pack %s: nothing found", pack);
	request.msgid = request_msgid(arena, about->series,
				      about->verdict->version, pack);
	request.subject = reply_subject(arena, about->mail->subject);
	add_header(&text, arena, &us, about, &request);
	add_own_field(&text, arena, about->verdict, pack);
	buf_addstr(&text, "MIME-Version: 1.0\n"
			  "Content-Type: text/plain; charset=utf-8\n");
	request_body(&body, arena, &us, about);
	encode_body(&text, buf_span(&body));
	err = buf_check(&text, "request");
	if (!err)
		request.text.ptr = arena_strndup(arena, text.data, text.len);
	request.text.len = text.len;
	if (!err)
		*out = request;
	buf_free(&text);
	buf_free(&body);
	return err;
}
