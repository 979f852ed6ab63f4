#include "send.h"

#include <stdlib.h>

#include "addrspec.h"
#include "alloc.h"
#include "arena.h"
#include "buf.h"
#include "error.h"
#include "libcurl.h"
#include "limits.h"
#include "printable.h"
#include "recipient.h"
#include "smtp.h"

enum {
	CONNECT_S = 30,
	MAIL_SILENCES = 2,
	LINE_BYTES = 998, /* RFC 5321 4.5.3.1.6, without CRLF */
	SHOWN_CHARS = 100,
};

struct sender {
	CURL *curl;
	const struct send_account *account;
	char *url;
	char message[CURL_ERROR_SIZE];
	/* Of the mail at hand. */
	struct smtp_talk talk;
	struct span unread;
};

static size_t
on_reply(char *line, size_t size, size_t n, void *arg)
{
	struct sender *sender = arg;

	smtp_answered(&sender->talk, (struct span){ line, size * n });
	return size * n;
}

/* Which command a reply belongs to: a kept connection has no greeting, each
   kind of login a number of replies of its own. */
static int
on_trace(CURL *curl, curl_infotype type, char *bytes, size_t n, void *arg)
{
	struct sender *sender = arg;

	(void)curl;
	if (type == CURLINFO_HEADER_OUT)
		smtp_asked(&sender->talk, (struct span){ bytes, n });
	return 0;
}

static size_t
on_read(char *out, size_t size, size_t n, void *arg)
{
	struct sender *sender = arg;
	size_t len = size * n;

	if (len > sender->unread.len)
		len = sender->unread.len;
	memcpy(out, sender->unread.ptr, len);
	sender->unread.ptr += len;
	sender->unread.len -= len;
	return len;
}

static int
on_progress(void *arg, curl_off_t dltotal, curl_off_t dlnow, curl_off_t ultotal,
	    curl_off_t ulnow)
{
	struct sender *sender = arg;
	const volatile int *stop = sender->account->stop;

	(void)dltotal;
	(void)dlnow;
	(void)ultotal;
	(void)ulnow;
	return stop && *stop && sender->talk.stage < SMTP_DATA;
}

static CURLcode
set_callbacks(struct sender *sender)
{
	CURL *curl = sender->curl;
	CURLcode rc = CURLE_OK;

	SET(CURLOPT_HEADERFUNCTION, on_reply);
	SET(CURLOPT_HEADERDATA, sender);
	SET(CURLOPT_DEBUGFUNCTION, on_trace);
	SET(CURLOPT_DEBUGDATA, sender);
	SET(CURLOPT_VERBOSE, 1L);
	SET(CURLOPT_READFUNCTION, on_read);
	SET(CURLOPT_READDATA, sender);
	SET(CURLOPT_XFERINFOFUNCTION, on_progress);
	SET(CURLOPT_XFERINFODATA, sender);
	SET(CURLOPT_NOPROGRESS, 0L);
	SET(CURLOPT_ERRORBUFFER, sender->message);
	return rc;
}

static CURLcode
set_server(struct sender *sender)
{
	const struct send_account *account = sender->account;
	CURL *curl = sender->curl;
	CURLcode rc = CURLE_OK;

	SET(CURLOPT_URL, sender->url);
	/* A mail server is what the configuration says, not the environment. */
	SET(CURLOPT_PROXY, "");
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
	SET(CURLOPT_SERVER_RESPONSE_TIMEOUT, account->silence_s);
	SET(CURLOPT_TIMEOUT, MAIL_SILENCES * account->silence_s);
	SET(CURLOPT_USE_SSL, account->tls == SEND_PLAIN ? (long)CURLUSESSL_NONE
							: (long)CURLUSESSL_ALL);
	SET(CURLOPT_SSL_VERIFYPEER, 1L);
	SET(CURLOPT_SSL_VERIFYHOST, 2L);
	if (account->ca_file)
		SET(CURLOPT_CAINFO, account->ca_file);
	if (account->user) {
		SET(CURLOPT_USERNAME, account->user);
		SET(CURLOPT_PASSWORD, account->password);
	}
	SET(CURLOPT_UPLOAD, 1L);
	SET(CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
	return rc;
}

/* Implicit TLS is a scheme to libcurl. */
static char *
server_url(const struct send_account *account)
{
	static const char plain[] = "smtp://";

	if (account->tls == SEND_TLS &&
	    !strncmp(account->url, plain, sizeof(plain) - 1))
		return xasprintf("smtps://%s", account->url + strlen(plain));
	return xstrdup(account->url);
}

const struct error *
sender_open(struct sender **out, const struct send_account *account)
{
	AUTOFREE(sender) *sender = xcalloc(1, sizeof(*sender));
	const struct error *err = libcurl_start();
	CURLcode rc;

	if (err)
		return err;
	sender->account = account;
	sender->url = server_url(account);
	sender->curl = libcurl_handle();
	rc = set_callbacks(sender);
	if (!rc)
		rc = set_server(sender);
	if (rc)
		return error_new(ERROR_CONFIG, "%s: %s", account->url,
				 curl_easy_strerror(rc));
	*out = TAKE(sender);
	return NULL;
}

void
sender_close(struct sender *sender)
{
	struct sigaction was;

	if (!sender)
		return;
	was = libcurl_ignore_pipe();
	/* It says QUIT, and the replies still come here. */
	smtp_begin(&sender->talk, NULL, &(struct recipients){ .n = 0 });
	curl_easy_cleanup(sender->curl);
	libcurl_restore_pipe(&was);
	buf_free(&sender->talk.text);
	free(sender->url);
	free(sender);
	libcurl_stop();
}

MUST_CHECK static const struct error *
check_address(struct arena *arena, const char *addr)
{
	if (addrspec_valid(span_of(addr)))
		return NULL;
	return error_new(ERROR_INPUT,
			 "\"%s\": no address that mail may be sent to",
			 printable(arena, span_of(addr), SHOWN_CHARS));
}

MUST_CHECK static const struct error *
check_text(struct span text)
{
	struct span line;

	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c >= 0x7f || (c < ' ' && c != '\n' && c != '\t'))
			return error_new(ERROR_INPUT,
					 "the text holds byte 0x%02x, which is "
					 "not fit for mail",
					 c);
	}
	if (text.len > LIMIT_MAIL_BYTES || !text.len ||
	    text.ptr[text.len - 1] != '\n')
		return error_new(ERROR_INPUT, "the text is no mail");
	while (span_line(&line, &text))
		if (line.len > LINE_BYTES)
			return error_new(ERROR_INPUT,
					 "a line of %zu bytes is not fit for "
					 "mail",
					 line.len);
	return NULL;
}

