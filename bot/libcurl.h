/*
 * libcurl.h - what the modules that speak libcurl share
 *
 * Only send.c (mail goes out), http.c (archives come in) and libcurl.c include
 * this header, and nothing else includes curl/curl.h.
 */
#ifndef BOT_LIBCURL_H
#define BOT_LIBCURL_H

#include <curl/curl.h>
#include <signal.h>

#include "attr.h"

struct error;

/* Start libcurl; as often as libcurl_stop(). */
MUST_CHECK const struct error *libcurl_start(void);
void libcurl_stop(void);

/* curl_easy_init(), which fails only when there is no memory. */
CURL *libcurl_handle(void);

/* One CURLcode "rc" for a row of settings of "curl". */
#define SET(option, value) \
	do { \
		if (!rc) \
			rc = curl_easy_setopt(curl, (option), (value)); \
	} while (0)

/*
 * OpenSSL writes to a connection that the server has cut, which is no reason to
 * die; libcurl sees to that only when it may also raise alarms.
 */
struct sigaction libcurl_ignore_pipe(void);
void libcurl_restore_pipe(const struct sigaction *was);

#endif
