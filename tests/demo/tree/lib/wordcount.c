// SPDX-License-Identifier: GPL-2.0
#include <linux/ctype.h>
#include <linux/export.h>
#include <linux/string.h>

/* The number of words of @s, as the command line parser sees them. */
unsigned int count_words(const char *s)
{
	unsigned int words = 0;

	while (*(s = skip_spaces(s))) {
		words++;
		while (*s && !isspace(*s))
			s++;
	}

	return words;
}
EXPORT_SYMBOL_GPL(count_words);
