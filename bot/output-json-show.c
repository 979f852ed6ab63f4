#include "output-json.h"
#include "output-transcript.h"
#include "output.h"
#include "show.h"
#include "transcript.h"

static json_t *
time_or_null(struct arena *arena, int64_t when)
{
	return when ? text(arena, output_time(arena, when)) : json_null();
}

static json_t *
history(struct arena *arena, const struct store_events *events)
{
	json_t *array = json_array();

	for (size_t i = 0; i < events->n; i++)
		json_array_append_new(
			array,
			json_pack("{s:o, s:o, s:o}", "at",
				  time_or_null(arena, events->v[i].at), "what",
				  text(arena, events->v[i].what), "detail",
				  text(arena, events->v[i].detail)));
	return array;
}

static json_t *
members(struct arena *arena, const struct members *mails)
{
	json_t *array = json_array();

	for (size_t i = 0; i < mails->n; i++) {
		const struct member *m = &mails->v[i];

		json_array_append_new(
			array,
			json_pack("{s:I, s:o, s:s, s:i, s:i, s:o, s:o, s:s}",
				  "id", (json_int_t)m->id, "msgid",
				  text(arena, m->msgid), "kind",
				  kind_name(m->kind), "part", (int)m->part,
				  "total", (int)m->total, "date",
				  time_or_null(arena, m->date), "subject",
				  text(arena, m->subject), "decision",
				  decision_name(m->decision)));
	}
	return array;
}

static json_t *
replies(struct arena *arena, const struct show *show)
{
	json_t *array = json_array();

	for (size_t i = 0; i < show->replies.n; i++) {
		const struct member *m = &show->replies.v[i];

		json_array_append_new(
			array,
			json_pack(
				"{s:I, s:i, s:o, s:o}", "id", (json_int_t)m->id,
				"level", (int)m->level, "date",
				time_or_null(arena, m->date), "author",
				text(arena, address_format(arena, m->author))));
	}
	return array;
}

static json_t *
recipients(struct arena *arena, const struct recipients *to)
{
	json_t *array = json_array();

	for (size_t i = 0; i < to->n; i++)
		json_array_append_new(
			array, json_pack("{s:o, s:s, s:i, s:o}", "addr",
					 text(arena, to->v[i].addr), "state",
					 recipient_state_name(to->v[i].state),
					 "code", to->v[i].code, "reply",
					 text(arena, to->v[i].reply)));
	return array;
}

static json_t *
requests(struct arena *arena, const struct show *show)
{
	json_t *array = json_array();

	for (size_t i = 0; i < show->requests.n; i++) {
		const struct request *r = &show->requests.v[i];

		json_array_append_new(
			array,
			json_pack("{s:I, s:I, s:o, s:o, s:i, s:s, s:o, s:o, "
				  "s:o, s:o}",
				  "id", (json_int_t)r->id, "mail",
				  (json_int_t)r->mail_id, "msgid",
				  text(arena, r->msgid), "pack",
				  text(arena, r->pack), "version",
				  (int)r->version, "state",
				  request_state_name(r->state), "created",
				  time_or_null(arena, r->created), "subject",
				  text(arena, r->subject), "to",
				  text(arena, r->to), "recipients",
				  recipients(arena, &show->recipients[i])));
	}
	return array;
}

/* The postings, with the mails of each. */
static json_t *
versions(struct arena *arena, const struct show *show)
{
	json_t *array = json_array();

	for (size_t i = 0; i < show->nversions; i++) {
		const struct series *s = &show->versions[i].series;

		json_array_append_new(
			array,
			json_pack("{s:i, s:o, s:o, s:b, s:o}", "version",
				  (int)s->version, "title",
				  text(arena, s->title), "date",
				  time_or_null(arena, s->first), "current",
				  s->id == show->series.id, "mails",
				  members(arena, &show->versions[i].mails)));
	}
	return array;
}

void
output_show_json(FILE *out, struct arena *arena, const struct show *show)
{
	json_t *object = verdict_object(arena, &show->verdict);

	json_object_set_new(object, "rules",
			    show->transcript
				    ? transcript_rules(arena, show->transcript)
				    : json_null());
	json_object_set_new(object, "versions", versions(arena, show));
	json_object_set_new(object, "replies", replies(arena, show));
	json_object_set_new(object, "requests", requests(arena, show));
	json_object_set_new(object, "history", history(arena, &show->history));
	print_object(out, object);
}
