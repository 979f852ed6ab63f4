// SPDX-License-Identifier: GPL-2.0
/*
 * Cache attributes of memory: which PAT layout is in use, and who asked for
 * which type.
 */
#include <linux/debugfs.h>
#include <linux/init.h>
#include <linux/seq_file.h>

#include <asm/cpufeature.h>
#include <asm/memtype.h>
#include <asm/msr.h>

#define PAT_LAYOUT_FULL		0x0407050600070106ULL
#define PAT_LAYOUT_RESET	0x0007040600070406ULL

static bool __ro_after_init pat_initialized;
static u64 __ro_after_init pat_msr_val;

/* Is another layout than that of reset in use? */
bool pat_enabled(void)
{
	return pat_initialized;
}
EXPORT_SYMBOL_GPL(pat_enabled);

/* Read back what a layout means, entry by entry. */
void __init init_cache_modes(void)
{
	unsigned int i;

	for (i = 0; i < 8; i++)
		update_cache_mode_entry(i, pat_entry(pat_msr_val, i));
}

/* On the boot CPU, before anything is mapped with a type of its own. */
void __init pat_bp_init(void)
{
	if (!cpu_feature_enabled(X86_FEATURE_PAT)) {
		pat_msr_val = PAT_LAYOUT_RESET;
		return;
	}

	/* Under Xen PV the layout is the hypervisor's: take it as it is. */
	if (cpu_feature_enabled(X86_FEATURE_XENPV)) {
		rdmsrl(MSR_IA32_CR_PAT, pat_msr_val);
		pat_initialized = true;
		return;
	}

	pat_msr_val = PAT_LAYOUT_FULL;
	pat_cpu_init();
	pat_initialized = true;
}

/* On each other CPU. */
void pat_cpu_init(void)
{
	wrmsrl(MSR_IA32_CR_PAT, pat_msr_val);
	__flush_tlb_all();
}

static int memtype_seq_show(struct seq_file *seq, void *v)
{
	struct memtype *entry = v;

	seq_printf(seq, "%016llx-%016llx %s\n", entry->start, entry->end,
		   cattr_name(entry->type));
	return 0;
}
