/*
 * options.h - the options that all commands share (design.md 7)
 */
#ifndef BOT_OPTIONS_H
#define BOT_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"
#include "strlist.h"

struct error;

enum format {
	FORMAT_TEXT,
	FORMAT_JSON,
	FORMAT_MSGID,
	FORMAT_MBOX,
	FORMAT_LINE,
	FORMAT_HTML,
	FORMAT_DOT,
};
enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct options {
	struct strlist trees, rules, disable, names;
	const char *db, *config; /* NULL: where they usually are */
	const char *map;	 /* NULL: as design.md 5 chooses */
	int threshold;		 /* tenths; -1: as configured */
	enum format format;
	enum color color;
	long jobs;   /* threads; 0: as many as there are CPUs */
	int verbose; /* -1 quiet, 0, 1 -v, 2 -vv */
	bool help;

	/* Options of single commands. */
	const char *since, *until, *sort, *replay, *header;
	long limit; /* -1: none */
	bool once, dry_run, all;
	const char *labels, *core, *at_least, *html; /* of backtest */
	struct strlist kinds;			     /* of map, as the next */
	const char *write;
	bool diff;

	char **args; /* what is left, NULL-terminated; borrowed from argv */
	int nargs;
	bool dashes; /* a "--" stood in front of them all */
};

#define OPTIONS \
	{ \
		.threshold = -1, .limit = -1 \
	}

/*
 * Parse argv[1..] with the common options and those of @extra: the words of
 * longs[] in options.c from "since" on, blank-separated. ERROR_USAGE.
 */
MUST_CHECK
const struct error *options_parse(struct options *out, int argc, char **argv,
				  const char *extra);
void options_free(struct options *options);

/* Colour on this stream: --color, else NO_COLOR, else whether it is a
   terminal. */
bool options_color(const struct options *options, int fd);

/* "2", "1.5" as tenths; false when it is no such number. */
bool options_tenths(int *out, const char *text);

#endif
