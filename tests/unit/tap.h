/*
 * tap.h - a table-driven test's side of TAP: ok, is, done
 */
#ifndef TESTS_UNIT_TAP_H
#define TESTS_UNIT_TAP_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot/error.h"

static int tap_n, tap_failed;

static inline void
tap_line(bool pass, const char *what)
{
	tap_n++;
	tap_failed += !pass;
	printf("%sok %d - %s\n", pass ? "" : "not ", tap_n, what);
}

/* The condition holds. */
#define ok(cond, what) \
	do { \
		bool pass_ = (cond); \
		tap_line(pass_, (what)); \
		if (!pass_) \
			printf("#   %s:%d: %s\n", __FILE__, __LINE__, #cond); \
	} while (0)

static inline void
is_int(intmax_t got, intmax_t want, const char *what)
{
	tap_line(got == want, what);
	if (got != want)
		printf("#   got %" PRIdMAX ", want %" PRIdMAX "\n", got, want);
}

/* Two C strings, either may be NULL. */
static inline void
is_str(const char *got, const char *want, const char *what)
{
	bool pass = got && want ? !strcmp(got, want) : got == want;

	tap_line(pass, what);
	if (!pass)
		printf("#   got \"%s\"\n#   want \"%s\"\n",
		       got ? got : "(null)", want ? want : "(null)");
}

/* No error; prints and frees the one there is. */
static inline void
succeeds(const struct error *err, const char *what)
{
	tap_line(!err, what);
	if (err)
		printf("#   %s\n", err->message);
	error_free(err);
}

/* An error of this class, its message holding @part. */
static inline void
fails(const struct error *err, enum error_class class, const char *part,
      const char *what)
{
	bool pass = err && err->class == class && strstr(err->message, part);

	tap_line(pass, what);
	if (!pass)
		printf("#   got %d \"%s\"\n#   want %d \"%s\"\n",
		       err ? (int)err->class : 0,
		       err ? err->message : "(no error)", (int)class, part);
	error_free(err);
}

static inline int
done_testing(void)
{
	printf("1..%d\n", tap_n);
	return tap_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
