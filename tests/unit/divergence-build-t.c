/* divergence-build: the map of small sources, one fact or fault at a time */
#include "bot/divergence-build.h"

#include "bot/divergence.h"
#include "rules/pack.h"
#include "rules/pack-parse.h"
#include "rules/rule.h"
#include "tests/unit/tap.h"

static const char pack_text[] =
	"Pack: toy\n"
	"\n"
	"Platform: Toy PV\n"
	"Guest: arch/toy/\n"
	"Native: arch/x86/\n"
	"Common: init/\n"
	"Entry: boot CPU = startup_64 x86_64_start_kernel\n"
	"\t| startup_toy toy_start_kernel\n"
	"\t| x86_64_start_reservations\n"
	"Yield: ^toy_domain$\n"
	"Privileged: \\bnative_\\w+\\(|\\blgdt\\b(?!\\()\n"
	"Defined: CONFIG_TOY\n"
	"Dropped: path arch/x86/kvm/\n"
	"Dropped: function ^kvm_\n"
	"Dropped: mode hvm\n"
	"Dropped: driver apic\n"
	"Dropped: table idt_table\n"
	"Limit: callee-sites 2\n"
	"Limit: state-users 3\n"
	"Limit: macro-depth 2\n";

enum { FILES = 8 };

struct source {
	const char *path, *text;
};

static struct pack *pack;

static struct divergence *
build(const struct source *sources)
{
	struct build_file files[FILES];
	size_t n = 0;

	for (; n < FILES && sources[n].path; n++)
		files[n] = (struct build_file){ sources[n].path,
						span_of(sources[n].text) };
	return divergence_of_files(pack->platform, files, n);
}

/* The first fact of this kind; NULL. */
static const struct map_fact *
fact(const struct divergence *map, const char *name, enum map_kind kind)
{
	size_t n;
	const struct map_fact *f = divergence_find(&n, map, span_of(name));

	for (size_t i = 0; i < n; i++)
		if (f[i].kind == kind)
			return &f[i];
	return NULL;
}

static void
chain_is(const struct map_fact *f, const char *want, const char *what)
{
	char chain[512] = "";
	size_t len = 0;

	for (size_t i = 0; f && i < f->nchain; i++)
		len += (size_t)snprintf(chain + len, sizeof(chain) - len,
					"%s%s", i ? ">" : "", f->chain[i]);
	is_str(chain, want, what);
}

#define GUEST_OPS \
	"static const struct smp_ops toy_smp_ops = {\n" \
	"	.cpu_die = toy_cpu_die,\n" \
	"	.save_fl = CALLEE_SAVE(toy_save_fl),\n" \
	"};\n" \
	"static void toy_cpu_die(int cpu)\n{\n\ttoy_hypercall(cpu);\n}\n" \
	"static int toy_save_fl(void)\n{\n\treturn 0;\n}\n" \
	"static void toy_pagetable_init(void)\n{\n\tpaging_init();\n}\n" \
	"#define CALLEE_SAVE(f) { f }\n" \
	"void toy_start_kernel(void)\n{\n" \
	"	smp_ops = toy_smp_ops;\n" \
	"	x86_init.paging.pagetable_init = toy_pagetable_init;\n" \
	"	acpi_suspend = toy_suspend;\n" \
	"	toy_mask = 1;\n" \
	"	x86_64_start_reservations();\n" \
	"}\n" \
	"static int toy_suspend(void)\n{\n\treturn 0;\n}\n"

