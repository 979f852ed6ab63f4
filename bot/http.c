#include "http.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "alloc.h"
#include "buf.h"
#include "error.h"
#include "libcurl.h"
#include "limits.h"
#include "network.h"
#include "span.h"

enum {
	WINDOW_BYTES = 256 << 10, /* past it the server has to wait */
	REDIRECTIONS = 5,
	SHOWN_BYTES = 200, /* of a type or message of the server's */
};

struct http {
	CURL *curl;
	CURLM *multi;
	struct network *network;
	char *url;
	char message[CURL_ERROR_SIZE];
	struct http_answer answer;
	char type[SHOWN_BYTES];
	struct buf waiting; /* came in; not read from ->at on */
	size_t at;
	int64_t total, heard_ms;
	bool paused, over;
	CURLcode rc; /* once it is over */
};

static size_t
unread(const struct http *http)
{
	return http->waiting.len - http->at;
}

static size_t
on_body(char *bytes, size_t size, size_t n, void *arg)
{
	struct http *http = arg;

	n *= size;
	assert(!http->at); /* more is let in when all was read */
	if (unread(http) >= WINDOW_BYTES) {
		http->paused = true;
		return CURL_WRITEFUNC_PAUSE;
	}
	http->heard_ms = network_clock_ms();
	http->total += (int64_t)n;
	if (http->total > LIMIT_HTTP_BYTES)
		return 0;
	buf_add(&http->waiting, bytes, n);
	return n;
}

/* Of several answers, a redirection's among them, the last one counts. */
static size_t
on_header(char *line, size_t size, size_t n, void *arg)
{
	static const char name[] = "Date:";
	struct http *http = arg;
	time_t date;

	n *= size;
	http->heard_ms = network_clock_ms();
	if (n > sizeof(name) - 1 && n < SHOWN_BYTES &&
	    !strncasecmp(line, name, sizeof(name) - 1)) {
		CLEANUP(xfree)
		char *value = xstrndup(line + sizeof(name) - 1,
				       n - (sizeof(name) - 1));

		date = curl_getdate(value, NULL);
		if (date > 0)
			http->answer.date = date;
	}
	return n;
}

static CURLcode
set_manner(struct http *http)
{
	CURL *curl = http->curl;
	CURLcode rc = CURLE_OK;

	SET(CURLOPT_ERRORBUFFER, http->message);
	SET(CURLOPT_WRITEFUNCTION, on_body);
	SET(CURLOPT_WRITEDATA, http);
	SET(CURLOPT_HEADERFUNCTION, on_header);
	SET(CURLOPT_HEADERDATA, http);
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_USERAGENT, http->network->user_agent);
	SET(CURLOPT_CONNECTTIMEOUT, http->network->silence_s);
	SET(CURLOPT_FOLLOWLOCATION, 1L);
	SET(CURLOPT_MAXREDIRS, (long)REDIRECTIONS);
	SET(CURLOPT_POSTREDIR, (long)CURL_REDIR_POST_ALL);
	SET(CURLOPT_FILETIME, 1L);
	return rc;
}

static CURLcode
set_request(struct http *http, const struct http_request *request)
{
	bool tls = !strncasecmp(request->url, "https:", 6);
	CURL *curl = http->curl;
	CURLcode rc = CURLE_OK;

	SET(CURLOPT_URL, request->url);
	SET(CURLOPT_PROTOCOLS_STR, tls ? "https" : "http");
	SET(CURLOPT_REDIR_PROTOCOLS_STR, tls ? "https" : "http,https");
	if (request->post) {
		SET(CURLOPT_POST, 1L);
		SET(CURLOPT_POSTFIELDS, "");
		SET(CURLOPT_POSTFIELDSIZE, 0L);
	}
	if (request->modified_since) {
		SET(CURLOPT_TIMECONDITION, (long)CURL_TIMECOND_IFMODSINCE);
		SET(CURLOPT_TIMEVALUE_LARGE,
		    (curl_off_t)request->modified_since);
	}
	return rc;
}

static const struct error *
failed(const struct http *http, const char *why)
{
	return error_new(ERROR_UNAVAILABLE, "%s: %s", http->url, why);
}

/* What ended the transfer; NULL: it is whole. */
static const struct error *
ending(const struct http *http)
{
	if (!http->rc)
		return NULL;
	if (http->total > LIMIT_HTTP_BYTES)
		return error_new(ERROR_INPUT,
				 "%s: the answer is larger than %d bytes",
				 http->url, LIMIT_HTTP_BYTES);
	return failed(http, http->message[0] ? http->message
					     : curl_easy_strerror(http->rc));
}

static void
note_end(struct http *http)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(http->multi, &left)) != NULL) {
		if (message->msg != CURLMSG_DONE)
			continue;
		http->over = true;
		http->rc = message->data.result;
	}
}

