// SPDX-License-Identifier: GPL-2.0
/*
 * The way of a Xen PV guest from the hypervisor's entry to start_kernel().
 */
#include <linux/init.h>
#include <linux/linkage.h>

#include <asm/setup.h>
#include <asm/x86_init.h>
#include <asm/xen/hypercall.h>
#include <asm/xen/hypervisor.h>

#include "xen-ops.h"

static const struct pv_cpu_ops xen_cpu_ops __initconst = {
	.load_idt = xen_load_idt,
	.write_cr4 = xen_write_cr4,
	.read_msr = xen_read_msr,
	.write_msr = xen_write_msr,
};

static void __init xen_init_hooks(void)
{
	pv_ops.cpu = xen_cpu_ops;
	x86_init.resources.memory_setup = xen_memory_setup;
	x86_init.paging.pagetable_init = xen_pagetable_init;
	x86_init.oem.banner = xen_banner;
	x86_platform.calibrate_tsc = xen_tsc_khz;
}

/* The hypervisor jumps here, with paging on and tables that it built. */
asmlinkage __visible void __init xen_start_kernel(struct start_info *si)
{
	if (!si)
		return;

	clear_bss();
	xen_start_info = si;
	xen_domain_type = XEN_PV_DOMAIN;

	xen_init_hooks();
	xen_setup_features();
	xen_init_capabilities();
	xen_setup_kernel_pagetable((pgd_t *)si->pt_base, si->nr_pages);
	xen_reserve_special_pages();

	cr4_init_shadow();
	idt_setup_early_handler();

	x86_64_start_reservations((char *)__pa_symbol(&boot_params));
}
