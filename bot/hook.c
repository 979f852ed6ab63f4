#include "hook.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alloc.h"
#include "buf.h"
#include "error.h"
#include "git-program.h"
#include "limits.h"
#include "paths.h"
#include "strlist.h"
#include "rules/pack.h"

const char *
hook_state_name(enum hook_state state)
{
	static const char *const names[] = {
		[HOOK_ABSENT] = "not installed",
		[HOOK_INSTALLED] = "installed",
		[HOOK_OUTDATED] = "outdated",
		[HOOK_FOREIGN] = "somebody else's",
	};

	return names[state];
}

/* One word for sh(1) and for Python's shlex. */
static char *
quote(const char *word)
{
	CLEANUP(buf_free) struct buf out = BUF(LIMIT_OUTPUT_BYTES);

	buf_addch(&out, '\'');
	for (; *word; word++)
		if (*word == '\'')
			buf_addstr(&out, "'\\''");
		else
			buf_addch(&out, *word);
	buf_addch(&out, '\'');
	return xstrdup(buf_str(&out));
}

/* The script @name of ours, as a word of a command. */
static char *
script(const char *name)
{
	CLEANUP(xfree) char *dir = paths_hooks();
	CLEANUP(xfree) char *path = xasprintf("%s/%s", dir, name);

	return quote(path);
}

/*
 * git runs what stands in its own directory only. A few lines there that call
 * the installed script follow when pvwatch is updated.
 */
static void
want_file(struct hook_item *item, const char *dir)
{
	CLEANUP(xfree) char *word = script(item->hook);

	item->place = xasprintf("%s/%s", dir, item->hook);
	item->want = xasprintf(
		"#!/bin/sh\n"
		"# %s\n"
		"hook=%s\n"
		"[ ! -x \"$hook\" ] || exec \"$hook\" \"$@\"\n"
		"echo \"pvwatch: there is no $hook any more;\" >&2\n"
		"echo \"\\\"pvwatch hook install\\\" sets this right\" >&2\n",
		item->mark, word);
	item->advice = xasprintf("to have both, add this line to it: "
				 "%s \"$@\" || exit 1",
				 word);
}

static void
want_cc_cmd(struct hook_item *item)
{
	CLEANUP(xfree) char *program = paths_program();
	CLEANUP(xfree) char *word = quote(program);
	CLEANUP(xfree) char *both = script("auto-cc");

	item->want = xasprintf("%s cc", word);
	item->advice =
		xasprintf("%s asks get_maintainer.pl and pvwatch both", both);
}

static void
want_b4_cc(struct hook_item *item)
{
	item->want = script("auto-cc");
	item->advice = xasprintf("to have both, call %s from it, which reads "
				 "the patch from its standard input",
				 item->want);
}

static void
want_b4_check(struct hook_item *item, const struct packs *packs)
{
	CLEANUP(xfree) char *word = script("b4-check");
	CLEANUP(buf_free) struct buf out = BUF(LIMIT_OUTPUT_BYTES);

	buf_addstr(&out, word);
	for (size_t i = 0; i < packs->n; i++)
		buf_addf(&out, " %s-%.8s", packs->v[i]->name,
			 packs->v[i]->hash);
	item->want = xstrdup(buf_str(&out));
}

static const struct error *
read_file(struct hook_item *item)
{
	struct buf text = BUF(LIMIT_OUTPUT_BYTES);
	const struct error *err;

	if (access(item->place, F_OK)) {
		struct stat st;

		/* A link that leads nowhere is somebody's all the same. */
		if (!lstat(item->place, &st))
			item->have = xstrdup("");
		return NULL;
	}
	err = buf_read_file(&text, item->place);
	if (!err)
		item->have = xstrdup(buf_str(&text));
	buf_free(&text);
	return err;
}

/* Of several values the last counts, or where all count, ours. */
static const struct error *
read_key(struct hook_item *item)
{
	const char *args[] = { "config", "--get-all", item->key, NULL };
	CLEANUP(xfree) char *values = NULL;
	const struct error *err;
	char *rest, *value;
	int status;

	item->place = xstrdup(item->key);
	err = git_program(&values, &status, args);
	if (err || status)
		return err;
	rest = values;
	while ((value = strsep(&rest, "\n"))) {
		if (item->many && !strstr(value, item->mark))
			continue;
		xfree(&item->have);
		item->have = xstrdup(value);
	}
	return NULL;
}

static enum hook_state
state_of(const struct hook_item *item)
{
	if (!item->have)
		return HOOK_ABSENT;
	if (!strcmp(item->have, item->want))
		return HOOK_INSTALLED;
	return strstr(item->have, item->mark) ? HOOK_OUTDATED : HOOK_FOREIGN;
}

static const struct error *
hooks_dir(char **out)
{
	static const char *const args[] = { "rev-parse", "--git-path", "hooks",
					    NULL };
	int status;
	const struct error *err = git_program(out, &status, args);

	if (!err && status) {
		xfree(out);
		*out = NULL;
		err = error_new(ERROR_NOINPUT, "there is no git repository "
					       "around the current directory");
	}
	return err;
}

