/*
 * map-file.h - what a map can be about in one file of a patch
 */
#ifndef RULES_MAP_FILE_H
#define RULES_MAP_FILE_H

#include <stdbool.h>

struct map_fact;
struct patch_file;
struct platform;

struct map_file {
	const struct patch_file *file; /* borrowed */
	bool is_guest;		       /* the guest's own code */
	bool is_foreign; /* the map is not about it: another architecture */
	bool is_code;	 /* C or assembly */
	bool is_assembly;
};

/* @platform: NULL when the pack has none. */
void map_file_look(struct map_file *out, const struct platform *platform,
		   const struct patch_file *file);

/* May a name in the file mean what @fact is about? */
bool map_file_applies(const struct map_file *at, const struct map_fact *fact);

#endif
