/* divergence-build: the map of a git tree, by several threads, and its cache */
#include "bot/divergence-build.h"

#include <sys/stat.h>

#include "bot/buf.h"
#include "bot/divergence-text.h"
#include "bot/divergence.h"
#include "bot/limits.h"
#include "bot/repo.h"
#include "rules/pack.h"
#include "rules/pack-parse.h"
#include "rules/rule.h"
#include "scratch.h"
#include "tap.h"

static const char pack_text[] =
	"Pack: toy\n\nPlatform: Toy PV\n"
	"Guest: arch/x86/toy/\nNative: arch/x86/\nCommon: init/main.c\n"
	"Dropped: path arch/x86/kvm/\n"
	"Entry: boot CPU = startup_64 x86_64_start_kernel\n"
	"\t| startup_toy toy_start_kernel | start_kernel\n"
	"Yield: ^toy_domain$\n";

static struct repo *repo;
static struct pack *pack;
static char commit[OID_HEX_SIZE];

/* As small as a kernel can be; a hundred more files, so that threads have
   something to share. */
static void
make_tree(void)
{
	sh("mkdir -p k/init k/arch/x86/toy k/arch/x86/kernel k/arch/x86/kvm "
	   "k/drivers && cd k && git init -q -b master . && "
	   "printf 'VERSION = 6\\nPATCHLEVEL = 12\\nSUBLEVEL = 3\\n"
	   "EXTRAVERSION = -rc4\\n' >Makefile");
	sh("cd k && cat >init/main.c <<'EOF'\n"
	   "void start_kernel(void)\n{\n\tsetup_arch();\n}\n"
	   "EOF\n"
	   "cat >arch/x86/kernel/head_64.S <<'EOF'\n"
	   "SYM_CODE_START_NOALIGN(startup_64)\n"
	   "\tcall\tx86_64_start_kernel\n"
	   "SYM_CODE_END(startup_64)\n"
	   "EOF\n"
	   "cat >arch/x86/kernel/head64.c <<'EOF'\n"
	   "static void __init early_tables(void)\n{\n\tearly = 1;\n}\n\n"
	   "void __init x86_64_start_kernel(char *data)\n{\n"
	   "\tearly_tables();\n\tstart_kernel();\n}\n"
	   "EOF\n"
	   "cat >arch/x86/kernel/setup.c <<'EOF'\n"
	   "int early;\n\n"
	   "struct ops ops = {\n\t.banner\t= default_banner,\n};\n\n"
	   "static void default_banner(void)\n{\n}\n\n"
	   "void setup_arch(void)\n{\n\tops.banner();\n"
	   "\tif (toy_domain())\n\t\treturn;\n}\n"
	   "EOF\n"
	   "cat >arch/x86/toy/toy.c <<'EOF'\n"
	   "static void toy_banner(void)\n{\n}\n\n"
	   "void toy_start_kernel(void)\n{\n"
	   "\tops.banner = toy_banner;\n\tstart_kernel();\n}\n"
	   "EOF\n");
	sh("cd k && echo 'void kvm(void) { early_tables(); }' "
	   ">arch/x86/kvm/a.c && "
	   "echo 'void far(void) { early_tables(); }' >drivers/a.c && "
	   "for i in $(seq 100); do printf 'void f%%d(void)\\n{\\n\\tf%%d();\\n"
	   "}\\n' $i $((i + 1)) >arch/x86/kernel/f$i.c; done && "
	   "git add . && git commit -qm one && "
	   "git commit -q --allow-empty -m two");
}

static void
print(struct buf *out, const char *cache, unsigned nthreads, const char *what)
{
	struct divergence_options options = { cache, nthreads };
	AUTOFREE(divergence) *map = NULL;

	succeeds(divergence_of_tree(&map, repo, commit, pack->platform,
				    &options),
		 what);
	buf_clear(out);
	if (map)
		divergence_print(out, map);
}

