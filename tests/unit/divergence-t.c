/* The divergence map: what it knows of a name, and its text. */
#include "tap.h"

#include "bot/arena.h"
#include "bot/buf.h"
#include "bot/divergence.h"
#include "bot/divergence-text.h"

#define HEAD "pvwatch-map 1\n"
#define X "arch/x86/xen/"

static const char whole[] = HEAD
	"of v6.12\n"
	"commit adc218676eef25575469234709c2d87185ca223a\n"
	"date 2024-11-17T22:15:08Z\n"
	"platform 0123456789abcdef\n"
	"path startup_64 startup_xen>xen_start_kernel x86_64_start_kernel\n"
	"path secondary_startup_64 - -\n"
	"\n"
	"boot_cpu native-state arch/x86/kernel/smpboot.c chain=a>b\n"
	"cpu_die replaced a.c static member=smp_ops.cpu_die guest=" X
	"smp.c:xen_die\n"
	"cpu_die skipped b.c depth=3 chain=startup_64>a>cpu_die\n"
	"mmu_ops member -\n"
	"play yield c.c member=xen_pv_domain\n"
	"pv_ops.mmu.set_pte member d.h type=pv_mmu_ops guest=" X
	"mmu.c:xen_pte\n"
	"setup hook e.c member=x86_init.banner\n"
	"setup hook e.c member=x86_init.oem.arch guest=" X "setup.c:arch\n"
	"smp_ops.cpu_die member d.h type=smp_ops guest=" X "smp.c:xen_die\n"
	"smp_ops.cpu_up member d.h type=smp_ops\n";

static struct divergence *
load(const char *text)
{
	struct divergence *map = NULL;

	succeeds(divergence_parse(&map, "m.map", span_of(text)), "parsed");
	if (!map)
		abort();
	return map;
}

static void
test_header(void)
{
	AUTOFREE(divergence) *map = load(whole);

	is_str(map->of, "v6.12", "what it is of");
	is_int(map->date, 1731881708, "when that was");
	is_str(map->platform, "0123456789abcdef", "by which rules");
	is_int((intmax_t)map->npaths, 2, "two ways into the kernel");
	is_int((intmax_t)map->paths[0].nguest, 2, "the guest's own way");
	is_str(map->paths[0].guest[1], "xen_start_kernel", "in its order");
	is_str(map->paths[0].join, "x86_64_start_kernel", "where they meet");
	is_int((intmax_t)map->paths[1].nguest, 0, "one without a guest's");
	is_str(map->paths[1].join, "", "and they never meet");
}

static void
test_find(void)
{
	AUTOFREE(divergence) *map = load(whole);
	const struct map_fact *f;
	size_t n;

	f = divergence_find(&n, map, SPAN("cpu_die"));
	is_int((intmax_t)n, 2, "two facts of one name");
	is_str(map_kind_name(f[0].kind), "replaced", "first by kind");
	ok(f[0].is_static && !f[1].is_static, "one of them static");
	is_str(f[0].member, "smp_ops.cpu_die", "by this member");
	is_str(f[0].counterpart, X "smp.c:xen_die", "the guest runs that");
	is_int(f[1].depth, 3, "three calls deep");
	is_str(f[1].chain[1], "a", "by way of a");
	f = divergence_find(&n, map, SPAN("setup"));
	is_int((intmax_t)n, 2, "two hooks in one function");
	divergence_find(&n, map, SPAN("cpu_di"));
	is_int((intmax_t)n, 0, "the beginning of a name is none");
	divergence_find(&n, map, SPAN("cpu_die2"));
	is_int((intmax_t)n, 0, "nor is a longer one");
	divergence_find(&n, map, SPAN("cpu_die\0"));
	is_int((intmax_t)n, 0, "nor one that holds a NUL");
	divergence_find(&n, map, SPAN(""));
	is_int((intmax_t)n, 0, "nor none at all");
}

static const char *
name_of(const struct map_fact *fact)
{
	return fact ? fact->name : NULL;
}

