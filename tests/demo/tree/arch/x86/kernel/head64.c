// SPDX-License-Identifier: GPL-2.0
/*
 * The first C code of the boot CPU on 64-bit machines that were started by a
 * boot loader.
 */
#include <linux/init.h>
#include <linux/linkage.h>
#include <linux/start_kernel.h>
#include <linux/string.h>

#include <asm/bootparam.h>
#include <asm/pgtable.h>
#include <asm/sections.h>
#include <asm/setup.h>

static unsigned int __initdata next_early_table;

/* Forget what the assembly part mapped one to one. */
static void __init reset_early_page_tables(void)
{
	memset(early_top_pgt, 0, sizeof(pgd_t) * (PTRS_PER_PGD - 1));
	next_early_table = 0;
	load_early_top();
}

void __init clear_bss(void)
{
	memset(__bss_start, 0, __bss_stop - __bss_start);
}

static void __init copy_bootdata(const char *real_mode_data)
{
	unsigned long cmd_line;

	memcpy(&boot_params, real_mode_data, sizeof(boot_params));
	cmd_line = boot_params_cmd_line(&boot_params);
	if (cmd_line)
		memcpy(boot_command_line, __va(cmd_line), COMMAND_LINE_SIZE);
}

asmlinkage __visible void __init __noreturn
x86_64_start_kernel(char *real_mode_data)
{
	BUILD_BUG_ON(MODULES_VADDR < __START_KERNEL_map);

	cr4_init_shadow();

	/* Nothing is left of the identity mapping after this. */
	reset_early_page_tables();

	clear_bss();

	idt_setup_early_handler();

	copy_bootdata(__va(real_mode_data));

	/* The kernel's own half is the same in both tables. */
	init_top_pgt[511] = early_top_pgt[511];

	x86_64_start_reservations(real_mode_data);
}

void __init __noreturn x86_64_start_reservations(char *real_mode_data)
{
	if (!boot_params.hdr.version)
		copy_bootdata(__va(real_mode_data));

	x86_early_init_platform_quirks();

	start_kernel();
}
