#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "error.h"

enum {
	OPT_TREE = 256,
	OPT_RULES,
	OPT_DISABLE,
	OPT_THRESHOLD,
	OPT_DB,
	OPT_CONFIG,
	OPT_FORMAT,
	OPT_COLOR,
	OPT_MAP,
	OPT_JOBS,
	OPT_SINCE,
	OPT_UNTIL,
	OPT_SORT,
	OPT_LIMIT,
	OPT_NAME,
	OPT_ONCE,
	OPT_DRY_RUN,
	OPT_REPLAY,
	OPT_HEADER,
	OPT_ALL,
	OPT_LABELS,
	OPT_CORE,
	OPT_AT_LEAST,
	OPT_HTML,
	OPT_KIND,
	OPT_WRITE,
	OPT_DIFF,
};

static const struct option longs[] = {
	{ "tree", required_argument, NULL, OPT_TREE },
	{ "rules", required_argument, NULL, OPT_RULES },
	{ "disable", required_argument, NULL, OPT_DISABLE },
	{ "threshold", required_argument, NULL, OPT_THRESHOLD },
	{ "db", required_argument, NULL, OPT_DB },
	{ "config", required_argument, NULL, OPT_CONFIG },
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "color", required_argument, NULL, OPT_COLOR },
	{ "map", required_argument, NULL, OPT_MAP },
	{ "jobs", required_argument, NULL, OPT_JOBS },
	{ "quiet", no_argument, NULL, 'q' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, 'h' },
	{ "since", required_argument, NULL, OPT_SINCE },
	{ "until", required_argument, NULL, OPT_UNTIL },
	{ "sort", required_argument, NULL, OPT_SORT },
	{ "limit", required_argument, NULL, OPT_LIMIT },
	{ "name", required_argument, NULL, OPT_NAME },
	{ "once", no_argument, NULL, OPT_ONCE },
	{ "dry-run", no_argument, NULL, OPT_DRY_RUN },
	{ "replay", required_argument, NULL, OPT_REPLAY },
	{ "header", required_argument, NULL, OPT_HEADER },
	{ "all", no_argument, NULL, OPT_ALL },
	{ "labels", required_argument, NULL, OPT_LABELS },
	{ "core", required_argument, NULL, OPT_CORE },
	{ "at-least", required_argument, NULL, OPT_AT_LEAST },
	{ "html", required_argument, NULL, OPT_HTML },
	{ "kind", required_argument, NULL, OPT_KIND },
	{ "write", required_argument, NULL, OPT_WRITE },
	{ "diff", no_argument, NULL, OPT_DIFF },
	{ NULL, 0, NULL, 0 },
};

/* The place of @word in the NULL-terminated @words; -1. */
static int
choose(const char *const *words, const char *word)
{
	for (int i = 0; words[i]; i++)
		if (!strcmp(words[i], word))
			return i;
	return -1;
}

static bool
number(long *out, const char *text, long max)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (end == text || *end || n < 0 || n > max)
		return false;
	*out = n;
	return true;
}

bool
options_tenths(int *out, const char *text)
{
	int whole = 0, n = 0;

	if (sscanf(text, "%4d%n", &whole, &n) != 1 || whole < 0 ||
	    text[0] == '+' || text[0] == ' ')
		return false;
	*out = whole * 10;
	text += n;
	if (text[0] == '.' && text[1] >= '0' && text[1] <= '9' && !text[2])
		*out += text[1] - '0';
	else if (text[0])
		return false;
	return true;
}

static const struct error *
bad_value(const char *option, const char *value, const char *want)
{
	return error_new(ERROR_USAGE, "--%s: %s: not %s", option, value, want);
}

static const struct error *
set_enum(struct options *o, int opt, const char *value)
{
	static const char *const formats[] = { "text", "json", "msgid", "mbox",
					       "line", "html", "dot",	NULL };
	static const char *const colors[] = { "auto", "always", "never", NULL };
	int i = choose(opt == OPT_FORMAT ? formats : colors, value);

	if (i < 0 && opt == OPT_FORMAT)
		return bad_value("format", value,
				 "text, json, msgid, mbox, line, html or dot");
	if (i < 0)
		return bad_value("color", value, "auto, always or never");
	if (opt == OPT_FORMAT)
		o->format = (enum format)i;
	else
		o->color = (enum color)i;
	return NULL;
}

