#include "addrspec.h"

enum { LOCAL_MAX = 64, DOMAIN_MAX = 255 };

static bool
is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9');
}

/* Atoms of letters, digits and @others, one dot between any two. */
static bool
is_dot_atom(struct span s, const char *others)
{
	bool after_dot = true;

	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];

		if (c == '.' ? after_dot
			     : !c || (!is_alnum(c) && !strchr(others, c)))
			return false;
		after_dot = c == '.';
	}
	return !after_dot;
}

bool
addrspec_valid(struct span s)
{
	const char *at = s.len ? memchr(s.ptr, '@', s.len) : NULL;
	struct span local, domain;

	if (!at)
		return false;
	local = (struct span){ s.ptr, (size_t)(at - s.ptr) };
	domain = (struct span){ at + 1, s.len - local.len - 1 };
	return local.len <= LOCAL_MAX && domain.len <= DOMAIN_MAX &&
	       is_dot_atom(local, "!#$%&'*+-/=?^_`{|}~") &&
	       is_dot_atom(domain, "-");
}
