// SPDX-License-Identifier: GPL-2.0
/*
 * What the architecture does before memory management is up. Bare metal and
 * guests come through here alike.
 */
#include <linux/init.h>
#include <linux/memblock.h>

#include <asm/e820/api.h>
#include <asm/setup.h>
#include <asm/x86_init.h>

static char __initdata command_line[COMMAND_LINE_SIZE];

static void __init early_reserve_initrd(void)
{
	u64 image = boot_params.hdr.ramdisk_image;
	u64 size = boot_params.hdr.ramdisk_size;

	if (!image || !size)
		return;

	memblock_reserve(image, PAGE_ALIGN(size));
}

static void __init early_reserve_memory(void)
{
	/* The first page holds what the BIOS left behind. */
	memblock_reserve(0, SZ_64K);

	memblock_reserve(__pa_symbol(_text), _end - _text);

	early_reserve_initrd();
}

static void __init trim_bios_range(void)
{
	e820__range_update(0, PAGE_SIZE, E820_TYPE_RAM, E820_TYPE_RESERVED);
	e820__update_table(e820_table);
}

/* Called once, by start_kernel(). */
void __init setup_arch(char **cmdline_p)
{
	idt_setup_early_traps();
	early_cpu_init();
	early_ioremap_init();

	early_reserve_memory();

	e820__memory_setup();
	parse_setup_data();

	strscpy(command_line, boot_command_line, COMMAND_LINE_SIZE);
	*cmdline_p = command_line;
	parse_early_param();

	trim_bios_range();
	max_pfn = e820__end_of_ram_pfn();

	init_cache_modes();

	init_mem_mapping();
	idt_setup_early_pf();

	x86_init.paging.pagetable_init();

	map_vsyscall();

	x86_init.oem.banner();
}
