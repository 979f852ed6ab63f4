#include "output-backtest.h"

#include "backtest.h"
#include "output-json.h"
#include "output.h"
#include "rules/pack.h"

static json_t *
label_names(const struct backtest *b, uint32_t set)
{
	json_t *array = json_array();

	for (size_t i = 0; i < b->labels->nnames; i++)
		if (set >> i & 1)
			json_array_append_new(array,
					      json_string(b->labels->names[i]));
	return array;
}

static json_t *
time_or_null(struct arena *arena, int64_t when)
{
	return when ? text(arena, output_time(arena, when)) : json_null();
}

static json_t *
strings(struct arena *arena, const char *const *v, size_t n)
{
	json_t *array = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(array, text(arena, v[i]));
	return array;
}

static json_t *
nearest(struct arena *arena, const struct backtest_mail *m)
{
	json_t *array = json_array();

	for (size_t i = 0; i < m->nnearest; i++)
		json_array_append_new(
			array,
			json_pack("{s:o, s:o}", "rule",
				  text(arena, m->nearest[i].rule), "sentence",
				  text(arena, m->nearest[i].sentence)));
	return array;
}

static json_t *
mail_object(struct arena *arena, const struct backtest *b,
	    const struct backtest_mail *m)
{
	return json_pack(
		"{s:i, s:o, s:o, s:o, s:o, s:s, s:s, s:o, s:o, s:b, s:o, s:o}",
		"schema", SCHEMA, "msgid", text(arena, m->msgid), "labels",
		label_names(b, m->labels), "subject", text(arena, m->subject),
		"date", time_or_null(arena, m->date), "kind",
		kind_name(m->kind), "decision", decision_name(m->decision),
		"skipped", text(arena, m->skipped), "score", points(m->score),
		"found", (int)m->found, "rules",
		strings(arena, m->rules, m->nrules), "nearest",
		nearest(arena, m));
}

/* A share of nothing is not 0: nobody knows. */
static json_t *
ratio(struct share share)
{
	return share.of ? json_real(share_ratio(share)) : json_null();
}

static json_t *
count(size_t n)
{
	return json_integer((json_int_t)n);
}

static json_t *
recalls(const struct backtest *b)
{
	json_t *object = json_object();

	for (size_t i = 0; i < b->labels->nnames; i++)
		json_object_set_new(object, b->labels->names[i],
				    ratio(b->label[i].found));
	return object;
}

static json_t *
label_counts(const struct backtest *b)
{
	json_t *object = json_object();

	for (size_t i = 0; i < b->labels->nnames; i++) {
		const struct backtest_label *l = &b->label[i];

		json_object_set_new(object, l->name,
				    json_pack("{s:o, s:o, s:o, s:o}", "listed",
					      count(l->listed), "here",
					      count(l->found.of), "found",
					      count(l->found.n), "noted",
					      count(l->noted)));
	}
	return object;
}

static json_t *
by_label(const struct backtest *b, const size_t *counts)
{
	json_t *object = json_object();

	for (size_t i = 0; i < b->labels->nnames; i++)
		json_object_set_new(object, b->labels->names[i],
				    count(counts[i]));
	return object;
}

static json_t *
rules(struct arena *arena, const struct backtest *b)
{
	json_t *array = json_array();

	for (size_t i = 0; i < b->nrules; i++) {
		const struct backtest_rule *r = &b->rules[i];

		json_array_append_new(
			array,
			json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "pack",
				  text(arena, r->pack->name), "rule",
				  text(arena, r->rule->id), "points",
				  points(r->rule->points), "fires",
				  count(r->fires), "alone", count(r->alone),
				  "labels", by_label(b, r->hit), "labels_alone",
				  by_label(b, r->hit_alone)));
	}
	return array;
}

static json_t *
packs(struct arena *arena, const struct backtest *b)
{
	json_t *array = json_array();

	for (size_t i = 0; i < b->packs->n; i++)
		json_array_append_new(
			array,
			json_pack("{s:o, s:o, s:o}", "pack",
				  text(arena, b->packs->v[i]->name), "version",
				  text(arena, b->packs->v[i]->version), "hash",
				  text(arena, b->packs->v[i]->hash)));
	return array;
}

/* The keys of design.md 7 first. */
static json_t *
summary(struct arena *arena, const struct backtest *b)
{
	const struct tally_sum *sum = &b->sum;
	json_t *core = b->core ? ratio(b->in_core) : json_null();

	return json_pack(
		"{s:i, s:b, s:o, s:o, s:o, s:{s:o, s:o}, s:f, s:o, s:f, s:o, "
		"s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		"schema", SCHEMA, "summary", 1, "mails", count(b->mails),
		"judged", count(b->judged), "recall", recalls(b), "rate", "all",
		ratio(b->all), "core", core, "weekly",
		tally_weekly(sum, sum->series), "rules", rules(arena, b),
		"weekly_patches", tally_weekly(sum, sum->alerts), "weeks",
		count(sum->weeks), "busiest", count(sum->busiest), "found",
		count(b->all.n), "series", count(sum->series), "since",
		time_or_null(arena, sum->since), "until",
		time_or_null(arena, sum->until), "labels", label_counts(b),
		"missing", strings(arena, b->missing, b->nmissing), "packs",
		packs(arena, b));
}

void
output_backtest_json(FILE *out, const struct backtest *b)
{
	AUTOFREE(arena) *arena = arena_new();
	json_t *last;

	for (size_t i = 0; i < b->nmail; i++)
		print_object(out, mail_object(arena, b, &b->mail[i]));
	last = summary(arena, b);
	json_object_set_new(last, "core_found", count(b->in_core.n));
	json_object_set_new(last, "core_judged", count(b->in_core.of));
	json_object_set_new(last, "core_missing", count(b->core_missing));
	json_object_set_new(last, "flag_at", points(b->flag_at));
	print_object(out, last);
}