const struct error *
hooks_open(struct hooks *out, const struct packs *packs)
{
	static const struct hook_item items[NHOOK_ITEMS] = {
		{ .hook = "sendemail-validate",
		  .mark = "Written by \"pvwatch hook install\"" },
		{ .hook = "cc-cmd",
		  .key = "sendemail.ccCmd",
		  .mark = "pvwatch' cc" },
		{ .hook = "b4",
		  .key = "b4.send-auto-cc-cmd",
		  .mark = "/hooks/auto-cc'" },
		{ .hook = "b4",
		  .key = "b4.prep-perpatch-check-cmd",
		  .many = true,
		  .mark = "/hooks/b4-check'" },
	};
	CLEANUP(xfree) char *dir = NULL;
	const struct error *err = hooks_dir(&dir);

	memcpy(out->items, items, sizeof(items));
	if (err)
		return err;
	want_file(&out->items[0], dir);
	want_cc_cmd(&out->items[1]);
	want_b4_cc(&out->items[2]);
	want_b4_check(&out->items[3], packs);
	for (size_t i = 0; i < NHOOK_ITEMS && !err; i++) {
		struct hook_item *item = &out->items[i];

		err = item->key ? read_key(item) : read_file(item);
		item->state = state_of(item);
	}
	return err;
}

void
hooks_free(struct hooks *hooks)
{
	for (size_t i = 0; i < NHOOK_ITEMS; i++) {
		struct hook_item *item = &hooks->items[i];

		xfree(&item->place);
		xfree(&item->want);
		xfree(&item->have);
		xfree(&item->advice);
	}
}

bool
hooks_has(const struct hooks *hooks, const char *name)
{
	for (size_t i = 0; i < NHOOK_ITEMS; i++)
		if (!strcmp(hooks->items[i].hook, name))
			return true;
	return false;
}

/* The whole file or the old one, never a part. */
static const struct error *
write_file(const struct hook_item *item)
{
	CLEANUP(xfree) char *fresh = xasprintf("%s.new", item->place);
	CLEANUP(xfree) char *dir = xstrdup(item->place);
	const struct error *err = NULL;
	FILE *out;

	*strrchr(dir, '/') = '\0';
	if (mkdir(dir, 0777) && errno != EEXIST)
		return error_errno("%s", dir);
	out = fopen(fresh, "we");
	if (!out)
		return error_errno("%s", fresh);
	fputs(item->want, out);
	if (fchmod(fileno(out), 0755) || fflush(out) || fsync(fileno(out)))
		err = error_errno("%s", fresh);
	if (fclose(out) && !err)
		err = error_errno("%s", fresh);
	if (!err && rename(fresh, item->place))
		err = error_errno("%s", item->place);
	if (err)
		unlink(fresh);
	return err;
}

/* git config, which may write; what it says is worth an error. */
static const struct error *
git_config(const char *how, const struct hook_item *item, const char *value)
{
	const char *set[] = {
		"config", how, item->key, value, item->mark, NULL
	};
	const char *unset[] = { "config", how, item->key, item->mark, NULL };
	CLEANUP(xfree) char *said = NULL;
	const struct error *err;
	int status;

	err = git_program(&said, &status, value ? set : unset);
	if (!err && status)
		err = error_new(ERROR_CONFIG,
				"git config %s %s failed with status %d", how,
				item->key, status);
	return err;
}

/*
 * b4 runs checkpatch.pl as long as nobody names a check: naming ours must not
 * take that away.
 */
static const struct error *
keep_checkpatch(const struct hook_item *item)
{
	static const char command[] = "./scripts/checkpatch.pl -q --terse "
				      "--no-summary --mailback --showfile";
	const char *get[] = { "config", "--get", item->key, NULL };
	const char *add[] = { "config", "--add", item->key, command, NULL };
	static const char *const top[] = { "rev-parse", "--show-toplevel",
					   NULL };
	CLEANUP(xfree) char *value = NULL, *dir = NULL, *said = NULL;
	CLEANUP(xfree) char *file = NULL;
	const struct error *err;
	int status;

	err = git_program(&value, &status, get);
	if (err || !status)
		return err;
	err = git_program(&dir, &status, top);
	if (err || status)
		return err;
	file = xasprintf("%s/scripts/checkpatch.pl", dir);
	if (access(file, X_OK))
		return NULL;
	err = git_program(&said, &status, add);
	if (!err && status)
		err = error_new(ERROR_CONFIG, "git config --add %s failed",
				item->key);
	return err;
}

const struct error *
hook_install(const struct hook_item *item)
{
	const struct error *err = NULL;

	if (item->state == HOOK_INSTALLED)
		return NULL;
	if (item->state == HOOK_FOREIGN)
		return error_new(ERROR_CONFIG,
				 "%s is there and is not pvwatch's; %s",
				 item->place, item->advice);
	if (!item->key)
		return write_file(item);
	if (item->many)
		err = keep_checkpatch(item);
	return err ? err : git_config("--replace-all", item, item->want);
}

const struct error *
hook_remove(const struct hook_item *item)
{
	if (item->state != HOOK_INSTALLED && item->state != HOOK_OUTDATED)
		return NULL;
	if (item->key)
		return git_config("--unset-all", item, NULL);
	return unlink(item->place) ? error_errno("%s", item->place) : NULL;
}
