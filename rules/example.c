#include "rules/pack.h"

#include <string.h>

/* What follows the id in "<id>-yes*.patch", "<id>-no*.patch". */
static bool
is_example_of(bool *yes, const char *file, const char *id)
{
	size_t n = strlen(id);

	if (strncmp(file, id, n) != 0)
		return false;
	*yes = !strncmp(file + n, "-yes", 4);
	return *yes || !strncmp(file + n, "-no", 3);
}

const struct rule *
pack_example(bool *yes, const struct pack *pack, const char *file)
{
	const struct rule *found = NULL;
	size_t n = strlen(file);
	bool its;

	if (n < strlen(".patch") ||
	    strcmp(file + n - strlen(".patch"), ".patch") != 0)
		return NULL;
	/* "a-no-yes.patch" is of rule a-no, if there is one: the longest id. */
	for (size_t i = 0; i < pack->nrules; i++) {
		const struct rule *rule = &pack->rules[i];

		if (!is_example_of(&its, file, rule->id) ||
		    (found && strlen(found->id) > strlen(rule->id)))
			continue;
		found = rule;
		*yes = its;
	}
	return found;
}
