#include <stdio.h>

#include "bot/arena.h"
#include "bot/buf.h"
#include "bot/csource.h"
#include "tap.h"

static struct arena *arena;

/* All definitions as "kind name first-last", one to a line. */
static const char *
defs_of(const char *path, const char *text, bool refs)
{
	static const char kinds[] = "fmvsc";
	struct buf out = BUF(1 << 16);
	struct csource source;
	const char *all;

	csource_read(&source, arena, path, span_of(text), NULL, refs);
	for (size_t i = 0; i < source.ndefs; i++) {
		const struct csource_def *def = &source.defs[i];

		buf_addf(&out, "%s%c%s %.*s %u-%u%s", i ? "\n" : "",
			 kinds[def->kind], def->is_static ? "-" : "",
			 (int)def->name.len, def->name.ptr, def->first,
			 def->last, def->falls_through ? " falls" : "");
	}
	all = arena_strdup(arena, buf_str(&out));
	buf_free(&out);
	return all;
}

/* What is mentioned, as "kind name path", one to a line. */
static const char *
refs_of(const char *path, const char *text)
{
	static const char *const kinds[] = { "call", "name", "write",
					     "via",  "set",  "member" };
	struct buf out = BUF(1 << 16);
	struct csource source;
	const char *all;

	csource_read(&source, arena, path, span_of(text), NULL, true);
	for (size_t i = 0; i < source.nrefs; i++) {
		const struct csource_ref *ref = &source.refs[i];

		buf_addf(&out, "%s%s %.*s%s%.*s", i ? "\n" : "",
			 kinds[ref->kind], (int)ref->name.len, ref->name.ptr,
			 ref->path.len ? " " : "", (int)ref->path.len,
			 ref->path.len ? ref->path.ptr : "");
	}
	all = arena_strdup(arena, buf_str(&out));
	buf_free(&out);
	return all;
}

/* @text on one line, to name a test. */
static const char *
title(const char *what, const char *text)
{
	char *line = arena_printf(arena, "%s%s", what, text);

	for (char *p = line; (p = strchr(p, '\n'));)
		*p = ' ';
	return line;
}

static void
test_functions(void)
{
	static const struct {
		const char *text, *defs;
	} files[] = {
		{ "int f(void)\n{\n}\n", "f f 1-3" },
		{ "static int __init f(int a) { return 1; }\n", "f- f 1-1" },
		{ "int f(void);\nextern int x;\nstruct s;\n", "" },
		{ "SYSCALL_DEFINE2(kill, int, a, int, b)\n{\n}\n",
		  "f kill 1-3" },
		{ "DEFINE_IDTENTRY_RAW(exc_nmi)\n{\n}\n", "f exc_nmi 1-3" },
		{ "static int FNAME(walk)(struct w *w)\n{\n}\n",
		  "f- walk 1-3" },
		{ "SHOW_CACHE(0)\n\nstatic int f(int a)\n__acquires(x)\n{\n}\n",
		  "f- f 3-6" },
		{ "void (*f(int a))(int)\n{\n}\n", "f f 1-3" },
		{ "__visible struct a *\nf(struct b b)\n{\n\tif (1) {\n\t}\n}",
		  "f f 1-6" },
		{ "int f(void) { return '}' + \"}\"[0]; /* } */ } // }\n",
		  "f f 1-1" },
		{ "#ifdef A\nint f(int a)\n{\n#else\nint f(void)\n{\n#endif\n"
		  "}\nint g(void) {}\n",
		  "f f 2-3\nf f 5-8\nf g 9-9" },
		{ "int f(void)\n{\n#ifdef A\n\tif (a) {\n#else\n\tif (b) {\n"
		  "#endif\n\t}\n}\nint g(void) {}\n",
		  "f f 1-9\nf g 10-10" },
		{ "int f(void)\n{\n#ifdef A\n\tif (a) {\n#else\n\tb();\n"
		  "#endif\n#ifdef A\n\t}\n#endif\n}\nint g(void) {}\n",
		  "f f 1-11\nf g 12-12" },
		{ "#if 0\nint f(void) {\n#endif\nint g(void) {}\n", "f g 4-4" },
		{ "#define M(a) \\\n\tdo { f(a); \\\n\t} while (0)\n",
		  "m M 1-3" },
		{ "int f(void)\n{\n#define M }\n}\n", "f f 1-4\nm M 3-3" },
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		is_str(defs_of("a.c", files[i].text, false), files[i].defs,
		       title("definitions of ", files[i].text));
		is_str(defs_of("a.c", files[i].text, true), files[i].defs,
		       title("... with refs of ", files[i].text));
	}
}

