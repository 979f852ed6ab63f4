#include "libcurl.h"

#include <stdlib.h>

#include "error.h"

const struct error *
libcurl_start(void)
{
	CURLcode rc = curl_global_init(CURL_GLOBAL_DEFAULT);

	if (rc)
		return error_new(ERROR_BUG, "libcurl: %s",
				 curl_easy_strerror(rc));
	return NULL;
}

void
libcurl_stop(void)
{
	curl_global_cleanup();
}

CURL *
libcurl_handle(void)
{
	CURL *curl = curl_easy_init();

	if (!curl)
		abort();
	return curl;
}

struct sigaction
libcurl_ignore_pipe(void)
{
	struct sigaction was, ignore = { .sa_handler = SIG_IGN };

	sigaction(SIGPIPE, &ignore, &was);
	return was;
}

void
libcurl_restore_pipe(const struct sigaction *was)
{
	sigaction(SIGPIPE, was, NULL);
}
