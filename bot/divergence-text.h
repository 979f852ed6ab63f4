/*
 * divergence-text.h - the map as a file: one fact a line
 *
 *	pvwatch-map 1
 *	of v6.12
 *	commit adc218676eef25575469234709c2d87185ca223a
 *	date 2024-11-17T22:15:08Z
 *	platform 5d41402abc4b2a76b9719d911017c592
 *	path startup_64 startup_xen>xen_start_kernel x86_64_start_reservations
 *
 *	native_smp_prepare_cpus replaced arch/x86/kernel/smpboot.c
 *		member=smp_ops.smp_prepare_cpus guest=arch/x86/xen/smp_pv.c:...
 *
 * (the last one on one line). First the version of this format; then what the
 * map is of, any number of paths (native entry, the guest's functions, the
 * function where both meet or "-"), an empty line, and the facts: name, kind,
 * file or "-", then what there is of "static", depth=, member=, type=, guest=
 * and chain=A>B>C, in this order. Words are of printable ASCII and stand one
 * blank apart. Facts are in the order of the bytes of their lines up to the
 * file, so that diff(1) of two maps shows what changed, and grep(1) finds all
 * about a name.
 */
#ifndef BOT_DIVERGENCE_TEXT_H
#define BOT_DIVERGENCE_TEXT_H

#include "attr.h"
#include "span.h"

struct buf;
struct divergence;
struct error;

/*
 * Read a map, sealed. @file is for messages. ERROR_INPUT "file:line: what" for
 * a line that is none, for a newer version of the format, and past
 * LIMIT_MAP_FACTS.
 */
MUST_CHECK
const struct error *divergence_parse(struct divergence **out, const char *file,
				     struct span text);
/* The same of a file of LIMIT_MAP_BYTES at most. */
MUST_CHECK
const struct error *divergence_read(struct divergence **out, const char *path);

/* Append @map, which is sealed, to @out: what divergence_parse() reads. */
void divergence_print(struct buf *out, const struct divergence *map);

#endif
