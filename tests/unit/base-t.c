/* The base layer: error values, arenas, buffers, lists, spans. */
#include "tap.h"

#include <errno.h>

#include "bot/arena.h"
#include "bot/buf.h"
#include "bot/span.h"
#include "bot/strlist.h"

static void
test_error(void)
{
	const struct error *err;

	errno = ENOENT;
	fails(error_errno("%s", "a/b"), ERROR_NOINPUT, "a/b: No such file",
	      "ENOENT is no input");
	errno = EACCES;
	fails(error_errno("x"), ERROR_IO, "x: Permission denied",
	      "EACCES is I/O");
	err = error_new(ERROR_INPUT, "line %d", 3);
	err = error_wrap(err, "%s", "f.eml");
	fails(err, ERROR_INPUT, "f.eml: line 3",
	      "wrapping keeps the class, outside first");
	is_int(exit_status_worse(1, ERROR_USAGE), ERROR_USAGE,
	       "usage beats flagged");
	is_int(exit_status_worse(ERROR_INPUT, ERROR_NOINPUT), ERROR_INPUT,
	       "bad data beats no input");
	is_int(exit_status_worse(ERROR_INPUT, ERROR_IO), ERROR_IO,
	       "I/O beats bad data");
	is_int(exit_status_worse(0, 1), 1, "flagged beats nothing");
	is_int(exit_status_worse(ERROR_TEMPORARY, 1), ERROR_TEMPORARY,
	       "try again later beats flagged");
}

static char order[8];

static void
note(void *arg)
{
	size_t n = strlen(order);

	order[n] = *(char *)arg;
	order[n + 1] = '\0';
}

static void
test_arena(void)
{
	AUTOFREE(arena) *arena = arena_new();
	char a = 'a', b = 'b';
	int *list = NULL;
	size_t cap = 0;
	bool kept = true;
	char *big = arena_alloc(arena, 1 << 20);

	ok(!big[0] && !big[(1 << 20) - 1], "memory comes zeroed");
	for (int i = 0; i < 1000; i++) {
		ARENA_GROW(arena, list, cap, (size_t)i);
		list[i] = i;
	}
	for (int i = 0; i < 1000; i++)
		kept &= list[i] == i;
	ok(kept, "a growing array keeps its contents");
	is_str(arena_printf(arena, "%s-%03d", "x", 7), "x-007", "printf");
	is_str(arena_strndup(arena, "abc", 2), "ab", "strndup");
	arena_cleanup(arena, note, &a);
	arena_cleanup(arena, note, &b);
	arena_clear(arena);
	is_str(order, "ba", "cleanups run, last added first");
	arena_clear(arena);
	is_str(order, "ba", "and once only");
}

static void
test_buf(void)
{
	struct buf buf = BUF(8);

	is_str(buf_str(&buf), "", "an empty buffer is an empty string");
	buf_addstr(&buf, "1234");
	buf_addf(&buf, "%d", 5678);
	is_str(buf_str(&buf), "12345678", "up to the ceiling");
	succeeds(buf_check(&buf, "text"), "and no error yet");
	buf_addch(&buf, '9');
	is_str(buf_str(&buf), "12345678", "nothing past it");
	fails(buf_check(&buf, "text"), ERROR_INPUT, "text: larger than 8 bytes",
	      "and the error says so");
	buf_clear(&buf);
	buf_add(&buf, "a\0b", 3);
	ok(span_equal(buf_span(&buf), ((struct span){ "a\0b", 3 })),
	   "NUL is a byte like others");
	fails(buf_read_file(&buf, "/nonexistent/file"), ERROR_NOINPUT,
	      "/nonexistent/file", "a missing file is named");
	buf_free(&buf);
}

static void
test_span(void)
{
	struct span rest = SPAN("a\n\nb"), line;

	ok(span_line(&line, &rest) && span_equal(line, SPAN("a")), "line 1");
	ok(span_line(&line, &rest) && !line.len, "an empty line");
	ok(span_line(&line, &rest) && span_equal(line, SPAN("b")),
	   "the last line needs no newline");
	ok(!span_line(&line, &rest), "then there is none");
	ok(span_equal(span_trim(SPAN(" \tx y\r\n")), SPAN("x y")), "trim");
	ok(!span_trim(SPAN(" \n")).len, "trim of blanks");
}

static void
test_strlist(void)
{
	static const char *const known[] = { "Added", "Removed", "Function" };
	struct strlist list = STRLIST;

	strlist_add(&list, "b");
	ok(strlist_add_new(&list, "a") && !strlist_add_new(&list, "b"),
	   "add_new adds what is new");
	strlist_sort(&list);
	is_str(list.v[0], "a", "sorted");
	is_int((intmax_t)list.n, 2, "of two");
	strlist_free(&list);
	is_str(strlist_nearest(known, 3, "Aded"), "Added", "nearest");
	is_str(strlist_nearest(known, 3, "funktion"), "Function",
	       "nearest, case aside");
	is_str(strlist_nearest(known, 3, "Xyzzy"), NULL, "none is near");
}

int
main(void)
{
	test_error();
	test_arena();
	test_buf();
	test_span();
	test_strlist();
	return done_testing();
}
