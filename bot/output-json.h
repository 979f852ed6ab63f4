/*
 * output-json.h - what the files that write JSON share
 *
 * jansson.h is included here, and in manifest.c, which reads it.
 */
#ifndef BOT_OUTPUT_JSON_H
#define BOT_OUTPUT_JSON_H

#include <assert.h>
#include <jansson.h>
#include <stdio.h>

#include "arena.h"
#include "utf8.h"

enum { SCHEMA = 1 };

/* A string or null. What is not UTF-8 becomes U+FFFD: JSON has no bytes. */
static inline json_t *
text(struct arena *arena, const char *s)
{
	if (!s)
		return json_null();
	return json_string(utf8_clean_but(arena, span_of(s), "\t\n"));
}

/* 20 tenths are 2, 15 are 1.5. */
static inline json_t *
points(int tenths)
{
	return tenths % 10 ? json_real(tenths / 10.0)
			   : json_integer(tenths / 10);
}

struct transcript;
struct verdict;

/* A verdict as an object of design.md 7, and the array of rules of a
   transcript: the caller's. */
json_t *verdict_object(struct arena *arena, const struct verdict *verdict);
json_t *transcript_rules(struct arena *arena,
			 const struct transcript *transcript);

/* One line; @object is given up. NULL would be a wrong json_pack() format. */
static inline void
print_object(FILE *out, json_t *object)
{
	assert(object);
	json_dumpf(object, out, JSON_COMPACT | JSON_REAL_PRECISION(6));
	fputc('\n', out);
	json_decref(object);
}

#endif
