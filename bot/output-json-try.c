#include "output-try.h"

#include "output-json.h"
#include "output.h"
#include "trial.h"
#include "verdict.h"
#include "rules/rule.h"

void
output_try_json(FILE *out, const struct verdict *verdict,
		const struct trial_mail *mail)
{
	AUTOFREE(arena) *arena = arena_new();
	const char *date = output_time(arena, verdict->date);

	print_object(out,
		     json_pack("{s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:b}",
			       "schema", SCHEMA, "msgid",
			       text(arena, verdict->msgid), "commit",
			       text(arena, verdict->commit), "date",
			       *date ? text(arena, date) : json_null(),
			       "subject", text(arena, verdict->subject),
			       "without", points(mail->without), "with",
			       points(mail->with), "found", (int)mail->found,
			       "alone", (int)mail->alone));
}

static json_t *
months(const struct trial *trial)
{
	json_t *array = json_array();

	for (size_t i = 0; i < trial->nmonths; i++) {
		const struct trial_month *m = &trial->months[i];
		char name[32];

		snprintf(name, sizeof(name), "%04d-%02d", m->year, m->month);
		json_array_append_new(
			array, json_pack("{s:s, s:I, s:I}", "month", name,
					 "held", (json_int_t)m->held, "alone",
					 (json_int_t)m->alone));
	}
	return array;
}

void
output_try_summary_json(FILE *out, const struct trial *trial)
{
	AUTOFREE(arena) *arena = arena_new();
	json_t *rules = json_array();

	for (size_t i = 0; i < trial->nrules; i++)
		json_array_append_new(rules, text(arena, trial->rules[i]->id));
	print_object(out, json_pack("{s:i, s:b, s:o, s:I, s:I, s:I, s:I, s:o}",
				    "schema", SCHEMA, "summary", 1, "rules",
				    rules, "judged", (json_int_t)trial->judged,
				    "held", (json_int_t)trial->held, "found",
				    (json_int_t)trial->found, "alone",
				    (json_int_t)trial->alone, "months",
				    months(trial)));
}
