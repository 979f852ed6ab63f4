/*
 * From where to where functions reach: in files, and in pieces of them.
 */
#include "bot/arena.h"
#include "bot/buf.h"
#include "bot/funcrange.h"
#include "tests/unit/tap.h"

static const struct {
	const char *path, *line;
	const char *name;
} lines[] = {
	{ "a.c", "int foo(void)", "foo" },
	{ "a.c", "static void __init setup_it(char **line)", "setup_it" },
	{ "a.c", "asmlinkage __visible void __init start(char *d)", "start" },
	{ "a.c", "char *foo(int a,", "foo" },
	{ "a.c", "struct bar *foo(struct bar *b) {", "foo" },
	{ "a.c", "foo(int a)", "foo" },
	{ "a.c", "static inline int foo(void) { return bar(1); }", NULL },
	{ "a.c", "static int __attribute__((cold)) foo(void)", "foo" },
	{ "a.c", "__printf(1, 2) int foo(const char *fmt, ...)", "foo" },
	{ "a.c", "void foo(void) __releases(lock)", "foo" },
	{ "a.c", "void (*foo(int a))(int)", "foo" },
	{ "a.c", "SYSCALL_DEFINE3(ioperm, unsigned long, from,", "ioperm" },
	{ "a.c", "COMPAT_SYSCALL_DEFINE1(time, int, t)", "time" },
	{ "a.c", "DEFINE_IDTENTRY_RAW(exc_nmi)", "exc_nmi" },
	{ "a.c", "DEFINE_FREDENTRY_NMI(exc_nmi)", "exc_nmi" },
	{ "a.c", "#define FOO(x) \\", NULL },
	{ "a.c", "# define foo do { \\", NULL },
	{ "a.c", "#define FOO(x) (x)", NULL },
	{ "a.c", "#ifdef FOO", NULL },
	{ "a.c", "int foo(void);", NULL },
	{ "a.c", "EXPORT_SYMBOL_GPL(foo);", NULL },
	{ "a.c", "EXPORT_SYMBOL_GPL(foo)", NULL },
	{ "a.c", "module_init(foo);", NULL },
	{ "a.c", "DEFINE_STATIC_KEY_FALSE(foo);", NULL },
	{ "a.c", "static const struct ops foo = {", NULL },
	{ "a.c", "static int foo[] = { SIZE(1) };", NULL },
	{ "a.c", "struct foo {", NULL },
	{ "a.c", "static int", NULL },
	{ "a.c", "out:", NULL },
	{ "a.c", "\tfoo(bar)", NULL },
	{ "a.c", " * foo(bar)", NULL },
	{ "a.c", "{", NULL },
	{ "a.c", "", NULL },
	{ "a.c", "}", NULL },
	{ "a.c", "};", NULL },
	{ "a.h", "static inline void foo(void)", "foo" },
	{ "a.S", "SYM_CODE_START(entry_foo)", "entry_foo" },
	{ "a.S", "SYM_FUNC_START_LOCAL_NOALIGN(foo)", "foo" },
	{ "a.S", "SYM_TYPED_FUNC_START(foo)", "foo" },
	{ "a.S", "SYM_INNER_LABEL(foo, SYM_L_GLOBAL)", NULL },
	{ "a.S", "SYM_CODE_START(\\asmsym)", NULL },
	{ "a.S", "SYM_CODE_START(xen_\\name)", NULL },
	{ "a.S", "SYM_CODE_END(foo)", NULL },
	{ "a.S", "SYM_DATA_START(foo)", NULL },
	{ "a.S", "ENTRY(foo)", "foo" },
	{ "a.S", "ENDPROC(foo)", NULL },
	{ "a.S", "END(foo)", NULL },
	{ "a.S", ".macro SAVE_ALL a=0 b=1", "SAVE_ALL" },
	{ "a.S", "\t.endm", NULL },
	{ "a.S", "foo:", "foo" },
	{ "a.S", ".Lfoo:", NULL },
	{ "a.S", "1:\tmovq %rax, %rbx", NULL },
	{ "a.S", "#define F(x) \\", NULL },
	{ "a.S", "#", NULL },
	{ "Kconfig", "config FOO(x)", NULL },
	{ "a.rst", "foo(bar)", NULL },
	{ "c", "foo(bar)", NULL },
};

