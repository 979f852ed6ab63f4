#include "states.h"

#include <string.h>

#include "bot/error.h"
#include "bot/strlist.h"

enum {
	NDECISIONS = DECISION_FLAGGED + 1,
	SHOWN = 1 << DECISION_NOTED | 1 << DECISION_COVERED |
		1 << DECISION_FLAGGED,
};

MUST_CHECK static const struct error *
unknown(const char *field, const char *name, const char *const *known, size_t n)
{
	const char *nearest = strlist_nearest(known, n, name);

	if (nearest)
		return error_new(ERROR_USAGE,
				 "%s:%s: no such %s; did you mean \"%s\"?",
				 field, name, field, nearest);
	return error_new(ERROR_USAGE, "%s:%s: no such %s", field, name, field);
}

MUST_CHECK static const struct error *
add_state(struct states *states, const char *name)
{
	const char *known[NDECISIONS + NREQUEST_STATES + 1];
	size_t n = 0;

	for (int i = 0; i < NDECISIONS; i++)
		known[n++] = decision_name((enum decision)i);
	for (int i = 0; i < NREQUEST_STATES; i++)
		known[n++] = request_state_name((enum request_state)i);
	known[n++] = "all";
	for (size_t i = 0; i < n; i++) {
		if (strcmp(known[i], name))
			continue;
		if (i < NDECISIONS)
			states->decisions |= 1u << i;
		else if (i < NDECISIONS + NREQUEST_STATES)
			states->requests |= 1u << (i - NDECISIONS);
		else
			states->all = true;
		return NULL;
	}
	return unknown("state", name, known, n);
}

MUST_CHECK static const struct error *
add_kind(struct states *states, const char *name)
{
	const char *known[NKINDS];
	int kind = kind_by_name(name);

	if (kind >= 0) {
		states->kinds |= 1u << kind;
		return NULL;
	}
	for (int i = 0; i < NKINDS; i++)
		known[i] = kind_name((enum mail_kind)i);
	return unknown("kind", name, known, NKINDS);
}

/* What @query wants of states and kinds, or what it does not want. */
MUST_CHECK static const struct error *
gather(struct states *out, const struct query *query, bool denied)
{
	const struct error *err = NULL;

	for (size_t i = 0; i < query->n && !err; i++) {
		const struct filter_value *value = &query->values[i];

		if (value->denied != denied)
			continue;
		if (value->field == FILTER_STATE)
			err = add_state(out, value->value);
		else if (value->field == FILTER_KIND)
			err = add_kind(out, value->value);
	}
	return err;
}

static void
subtract(struct states *states, const struct states *denied)
{
	if (states->all && denied->decisions) {
		states->all = false;
		states->decisions = (1u << NDECISIONS) - 1;
	}
	states->decisions &= ~denied->decisions;
	states->not_requests = denied->requests;
	if (denied->kinds)
		states->kinds =
			(states->kinds ? states->kinds : (1u << NKINDS) - 1) &
			~denied->kinds;
}

const struct error *
states_of_query(struct states *out, const struct query *query)
{
	struct states states = { .all = query->all_states }, denied = { 0 };
	const struct error *err;

	err = gather(&states, query, false);
	if (!err)
		err = gather(&denied, query, true);
	if (!err && denied.all)
		err = error_new(ERROR_USAGE, "not-state:all leaves nothing");
	if (err)
		return err;
	if (!states.all && !states.decisions && !states.requests)
		states.decisions = SHOWN;
	subtract(&states, &denied);
	*out = states;
	return NULL;
}

bool
states_are_shown(const struct states *states)
{
	return !states->all && !states->requests &&
	       !(states->decisions & ~(unsigned)SHOWN);
}
