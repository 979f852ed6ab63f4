/* Names in the lines of a patch: comments, strings, members. */
#include "tap.h"

#include "bot/arena.h"
#include "bot/codeword.h"

static struct arena *arena;

/* The names of @lines, blank-separated: a path as it is, "#" before what is
   defined. */
static const char *
words_of(const char *lines, bool assembly)
{
	struct codeline code = { .arena = arena, .assembly = assembly };
	struct span rest = span_of(lines), line;
	const char *out = "";
	struct codeword word;

	while (span_line(&line, &rest)) {
		codeline_start(&code, line);
		while (codeword_next(&word, &code))
			out = arena_printf(arena, "%s%s%s%.*s", out,
					   *out ? " " : "",
					   word.is_defined ? "#" : "",
					   (int)word.text.len, word.text.ptr);
	}
	return out;
}

static const struct {
	const char *lines, *want;
} c[] = {
	{ "", "" },
	{ "\tfoo(bar, 12, 0xffUL);", "foo bar" },
	{ "a /* b */ c // d", "a c" },
	{ "a /* b\nc\n d */ e", "a e" },
	{ "a \"b \\\" c\" d 'e' f", "a d f" },
	{ "\"open", "" },
	{ "x86_init.irqs . intr_init();", "x86_init.irqs.intr_init" },
	{ "apic->read(x)", "apic.read x" },
	{ "p -> q. r = a-b;", "p.q.r a b" },
	{ "\t.cpu_die = native_cpu_die,", ".cpu_die native_cpu_die" },
	{ "{ .a.b = c, .d = e }", ".a.b c .d e" },
	{ "get(x).y + 1.5f .z", "get x y z" },
	{ "#define FOO(x) bar(x)", "#FOO x bar x" },
	{ " # define FOO", "#FOO" },
	{ "#ifdef CONFIG_X", "CONFIG_X" },
	{ "#include <asm/foo.h>", "" },
	{ "#pragma once", "" },
	{ "DEFINE_PER_CPU(struct tss, cpu_tss)",
	  "DEFINE_PER_CPU struct tss cpu_tss" },
	{ "a.", "a" },
	{ "a->", "a" },
	{ ".", "" },
	{ "/", "" },
	{ "/*", "" },
	{ "caf\xc3\xa9 x", "caf x" },
};

static const struct {
	const char *lines, *want;
} assembly[] = {
	{ "\tmovq %rax, %cr3 # write_cr3", "movq rax cr3" },
	{ "# all of it", "" },
	{ "\tcall foo@PLT // bar", "call foo PLT" },
	{ "#ifdef CONFIG_X", "CONFIG_X" },
	{ "#define FOO 1", "#FOO" },
	{ "\tpushq $'a", "pushq a" },
};

static const struct {
	const char *line, *want;
} strips[] = {
	{ "asm(\"mov %cr3\" /* why */ );", "asm(\"mov %cr3\"  );" },
	{ "a // b", "a " },
	{ "\"/* no */\" b", "\"/* no */\" b" },
	{ "a / b * c", "a / b * c" },
	{ "a /* b", "a " },
	{ "/", "/" },
	{ "", "" },
};

static void
test_comments(void)
{
	ok(codeline_ends_comment(SPAN(" end */ code")), "a comment's end");
	ok(!codeline_ends_comment(SPAN("/* all */")), "a whole one");
	ok(codeline_ends_comment(SPAN("a */ /* b")), "an end before another");
	ok(!codeline_ends_comment(SPAN("")), "nothing");
	ok(codeline_is_comment(SPAN("\t * so")), "the middle of one");
	ok(codeline_is_comment(SPAN(" */")), "the end of one");
	ok(codeline_is_comment(SPAN(" *")), "an empty line of one");
	ok(!codeline_is_comment(SPAN("\t*p = 1;")), "a pointer");
	ok(!codeline_is_comment(SPAN("\ta * b")), "a product");
	ok(!codeline_is_comment(SPAN("")), "nothing");
}

int
main(void)
{
	arena = arena_new();
	for (size_t i = 0; i < sizeof(c) / sizeof(c[0]); i++)
		is_str(words_of(c[i].lines, false), c[i].want, c[i].lines);
	for (size_t i = 0; i < sizeof(assembly) / sizeof(assembly[0]); i++)
		is_str(words_of(assembly[i].lines, true), assembly[i].want,
		       assembly[i].lines);
	for (size_t i = 0; i < sizeof(strips) / sizeof(strips[0]); i++) {
		struct codeline code = { .arena = arena };
		struct span got =
			codeline_strip(&code, span_of(strips[i].line));

		is_str(arena_span(arena, got), strips[i].want, strips[i].line);
	}
	test_comments();
	arena_free(arena);
	return done_testing();
}
