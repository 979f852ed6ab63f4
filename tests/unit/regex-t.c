#include "rules/regex.h"

#include "bot/alloc.h"
#include "bot/limits.h"
#include "tests/unit/tap.h"

/* SPAN() is no constant. */
#define TEXT(literal) \
	{ \
		(literal), sizeof(literal) - 1 \
	}

static enum regex_result
match(const char *pattern, struct span line, unsigned budget_ms)
{
	AUTOFREE(regex_scratch) *scratch = regex_scratch_new();
	struct regex *regex = NULL;
	const struct error *err = regex_new(&regex, pattern);
	enum regex_result result;

	if (err) {
		printf("# %s\n", err->message);
		error_free(err);
		return REGEX_LIMIT;
	}
	regex_scratch_budget(scratch, budget_ms);
	result = regex_match(regex, scratch, line);
	regex_free(regex);
	return result;
}

static void
test_match(void)
{
	static const struct {
		const char *pattern;
		struct span line;
		enum regex_result want;
		const char *what;
	} cases[] = {
		{ "foo", TEXT("a foo b"), REGEX_YES, "anywhere in the line" },
		{ "^foo$", TEXT("a foo b"), REGEX_NO, "anchors" },
		{ "^$", { NULL, 0 }, REGEX_YES, "an empty line without bytes" },
		{ "x", { NULL, 0 }, REGEX_NO, "nothing in it" },
		{ "a.b", TEXT("a\0b"), REGEX_YES, "NUL is a byte" },
		{ "^a.z$", TEXT("a\xe9z"), REGEX_YES,
		  "a byte that is no UTF-8" },
		{ "^a.$", TEXT("a\xc3\xa9"), REGEX_NO, "bytes, not letters" },
		{ "(a)(b)(c)", TEXT("abc"), REGEX_YES, "groups" },
		{ "(?:a+)+$", TEXT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"),
		  REGEX_LIMIT, "a limit is not a no" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		is_int(match(cases[i].pattern, cases[i].line, 0), cases[i].want,
		       cases[i].what);
}

static void
test_errors(void)
{
	struct regex *regex = NULL;
	char *big = xmalloc(LIMIT_REGEX_BYTES + 2);

	fails(regex_new(&regex, "a(b"), ERROR_CONFIG, "at offset 3",
	      "a missing parenthesis, and where");
	fails(regex_new(&regex, "ends in \\"), ERROR_CONFIG, "\\ at end",
	      "a trailing backslash");
	fails(regex_new(&regex, "(*UTF)a"), ERROR_CONFIG, "UTF",
	      "byte mode cannot be left");
	memset(big, 'a', LIMIT_REGEX_BYTES + 1);
	big[LIMIT_REGEX_BYTES + 1] = '\0';
	fails(regex_new(&regex, big), ERROR_CONFIG, "offset", "too long");
	ok(!regex, "nothing was made");
	free(big);
}

/* Does /needle/ match a line of @len bytes where only @at holds it? */
static enum regex_result
match_long(const char *pattern, const char *needle, size_t at, size_t len)
{
	char *line = xmalloc(len);
	enum regex_result result;

	memset(line, '.', len);
	memcpy(line + at, needle, strlen(needle));
	result = match(pattern, (struct span){ line, len }, 0);
	free(line);
	return result;
}

static void
test_windows(void)
{
	const size_t len = 5 * LIMIT_REGEX_WINDOW + 17;
	size_t missed = 0, wrong = 0;

	for (size_t at = 0; at + 6 <= len; at++) {
		missed += match_long("\\bneedle\\b", "needle", at, len) !=
			  REGEX_YES;
		if (at + 7 <= len)
			wrong += match_long("needle\\b", "needles", at, len) !=
				 REGEX_NO;
	}
	is_int((intmax_t)missed, 0, "found at every offset of a long line");
	is_int((intmax_t)wrong, 0, "no seam passes for the end of a word");
	is_int(match_long("needle$", "needle", len - 6, len), REGEX_YES,
	       "$ is the end of the line");
	is_int(match_long("^needle", "needle", LIMIT_REGEX_WINDOW, len),
	       REGEX_NO, "^ is its beginning");
	is_int(match_long("needle.*", "needle", 5, len), REGEX_YES,
	       "a match that runs past its piece");
}

static void
test_budget(void)
{
	AUTOFREE(regex_scratch) *scratch = regex_scratch_new();
	const size_t len = 8 << 20;
	char *line = xmalloc(len);
	struct regex *regex = NULL;

	/* Each byte begins an attempt that stays under the match limit and
	   fails at the end of its piece: square in the length of a piece. */
	for (size_t i = 0; i < len; i++)
		line[i] = "ab"[i & 1];
	succeeds(regex_new(&regex, "(a|b)*(cx|dy)"), "compiles");
	regex_scratch_budget(scratch, 20);
	is_int(regex_match(regex, scratch, (struct span){ line, len }),
	       REGEX_LIMIT, "the budget ends a hostile line");
	ok(regex_scratch_spent(scratch), "and says that it was spent");
	is_int(regex_match(regex, scratch, SPAN("dy")), REGEX_LIMIT,
	       "nothing more is matched");
	regex_scratch_budget(scratch, 0);
	is_int(regex_match(regex, scratch, SPAN("dy")), REGEX_YES,
	       "until there is a new one");
	regex_free(regex);
	free(line);
}

/* Whatever a pattern does, it is not missed; and plain ones are told apart. */
static void
test_block(void)
{
	static const struct {
		const char *pattern, *block;
		bool may;
	} cases[] = {
		{ "foo", "a\nb foo c\nd\n", true },
		{ "foo", "a\nfo\no\n", false },
		{ "^foo$", "a\nfoo\nb\n", true },
		{ "^foo$", "a\na foo\nfoo b\n", false },
		{ "\\bfoo\\b", "a\nfoo\nb\n", true },
		{ "\\bfoo\\b", "afoo\nfoob\n", false },
		{ "^$", "a\n\nb\n", true },
		{ "a[^x]b", "a\nb\n", true }, /* not certain */
		{ "^(?!a)", "a\nb\n", true },
		{ "b(?!.*\n?a)", "b\na\n", true },
		{ "^b\\s*+$", "b\n\n\na\n", true },
		{ "(?>b\\s*)$", "b\na\n", true },
		{ "b\\Z", "b\na\n", true },
		{ "b\\z", "b\na\n", true },
		{ "\\Ab", "a\nb\n", true },
		{ "(?<!a\n)b", "a\nb\n", true },
		{ "(*COMMIT)b", "a\nb\n", true },
		{ "b\\K", "a\nb\n", true },
	};
	AUTOFREE(regex_scratch) *scratch = regex_scratch_new();
	struct regex *regex = NULL;
	char large[20000];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		succeeds(regex_new(&regex, cases[i].pattern), "compiles");
		ok(regex_may_match(regex, scratch, span_of(cases[i].block)) ==
			   cases[i].may,
		   cases[i].pattern);
		regex_free(regex);
	}
	succeeds(regex_new(&regex, "xyz"), "compiles");
	memset(large, 'x', sizeof(large));
	for (size_t i = 999; i < sizeof(large); i += 1000)
		large[i] = '\n';
	ok(!regex_may_match(regex, scratch,
			    (struct span){ large, sizeof(large) }),
	   "piece by piece");
	memcpy(large + 15900, "xyz", 3);
	ok(regex_may_match(regex, scratch,
			   (struct span){ large, sizeof(large) }),
	   "in a later piece");
	memset(large, 'a', 10000);
	ok(regex_may_match(regex, scratch, (struct span){ large, 15000 }),
	   "a long line is not looked into");
	regex_free(regex);
}

int
main(void)
{
	test_match();
	test_block();
	test_errors();
	test_windows();
	test_budget();
	return done_testing();
}