static const struct error *
set_number(struct options *o, int opt, const char *value)
{
	if (opt == OPT_THRESHOLD && !options_tenths(&o->threshold, value))
		return bad_value("threshold", value, "a number of points");
	if (opt == OPT_LIMIT && !number(&o->limit, value, INT32_MAX))
		return bad_value("limit", value, "a number");
	if (opt == OPT_JOBS && (!number(&o->jobs, value, 1024) || !o->jobs))
		return bad_value("jobs", value, "a number of threads");
	return NULL;
}

/* Where an option that is plain text, a list of texts, or a switch is kept;
   NULL: it is none of these. */
static const char **
text_of(struct options *o, int opt)
{
	const struct {
		int opt;
		const char **text;
	} table[] = {
		{ OPT_DB, &o->db },	    { OPT_CONFIG, &o->config },
		{ OPT_MAP, &o->map },	    { OPT_SINCE, &o->since },
		{ OPT_UNTIL, &o->until },   { OPT_SORT, &o->sort },
		{ OPT_REPLAY, &o->replay }, { OPT_HEADER, &o->header },
		{ OPT_LABELS, &o->labels }, { OPT_CORE, &o->core },
		{ OPT_HTML, &o->html },	    { OPT_AT_LEAST, &o->at_least },
		{ OPT_WRITE, &o->write },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].opt == opt)
			return table[i].text;
	return NULL;
}

static struct strlist *
list_of(struct options *o, int opt)
{
	return opt == OPT_TREE	    ? &o->trees
	       : opt == OPT_RULES   ? &o->rules
	       : opt == OPT_DISABLE ? &o->disable
	       : opt == OPT_NAME    ? &o->names
	       : opt == OPT_KIND    ? &o->kinds
				    : NULL;
}

static bool *
switch_of(struct options *o, int opt)
{
	return opt == OPT_ONCE	    ? &o->once
	       : opt == OPT_DRY_RUN ? &o->dry_run
	       : opt == OPT_ALL	    ? &o->all
	       : opt == OPT_DIFF    ? &o->diff
	       : opt == 'h'	    ? &o->help
				    : NULL;
}

static const struct error *
set(struct options *o, int opt, const char *value)
{
	const char **text = text_of(o, opt);

	if (text)
		*text = value;
	else if (list_of(o, opt))
		strlist_add(list_of(o, opt), value);
	else if (switch_of(o, opt))
		*switch_of(o, opt) = true;
	else if (opt == OPT_FORMAT || opt == OPT_COLOR)
		return set_enum(o, opt, value);
	else if (opt == 'q')
		o->verbose = -1;
	else if (opt == 'v')
		o->verbose = o->verbose < 0 ? 1 : o->verbose + 1;
	else
		return set_number(o, opt, value);
	return NULL;
}

/* Is the option @name among the blank-separated words of @extra? */
static bool
is_extra(const char *extra, const char *name)
{
	size_t n = strlen(name);
	const char *at = extra;

	while ((at = strstr(at, name))) {
		if ((at == extra || at[-1] == ' ') && (at[n] == ' ' || !at[n]))
			return true;
		at += n;
	}
	return false;
}

const struct error *
options_parse(struct options *out, int argc, char **argv, const char *extra)
{
	const struct error *err = NULL;
	int opt, at = 0;

	optind = 0; /* glibc: scan anew; opterr off: we speak ourselves */
	opterr = 0;
	while (!err &&
	       (opt = getopt_long(argc, argv, ":qvh", longs, &at)) != -1) {
		if (opt == '?')
			return error_new(ERROR_USAGE, "unknown option %s",
					 argv[optind - 1]);
		if (opt == ':')
			return error_new(ERROR_USAGE, "%s needs a value",
					 argv[optind - 1]);
		if (opt >= OPT_SINCE && !is_extra(extra, longs[at].name))
			return error_new(ERROR_USAGE,
					 "--%s is not for this command",
					 longs[at].name);
		err = set(out, opt, optarg);
	}
	out->args = argv + optind;
	out->nargs = argc - optind;
	/* getopt leaves a "--" right in front of what stood behind it. */
	out->dashes = optind > 1 && !strcmp(argv[optind - 1], "--");
	return err;
}

void
options_free(struct options *options)
{
	strlist_free(&options->trees);
	strlist_free(&options->rules);
	strlist_free(&options->disable);
	strlist_free(&options->names);
	strlist_free(&options->kinds);
}

bool
options_color(const struct options *options, int fd)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (options->color != COLOR_AUTO)
		return options->color == COLOR_ALWAYS;
	/* no-color.org: set and not empty, whatever it says. */
	return !(no && *no) && isatty(fd) && !(term && !strcmp(term, "dumb"));
}