/* In front of each line, and a tab: the function that it belongs to. */
static const struct {
	const char *what, *path, *text[24];
} files[] = {
	{ "functions and what stands between them",
	  "a.c",
	  { "-\t/* about a(x)", "-\tb(y) is not meant */", "a\tint a(int x)",
	    "a\t{", "a\t\tif (x) {", "a\t\t}", "a\t}", "-\t",
	    "-\tstatic int p(int y);", "-\tEXPORT(a);", "b\tstatic void",
	    "b\tb(void)", "b\t{", "b\tout:", "b\t}", "-\tint c;" } },
	{ "one line each",
	  "a.c",
	  { "a\tvoid a(void) { }", "b\tint b(void) { return \"}{\"[0]; }",
	    "c\tvoid c(void) {};", "-\tint d;" } },
	{ "data",
	  "a.c",
	  { "-\tstruct s {", "-\t\tint (*f)(int);", "-\t};",
	    "-\tstatic struct s v = {", "-\t\t.f = a(1),", "-\t};",
	    "-\tenum e { A = 1,", "-\t\tB };", "f\tint f(void)", "f\t{",
	    "f\t}" } },
	{ "a prototype of several lines, and a definition",
	  "a.c",
	  { "-\tint p(int a,", "-\t      int b);", "f\tint f(int a,",
	    "f\t      int b)", "f\t\t__acquires(x)", "f\t{", "f\t}" } },
	{ "macros without a semicolon",
	  "a.c",
	  { "-\tSHOW(x)", "-\tSTORE(x)", "f\tstatic int f(void)", "f\t{",
	    "f\t}" } },
	{ "macros of several lines",
	  "a.h",
	  { "M\t#define M(x) do { \\", "M\t\tf(x); \\", "M\t} while (0)",
	    "-\t#define N(x) f(x)", "f\tint f(void)", "f\t{",
	    "f\t#define O(x) do { \\", "f\t} while (0)", "f\t\treturn 1;",
	    "f\t}", "-\t" } },
	{ "alternatives of the preprocessor",
	  "a.c",
	  { "-\t#ifdef X", "-\tint f(int a)", "-\t#else", "f\tint f(long a)",
	    "f\t#endif", "f\t{", "f\t}", "-\t#define Q 'a \"", "g\tint g(void)",
	    "g\t{", "g\t}" } },
	{ "assembly",
	  "a.S",
	  { "-\t#include <a.h>", "s\tSYM_CODE_START(s)", "s\t\tnop",
	    "s\tinner:", "s\t#define M(x) \\", "s\t\tmov x",
	    "s\tSYM_INNER_LABEL(t, SYM_L_GLOBAL)", "s\tSYM_CODE_END(s)", "-\t",
	    "old\told:", "old\t\tnop", "next\tnext:", "next\t\tret",
	    "m\t.macro m x", "m\tSYM_CODE_START(\\x)", "m\tSYM_CODE_END(\\x)",
	    "m\t.endm", "-\t\tnop" } },
	{ "no language", "Makefile", { "-\tobj(x)", "-\t{", "-\t}" } },
};

/* What a line means as the heading of a hunk. */
static void
test_headings(struct arena *arena)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		struct funcranges ranges;

		funcranges_find_in_piece(&ranges, arena, lines[i].path,
					 span_of(lines[i].line), SPAN("\tx\n"));
		is_str(funcranges_at(&ranges, 1), lines[i].name, lines[i].line);
	}
}

/* The text behind the name and the tab. */
static const char *
split(char *name, const char *line)
{
	size_t len = strcspn(line, "\t");

	snprintf(name, 16, "%.*s", (int)len, line);
	return line + len + 1;
}

static const char *
function_at(struct arena *arena, const char *path, struct span text,
	    size_t lineno)
{
	struct funcranges ranges;

	funcranges_find(&ranges, arena, path, text);
	return funcranges_at(&ranges, lineno);
}

static void
test_file(struct arena *arena, size_t n)
{
	struct buf text = BUF(4096);
	size_t nlines = 0, wrong = 0;
	char name[16];

	for (; nlines < 24 && files[n].text[nlines]; nlines++)
		buf_addf(&text, "%s\n", split(name, files[n].text[nlines]));
	for (size_t i = 0; i < nlines; i++) {
		const char *got = function_at(arena, files[n].path,
					      buf_span(&text), i + 1);

		split(name, files[n].text[i]);
		if (strcmp(got ? got : "-", name)) {
			wrong++;
			printf("# line %zu: got %s, want %s\n", i + 1,
			       got ? got : "-", name);
		}
	}
	is_int((intmax_t)wrong, 0, files[n].what);
	buf_free(&text);
}

/* Pieces of files, as hunks are: what the heading says, and when it does not.
 */
static void
test_pieces(struct arena *arena)
{
	static const struct {
		const char *what, *path, *heading, *text, *functions[5];
	} pieces[] = {
		{ "in a function",
		  "a.c",
		  "int f(void)",
		  "\ta();\n\tb();\n",
		  { "f", "f" } },
		{ "over its end",
		  "a.c",
		  "int f(void)",
		  "\ta();\n}\n\nint g(int a,\n\tint b)\n",
		  { "f", "f", NULL, "g", "g" } },
		{ "a heading cut short",
		  "a.c",
		  "static int f(struct x *y, int",
		  "\ta();\n",
		  { "f" } },
		{ "an earlier function's heading",
		  "a.c",
		  "int f(void)",
		  "/* g */\nint g(void)\n{\n}\n",
		  { NULL, "g", "g", "g" } },
		{ "the heading of a struct",
		  "a.c",
		  "struct f {",
		  "\tint a;\n",
		  { NULL } },
		{ "no heading", "a.c", "", "\ta();\n}\n", { NULL, NULL } },
		{ "a prototype",
		  "a.c",
		  "",
		  "int p(int a,\n\tint b);\n",
		  { NULL, NULL } },
		{ "assembly",
		  "a.S",
		  "SYM_CODE_START(s)",
		  "\tnop\nl:\nSYM_CODE_END(s)\nm:\n",
		  { "s", "s", "s", "m" } },
		{ "a heading of a label",
		  "a.S",
		  "l:",
		  "\tnop\nm:\n",
		  { "l", "m" } },
		{ "no text", "a.c", "int f(void)", "", { "f" } },
	};

	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		struct span text = span_of(pieces[i].text), line;
		struct funcranges ranges;
		size_t n = 0;

		funcranges_find_in_piece(&ranges, arena, pieces[i].path,
					 span_of(pieces[i].heading), text);
		do {
			is_str(funcranges_at(&ranges, n + 1),
			       pieces[i].functions[n], pieces[i].what);
			n++;
		} while (span_line(&line, &text) && text.len);
	}
}

int
main(void)
{
	AUTOFREE(arena) *arena = arena_new();

	test_headings(arena);
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		test_file(arena, i);
	test_pieces(arena);
	return done_testing();
}