static const struct source whole[] = {
	{ "arch/toy/toy.c", GUEST_OPS },
	{ "arch/x86/kernel/head_64.S", "	.globl startup_64\n"
				       "startup_64:\n"
				       "	movq $1, %rax\n"
				       "	jmp 1f\n"
				       "ENTRY(secondary_startup_64)\n"
				       "1:	movq initial_code(%rip), %rax\n"
				       "	jmp *%rax\n"
				       "END(secondary_startup_64)\n"
				       "GLOBAL(initial_code)\n"
				       "	.quad x86_64_start_kernel\n" },
	{ "arch/x86/kernel/head64.c",
	  "unsigned long early_table[512];\n"
	  "static void reset_early_page_tables(void)\n{\n"
	  "	memset(early_table, 0, 511);\n}\n"
	  "static void deeper(void)\n{\n}\n"
	  "static void early(void)\n{\n\tdeeper();\n}\n"
	  "void x86_64_start_kernel(void)\n{\n"
	  "	reset_early_page_tables();\n"
	  "	early();\n"
	  "	x86_64_start_reservations();\n}\n"
	  "void x86_64_start_reservations(void)\n{\n\tsetup_arch();\n}\n" },
	{ "arch/x86/kernel/setup.c",
	  "int toy_mask;\n"
	  "struct x86_init_ops x86_init = {\n"
	  "	.paging = {\n"
	  "		.pagetable_init = native_pagetable_init,\n"
	  "	},\n"
	  "};\n"
	  "int (*acpi_suspend)(void) = native_suspend;\n"
	  "static int native_suspend(void)\n{\n\treturn toy_mask;\n}\n"
	  "void native_pagetable_init(void)\n{\n\tpaging_init();\n}\n"
	  "void paging_init(void)\n{\n}\n"
	  "void setup_arch(void)\n{\n"
	  "	x86_init.paging.pagetable_init();\n"
	  "	if (toy_domain())\n\t\treturn;\n"
	  "	acpi_suspend();\n}\n" },
	{ "arch/x86/kernel/smp.c",
	  "struct smp_ops smp_ops = {\n"
	  "	.cpu_die = native_cpu_die,\n"
	  "	.save_fl = CALLEE_SAVE(native_save_fl),\n"
	  "};\n"
	  "EXPORT_SYMBOL(native_cpu_die);\n"
	  "NOKPROBE_SYMBOL(native_cpu_die);\n"
	  "static void wait_dead(void)\n{\n}\n"
	  "void native_cpu_die(int cpu)\n{\n\twait_dead();\n}\n"
	  "static int native_save_fl(void)\n{\n\treturn 1;\n}\n"
	  "#define CALLEE_SAVE(f) { f }\n" },
	{ NULL, NULL },
};

static void
test_entry(const struct divergence *map)
{
	const struct map_fact *f = fact(map, "x86_64_start_kernel", MAP_ENTRY);

	ok(f && f->depth == 0, "a native entry");
	chain_is(f,
		 "startup_64>secondary_startup_64>initial_code>"
		 "x86_64_start_kernel",
		 "through a fall-through and a .quad");
	is_str(f ? f->counterpart : "", "arch/toy/toy.c:toy_start_kernel",
	       "and where the guest enters");
	f = fact(map, "reset_early_page_tables", MAP_ENTRY);
	ok(f && f->depth == 1 && f->is_static, "what it calls");
	f = fact(map, "deeper", MAP_SKIPPED);
	ok(f && f->depth == 2, "what that calls is skipped");
	ok(!fact(map, "x86_64_start_reservations", MAP_ENTRY) &&
		   !fact(map, "x86_64_start_reservations", MAP_SKIPPED),
	   "where both join is neither");
	ok(!fact(map, "setup_arch", MAP_SKIPPED), "nor what follows");
	is_int((intmax_t)map->npaths, 1, "one way in");
	is_str(map->npaths ? map->paths[0].guest[0] : "", "toy_start_kernel",
	       "of the guest's names those that there are");
}

static void
test_replaced(const struct divergence *map)
{
	const struct map_fact *f = fact(map, "native_cpu_die", MAP_REPLACED);

	is_str(f ? f->member : "", "smp_ops.cpu_die", "by a copied structure");
	is_str(f ? f->counterpart : "", "arch/toy/toy.c:toy_cpu_die",
	       "with the guest's half");
	f = fact(map, "native_save_fl", MAP_REPLACED);
	is_str(f ? f->counterpart : "", "arch/toy/toy.c:toy_save_fl",
	       "within a macro");
	f = fact(map, "native_pagetable_init", MAP_REPLACED);
	is_str(f ? f->member : "", "x86_init.paging.pagetable_init",
	       "by an assignment");
	f = fact(map, "native_suspend", MAP_REPLACED);
	is_str(f ? f->member : "", "acpi_suspend", "a pointer of its own");
	f = fact(map, "wait_dead", MAP_ENTRY);
	ok(f != NULL, "exporting a native half makes it nobody's");
	chain_is(f, "native_cpu_die>wait_dead", "what only a half calls");
	f = fact(map, "smp_ops.cpu_die", MAP_MEMBER);
	is_str(f ? f->type : "", "smp_ops", "the member, and its structure");
	ok(!fact(map, "paging_init", MAP_SKIPPED), "both halves call this");
}