static void
test_members(void)
{
	AUTOFREE(divergence) *map = load(whole);
	static const struct {
		const char *path, *want;
	} paths[] = {
		{ "smp_ops.cpu_die", "smp_ops.cpu_die" },
		{ "pv_ops.mmu.set_pte", "pv_ops.mmu.set_pte" },
		{ "mmu.set_pte", "pv_ops.mmu.set_pte" },
		{ "set_pte", NULL },
		{ "mmu.set_pt", NULL },
		{ "smp_ops.cpu_die.x", NULL },
		{ "mmu_ops", NULL },
		{ "", NULL },
	};
	static const struct {
		const char *tag, *member, *want;
	} types[] = {
		{ "smp_ops", "cpu_die", "smp_ops.cpu_die" },
		{ "smp_ops", "cpu_up", "smp_ops.cpu_up" },
		{ "smp_ops", "cpu_u", NULL },
		{ "smp_ops", "", "smp_ops.cpu_die" },
		{ "pv_mmu_ops", "set_pte", "pv_ops.mmu.set_pte" },
		{ "pv_mmu_ops", "cpu_die", NULL },
		{ "smp", "", NULL },
		{ "zzz", "", NULL },
		{ "", "", NULL },
	};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		is_str(name_of(divergence_member(map, span_of(paths[i].path))),
		       paths[i].want, paths[i].path);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		is_str(name_of(divergence_member_of(map, span_of(types[i].tag),
						    span_of(types[i].member))),
		       types[i].want, types[i].tag);
}

static void
test_under(void)
{
	AUTOFREE(divergence) *map = load(whole);

	is_str(name_of(divergence_member_under(map, SPAN("pv_ops"),
					       SPAN("set_pte"))),
	       "pv_ops.mmu.set_pte", "two levels down");
	is_str(name_of(divergence_member_under(map, SPAN("smp_ops"),
					       SPAN("cpu_up"))),
	       "smp_ops.cpu_up", "one level down");
	ok(!divergence_member_under(map, SPAN("pv_op"), SPAN("set_pte")),
	   "the beginning of a variable is none");
	ok(!divergence_member_under(map, SPAN("pv_ops"), SPAN("mmu")),
	   "nor is what stands between");
	ok(!divergence_member_under(map, SPAN("zzz"), SPAN("a")), "none");
	is_str(name_of(divergence_test(map, SPAN("xen_pv_domain"))),
	       "xen_pv_domain", "a word that tests for the guest");
	ok(!divergence_test(map, SPAN("xen_domain")), "nobody has this one");
}

static void
prints(const struct divergence *map, const char *want, const char *what)
{
	struct buf buf = BUF(1 << 20);

	divergence_print(&buf, map);
	is_str(buf_str(&buf), want, what);
	buf_free(&buf);
}

static void
test_text(void)
{
	AUTOFREE(divergence) *map = load(whole);
	AUTOFREE(divergence) *small = divergence_new();
	static const char *const chain[] = { "a", "b" };

	prints(map, whole, "what was read is written");
	divergence_add(small,
		       &(struct map_fact){ .name = "b", .kind = MAP_YIELD });
	divergence_add(small, &(struct map_fact){ .name = "b",
						  .kind = MAP_CALLEE,
						  .file = "b.c",
						  .chain = chain,
						  .nchain = 2 });
	divergence_add(small,
		       &(struct map_fact){ .name = "a.b", .kind = MAP_MEMBER });
	divergence_add(small,
		       &(struct map_fact){ .name = "b", .kind = MAP_YIELD });
	divergence_seal(small);
	prints(small,
	       HEAD "date 1970-01-01T00:00:00Z\n\n"
		    "a.b member -\nb callee b.c chain=a>b\nb yield -\n",
	       "facts come in order, each once");
}

static void
test_empty(void)
{
	AUTOFREE(divergence) *map = load(HEAD "\n");
	size_t n;

	is_int((intmax_t)map->nfacts, 0, "a map of nothing");
	divergence_find(&n, map, SPAN("a"));
	is_int((intmax_t)n, 0, "has no fact");
	ok(!divergence_member(map, SPAN("a.b")), "no member");
	ok(!divergence_member_of(map, SPAN("a"), SPAN("")), "no type");
}

/* Facts in any order are found. */
static void
test_unsorted(void)
{
	AUTOFREE(divergence) *map = load(HEAD "\nz hook -\na hook -\nm hook -\n"
					      "a callee -\nz hook -\n");
	size_t n;

	is_int((intmax_t)map->nfacts, 4, "the repeated one is gone");
	divergence_find(&n, map, SPAN("a"));
	is_int((intmax_t)n, 2, "both of a");
}

