#include "status.h"

#include "arena.h"
#include "output-json.h"
#include "output.h"
#include "verdict.h"

static json_t *
when(struct arena *arena, int64_t at)
{
	return at ? json_string(output_time(arena, at)) : json_null();
}

static json_t *
source(struct arena *arena, const struct status_source *s)
{
	const struct source_health *h = &s->health;

	return json_pack("{s:o, s:b, s:I, s:b, s:o, s:o, s:o, s:I, s:o, s:I, "
			 "s:o}",
			 "name", text(arena, s->name), "enabled", s->enabled,
			 "interval", (json_int_t)s->interval_s, "failing",
			 s->failing, "succeeded", when(arena, h->succeeded),
			 "failed", when(arena, h->failed), "message",
			 text(arena, *h->message ? h->message : NULL),
			 "failures", (json_int_t)h->failures, "since",
			 when(arena, h->since), "mails", (json_int_t)h->mails,
			 "cursor", text(arena, s->cursor));
}

static json_t *
sources(struct arena *arena, const struct status *status)
{
	json_t *array = json_array();

	for (size_t i = 0; i < status->nsources; i++)
		json_array_append_new(array,
				      source(arena, &status->sources[i]));
	return array;
}

static json_t *
decisions(const struct store_counts *counts)
{
	json_t *object = json_object();

	for (int i = 0; i <= DECISION_FLAGGED; i++)
		json_object_set_new(object, decision_name((enum decision)i),
				    json_integer(counts->decisions[i]));
	return object;
}

static json_t *
requests(const struct store_counts *counts)
{
	json_t *object = json_object();

	for (int i = 0; i < NREQUEST_STATES; i++)
		json_object_set_new(object,
				    request_state_name((enum request_state)i),
				    json_integer(counts->requests[i]));
	return object;
}

void
status_json(FILE *out, const struct status *status)
{
	AUTOFREE(arena) *arena = arena_new();
	json_t *object = json_pack(
		"{s:i, s:b, s:o, s:o, s:I, s:o, s:o, s:o}", "schema", SCHEMA,
		"healthy", status_is_healthy(status), "pid",
		status->pid > 0 ? json_integer(status->pid) : json_null(),
		"database", text(arena, status->database), "size",
		(json_int_t)status->counts.size_bytes, "mails",
		decisions(&status->counts), "outbox", requests(&status->counts),
		"sources", sources(arena, status));

	json_dumpf(object, out, JSON_COMPACT);
	fputc('\n', out);
	json_decref(object);
}