static void
test_others(const struct divergence *map)
{
	const struct map_fact *f = fact(map, "setup_arch", MAP_HOOK);

	ok(f != NULL, "a call through a member");
	f = fact(map, "setup_arch", MAP_YIELD);
	is_str(f ? f->member : "", "toy_domain", "a test for the guest");
	f = fact(map, "paging_init", MAP_CALLEE);
	is_str(f ? f->counterpart : "", "arch/toy/toy.c:toy_pagetable_init",
	       "guest code calls it");
	ok(!fact(map, "x86_64_start_reservations", MAP_REPLACED),
	   "what is called is not replaced");
	f = fact(map, "toy_mask", MAP_GUEST_STATE);
	is_str(f ? f->counterpart : "", "arch/toy/toy.c:toy_start_kernel",
	       "guest code writes it");
	f = fact(map, "early_table", MAP_NATIVE_STATE);
	chain_is(f,
		 "startup_64>secondary_startup_64>initial_code>"
		 "x86_64_start_kernel>reset_early_page_tables",
		 "only native code writes it");
}

/* Whether "f" is native-only, when these files are all there is. */
static const struct {
	struct source files[4];
	bool skipped;
	const char *what;
} reach[] = {
	{ { { "arch/toy/a.c", "" },
	    { "arch/x86/a.c", "void startup_64(void)\n{\n\tf();\n}\n"
			      "void f(void)\n{\n}\n" } },
	  true,
	  "called by an entry alone" },
	{ { { "arch/x86/a.c", "void startup_64(void)\n{\n\tf();\n}\n"
			      "void f(void)\n{\n}\n"
			      "early_initcall(f);\n" } },
	  false,
	  "called at file scope" },
	{ { { "arch/x86/a.c", "void startup_64(void)\n{\n\tf();\n}\n"
			      "void f(void)\n{\n}\n" },
	    { "init/main.c", "void start(void)\n{\n\tf();\n}\n" } },
	  false,
	  "called by common code" },
	{ { { "arch/x86/a.c", "void startup_64(void)\n{\n\tf();\n}\n"
			      "void f(void)\n{\n}\n" },
	    { "init/main.c",
	      "void start(struct x *x)\n{\n\tint f = 1;\n\tx->f(f);\n}\n" } },
	  true,
	  "a member and a local of that name" },
	{ { { "arch/x86/a.c", "void startup_64(void)\n{\n\tf();\n}\n"
			      "void f(void)\n{\n}\n" },
	    { "arch/toy/hvm.c", "void toy_hvm(void)\n{\n\tf();\n}\n" } },
	  true,
	  "called where the guest boots as bare metal" },
	{ { { "arch/x86/a.c", "void startup_64(void)\n{\n\tf();\n}\n"
			      "void f(void)\n{\n}\n"
			      "void kvm_init(void)\n{\n\tf();\n}\n" },
	    { "init/main.c", "void start(void)\n{\n\tkvm_init();\n}\n" } },
	  true,
	  "called by another guest's code" },
	{ { { "arch/x86/a.c", "void startup_64(void)\n{\n\tf();\n}\n"
			      "void f(void)\n{\n}\n"
			      "gate idt_table[] = { f };\n" } },
	  true,
	  "in a table that the guest does not load" },
	{ { { "arch/x86/a.c", "void startup_64(void)\n{\n\tf();\n}\n"
			      "void f(void)\n{\n}\n"
			      "struct ops o = { .x = f };\n" } },
	  false,
	  "in data that may be used" },
	{ { { "arch/x86/a.c", "void startup_64(void)\n{\n\tf();\n}\n"
			      "void f(void)\n{\n}\n"
			      "struct apic flat = { .probe = f };\n" } },
	  true,
	  "in a driver that the guest does not use" },
	{ { { "arch/x86/a.c", "void startup_64(void)\n{\n\tf();\n}\n"
			      "void f(void)\n{\n}\n"
			      "struct ops ops = { .x = g };\n"
			      "void set(void)\n{\n\tops.x = f;\n}\n" },
	    { "init/main.c", "void start(void)\n{\n\tset();\n}\n" },
	    { "arch/toy/a.c", "void toy(void)\n{\n\tops.x = toy_x;\n}\n"
			      "void toy_x(void)\n{\n}\n" } },
	  true,
	  "assigned to an overridden member" },
	{ { { "arch/x86/a.c", "void startup_64(void)\n{\n\tf();\n}\n"
			      "void f(void)\n{\n}\n" },
	    { "arch/x86/b.c", "static void f(void)\n{\n}\n"
			      "void g(void)\n{\n\tf();\n}\n" },
	    { "init/main.c", "void start(void)\n{\n\tg();\n}\n" } },
	  true,
	  "another file's static has that name" },
	{ { { "arch/x86/a.c", "void startup_64(void)\n{\n\tg();\n}\n"
			      "#define g f\n"
			      "void f(void)\n{\n}\n" } },
	  true,
	  "under another name" },
	{ { { "arch/x86/a.S", "SYM_CODE_START(startup_64)\n\tcall f\n"
			      "#include \"b.S\"\nSYM_CODE_END(startup_64)\n" },
	    { "arch/x86/b.S", "SYM_FUNC_START_LOCAL(f)\n\tret\n"
			      "SYM_FUNC_END(f)\n" } },
	  true,
	  "local to assembly that is included" },
	{ { { "arch/x86/a.S", "SYM_CODE_START(startup_64)\n\tnop\n"
			      "SYM_INNER_LABEL(inner, SYM_L_GLOBAL)\n"
			      "\tcall f\n\tret\nSYM_CODE_END(startup_64)\n"
			      "SYM_CODE_START(next)\n\tret\n"
			      "SYM_CODE_END(next)\n" },
	    { "arch/x86/b.c", "void f(void)\n{\n}\n" } },
	  true,
	  "called behind an inner label" },
	{ { { "arch/x86/a.S", "SYM_CODE_START(startup_64)\n\tret\n"
			      "SYM_CODE_END(startup_64)\n"
			      "SYM_CODE_START(f)\n\tret\nSYM_CODE_END(f)\n" } },
	  false,
	  "behind assembly that returns" },
	{ { { "arch/x86/a.c", "void startup_64(void)\n{\n\tf();\n}\n"
			      "void f(void)\n{\n}\n"
			      "#ifndef CONFIG_TOY\n"
			      "struct ops o = { .x = f };\n"
			      "#endif\n" } },
	  true,
	  "where the platform does not compile" },
	{ { { "arch/x86/kvm/a.c", "struct ops o = { .x = f };\n" },
	    { "arch/x86/a.c", "void startup_64(void)\n{\n\tf();\n}\n"
			      "void f(void)\n{\n}\n" } },
	  true,
	  "in a file that is not read" },
};

