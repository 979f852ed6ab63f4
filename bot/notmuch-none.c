/* notmuch.h, when there is no libnotmuch */
#include "notmuch.h"

#include "error.h"

static const struct error *
without(void)
{
	return error_new(ERROR_UNAVAILABLE, "built without notmuch");
}

const struct error *
nm_search(UNUSED struct nm_list **out, UNUSED const char *query,
	  UNUSED const struct nm_state *after)
{
	return without();
}

void
nm_list_free(UNUSED struct nm_list *list)
{
}

/* There is no list, so nobody asks. */
const struct nm_state *
nm_list_state(UNUSED const struct nm_list *list)
{
	return NULL;
}

bool
nm_list_is_whole(UNUSED const struct nm_list *list)
{
	return false;
}

size_t
nm_list_left(UNUSED const struct nm_list *list)
{
	return 0;
}

const struct error *
nm_list_next(UNUSED const char **id, UNUSED struct strlist *files,
	     UNUSED struct nm_list *list)
{
	return without();
}

const struct error *
nm_tag(size_t *done, UNUSED const struct nm_tagging *v, UNUSED size_t n,
       UNUSED const char *prefix)
{
	*done = 0;
	return without();
}
