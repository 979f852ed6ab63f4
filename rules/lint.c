#include "rules/pack.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bot/alloc.h"
#include "bot/buf.h"
#include "bot/strlist.h"
#include "rules/platform.h"
#include "rules/regex.h"

enum {
	POINTS_FLAG = 20, /* the default of rules.flagAt */
	POINTS_MANY = 5 * POINTS_FLAG,
	POINTS_FEW = 5,
	MESSAGE_BYTES = 4096,
};

struct lint {
	const struct pack *pack;
	lint_fn *say;
	void *arg;
	const char *file; /* of the stanza at hand */
	struct regex_scratch *scratch;
};

static void say(struct lint *lint, enum lint_severity severity, unsigned line,
		const char *fmt, ...) PRINTF(4, 5);

static void
say(struct lint *lint, enum lint_severity severity, unsigned line,
    const char *fmt, ...)
{
	char message[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	lint->say(lint->arg, severity, lint->file, line, message);
}

/* A line that nobody would write, and the empty one: both match. */
static bool
matches_all(struct lint *lint, const struct regex *regex)
{
	return regex_match(regex, lint->scratch, SPAN("")) == REGEX_YES &&
	       regex_match(regex, lint->scratch, SPAN("\x01")) == REGEX_YES;
}

/* "arch/x86/xen": files without a dot are Makefile, Kconfig, COPYING ... */
static bool
looks_like_directory(const char *pattern)
{
	const char *slash = strrchr(pattern, '/');
	const char *last = slash ? slash + 1 : pattern;

	return *last && !last[strspn(last, "abcdefghijklmnopqrstuvwxyz"
					   "0123456789-_")];
}

static void
lint_value(struct lint *lint, const struct condition *c, const struct value *v)
{
	if (v->regex && matches_all(lint, v->regex))
		say(lint, LINT_WARNING, v->line,
		    "%s: %.80s matches the empty string, and so everything",
		    c->name, v->text);
	if (v->field != FIELD_F && v->field != FIELD_X)
		return;
	if (looks_like_directory(v->text))
		say(lint, LINT_NOTE, v->line,
		    "%s: %.80s looks like a directory, which ends in a slash",
		    c->name, v->text);
	if (v->text[0] == '/' || !strncmp(v->text, "./", 2))
		say(lint, LINT_WARNING, v->line,
		    "%s: %.80s matches no path: they begin with a name",
		    c->name, v->text);
}

static void
lint_conditions(struct lint *lint, const struct condition *conditions, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct condition *c = &conditions[i];

		/* A joint name gives a line to each of its fields. */
		for (size_t j = 0; j < c->nvalues; j++)
			if (!j || c->values[j].line != c->values[j - 1].line)
				lint_value(lint, c, &c->values[j]);
	}
}

static bool
has_file_condition(const struct rule *rule)
{
	for (size_t i = 0; i < rule->nconditions; i++)
		if (rule->conditions[i].kind == CONDITION_HOLDS &&
		    rule->conditions[i].level == LEVEL_FILE)
			return true;
	return false;
}

static void
lint_rule(struct lint *lint, const struct rule *rule)
{
	lint->file = rule->file;
	if (!*rule->title || !*rule->area || !*rule->see)
		say(lint, LINT_NOTE, rule->line, "rule %s lacks%s%s%s",
		    rule->id, *rule->title ? "" : " Title:",
		    *rule->area ? "" : " Area:", *rule->see ? "" : " See:");
	if (rule->points > POINTS_MANY)
		say(lint, LINT_NOTE, rule->line,
		    "rule %s: %d points, when %d flag a patch", rule->id,
		    rule->points / 10, POINTS_FLAG / 10);
	if (rule->points < POINTS_FEW)
		say(lint, LINT_NOTE, rule->line,
		    "rule %s: 0.%d points will hardly tip a patch", rule->id,
		    rule->points);
	if (!has_file_condition(rule))
		say(lint, LINT_NOTE, rule->line,
		    "rule %s has no F: or N: and is tried on every file",
		    rule->id);
	lint_conditions(lint, rule->conditions, rule->nconditions);
}

/* The condition takes any place below the top directory. */
static bool
takes_all(struct lint *lint, const struct condition *c)
{
	if (c->kind != CONDITION_HOLDS)
		return false;
	for (size_t i = 0; i < c->nvalues; i++) {
		const struct value *v = &c->values[i];

		if ((v->field == FIELD_N && matches_all(lint, v->regex)) ||
		    (v->field == FIELD_F && !strcmp(v->text, "*/")))
			return true;
	}
	return false;
}