static void
test_faults(void)
{
	static const struct {
		const char *text, *want;
	} faults[] = {
		{ "", "m.map:1: no map" },
		{ "hello\n", "m.map:1: no map" },
		{ "pvwatch-map\n", "m.map:1: no map" },
		{ "pvwatch-map 1x\n", "m.map:1: no map" },
		{ "pvwatch-map 2\n", "m.map:1: a map of version 2" },
		{ HEAD, "m.map:2: ends within the header" },
		{ HEAD "off v1\n", "m.map:2: \"off\": want of" },
		{ HEAD "of\n", "m.map:2: of: want one word" },
		{ HEAD "of a b\n", "m.map:2: of: want one word" },
		{ HEAD "date 2024\n", "m.map:2: date: want" },
		{ HEAD "path a b\n", "m.map:2: path: want" },
		{ HEAD "path a b>>c d\n", "m.map:2: a chain without a name" },
		{ HEAD "\na\n", "m.map:3: want a name, a kind and a file" },
		{ HEAD "\na hook\n", "m.map:3: want a name, a kind" },
		{ HEAD "\na hok -\n", "unknown kind hok; did you mean hook?" },
		{ HEAD "\na xyzzy -\n", "m.map:3: unknown kind xyzzy" },
		{ HEAD "\na hook -\n\nb hook -\n", "m.map:4: an empty line" },
		{ HEAD "\na  hook -\n", "m.map:3: want one blank" },
		{ HEAD "\n a hook -\n", "m.map:3: want one blank" },
		{ HEAD "\na hook - \n", "m.map:3: ends with a blank" },
		{ HEAD "\na\thook -\n", "m.map:3: byte 0x09" },
		{ HEAD "\na hook \x80\n", "m.map:3: byte 0x80" },
		{ HEAD "\na hook -\r\n", "m.map:3: byte 0x0d" },
		{ HEAD "\na hook - static=1\n", "m.map:3: \"static\": want" },
		{ HEAD "\na hook - depth\n", "m.map:3: \"depth\": want" },
		{ HEAD "\na hook - member=\n", "m.map:3: \"member\": want" },
		{ HEAD "\na hook - depth=-1\n", "depth: want a number" },
		{ HEAD "\na hook - depth=1000\n", "depth: want a number" },
		{ HEAD "\na hook - chain=>\n", "a chain without a name" },
		{ HEAD "\na hook - type=t member=m\n", "\"member\": want" },
		{ HEAD "\na hook - depth=1 depth=1\n", "\"depth\": want" },
		{ HEAD "\na hook - colour=red\n", "\"colour\": want" },
	};

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct divergence *map = NULL;

		fails(divergence_parse(&map, "m.map", span_of(faults[i].text)),
		      ERROR_INPUT, faults[i].want, faults[i].want);
		ok(!map, "and nothing comes out");
	}
}

static void
test_ceilings(void)
{
	struct divergence *map = NULL;
	struct buf buf = BUF(32 << 20);

	buf_addstr(&buf, HEAD "\na hook - chain=a");
	for (int i = 0; i < 256; i++)
		buf_addstr(&buf, ">a");
	fails(divergence_parse(&map, "m.map", buf_span(&buf)), ERROR_INPUT,
	      "m.map:3: more than 256 names", "a chain without end");
	buf_clear(&buf);
	buf_addstr(&buf, HEAD "\n");
	for (int i = 0; i <= 1 << 18; i++)
		buf_addstr(&buf, "a hook -\n");
	fails(divergence_parse(&map, "m.map", buf_span(&buf)), ERROR_INPUT,
	      "m.map:262147: more than 262144 facts", "facts without end");
	buf_free(&buf);
}

int
main(void)
{
	for (int i = 0; i < NMAP_KINDS; i++)
		is_int(map_kind_by_name(map_kind_name((enum map_kind)i)), i,
		       map_kind_name((enum map_kind)i));
	is_int(map_kind_by_name("entr"), -1, "and no other");
	test_header();
	test_find();
	test_members();
	test_under();
	test_text();
	test_empty();
	test_unsorted();
	test_faults();
	test_ceilings();
	return done_testing();
}
