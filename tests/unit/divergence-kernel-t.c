/* divergence-build on real kernels: what people found by reading 6.12 and 6.1,
   one by one. Skipped where no such tree is kept (PVWATCH_TREES, as
   tools/kernel-tree of the shared data has it). */
#include "bot/divergence-build.h"

#include <unistd.h>

#include "bot/alloc.h"
#include "bot/arena.h"
#include "bot/divergence.h"
#include "bot/repo.h"
#include "rules/pack.h"
#include "rules/rule.h"
#include "tests/unit/tap.h"

static struct repo *repo;
static char commit[OID_HEX_SIZE];
static struct divergence *map;
static struct arena *arena;

static const struct map_fact *
fact(const char *name, enum map_kind kind, const char *member)
{
	size_t n;
	const struct map_fact *f = divergence_find(&n, map, span_of(name));

	for (size_t i = 0; i < n; i++)
		if (f[i].kind == kind &&
		    (!member || !strcmp(f[i].member, member)))
			return &f[i];
	return NULL;
}

/* "file:function" to its function. */
static const char *
function_of(const char *counterpart)
{
	const char *colon = strrchr(counterpart, ':');

	return colon ? colon + 1 : "";
}

/* Of 6.12: the member, bare metal's half (NULL: none), Xen PV's. */
static const struct {
	const char *member, *native, *xen;
} pairs[] = {
	{ "x86_init.resources.memory_setup", "e820__memory_setup_default",
	  "xen_memory_setup" },
	{ "x86_init.irqs.intr_init", "native_init_IRQ", "xen_init_IRQ" },
	{ "x86_init.irqs.intr_mode_select", "apic_intr_mode_select",
	  "x86_init_noop" },
	{ "x86_init.irqs.intr_mode_init", "apic_intr_mode_init",
	  "x86_64_probe_apic" },
	{ "x86_init.irqs.create_pci_msi_domain", "native_create_pci_msi_domain",
	  "xen_create_pci_msi_domain" },
	{ "x86_init.oem.arch_setup", NULL, "xen_arch_setup" },
	{ "x86_init.oem.banner", "default_banner", "xen_banner" },
	{ "x86_init.hyper.init_platform", NULL, "xen_pv_init_platform" },
	{ "x86_init.hyper.guest_late_init", NULL, "xen_pv_guest_late_init" },
	{ "x86_init.hyper.init_after_bootmem", NULL, "xen_after_bootmem" },
	{ "x86_init.paging.pagetable_init", "native_pagetable_init",
	  "xen_pagetable_init" },
	{ "x86_init.timers.timer_init", "hpet_time_init", "xen_time_init" },
	{ "x86_init.timers.setup_percpu_clockev", "setup_boot_APIC_clock",
	  "x86_init_noop" },
	{ "x86_init.mpparse.find_mptable", "mpparse_find_mptable",
	  "x86_init_noop" },
	{ "x86_init.mpparse.early_parse_smp_cfg",
	  "mpparse_parse_early_smp_config", "x86_init_noop" },
	{ "x86_init.mpparse.parse_smp_cfg", "mpparse_parse_smp_config", NULL },
	{ "x86_init.pci.arch_init", NULL, "pci_xen_init" },
	{ "x86_init.acpi.get_root_pointer", "x86_default_get_root_pointer",
	  "pvh_get_root_pointer" },
	{ "x86_cpuinit.setup_percpu_clockev", "setup_secondary_APIC_clock",
	  "x86_init_noop" },
	{ "x86_platform.calibrate_tsc", "native_calibrate_tsc", "xen_tsc_khz" },
	{ "x86_platform.get_wallclock", "mach_get_cmos_time",
	  "xen_get_wallclock" },
	{ "x86_platform.set_wallclock", "mach_set_cmos_time",
	  "xen_set_wallclock" },
	{ "x86_platform.get_nmi_reason", "default_get_nmi_reason",
	  "xen_get_nmi_reason" },
	{ "x86_platform.realmode_reserve", "reserve_real_mode",
	  "x86_init_noop" },
	{ "x86_platform.realmode_init", "init_real_mode", "x86_init_noop" },
	{ "x86_platform.set_legacy_features", NULL, NULL },
	{ "x86_platform.apic_post_init", NULL, "xen_hvm_msi_init" },
	{ "smp_ops.smp_prepare_boot_cpu", "native_smp_prepare_boot_cpu",
	  "xen_pv_smp_prepare_boot_cpu" },
	{ "smp_ops.smp_prepare_cpus", "native_smp_prepare_cpus",
	  "xen_pv_smp_prepare_cpus" },
	{ "smp_ops.smp_cpus_done", "native_smp_cpus_done",
	  "xen_smp_cpus_done" },
	{ "smp_ops.kick_ap_alive", "native_kick_ap", "xen_pv_kick_ap" },
	{ "smp_ops.cpu_disable", "native_cpu_disable", "xen_pv_cpu_disable" },
	{ "smp_ops.cpu_die", NULL, "xen_pv_cpu_die" },
	{ "smp_ops.cleanup_dead_cpu", NULL, "xen_pv_cleanup_dead_cpu" },
	{ "smp_ops.poll_sync_state", NULL, "xen_pv_poll_sync_state" },
	{ "smp_ops.play_dead", "native_play_dead", "xen_pv_play_dead" },
	{ "smp_ops.stop_other_cpus", "native_stop_other_cpus",
	  "xen_pv_stop_other_cpus" },
	{ "smp_ops.smp_send_reschedule", "native_smp_send_reschedule",
	  "xen_smp_send_reschedule" },
	{ "smp_ops.send_call_func_ipi", "native_send_call_func_ipi",
	  "xen_smp_send_call_function_ipi" },
	{ "smp_ops.send_call_func_single_ipi",
	  "native_send_call_func_single_ipi",
	  "xen_smp_send_call_function_single_ipi" },
	{ "machine_ops.restart", "native_machine_restart", "xen_restart" },
	{ "machine_ops.halt", "native_machine_halt", "xen_machine_halt" },
	{ "machine_ops.power_off", "native_machine_power_off",
	  "xen_machine_power_off" },
	{ "machine_ops.shutdown", "native_machine_shutdown",
	  "xen_machine_halt" },
	{ "machine_ops.crash_shutdown", "native_machine_crash_shutdown",
	  "xen_crash_shutdown" },
	{ "machine_ops.emergency_restart", "native_machine_emergency_restart",
	  "xen_emergency_restart" },
	{ "pv_ops.cpu.cpuid", "native_cpuid", "xen_cpuid" },
	{ "pv_ops.cpu.write_cr4", "native_write_cr4", "xen_write_cr4" },
	{ "pv_ops.cpu.load_tr_desc", "native_load_tr_desc", NULL },
	{ "pv_ops.cpu.load_idt", "native_load_idt", "xen_load_idt" },
	{ "pv_ops.cpu.load_sp0", "native_load_sp0", "xen_load_sp0" },
	{ "pv_ops.cpu.write_idt_entry", "native_write_idt_entry",
	  "xen_write_idt_entry" },
	{ "pv_ops.cpu.update_io_bitmap", "native_tss_update_io_bitmap",
	  "xen_update_io_bitmap" },
	{ "pv_ops.irq.save_fl", NULL, "xen_save_fl_direct" },
	{ "pv_ops.irq.safe_halt", "pv_native_safe_halt", "xen_safe_halt" },
	{ "pv_ops.mmu.read_cr3", "__native_read_cr3", "xen_read_cr3" },
	{ "pv_ops.mmu.write_cr3", "native_write_cr3", "xen_write_cr3" },
	{ "pv_ops.mmu.flush_tlb_multi", "native_flush_tlb_multi",
	  "xen_flush_tlb_multi" },
	{ "pv_ops.mmu.set_p4d", "native_set_p4d", "xen_set_p4d" },
	{ "pv_ops.mmu.set_fixmap", "native_set_fixmap", "xen_set_fixmap" },
	{ "pv_ops.mmu.lazy_mode.enter", NULL, "xen_enter_lazy_mmu" },
	{ "pv_ops.mmu.enter_mmap", NULL, "xen_enter_mmap" },
	{ "pv_ops.lock.wait", NULL, "xen_qlock_wait" },
	{ "apic.probe", NULL, "xen_apic_probe_pv" },
	{ "apic.read", "native_apic_mem_read", "xen_apic_read" },
	{ "apic.icr_write", "native_apic_icr_write", "xen_apic_icr_write" },
	{ "apic.send_IPI_mask", NULL, "xen_send_IPI_mask" },
	{ "x86_apic_ops.io_apic_read", "native_io_apic_read",
	  "xen_io_apic_read" },
	{ "acpi_suspend_lowlevel", "x86_acpi_suspend_lowlevel",
	  "xen_acpi_suspend_lowlevel" },
	{ "__acpi_register_gsi", NULL, NULL },
	{ "pcibios_enable_irq", NULL, "xen_pcifront_enable_irq" },
};