static void
test_variables(void)
{
	static const struct {
		const char *text, *defs;
	} files[] = {
		{ "int a, *b = &a;\n", "v a 1-1\nv b 1-1" },
		{ "static struct s x __initdata = {\n\t.y = z,\n};\n",
		  "v- x 1-3" },
		{ "int (*fp)(void) = f;\n", "v fp 1-1" },
		{ "DEFINE_PER_CPU(struct t, t);\n", "v t 1-1" },
		{ "static DEFINE_MUTEX(m);\n", "v- m 1-1" },
		{ "EXPORT_SYMBOL(f);\nmodule_init(g)\nint a;\n", "v a 3-3" },
		{ "struct s {\n\tint a;\n} x;\n", "s s 1-3\nv x 1-3" },
		{ "typedef struct { int a; } t;\nenum e { A, B };\n", "" },
		{ "enum e e;\nt_t *t[4] __read_mostly;\n", "v e 1-1\nv t 2-2" },
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		is_str(defs_of("a.c", files[i].text, true), files[i].defs,
		       title("definitions of ", files[i].text));
}

static void
test_refs(void)
{
	static const struct {
		const char *text, *refs;
	} bodies[] = {
		{ "g(a, &b);", "call g\nname a\nname b" },
		{ "int a = g(p); t_t *q; return a + q->x + p;",
		  "call g\nmember x .x" },
		{ "struct s s = { .x = f }; s.y = g; out: goto out;",
		  "set f .x\nset g .y" },
		{ "pv_ops.mmu.set_pte(p, v);",
		  "name pv_ops\nvia set_pte pv_ops.mmu.set_pte\nname v" },
		{ "ops -> x [ i ] . y ( );",
		  "name ops\nname i\nvia y ops.x.y" },
		{ "machine_ops.shutdown = kvm_shutdown;",
		  "write machine_ops\nset kvm_shutdown machine_ops.shutdown" },
		{ "fp = (t *)&g; h = g(); k |= 1; n++; --m;",
		  "write fp\nset g fp\nwrite h\nset  h\ncall g\nwrite k\n"
		  "write n\nwrite m" },
		{ "pgt[i].x = 0;", "write pgt\nname i\nset  pgt.x" },
		{ "memset(a, 0, sizeof(a)); set_bit(1, b); f(c);",
		  "call memset\nwrite a\nname a\ncall set_bit\nwrite b\n"
		  "call f\nname c" },
		{ "per_cpu(t, cpu).x = 1; this_cpu_write(u, 2);",
		  "call per_cpu\nwrite t\nname cpu\nset  t.x\n"
		  "call this_cpu_write\nwrite u" },
		{ "if (a == b) (void)c; for (int i = 0; i < n; i++) ;",
		  "name a\nname b\nname c\nname n" },
		{ "(*ops->f)(1); foo(x)->bar = y;",
		  "name ops\nvia f ops.f\ncall foo\nname x\nset y .bar" },
	};

	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
		is_str(refs_of("a.c", arena_printf(arena, "int f(t *p)\n{%s}\n",
						   bodies[i].text)),
		       bodies[i].refs, title("", bodies[i].text));
}

static void
test_outer_refs(void)
{
	is_str(refs_of("a.c", "struct o o = {\n.mmu = {\n.set = xen_set,\n"
			      "[3].x = PV(f), }, .n.m = 1, };\n"),
	       "set xen_set .mmu.set\nset  .mmu.x\ncall PV\nname f\n"
	       "set  .n.m",
	       "nested initialisers have their whole path");
	is_str(refs_of("a.c", "void (*v[])(void) = { f, &g };\n"),
	       "name f\nname g", "a table of functions");
	is_str(refs_of("a.c", "early_param(\"x\", f);\n"),
	       "call early_param\nname f", "a macro's call at file scope");
	is_str(refs_of("a.h", "struct s {\n\tint a, *b[2];\n"
			      "\tt (*c)(int *d);\n\tstruct { int e; };\n};\n"),
	       "member a\nmember b\nmember c\nmember e", "members");
	is_str(refs_of("a.h", "#define M(a) f(a, b)\n"), "call f\nname b",
	       "the body of a macro, without its parameters");
}

static void
test_symbols(void)
{
	static const char *const on[] = { "CONFIG_X" };
	static const char *const off[] = { "CONFIG_Y" };
	struct csource_symbols symbols = { on, off, 1, 1 };
	struct csource source;

	csource_read(&source, arena, "a.c",
		     span_of("#if defined(CONFIG_X) && !IS_ENABLED(CONFIG_Y)\n"
			     "int a;\n#else\nint b;\n#endif\n"
			     "#ifndef CONFIG_X\nint c;\n#elif Z\nint d;\n"
			     "#endif\n"),
		     &symbols, true);
	is_int((intmax_t)source.ndefs, 2, "what is not compiled is not read");
	is_str(arena_span(arena, source.defs[0].name), "a", "the #if");
	is_str(arena_span(arena, source.defs[1].name), "d", "the #elif");
}

static void
test_assembly(void)
{
	is_str(defs_of("a.S",
		       "\t.globl startup_64\nstartup_64:\n\tjmp 1f\n"
		       "ENTRY(secondary)\n1:\tcall f\n\tiretq\n"
		       "GLOBAL(initial_code)\n\t.quad start_kernel\n"
		       "ENTRY(phys_base)\n\t.quad 0\nbad:\n\tjmp bad\n",
		       true),
	       "f startup_64 2-3 falls\nf secondary 4-6\nv initial_code 7-8\n"
	       "v phys_base 9-10\nf- bad 11-12",
	       "before SYM_*: fall-through, and data is no function");
	is_str(defs_of("a.S",
		       "SYM_CODE_START(a)\n\tcall b\nSYM_INNER_LABEL(c, X)\n"
		       "\tret\nSYM_CODE_END(a)\nSYM_FUNC_START_LOCAL(d)\n"
		       "\tnop\nSYM_FUNC_END(d)\nSYM_DATA(e, .quad f)\n",
		       true),
	       "f a 1-5\nf c 3-5\nf- d 6-8 falls\nv e 9-9", "SYM_*");
	is_str(refs_of("a.S", "SYM_CODE_START(a)\n\tcall b\n\tjmp *c(%rip)\n"
			      "\tmovq %rax, d(%rip)\n\tleaq e(%rip), %rdi\n"
			      "\tjne 1f\n1:\tALTERNATIVE \"call g\", \"\", X\n"
			      "SYM_CODE_END(a)\nSYM_DATA(h, .quad i)\n"),
	       "call b\nname c\nwrite d\nname e\ncall g\nname X\nname i",
	       "what assembly mentions");
	is_str(defs_of("a.S", "idtentry X86_TRAP_DE asm_exc exc has_error=0\n",
		       true),
	       "f asm_exc 1-1", "an entry that a macro makes");
}

static void
test_kconfig(void)
{
	is_str(defs_of("arch/x86/Kconfig",
		       "config A\n\tbool\n\tselect B\n\thelp\n\t  config X\n\n"
		       "menuconfig C\n\tbool \"c\"\nif C\nconfig D\n\tbool\n"
		       "endif\n",
		       true),
	       "c A 1-5\nc C 7-8\nc D 10-11", "entries of Kconfig");
}

static void
test_at(void)
{
	struct csource source;

	csource_read(&source, arena, "a.c",
		     span_of("int f(void)\n{\n#define M\n}\nint x;\n"), NULL,
		     false);
	is_str(arena_span(arena, csource_at(&source, 3)->name), "f",
	       "a macro in a function is in the function");
	ok(!csource_at(&source, 5), "a variable encloses nothing");
	ok(!csource_at(&source, 6), "nor does the end");
}

/* Each text ends within any token. */
static void
test_truncated(void)
{
	static const char text[] =
		"#if A\n#define M(x) \\\n y(x)\nint f(int (*a)(int), b_t b) {\n"
		"\tstruct s s = { .x[1].y = &z };\n\tpv.a->b(c[d.e], \"}\");\n"
		"#elif /* */ B\n}\n#else\n\\\n#endif\n'\\''; static D(e) = {\n";
	static const char *const paths[] = { "a.c", "a.S", "Kconfig" };

	for (size_t p = 0; p < 3; p++)
		for (size_t n = 0; n < sizeof(text); n++) {
			struct csource source;
			char *copy = arena_strndup(arena, text, n);

			csource_read(&source, arena, paths[p],
				     (struct span){ copy, n }, NULL, n % 2);
		}
	ok(true, "a text may end anywhere");
}

int
main(void)
{
	arena = arena_new();
	test_functions();
	test_variables();
	test_refs();
	test_outer_refs();
	test_symbols();
	test_assembly();
	test_kconfig();
	test_at();
	test_truncated();
	arena_free(arena);
	return done_testing();
}