static void
test_reach(void)
{
	for (size_t i = 0; i < sizeof(reach) / sizeof(reach[0]); i++) {
		AUTOFREE(divergence) *map = build(reach[i].files);
		bool is = fact(map, "f", MAP_ENTRY) ||
			  fact(map, "f", MAP_SKIPPED);

		ok(is == reach[i].skipped, reach[i].what);
	}
}

/* Members as kernels of several eras have them. */
static const struct {
	struct source files[3];
	const char *name, *member, *what;
} halves[] = {
	{ { { "arch/x86/p.c",
	      "struct patch pv_ops = {\n"
	      "	.mmu = {\n		.set_pte = native_set_pte,\n	},\n};\n"
	      "void native_set_pte(void)\n{\n}\n" },
	    { "arch/toy/m.c",
	      "static const typeof(pv_ops) toy_mmu_ops = {\n"
	      "	.mmu = {\n		.set_pte = toy_set_pte,\n	},\n};\n"
	      "static void toy_set_pte(void)\n{\n}\n"
	      "void toy(void)\n{\n	pv_ops.mmu = toy_mmu_ops.mmu;\n}\n" } },
	  "native_set_pte",
	  "pv_ops.mmu.set_pte",
	  "a part of one structure" },
	{ { { "arch/x86/p.c", "struct patch pv_ops = {\n"
			      "	.mmu.set_pte = native_set_pte,\n};\n"
			      "void native_set_pte(void)\n{\n}\n" },
	    { "arch/toy/m.c",
	      "static const struct pv_mmu_ops toy_mmu_ops = {\n"
	      "	.set_pte = toy_set_pte,\n};\n"
	      "static void toy_set_pte(void)\n{\n}\n"
	      "void toy(void)\n{\n	pv_ops.mmu = toy_mmu_ops;\n}\n" } },
	  "native_set_pte",
	  "pv_ops.mmu.set_pte",
	  "a structure in it" },
	{ { { "arch/x86/p.c", "struct pv_mmu_ops pv_mmu_ops = {\n"
			      "	.set_pte = native_set_pte,\n};\n"
			      "void native_set_pte(void)\n{\n}\n" },
	    { "arch/toy/m.c",
	      "static const struct pv_mmu_ops toy_mmu_ops = {\n"
	      "	.set_pte = toy_set_pte,\n};\n"
	      "static void toy_set_pte(void)\n{\n}\n"
	      "void toy(void)\n{\n	pv_mmu_ops = toy_mmu_ops;\n}\n" } },
	  "native_set_pte",
	  "pv_mmu_ops.set_pte",
	  "one of many structures" },
	{ { { "arch/x86/p.c",
	      "static struct apic flat = {\n	.read = native_read,\n};\n"
	      "static int native_read(void)\n{\n	return 0;\n}\n" },
	    { "arch/toy/m.c",
	      "static struct apic toy_apic = {\n	.read = toy_read,\n};\n"
	      "static int toy_read(void)\n{\n	return 0;\n}\n" } },
	  "native_read",
	  "apic.read",
	  "a driver" },
	{ { { "arch/x86/p.c",
	      "struct init init = {\n	.paging = native_paging,\n};\n"
	      "#define native_paging paging\n"
	      "void paging(void)\n{\n}\n" },
	    { "arch/toy/m.c",
	      "void toy(void)\n{\n	init.paging = toy_paging;\n}\n"
	      "static void toy_paging(void)\n{\n	paging();\n}\n" } },
	  "native_paging",
	  "init.paging",
	  "a function by another name" },
};