static void
test_threads(void)
{
	static const char want[] =
		"\n\n"
		"default_banner replaced arch/x86/kernel/setup.c static "
		"member=ops.banner guest=arch/x86/toy/toy.c:toy_banner\n"
		"early native-state arch/x86/kernel/setup.c "
		"chain=startup_64>x86_64_start_kernel>early_tables\n"
		"early_tables entry arch/x86/kernel/head64.c static depth=1 "
		"guest=arch/x86/toy/toy.c:toy_start_kernel "
		"chain=startup_64>x86_64_start_kernel>early_tables\n"
		"ops.banner member - type=ops "
		"guest=arch/x86/toy/toy.c:toy_banner\n"
		"setup_arch hook arch/x86/kernel/setup.c member=ops.banner "
		"guest=arch/x86/toy/toy.c:toy_banner\n"
		"setup_arch yield arch/x86/kernel/setup.c member=toy_domain\n"
		"startup_64 entry arch/x86/kernel/head_64.S "
		"guest=arch/x86/toy/toy.c:toy_start_kernel chain=startup_64\n"
		"x86_64_start_kernel entry arch/x86/kernel/head64.c "
		"guest=arch/x86/toy/toy.c:toy_start_kernel "
		"chain=startup_64>x86_64_start_kernel\n";
	struct buf one = BUF(LIMIT_MAP_BYTES), more = BUF(LIMIT_MAP_BYTES);
	const char *facts;

	print(&one, NULL, 1, "one thread");
	facts = strstr(buf_str(&one), "\n\n");
	is_str(facts, want, "every fact of the tree, and no other");
	ok(strstr(buf_str(&one), "of v6.12-rc4\n") != NULL,
	   "the kernel's name is in its Makefile");
	ok(strstr(buf_str(&one), "path startup_64 toy_start_kernel "
				 "start_kernel\n") != NULL,
	   "the way in");
	for (unsigned n = 2; n <= 4; n++) {
		print(&more, NULL, n, "several");
		is_str(buf_str(&more), buf_str(&one), "find the same");
	}
	buf_free(&one);
	buf_free(&more);
}

static void
test_cache(void)
{
	struct buf fresh = BUF(LIMIT_MAP_BYTES), again = BUF(LIMIT_MAP_BYTES);
	char second[OID_HEX_SIZE];

	print(&fresh, "cache/deep", 0, "into a cache that is not there yet");
	sh("test $(ls cache/deep/maps/*.map | wc -l) = 1");
	print(&again, "cache/deep", 0, "from the cache");
	is_str(buf_str(&again), buf_str(&fresh), "is the same");
	sh("sed -i 's/^setup_arch hook.*/setup_arch callee -/' "
	   "cache/deep/maps/*.map");
	print(&again, "cache/deep", 0, "a map that was there");
	ok(strstr(buf_str(&again), "setup_arch callee") != NULL,
	   "is not made again");
	memcpy(second, commit, sizeof(second));
	succeeds(repo_resolve(commit, repo, "HEAD~1"), "another commit");
	print(&again, "cache/deep", 0, "of the same tree");
	ok(strstr(buf_str(&again), "setup_arch callee") &&
		   strstr(buf_str(&again), commit),
	   "has its map, and its own name in it");
	memcpy(commit, second, sizeof(commit));
	sh("for f in cache/deep/maps/*.map; do echo broken >$f; done");
	print(&again, "cache/deep", 0, "a broken one");
	is_str(buf_str(&again), buf_str(&fresh), "is made anew");
	sh("rm -r cache && echo >cache");
	print(&again, "cache", 0, "no directory");
	is_str(buf_str(&again), buf_str(&fresh), "is no cache");
	buf_free(&fresh);
	buf_free(&again);
}

static void
test_faults(void)
{
	static const char none[] = "0123456789012345678901234567890123456789";
	struct divergence_options options = { 0 };
	struct divergence *map = NULL;

	fails(divergence_of_tree(&map, repo, none, pack->platform, &options),
	      ERROR_NOINPUT, none, "no such commit");
	sh("cd k && b=$(git rev-parse HEAD:arch/x86/kernel/setup.c) && "
	   "rm -f .git/objects/$(echo $b | cut -c1-2)/$(echo $b | cut -c3-)");
	fails(divergence_of_tree(&map, repo, commit, pack->platform, &options),
	      ERROR_INPUT, "arch/x86/kernel/setup.c", "a missing blob");
}

int
main(void)
{
	struct rules_text file = { "t.rules", span_of(pack_text) };

	scratch_enter();
	make_tree();
	succeeds(pack_parse(&pack, &file, 1), "a platform");
	succeeds(repo_open(&repo, "k", REPO_EXACT), "a repository");
	succeeds(repo_resolve(commit, repo, "HEAD"), "its HEAD");
	test_threads();
	test_cache();
	test_faults();
	repo_free(repo);
	pack_free(pack);
	return done_testing();
}
