/*
 * codegraph-fuzz.c - the divergence map of files that hold anything
 *
 * The input is cut at NULs: file 1 is the guest's, 2 common, 3 assembly, the
 * others native C.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot/alloc.h"
#include "bot/divergence-build.h"
#include "bot/divergence.h"
#include "bot/error.h"
#include "rules/pack-parse.h"
#include "rules/pack.h"
#include "rules/rule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char rules[] =
	"Pack: p\n\nPlatform: p\nGuest: g/\nNative: x/\nCommon: c/\n"
	"Entry: boot = startup x86_start | guest_start | join\n"
	"Yield: ^is_guest$\nDropped: mode hvm\nDropped: function ^kvm_\n"
	"Dropped: driver apic\nDropped: table idt\n";

static const struct pack *
the_pack(void)
{
	static struct pack *pack;
	struct rules_text file = { "rules", span_of(rules) };

	if (!pack && pack_parse(&pack, &file, 1))
		abort();
	return pack;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = { "g/g.c", "c/c.c", "x/a.S", "x/x.c",
					     "x/y.h" };
	enum { FILES = sizeof(paths) / sizeof(paths[0]) };
	struct build_file files[FILES];
	char *text = xmalloc(size + 1);
	size_t n = 0;

	memcpy(text, data, size);
	text[size] = '\0';
	for (size_t from = 0; from <= size && n < FILES; n++) {
		struct span part = { text + from, strlen(text + from) };

		files[n] = (struct build_file){ paths[n], part };
		from += part.len + 1;
	}
	divergence_free(divergence_of_files(the_pack()->platform, files, n));
	free(text);
	return 0;
}
