#include "cmd.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "alloc.h"
#include "arena.h"
#include "buf.h"
#include "divergence-diff.h"
#include "divergence-text.h"
#include "error.h"
#include "limits.h"
#include "maps.h"
#include "options.h"
#include "output-map.h"
#include "session.h"
#include "tree.h"
#include "rules/platform.h"

/* Facts that were asked for, to be printed. */
struct chosen {
	const struct map_fact **v;
	size_t n, cap;
};

/* The pack that knows of a guest; without any, the first. */
static size_t
pack_with_platform(const struct packs *packs)
{
	for (size_t i = 0; i < packs->n; i++)
		if (packs->v[i]->platform)
			return i;
	return 0;
}

static const struct error *
choose(struct map_choice *out, const struct session *session, size_t pack,
       const struct tree *tree)
{
	struct map_wanted wanted = { .repo = tree->repo,
				     .commit = tree->commit,
				     .date = time(NULL) };

	return maps_choose(out, session->maps, pack, &wanted);
}

static const struct error *
open_map(struct map_shown *out, const struct session *session)
{
	size_t pack = pack_with_platform(&session->packs);
	const struct platform *platform = session->packs.v[pack]->platform;
	struct map_choice choice = { .how = MAP_NONE };
	const struct error *err;
	struct tree tree;

	trees_nearest(&tree, session->trees, time(NULL));
	err = choose(&choice, session, pack, &tree);
	if (err)
		return err;
	if (!choice.map)
		return error_new(ERROR_NOINPUT,
				 "no map: name a kernel's tree with --tree, or "
				 "a map with --map");
	*out = (struct map_shown){ choice.map, choice.how,
				   platform ? platform->name : "the guest" };
	return NULL;
}

/* A file, or a revision of the tree. */
static const struct error *
open_side(const struct divergence **out, struct divergence **own,
	  const struct session *session, const char *arg)
{
	const struct error *err;
	struct tree tree = { .repo = NULL };
	struct map_wanted wanted = { .commit = tree.commit };

	if (!access(arg, R_OK)) {
		err = divergence_read(own, arg);
		*out = *own;
		return err;
	}
	err = trees_resolve(&tree, session->trees, arg);
	wanted.repo = tree.repo;
	if (!err)
		err = maps_of_tree(out, session->maps,
				   pack_with_platform(&session->packs),
				   &wanted);
	if (!err && !*out)
		err = error_new(ERROR_CONFIG,
				"no pack has a Platform: to make maps by");
	return err;
}

static int
diff(struct session *session)
{
	AUTOFREE(arena) *arena = arena_new();
	AUTOFREE(divergence) *own_before = NULL;
	AUTOFREE(divergence) *own_after = NULL;
	const struct divergence *before = NULL, *after = NULL;
	const struct error *err;
	struct map_changes changes;

	err = open_side(&before, &own_before, session,
			session->options.args[0]);
	if (!err)
		err = open_side(&after, &own_after, session,
				session->options.args[1]);
	if (err)
		return cmd_fail(err);
	divergence_diff(&changes, arena, before, after);
	if (session->options.format == FORMAT_JSON)
		output_map_changes_json(stdout, &changes);
	else
		output_map_changes(stdout, arena, before, after, &changes);
	return 0;
}

static const struct error *
write_file(const char *path, struct buf *text)
{
	const struct error *err = NULL;
	FILE *out = fopen(path, "w");

	if (!out)
		return error_errno("%s", path);
	if (fwrite(buf_str(text), 1, text->len, out) < text->len)
		err = error_errno("%s", path);
	if (fclose(out) && !err)
		err = error_errno("%s", path);
	return err;
}

static int
write_map(const struct divergence *map, const char *path)
{
	struct buf text = BUF(LIMIT_MAP_BYTES);
	const struct error *err;

	divergence_print(&text, map);
	err = buf_check(&text, path);
	if (!err && strcmp(path, "-"))
		err = write_file(path, &text);
	else if (!err) /* main() asks whether stdout took it */
		fwrite(buf_str(&text), 1, text.len, stdout);
	buf_free(&text);
	return err ? cmd_fail(err) : 0;
}

static void
add(struct chosen *out, struct arena *arena, const struct map_fact *fact)
{
	ARENA_GROW(arena, out->v, out->cap, out->n);
	out->v[out->n++] = fact;
}