static void
lint_mute(struct lint *lint, const struct mute *mute)
{
	bool all = true;

	lint->file = mute->file;
	if (!*mute->reason)
		say(lint, LINT_NOTE, mute->line, "Mute: gives no reason");
	for (size_t i = 0; i < mute->nconditions; i++)
		all &= takes_all(lint, &mute->conditions[i]);
	if (all)
		say(lint, LINT_WARNING, mute->line, "Mute: mutes everything");
	lint_conditions(lint, mute->conditions, mute->nconditions);
}

static void
lint_pack(struct lint *lint)
{
	const struct pack *pack = lint->pack;

	lint->file = pack->file;
	if (!*pack->version)
		say(lint, LINT_NOTE, pack->line,
		    "pack %s lacks Version:", pack->name);
	if (!pack->nnotify)
		say(lint, LINT_WARNING, pack->line,
		    "pack %s has no Notify: nobody is asked", pack->name);
	if (!*pack->contact)
		say(lint, LINT_NOTE, pack->line,
		    "pack %s lacks Contact:, whom to ask about it", pack->name);
	if (!pack->nrules)
		say(lint, LINT_WARNING, pack->line, "pack %s has no rules",
		    pack->name);
}

static void
lint_platform(struct lint *lint)
{
	const struct platform *platform = lint->pack->platform;

	if (!platform)
		return;
	lint->file = platform->file;
	if (!platform->guest.n || !platform->native.n)
		say(lint, LINT_WARNING, platform->line,
		    "Platform: has no %s: its map is empty",
		    platform->guest.n ? "Native" : "Guest");
}

static void
list_examples(struct strlist *out, const char *dir)
{
	DIR *stream = opendir(dir);
	struct dirent *entry;

	if (!stream)
		return;
	while ((entry = readdir(stream)))
		if (entry->d_name[0] != '.')
			strlist_add(out, entry->d_name);
	closedir(stream);
	strlist_sort(out);
}

/* Bit 0 of @seen[i]: rule i has a yes example, bit 1: a no example. */
static void
lint_example_files(struct lint *lint, unsigned char *seen, const char *dir)
{
	CLEANUP(strlist_free) struct strlist files = STRLIST;

	list_examples(&files, dir);
	for (size_t i = 0; i < files.n; i++) {
		CLEANUP(xfree) char *path = xasprintf("%s/%s", dir, files.v[i]);
		const char *dot = strrchr(files.v[i], '.');
		bool yes = false;
		const struct rule *rule =
			pack_example(&yes, lint->pack, files.v[i]);

		lint->file = path;
		if (rule)
			seen[rule - lint->pack->rules] |= yes ? 1 : 2;
		else if (dot && !strcmp(dot, ".patch"))
			say(lint, LINT_WARNING, 0,
			    "names no rule: want <rule>-yes*.patch or "
			    "<rule>-no*.patch");
	}
}

static void
lint_examples(struct lint *lint)
{
	const struct pack *pack = lint->pack;
	CLEANUP(xfree) char *dir = xasprintf("%s/examples", pack->dir);
	CLEANUP(xfree) unsigned char *seen = xcalloc(pack->nrules, 1);

	lint_example_files(lint, seen, dir);
	for (size_t i = 0; i < pack->nrules; i++) {
		const struct rule *rule = &pack->rules[i];

		lint->file = rule->file;
		if (!(seen[i] & 1))
			say(lint, LINT_WARNING, rule->line,
			    "no examples/%s-yes*.patch", rule->id);
		if (!(seen[i] & 2))
			say(lint, LINT_WARNING, rule->line,
			    "no examples/%s-no*.patch", rule->id);
	}
}

void
pack_lint(const struct pack *pack, lint_fn *say_it, void *arg)
{
	AUTOFREE(regex_scratch) *scratch = regex_scratch_new();
	struct lint lint = {
		.pack = pack, .say = say_it, .arg = arg, .scratch = scratch
	};

	lint_pack(&lint);
	lint_platform(&lint);
	for (size_t i = 0; i < pack->nrules; i++)
		lint_rule(&lint, &pack->rules[i]);
	for (size_t i = 0; i < pack->nmutes; i++)
		lint_mute(&lint, &pack->mutes[i]);
	if (*pack->dir)
		lint_examples(&lint);
}
