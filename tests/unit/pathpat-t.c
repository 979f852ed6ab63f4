#include "rules/match.h"

#include "bot/alloc.h"
#include "tests/unit/tap.h"

static const struct {
	const char *pattern, *path;
	bool want;
} cases[] = {
	{ "drivers/net/", "drivers/net/loopback.c", true },
	{ "drivers/net/", "drivers/net/ethernet/a/b.c", true },
	{ "drivers/net/", "drivers/network.c", false },
	{ "drivers/net/", "drivers/net", false },
	{ "drivers/net/*", "drivers/net/loopback.c", true },
	{ "drivers/net/*", "drivers/net/ethernet/b.c", false },
	{ "drivers/net/*", "drivers/net/", true },
	{ "*/net/*", "drivers/net/loopback.c", true },
	{ "*/net/*", "net/core/dev.c", false },
	{ "*/net/*", "a/b/net/dev.c", false },
	{ "*/net/", "drivers/net/ethernet/b.c", true },
	{ "*/net/", "a/b/net/c", false },
	{ "Makefile", "Makefile", true },
	{ "Makefile", "kernel/Makefile", false },
	{ "kernel/head64.c", "kernel/head64.c", true },
	{ "kernel/head64", "kernel/head64.c", false },
	{ "kernel/head64.c", "kernel/head64", false },
	{ "kernel/head?4.c", "kernel/head64.c", true },
	{ "kernel/head?4.c", "kernel/head4.c", false },
	{ "kernel?head", "kernel/head", false },
	{ "kernel/head*", "kernel/head64.c", true },
	{ "kernel/head*", "kernel/head", true },
	{ "kernel/*head*.c", "kernel/ahead_x.c", true },
	{ "kernel/*head*.c", "kernel/ahead_x.h", false },
	{ "k*/h*.c", "kernel/x/h.c", false },
	{ "k*l/h*4.c", "kernel/h44.c", true },
	{ "*", "README", true },
	{ "*", "kernel/x", false },
	{ "*/", "kernel/x/y", true },
	{ "*/", "README", false },
	{ "a**b", "ab", true },
	{ "a**b", "a/b", false },
	{ "a.c", "abc", false },
	{ "", "a", false },
	{ "", "", false },
	{ "a", "", false },
};

/* A pattern that goes back and forth: the time is the product at worst. */
static void
test_hostile(void)
{
	char *pattern = xcalloc(4097, 1), *path = xcalloc(4097, 1);

	for (int i = 0; i < 4096; i += 2)
		memcpy(pattern + i, "*a", 2);
	memset(path, 'a', 4095);
	path[4095] = 'b';
	ok(!pathpat_match(pattern, path), "many stars against many letters");
	free(pattern);
	free(path);
}

int
main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char what[128];

		snprintf(what, sizeof(what), "\"%s\" %s \"%s\"",
			 cases[i].pattern,
			 cases[i].want ? "takes" : "does not take",
			 cases[i].path);
		is_int(pathpat_match(cases[i].pattern, cases[i].path),
		       cases[i].want, what);
	}
	test_hostile();
	return done_testing();
}
