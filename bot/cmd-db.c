#include "cmd.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "arena.h"
#include "error.h"
#include "export.h"
#include "paths.h"
#include "session.h"
#include "db/integrity.h"
#include "db/store.h"

/* A verb has a session that is open as it needs, and one argument or none. */
typedef const struct error *verb_fn(int *status, struct session *session,
				    const char *arg);

static bool
speaks(const struct session *session)
{
	return session->options.verbose >= 0;
}

MUST_CHECK static const struct error *
check(int *status, struct session *session, const char *arg)
{
	AUTOFREE(arena) *arena = arena_new();
	struct integrity faults = { 0 };
	const struct error *err = store_check(&faults, arena, session->store);

	(void)arg;
	if (err)
		return err;
	for (size_t i = 0; i < faults.n; i++)
		puts(faults.v[i]);
	if (faults.n)
		*status = ERROR_INPUT;
	else if (speaks(session))
		printf("%s is in order\n", store_path(session->store));
	return NULL;
}

MUST_CHECK static const struct error *
vacuum(int *status, struct session *session, const char *arg)
{
	int64_t before = 0, after = 0;
	const struct error *err = store_vacuum(&before, &after, session->store);

	(void)status, (void)arg;
	if (!err && speaks(session))
		printf("%s: %" PRId64 " bytes, were %" PRId64 "\n",
		       store_path(session->store), after, before);
	return err;
}

static bool
is_standard(const char *name)
{
	return !name || !strcmp(name, "-");
}

/* A file that was begun and not ended is none. */
MUST_CHECK static const struct error *
export_file(struct session *session, const char *name)
{
	FILE *out = fopen(name, "wx");
	const struct error *err;

	if (!out)
		return error_errno("%s", name);
	err = export_write(out, session->store);
	if (fclose(out) && !err)
		err = error_errno("%s", name);
	if (err)
		remove(name);
	return err;
}

MUST_CHECK static const struct error *export(int *status,
					     struct session *session,
					     const char *arg)
{
	(void)status;
	return is_standard(arg) ? export_write(stdout, session->store)
				: export_file(session, arg);
}

MUST_CHECK static const struct error *
import_from(struct session *session, FILE *in, const char *name)
{
	CLEANUP(xfree) char *path = session_database(session);
	const struct error *err = paths_make_parents(path);
	int64_t rows = 0;

	if (!err)
		err = export_read(&rows, path, in, name);
	if (!err && speaks(session))
		fprintf(stderr, "%s: %" PRId64 " rows\n", path, rows);
	return err;
}

MUST_CHECK static const struct error *
import(int *status, struct session *session, const char *arg)
{
	const struct error *err;
	FILE *in;

	(void)status;
	if (is_standard(arg))
		return import_from(session, stdin, "-");
	in = fopen(arg, "r");
	if (!in)
		return error_errno("%s", arg);
	err = import_from(session, in, arg);
	fclose(in);
	return err;
}

static const struct verb {
	const char *name;
	verb_fn *run;
	unsigned needs;
	int nargs_max; /* behind the verb */
} verbs[] = {
	{ "check", check, NEEDS_STORE_WRITE, 0 },
	{ "vacuum", vacuum, NEEDS_STORE_WRITE, 0 },
	{ "export", export, NEEDS_STORE, 1 },
	{ "import", import, NEEDS_CONFIG, 1 },
};

static const struct verb *
find_verb(const struct options *options)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (options->nargs && !strcmp(options->args[0], verbs[i].name))
			return options->nargs - 1 <= verbs[i].nargs_max
				       ? &verbs[i]
				       : NULL;
	return NULL;
}

int
cmd_db(const struct cmd *cmd, int argc, char **argv)
{
	struct session session = { .options = OPTIONS };
	const struct error *err;
	const struct verb *verb;
	int status = 0;

	if (!cmd_begin(&status, &session.options, cmd, argc, argv))
		return status;
	verb = find_verb(&session.options);
	if (!verb) {
		status = cmd_usage(cmd, "check, vacuum, export [FILE] or "
					"import [FILE]");
		session_close(&session);
		return status;
	}
	err = session_open(&session, verb->needs);
	if (!err)
		err = verb->run(&status, &session,
				session.options.nargs > 1
					? session.options.args[1]
					: NULL);
	if (err)
		status = exit_status_worse(status, cmd_fail(err));
	session_close(&session);
	return status;
}
