#include "rules/match.h"

/*
 * As get_maintainer.pl reads F:, but for the end of a pattern that names no
 * directory, which that program leaves open ("foo" there matches "foobar.c").
 * Neither wildcard crosses a slash, so what a "*" took within a directory
 * level is settled at the slash: there is one "*" to come back to at most.
 */
bool
pathpat_match(const char *pattern, const char *path)
{
	const char *star = NULL, *from = NULL;

	if (!*pattern)
		return false;
	for (;;) {
		if (!*pattern && (!*path || pattern[-1] == '/'))
			return true;
		if (*pattern == '*') {
			star = ++pattern;
			from = path;
			continue;
		}
		if (*path &&
		    (*pattern == *path || (*pattern == '?' && *path != '/'))) {
			if (*pattern == '/')
				star = NULL;
			pattern++, path++;
			continue;
		}
		if (!star || !*from || *from == '/')
			return false;
		pattern = star;
		path = ++from;
	}
}