/* Let some more come in, or wait a tick for it. */
static const struct error *
pump(struct http *http)
{
	const struct network *network = http->network;
	struct sigaction was = libcurl_ignore_pipe();
	int running;
	CURLMcode rc = curl_multi_perform(http->multi, &running);

	libcurl_restore_pipe(&was);
	note_end(http);
	if (http->over || unread(http))
		return NULL;
	if (!rc)
		rc = curl_multi_poll(http->multi, NULL, 0, NETWORK_TICK_MS,
				     NULL);
	network_tick(network);
	if (rc)
		return failed(http, curl_multi_strerror(rc));
	if (network_is_stopping(network))
		return failed(http, "interrupted");
	if (network_clock_ms() - http->heard_ms > network->silence_s * 1000)
		return failed(http, "the server is silent");
	return NULL;
}

static void
read_header(struct http *http)
{
	struct http_answer *answer = &http->answer;
	curl_off_t modified = -1;
	char *type = NULL;
	long unmet = 0;

	curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE, &answer->status);
	curl_easy_getinfo(http->curl, CURLINFO_CONTENT_TYPE, &type);
	curl_easy_getinfo(http->curl, CURLINFO_FILETIME_T, &modified);
	curl_easy_getinfo(http->curl, CURLINFO_CONDITION_UNMET, &unmet);
	snprintf(http->type, sizeof(http->type), "%s", type ? type : "");
	answer->type = http->type;
	answer->modified = modified > 0 ? modified : 0;
	answer->unmodified = unmet || answer->status == 304;
	if (!answer->date)
		answer->date = (int64_t)time(NULL);
}

/* @http holds nothing but what it is given here. */
static const struct error *
ask(struct http *http, const struct http_request *request)
{
	const struct error *err = NULL;
	CURLcode rc = set_manner(http);

	if (!rc)
		rc = set_request(http, request);
	if (rc)
		return failed(http, curl_easy_strerror(rc));
	network_pace(http->network);
	http->heard_ms = network_clock_ms();
	if (curl_multi_add_handle(http->multi, http->curl))
		abort();
	while (!err && !http->over && !unread(http))
		err = pump(http);
	/* What was cut behind its header is told to who reads it. */
	if (!err && !unread(http))
		err = ending(http);
	if (!err)
		read_header(http);
	return err;
}

const struct error *
http_open(struct http **out, struct network *network,
	  const struct http_request *request)
{
	AUTOFREE(http) *http = NULL;
	const struct error *err = libcurl_start();

	if (err)
		return err;
	http = xcalloc(1, sizeof(*http));
	http->network = network;
	http->url = xstrdup(request->url);
	http->waiting = (struct buf)BUF(WINDOW_BYTES + CURL_MAX_WRITE_SIZE);
	http->curl = libcurl_handle();
	http->multi = curl_multi_init();
	if (!http->multi)
		abort(); /* no memory */
	err = ask(http, request);
	if (!err)
		*out = TAKE(http);
	return err;
}

void
http_close(struct http *http)
{
	struct sigaction was;

	if (!http)
		return;
	was = libcurl_ignore_pipe();
	curl_multi_remove_handle(http->multi, http->curl);
	curl_easy_cleanup(http->curl);
	curl_multi_cleanup(http->multi);
	libcurl_restore_pipe(&was);
	buf_free(&http->waiting);
	free(http->url);
	free(http);
	libcurl_stop();
}

const struct http_answer *
http_answer(const struct http *http)
{
	return &http->answer;
}

bool
http_is_html(const struct http *http)
{
	return !strncasecmp(http->answer.type, "text/html", 9) ||
	       !strncasecmp(http->answer.type, "application/xhtml", 17);
}

const struct error *
http_check(const struct http *http)
{
	long status = http->answer.status;

	if (http_is_html(http) &&
	    (status == 200 || status == 403 || status == 429))
		return error_new(ERROR_UNAVAILABLE,
				 "challenged: the answer is a page for people "
				 "(HTTP status %ld); not asked again soon",
				 status);
	if (status == 200)
		return NULL;
	return error_new(ERROR_UNAVAILABLE, "HTTP status %ld", status);
}

/* The window has room again. */
static void
resume(struct http *http)
{
	buf_clear(&http->waiting);
	http->at = 0;
	if (!http->paused)
		return;
	http->paused = false;
	http->heard_ms = network_clock_ms();
	curl_easy_pause(http->curl, CURLPAUSE_CONT);
}

const struct error *
http_read(size_t *got, void *arg, char *buf, size_t n)
{
	struct http *http = arg;
	const struct error *err = NULL;

	/* That nobody read is not the server's silence. */
	http->heard_ms = network_clock_ms();
	while (!err && !http->over && !unread(http))
		err = pump(http);
	if (err)
		return err;
	if (!unread(http)) {
		*got = 0;
		return ending(http);
	}
	if (n > unread(http))
		n = unread(http);
	memcpy(buf, http->waiting.data + http->at, n);
	http->at += n;
	*got = n;
	if (!unread(http))
		resume(http);
	return NULL;
}

char *
http_escape(const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-._~";
	CLEANUP(buf_free) struct buf out = BUF(LIMIT_OUTPUT_BYTES);

	for (; *text; text++) {
		if (strchr(plain, *text))
			buf_addch(&out, *text);
		else
			buf_addf(&out, "%%%02X", (unsigned char)*text);
	}
	return xstrdup(buf_str(&out));
}