static void
test_halves(void)
{
	for (size_t i = 0; i < sizeof(halves) / sizeof(halves[0]); i++) {
		AUTOFREE(divergence) *map = build(halves[i].files);
		const struct map_fact *f =
			fact(map, halves[i].name, MAP_REPLACED);

		is_str(f ? f->member : "(none)", halves[i].member,
		       halves[i].what);
	}
}

static void
test_limits(void)
{
	static const struct source files[] = {
		{ "arch/x86/a.c",
		  "#define ONE TWO\n#define TWO THREE\n#define THREE 3\n"
		  "int few, many;\n"
		  "void helper(void)\n{\n}\n"
		  "void a(void)\n{\n	helper();\n	many = 1;\n}\n"
		  "void b(void)\n{\n	helper();\n	many = 2;\n}\n"
		  "void c(void)\n{\n	many = 2;\n	few = 1;\n}\n" },
		{ "arch/toy/a.c", "void toy(void)\n{\n	helper();\n	a();\n"
				  "	many = ONE;\n	few = 1;\n}\n" },
		{ NULL, NULL },
	};
	AUTOFREE(divergence) *map = build(files);

	ok(fact(map, "a", MAP_CALLEE) != NULL, "a callee");
	ok(!fact(map, "helper", MAP_CALLEE), "a helper has many callers");
	ok(fact(map, "few", MAP_GUEST_STATE) != NULL, "state of the guest");
	ok(!fact(map, "many", MAP_GUEST_STATE), "many use that");
	ok(fact(map, "ONE", MAP_MACRO) != NULL, "a macro");
	ok(fact(map, "TWO", MAP_MACRO) != NULL, "one within it");
	ok(!fact(map, "THREE", MAP_MACRO), "not any deeper");
}

static void
test_privileged(void)
{
	static const struct source files[] = {
		{ "arch/x86/a.c",
		  "void by_name(void)\n{\n	native_load(1);\n}\n"
		  "/* lgdt */\n"
		  "void by_asm(void)\n{\n	asm volatile(\"lgdt %0\");\n}\n"
		  "void says(void)\n{\n	/*\n	 * lgdt in asm\n	 */\n}\n"
		  "void calls(void)\n{\n	lgdt(2);\n	asm(\"nop\");\n}\n"
		  "void native_load(int x)\n{\n	asm(\"lgdt %0\");\n}\n" },
		{ "arch/x86/b.S", "SYM_FUNC_START(in_asm)\n	lgdt x(%rip)\n"
				  "	ret\nSYM_FUNC_END(in_asm)\n" },
		{ "arch/toy/a.c", "void toy(void)\n{\n	native_load(3);\n}\n" },
		{ NULL, NULL },
	};
	AUTOFREE(divergence) *map = build(files);

	ok(fact(map, "by_name", MAP_PRIVILEGED) != NULL, "by a name");
	ok(fact(map, "by_asm", MAP_PRIVILEGED) != NULL, "by inline assembly");
	ok(fact(map, "in_asm", MAP_PRIVILEGED) != NULL, "in assembly");
	ok(!fact(map, "says", MAP_PRIVILEGED), "a comment is nothing");
	ok(!fact(map, "calls", MAP_PRIVILEGED), "nor is a wrapper's name");
	ok(!fact(map, "native_load", MAP_PRIVILEGED), "nor a wrapper");
	ok(!fact(map, "toy", MAP_PRIVILEGED), "nor the guest");
}

int
main(void)
{
	struct rules_text file = { "t.rules", span_of(pack_text) };
	AUTOFREE(divergence) *map = NULL;

	succeeds(pack_parse(&pack, &file, 1), "a platform");
	if (!pack)
		return 1;
	map = build(whole);
	test_entry(map);
	test_replaced(map);
	test_others(map);
	test_reach();
	test_halves();
	test_limits();
	test_privileged();
	pack_free(pack);
	return done_testing();
}