static const struct error *
kinds_asked(unsigned *out, const struct strlist *names)
{
	*out = 0;
	for (size_t i = 0; i < names->n; i++) {
		int kind = map_kind_by_name(names->v[i]);
		const char *near = strlist_nearest(map_kind_names, NMAP_KINDS,
						   names->v[i]);

		if (kind < 0 && near)
			return error_new(ERROR_USAGE,
					 "unknown kind %s; did you mean %s?",
					 names->v[i], near);
		if (kind < 0)
			return error_new(ERROR_USAGE, "unknown kind %s",
					 names->v[i]);
		*out |= 1u << kind;
	}
	return NULL;
}

/* All facts of @kinds, or of the names in the arguments. */
static void
choose_facts(struct chosen *out, struct arena *arena,
	     const struct session *session, const struct divergence *map,
	     unsigned kinds)
{
	for (size_t i = 0; i < map->nfacts && !session->options.nargs; i++)
		if (kinds & 1u << map->facts[i].kind)
			add(out, arena, &map->facts[i]);
	for (int i = 0; i < session->options.nargs; i++) {
		size_t n;
		const struct map_fact *facts = divergence_find(
			&n, map, span_of(session->options.args[i]));

		for (size_t j = 0; j < n; j++)
			if (!kinds || kinds & 1u << facts[j].kind)
				add(out, arena, &facts[j]);
	}
}

static void
print_facts(const struct session *session, const struct map_shown *shown,
	    unsigned kinds)
{
	AUTOFREE(arena) *arena = arena_new();
	struct chosen chosen = { .n = 0 };

	/* A picture of everything is one of nothing: the pairs, then. */
	if (!kinds && !session->options.nargs)
		kinds = 1u << MAP_ENTRY | 1u << MAP_REPLACED;
	choose_facts(&chosen, arena, session, shown->map, kinds);
	if (session->options.format == FORMAT_DOT)
		output_map_dot(stdout, chosen.v, chosen.n);
	for (size_t i = 0;
	     i < chosen.n && session->options.format == FORMAT_JSON; i++)
		output_map_fact_json(stdout, chosen.v[i]);
}

/* 1: the map says nothing of some name. */
static int
explain(const struct session *session, const struct map_shown *shown)
{
	AUTOFREE(arena) *arena = arena_new();
	int status = 0;

	for (int i = 0; i < session->options.nargs; i++) {
		const char *name = session->options.args[i];

		if (output_map_name(stdout, arena, shown, name))
			continue;
		printf("%s\n    the map says nothing of it: %s runs it as bare "
		       "metal does, or it is not in %s.\n",
		       name, shown->guest, shown->map->of);
		status = 1;
	}
	return status;
}

static int
show(struct session *session)
{
	AUTOFREE(arena) *arena = arena_new();
	const struct options *options = &session->options;
	struct map_shown shown;
	unsigned kinds = 0;
	const struct error *err = kinds_asked(&kinds, &options->kinds);

	if (!err)
		err = open_map(&shown, session);
	if (err)
		return cmd_fail(err);
	if (options->write)
		return write_map(shown.map, options->write);
	if (options->format == FORMAT_DOT ||
	    (options->format == FORMAT_JSON && (kinds || options->nargs)))
		print_facts(session, &shown, kinds);
	else if (options->format == FORMAT_JSON)
		output_map_overview_json(stdout, &shown);
	else if (options->nargs)
		return explain(session, &shown);
	else if (kinds)
		output_map_kinds(stdout, &shown, kinds);
	else
		output_map_overview(stdout, arena, &shown);
	return 0;
}

int
cmd_map(const struct cmd *cmd, int argc, char **argv)
{
	struct session session = { .options = OPTIONS };
	const struct error *err;
	int status = 0;

	if (!cmd_begin(&status, &session.options, cmd, argc, argv))
		return status;
	if (session.options.diff && session.options.nargs != 2) {
		status = cmd_usage(cmd, "--diff wants two revisions or maps");
		options_free(&session.options);
		return status;
	}
	err = session_open(&session, NEEDS_MAPS);
	if (err)
		status = cmd_fail(err);
	else
		status = session.options.diff ? diff(&session) : show(&session);
	session_close(&session);
	return status;
}
