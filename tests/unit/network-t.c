/* network, http: which URLs are asked, by whom, and how they are written */
#include "bot/network.h"

#include "bot/alloc.h"
#include "bot/config.h"
#include "bot/http.h"
#include "bot/strlist.h"
#include "tests/unit/scratch.h"
#include "tests/unit/tap.h"

static void
test_urls(void)
{
	static const char *const good[] = {
		"http://example.org",	    "https://example.org/x-y/",
		"http://127.0.0.1:8080/x",  "http://[::1]:80/x",
		"https://example.org/x@y/",
	};
	static const struct {
		const char *url, *why;
	} bad[] = {
		{ "ftp://example.org/", "neither" },
		{ "/x", "neither" },
		{ "HTTP://example.org/", "neither" },
		{ "https://", "host" },
		{ "https:///x", "host" },
		{ "https://-oProxyCommand/x", "host" },
		{ "https://a:b@example.org/", "login" },
		{ "https://example.org/x y", "holds" },
		{ "https://example.org/\\n", "holds" },
		{ "https://example.org/?q=x", "holds" },
		{ "https://example.org/#x", "holds" },
		{ "https://example.org/\x1b[2J", "holds" },
		{ "https://example.org/\xc3\xbc", "holds" },
	};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		succeeds(network_check_url(good[i]), good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		fails(network_check_url(bad[i].url), ERROR_USAGE, bad[i].why,
		      bad[i].url);
}

static void
test_escape(void)
{
	CLEANUP(xfree) char *plain = http_escape("aZ09-._~");
	CLEANUP(xfree) char *rest = http_escape("s:\"a b\"&x=/\xff");
	CLEANUP(xfree) char *nothing = http_escape("");

	is_str(plain, "aZ09-._~", "as it is");
	is_str(rest, "s%3A%22a%20b%22%26x%3D%2F%FF", "%XX");
	is_str(nothing, "", "nothing");
}

/* What stands in the configuration is in force. */
static void
test_config(void)
{
	AUTOFREE(config) *config = NULL;
	CLEANUP(strlist_free) struct strlist own = STRLIST, all = STRLIST;
	struct network network = { .last_ms = 0 };
	int64_t begun;

	sh("printf '[http]\\n\\tcontact = \"me@x (a; b)\"\\n\\ttimeout = 5m\\n"
	   "[lore]\\n\\turl = http://a/\\n\\turl = http://b/\\n"
	   "[source \"s\"]\\n\\turl = http://c/\\n"
	   "[cache]\\n\\tpath = /cache\\n' >config");
	succeeds(config_load(&config, "config", NULL), "configuration");
	network.config = config;
	succeeds(network_prepare(&network), "prepare");
	ok(!strncmp(network.user_agent, "pvwatch/", 8), "who");
	ok(strstr(network.user_agent, " (+me@x .a. b.)"), "whom to ask");
	is_int(network.silence_s, 300, "how long to wait");
	is_str(network.cache, "/cache", "the cache");
	network_origins(&own, &network, "@s");
	network_origins(&all, &network, "lore:x");
	ok(own.n == 1 && !strcmp(own.v[0], "http://c/"), "its own");
	ok(all.n == 2 && !strcmp(all.v[1], "http://b/"), "in their order");
	begun = network_clock_ms();
	for (int i = 0; i < 3; i++)
		network_pace(&network);
	ok(network_clock_ms() - begun >= 200, "pauses");
	network_clear(&network);
}

int
main(void)
{
	scratch_enter();
	test_urls();
	test_escape();
	test_config();
	return done_testing();
}
