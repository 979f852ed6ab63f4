/* The common command line: values, points, wrong usage. */
#include "tap.h"

#include "bot/options.h"

static const struct error *
parse(struct options *o, const char *extra, char **argv)
{
	int argc = 0;

	while (argv[argc])
		argc++;
	*o = (struct options)OPTIONS;
	return options_parse(o, argc, argv, extra);
}

#define ARGV(...) ((char *[]){ (char[]){ "x" }, __VA_ARGS__, NULL })
#define A(literal) ((char[]){ literal })

static void
test_parse(void)
{
	struct options o;

	succeeds(parse(&o, "",
		       ARGV(A("a"), A("--tree"), A("t:v6.1"), A("-q"),
			    A("--threshold=1.5"), A("b"))),
		 "options and arguments mix");
	is_int(o.nargs, 2, "two arguments");
	is_str(o.args[1], "b", "the second");
	is_int(o.threshold, 15, "points are tenths");
	is_int(o.verbose, -1, "-q");
	is_str(o.trees.v[0], "t:v6.1", "--tree");
	options_free(&o);

	fails(parse(&o, "", ARGV(A("--nonsense"))), ERROR_USAGE, "--nonsense",
	      "an unknown option is named");
	options_free(&o);
	fails(parse(&o, "", ARGV(A("--db"))), ERROR_USAGE, "--db needs a value",
	      "a missing value");
	options_free(&o);
	fails(parse(&o, "limit", ARGV(A("--since=2020"))), ERROR_USAGE,
	      "--since is not for this command", "another command's option");
	options_free(&o);
	fails(parse(&o, "", ARGV(A("--format=xml"))), ERROR_USAGE, "xml",
	      "an unknown format");
	options_free(&o);
	fails(parse(&o, "", ARGV(A("--threshold=-1"))), ERROR_USAGE, "-1",
	      "a threshold below zero");
	options_free(&o);
}

static void
test_tenths(void)
{
	static const struct {
		const char *text;
		int tenths; /* -1: refused */
	} table[] = {
		{ "2", 20 },  { "0.5", 5 },   { "1.5", 15 }, { "10", 100 },
		{ "", -1 },   { "1.25", -1 }, { "x", -1 },   { "1.", -1 },
		{ "+1", -1 }, { "-2", -1 },   { " 1", -1 },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		int got = -1;

		if (!options_tenths(&got, table[i].text))
			got = -1;
		is_int(got, table[i].tenths, table[i].text);
	}
}

int
main(void)
{
	test_parse();
	test_tenths();
	return done_testing();
}
