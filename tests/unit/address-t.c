/* address_parse() and address_format() */
#include "bot/address.h"

#include "bot/arena.h"
#include "bot/buf.h"
#include "bot/limits.h"
#include "bot/mime.h"
#include "tap.h"

/* The list as "name|addr" pairs, joined by "; ". */
static const struct {
	const char *text, *want;
} cases[] = {
	{ "", "" },
	{ "  ", "" },
	{ "a@b", "|a@b" },
	{ "<a@b>", "|a@b" },
	{ "Jan X <jan@x.org>", "Jan X|jan@x.org" },
	{ "Jan X<jan@x.org>", "Jan X|jan@x.org" },
	{ "J. R. X <jr.x+y@x-y.org>, b@c", "J. R. X|jr.x+y@x-y.org; |b@c" },
	{ "\"Petkov (AMD)\" <bp@x.de>,\ta@b", "Petkov (AMD)|bp@x.de; |a@b" },
	{ "\"X, Jan\" <a@b>", "X, Jan|a@b" },
	{ "\"a \\\"q\\\" b\" <a@b>", "a \"q\" b|a@b" },
	{ "a@b (comment)", "comment|a@b" },
	{ "Jan (comment) X <a@b>", "Jan (comment) X|a@b" },
	{ "=?utf-8?q?J=C3=BCrgen?= G <a@b>", "J\xc3\xbcrgen G|a@b" },
	{ "=?iso-8859-1?q?J=FCrgen?= G <a@b>", "J\xc3\xbcrgen G|a@b" },
	{ "=?utf-8?q?J=00=1B[31mG?= <a@b>", NULL },
	{ "J\xc3\xbcrgen <a@b>", "J\xc3\xbcrgen|a@b" },
	{ "J\xfcrgen <a@b>", "J\xc3\xbcrgen|a@b" },
	{ "team: a@b, c <c@d>;, e@f", "|a@b; c|c@d; |e@f" },
	{ "undisclosed-recipients:;", "" },
	{ "root, a@b", "|a@b" },
	{ "a@b,", "|a@b" },
	{ ", a@b,, c@d", "|a@b; |c@d" },
	{ "nobody at all", "" },
	{ "a\x01"
	  "b <a@b>",
	  "ab|a@b" },
};

static const char *
join(struct arena *arena, const struct addresses *list)
{
	const char *s = "";

	for (size_t i = 0; i < list->n; i++)
		s = arena_printf(arena, "%s%s%s|%s", s, i ? "; " : "",
				 list->v[i].name, list->v[i].addr);
	return s;
}

static void
test_parse(struct arena *arena)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct addresses list;

		address_parse(&list, arena, cases[i].text);
		if (cases[i].want)
			is_str(join(arena, &list), cases[i].want,
			       cases[i].text);
		for (size_t k = 0; k < list.n; k++)
			ok(!strpbrk(list.v[k].name, "\x1b\x01"),
			   "no control characters in a name");
	}
}

/* Lists that need no real parser give what the real one gives. */
static void
test_plain(struct arena *arena)
{
	static const char *const pieces[] = {
		"a@b",		"Jan X <a@b>",	 "\"X, J\" <a@b.c>",
		"J. X <a.b@c>", "<a@b>",	 "a b@c",
		"\"\" <a@b>",	"\" x\" <a@b>",	 "a.@b",
		"a@b.",		"Jan  X <a@b>",	 "x <a@b> y",
		"x <a>",	"\"a\" b <c@d>", "a..b <a@b>",
		". <a@b>",	".a <a@b>",	 "o'x <o'x@b>",
		"a@b c@d",	"a@[1.2.3.4]",	 "\"a\"@b",
		"A <a@b",	"x <a@b>>",	 "a/b <a@b>",
		"a&b <a@b>",
	};
	const size_t n = sizeof(pieces) / sizeof(pieces[0]);

	for (size_t i = 0; i < n * n; i++) {
		const char *text = arena_printf(arena, "%s, %s", pieces[i / n],
						pieces[i % n]);
		struct addresses ours, real = { .n = 0 };
		const char *a, *b;

		address_parse(&ours, arena, text);
		mime_addresses(&real, arena, text);
		a = join(arena, &ours);
		b = join(arena, &real);
		if (strcmp(a, b))
			is_str(a, b, text);
	}
	ok(true, "pairs of addresses as GMime reads them");
}

static void
test_limits(struct arena *arena)
{
	struct buf buf = BUF(1 << 24);
	struct addresses list;

	for (int i = 0; i < LIMIT_MAIL_ADDRESSES + 10; i++)
		buf_addf(&buf, "u%d@example.org, ", i);
	address_parse(&list, arena, buf_str(&buf));
	is_int((intmax_t)list.n, LIMIT_MAIL_ADDRESSES, "a ceiling of entries");
	buf_clear(&buf);
	for (int i = 0; i < 400000; i++)
		buf_addstr(&buf, "a:");
	address_parse(&list, arena, buf_str(&buf));
	is_int((intmax_t)list.n, 0, "groups in groups without end");
	buf_free(&buf);
}

static void
test_format(struct arena *arena)
{
	static const struct {
		struct address address;
		const char *want;
	} formats[] = {
		{ { "", "a@b" }, "a@b" },
		{ { "Jan X", "a@b" }, "Jan X <a@b>" },
		{ { "J\xc3\xbcrgen", "a@b" }, "J\xc3\xbcrgen <a@b>" },
		{ { "J. X", "a@b" }, "\"J. X\" <a@b>" },
		{ { "X (Y)", "a@b" }, "\"X (Y)\" <a@b>" },
		{ { "a \"b\" \\c", "a@b" }, "\"a \\\"b\\\" \\\\c\" <a@b>" },
	};

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		is_str(address_format(arena, formats[i].address),
		       formats[i].want, formats[i].want);
}

int
main(void)
{
	AUTOFREE(arena) *arena = arena_new();

	test_parse(arena);
	test_plain(arena);
	test_limits(arena);
	test_format(arena);
	return done_testing();
}
