#include "cmd.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "error.h"
#include "filter.h"
#include "options.h"
#include "original.h"
#include "output.h"
#include "session.h"
#include "db/store.h"

static const struct error *
print_raw(struct session *session, struct arena *arena, int64_t id)
{
	struct span raw = { 0 };
	const struct error *err =
		original_read(&raw, arena, session->originals, id);

	if (err)
		return err;
	if (raw.ptr)
		output_mbox(stdout, raw);
	else
		fprintf(stderr, "pvwatch: %lld: its raw text was not kept\n",
			(long long)id);
	return NULL;
}

static const struct error *
print_one(struct session *session, struct arena *arena, int64_t id)
{
	struct verdict verdict;
	const struct error *err;

	if (session->options.format == FORMAT_MBOX)
		return print_raw(session, arena, id);
	err = store_verdict(&verdict, arena, session->store, id);
	if (err)
		return err;
	if (session->options.format == FORMAT_JSON)
		output_json(stdout, &verdict);
	else if (session->options.format == FORMAT_MSGID)
		puts(verdict.msgid ? verdict.msgid : verdict.key);
	else
		output_line(stdout, arena, &verdict,
			    options_color(&session->options, STDOUT_FILENO));
	return NULL;
}

/* A mail that its archive has lost hides no other: *status tells. */
static const struct error *
query(int *status, struct session *session)
{
	AUTOFREE(arena) *ids_arena = arena_new();
	AUTOFREE(arena) *arena = arena_new();
	struct query query = { .limit = -1 };
	struct ids ids = { .n = 0 };
	const struct error *err;

	err = filter_parse(&query, ids_arena, &session->options);
	if (!err)
		err = store_query(&ids, ids_arena, session->store, &query);
	for (size_t i = 0; !err && i < ids.n; i++) {
		err = print_one(session, arena, ids.v[i]);
		if (err && err->class == ERROR_NOINPUT)
			*status = cmd_fail(TAKE(err));
		arena_clear(arena);
	}
	return err;
}

int
cmd_query(const struct cmd *cmd, int argc, char **argv)
{
	struct session session = { .options = OPTIONS };
	const struct error *err;
	int status = 0;

	if (!cmd_begin(&status, &session.options, cmd, argc, argv))
		return status;
	err = session_open(&session, NEEDS_STORE);
	if (!err)
		err = query(&status, &session);
	if (err)
		status = cmd_fail(err);
	session_close(&session);
	return status;
}
