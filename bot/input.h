/*
 * input.h - bytes that come piece by piece from wherever
 *
 * read() puts up to @n bytes, and at least one, into @buf; *got 0 is the end.
 * An error ends the input.
 */
#ifndef BOT_INPUT_H
#define BOT_INPUT_H

#include <stddef.h> /* size_t */

struct error;

struct input {
	const struct error *(*read)(size_t *got, void *arg, char *buf,
				    size_t n);
	void *arg;
};

#endif