static void
test_pairs(void)
{
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		const struct map_fact *f =
			fact(pairs[i].member, MAP_MEMBER, NULL);
		const char *native = pairs[i].native, *xen = pairs[i].xen;

		if (!f || (xen && strcmp(function_of(f->counterpart), xen)))
			printf("#   %s: Xen's is %s\n", pairs[i].member,
			       f ? f->counterpart : "not there");
		ok(f && (!xen || !strcmp(function_of(f->counterpart), xen)) &&
			   (!native ||
			    fact(native, MAP_REPLACED, pairs[i].member)),
		   pairs[i].member);
	}
}

/* The clusters of native-only code of 6.12, by examples. */
static const char *const native_only[] = {
	"startup_64",
	"common_startup_64",
	"x86_64_start_kernel",
	"kasan_early_init",
	"load_ucode_bsp",
	"load_ucode_ap",
	"start_secondary",
	"ap_starting",
	"setup_local_APIC",
	"end_local_APIC_setup",
	"check_timer",
	"setup_IO_APIC",
	"smp_scan_config",
	"check_tsc_sync_target",
	"ap_calibrate_delay",
	"cpu_init_exception_handling",
	"lapic_online",
	"setup_real_mode",
	"smp_kick_mwait_play_dead",
	"entry_SYSCALL_64",
	"paranoid_entry",
};