const struct error *
send_check(struct arena *arena, const struct send_mail *mail)
{
	const struct error *err = check_address(arena, mail->from);
	size_t open = 0;

	for (size_t i = 0; !err && i < mail->to->n; i++) {
		err = check_address(arena, mail->to->v[i].addr);
		open += recipient_is_open(&mail->to->v[i]);
	}
	if (!err && !open)
		err = error_new(ERROR_INPUT, "nobody to send to");
	if (!err)
		err = check_text(mail->text);
	return err;
}

/* Bare LF would go out as it is, and hide dots from libcurl's stuffing. */
static void
add_crlf(struct buf *out, struct span text)
{
	struct span line;

	while (span_line(&line, &text)) {
		buf_addspan(out, line);
		buf_addstr(out, "\r\n");
	}
}

static struct curl_slist *
envelope(const struct recipients *to)
{
	struct curl_slist *list = NULL;

	for (size_t i = 0; i < to->n; i++) {
		struct curl_slist *more;

		if (!recipient_is_open(&to->v[i]))
			continue;
		more = curl_slist_append(list, to->v[i].addr);
		if (!more)
			abort();
		list = more;
	}
	return list;
}

static CURLcode
transfer(struct sender *sender, const struct send_mail *mail)
{
	struct curl_slist *to = envelope(mail->to);
	CURL *curl = sender->curl;
	CURLcode rc = CURLE_OK;
	struct sigaction was;

	SET(CURLOPT_MAIL_FROM, mail->from);
	SET(CURLOPT_MAIL_RCPT, to);
	SET(CURLOPT_INFILESIZE_LARGE, (curl_off_t)sender->unread.len);
	sender->message[0] = '\0';
	was = libcurl_ignore_pipe();
	if (!rc)
		rc = curl_easy_perform(curl);
	libcurl_restore_pipe(&was);
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, NULL);
	curl_slist_free_all(to);
	return rc;
}

static enum error_class
class_of(CURLcode rc)
{
	switch ((int)rc) {
	case CURLE_LOGIN_DENIED:
	case CURLE_URL_MALFORMAT:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_SSL_CACERT_BADFILE:
		return ERROR_CONFIG;
	default:
		return ERROR_TEMPORARY;
	}
}

/* What ended the talk; *finished: the server had answered the mail. */
static const char *
finish(bool *finished, struct sender *sender, struct arena *arena, CURLcode rc)
{
	const char *message =
		sender->message[0] ? sender->message : curl_easy_strerror(rc);
	const char *why = printable(arena, span_of(message), SHOWN_CHARS);

	if (!rc)
		why = "the talk ended without an answer";
	if (sender->talk.stage == SMTP_TEXT)
		why = arena_printf(arena, "no answer after DATA: %s", why);
	*finished = smtp_end(&sender->talk, why);
	return why;
}

const struct error *
send_mail(struct sender *sender, struct arena *arena,
	  const struct send_mail *mail)
{
	struct buf text = BUF(2 * LIMIT_MAIL_BYTES);
	const struct error *err = send_check(arena, mail);
	const char *why;
	bool finished;
	CURLcode rc;

	if (err)
		return err;
	add_crlf(&text, mail->text);
	sender->unread = buf_span(&text);
	smtp_begin(&sender->talk, arena, mail->to);
	rc = transfer(sender, mail);
	buf_free(&text);
	why = finish(&finished, sender, arena, rc);
	/* The talk's memory is the mail's. */
	sender->talk = (struct smtp_talk){ .stage = SMTP_DONE };
	if (finished)
		return NULL;
	return error_new(class_of(rc), "%s: %s", sender->account->url, why);
}
