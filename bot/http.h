/*
 * http.h - one request to an archive, its answer read as it comes
 *
 * https is checked against the system's authorities; redirections are
 * followed, from https to https only; proxies are the environment's. The
 * answer's ceiling is LIMIT_HTTP_BYTES, and a server that is silent for
 * network->silence_s has ended.
 */
#ifndef BOT_HTTP_H
#define BOT_HTTP_H

#include <stdbool.h>
#include <stddef.h> /* size_t */
#include <stdint.h>

#include "attr.h"

struct error;
struct http;
struct network;

struct http_request {
	const char *url;
	bool post;		/* with nothing in it; else GET */
	int64_t modified_since; /* seconds since 1970; 0: whatever it is */
};

struct http_answer {
	long status;	  /* 200, 404 ... */
	const char *type; /* Content-Type, "" when it has none; borrowed */
	int64_t date;	  /* the server's clock; ours when it does not say */
	int64_t modified; /* Last-Modified; 0 */
	bool unmodified;  /* since request->modified_since: there is no body */
};

/*
 * Ask, and wait for the header of the answer. ERROR_UNAVAILABLE: the server
 * was not reached, did not answer in time, or its certificate is not good.
 */
MUST_CHECK
const struct error *http_open(struct http **out, struct network *network,
			      const struct http_request *request);
void http_close(struct http *http);
DEFINE_AUTOFREE(http, http_close);

const struct http_answer *http_answer(const struct http *http);
/* The answer is a page for people. */
bool http_is_html(const struct http *http);
/* ERROR_UNAVAILABLE unless the answer holds data: what its status says, or
   "challenged" when a gatekeeper takes us for a crawler, and asks for a person
   where an archive owes mail. */
MUST_CHECK const struct error *http_check(const struct http *http);

/* The body, as input.h has it, @arg an http. ERROR_UNAVAILABLE: it was cut, or
   nothing came for too long; ERROR_INPUT: past the ceiling. */
MUST_CHECK
const struct error *http_read(size_t *got, void *arg, char *buf, size_t n);

/* @text with all but letters, digits and "-._~" as %XX; owned. */
char *http_escape(const char *text);

#endif