/* What Xen PV does run. */
static const char *const common[] = {
	"start_kernel",	  "setup_arch",		 "x86_64_start_reservations",
	"cpu_init",	  "notify_cpu_starting", "do_syscall_64",
	"identify_cpu",	  "paging_init",	 "trap_init",
	"exc_page_fault", "fpu__init_cpu",	 "init_hypervisor_platform",
};

static void
test_reach(void)
{
	for (size_t i = 0; i < sizeof(native_only) / sizeof(native_only[0]);
	     i++)
		ok(fact(native_only[i], MAP_ENTRY, NULL) ||
			   fact(native_only[i], MAP_SKIPPED, NULL),
		   native_only[i]);
	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		ok(!fact(common[i], MAP_ENTRY, NULL) &&
			   !fact(common[i], MAP_SKIPPED, NULL),
		   common[i]);
}

static const struct {
	const char *name;
	enum map_kind kind;
} others[] = {
	{ "setup_arch", MAP_HOOK },
	{ "init_IRQ", MAP_HOOK },
	{ "x86_late_time_init", MAP_HOOK },
	{ "pci_arch_init", MAP_HOOK },
	{ "mem_init", MAP_HOOK },
	{ "do_init_real_mode", MAP_HOOK },
	{ "start_secondary", MAP_HOOK },
	{ "default_do_nmi", MAP_HOOK },
	{ "cpu_init", MAP_CALLEE },
	{ "common_cpu_up", MAP_CALLEE },
	{ "get_cpu_cap", MAP_CALLEE },
	{ "exc_debug", MAP_CALLEE },
	{ "pat_bp_init", MAP_YIELD },
	{ "acpi_mps_check", MAP_YIELD },
	{ "pci_iommu_alloc", MAP_YIELD },
	{ "msix_prepare_msi_desc", MAP_YIELD },
	{ "cpu_tss_rw", MAP_GUEST_STATE },
	{ "GUARD_HOLE_SIZE", MAP_MACRO },
};

static void
test_others(void)
{
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		ok(fact(others[i].name, others[i].kind, NULL) != NULL,
		   others[i].name);
}

/* Does the file of "file:function" hold that word? */
static bool
exists(const char *counterpart)
{
	const char *function = function_of(counterpart);
	char *path =
		xstrndup(counterpart, (size_t)(function - counterpart - 1));
	const struct error *err;
	struct span text;
	bool found;

	err = repo_blob_at(&text, arena, NULL, repo, commit, path);
	found = !err && text.ptr &&
		memmem(text.ptr, text.len, function, strlen(function));
	error_free(err);
	arena_clear(arena);
	free(path);
	return found;
}

static void
test_counterparts(void)
{
	size_t wrong = 0;

	for (size_t i = 0; i < map->nfacts; i++) {
		const struct map_fact *f = &map->facts[i];

		if (!*f->counterpart || exists(f->counterpart))
			continue;
		wrong++;
		printf("#   %s: %s\n", f->name, f->counterpart);
	}
	is_int((intmax_t)wrong, 0, "every counterpart is in the tree");
}

static char *
kept_tree(const char *version)
{
	const char *trees = getenv("PVWATCH_TREES");
	const char *cache = getenv("XDG_CACHE_HOME");
	const char *home = getenv("HOME");
	char *base = trees   ? xstrdup(trees)
		     : cache ? xasprintf("%s/pvwatch-trees", cache)
			     : xasprintf("%s/.cache/pvwatch-trees",
					 home ? home : "");
	char *dir = xasprintf("%s/linux-%s", base, version);
	char *ready = xasprintf("%s/.git/ready", dir);

	if (access(ready, F_OK)) {
		free(dir);
		dir = NULL;
	}
	free(ready);
	free(base);
	return dir;
}

static void
test_tree(const char *dir, const struct pack *pack)
{
	struct divergence_options options = { 0 };

	succeeds(repo_open(&repo, dir, REPO_EXACT), dir);
	if (!repo)
		return;
	succeeds(repo_resolve(commit, repo, "HEAD"), "HEAD");
	succeeds(divergence_of_tree(&map, repo, commit, pack->platform,
				    &options),
		 "its map");
	if (map) {
		is_str(map->of, "v6.12", "its name");
		test_pairs();
		test_reach();
		test_others();
		test_counterparts();
	}
	divergence_free(map);
	repo_free(repo);
}

int
main(void)
{
	CLEANUP(xfree) char *dir = kept_tree("6.12");
	AUTOFREE(pack) *pack = NULL;

	if (!dir) {
		puts("1..0 # SKIP there is no tree of 6.12");
		return 0;
	}
	arena = arena_new();
	succeeds(pack_load(&pack, "rules/xen"), "the pack of Xen");
	if (pack)
		test_tree(dir, pack);
	arena_free(arena);
	return done_testing();
}
