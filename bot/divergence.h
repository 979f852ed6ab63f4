/*
 * divergence.h - the map: where a guest runs differently from bare metal
 *
 * Facts about the functions, macros, variables and members of structures of
 * one kernel tree (design.md 5), looked up by name: line numbers drift, names
 * stay. A map is built from a tree or read from a file (divergence-text.h),
 * and never written while rules run: threads share it.
 */
#ifndef BOT_DIVERGENCE_H
#define BOT_DIVERGENCE_H

#include <stdbool.h>
#include <stddef.h> /* size_t */
#include <stdint.h>

#include "attr.h"
#include "span.h"

struct arena;

enum map_kind {
	MAP_ENTRY,	  /* of a native entry sequence, depth 0 or 1 */
	MAP_SKIPPED,	  /* only native paths reach it */
	MAP_REPLACED,	  /* native half of an overridden operation */
	MAP_MEMBER,	  /* a member that guest code overrides */
	MAP_HOOK,	  /* calls through an overridden member */
	MAP_CALLEE,	  /* guest code calls it directly */
	MAP_MACRO,	  /* guest code uses it */
	MAP_YIELD,	  /* tests for the guest and stands back */
	MAP_GUEST_STATE,  /* a variable that guest code writes */
	MAP_NATIVE_STATE, /* one that native-only code alone writes */
	MAP_PRIVILEGED,	  /* does what only the hypervisor may. Of a place its
			     changed lines tell, by the Platform's regexes;
			     that a function does so is no news */
	NMAP_KINDS,
};
/* Those that are true of a function, and of all that it does. */
#define MAP_OF_FUNCTIONS \
	(1u << MAP_ENTRY | 1u << MAP_SKIPPED | 1u << MAP_REPLACED | \
	 1u << MAP_HOOK | 1u << MAP_CALLEE | 1u << MAP_MACRO | \
	 1u << MAP_YIELD)
const char *map_kind_name(enum map_kind kind); /* "entry", "guest-state" */
int map_kind_by_name(const char *name);	       /* -1: no such */
/* All names in the order of the enum, for messages. */
extern const char *const map_kind_names[NMAP_KINDS];

/*
 * What is true of one name. One name may have several, also of one kind: a
 * function that calls through two members is a hook twice. Strings are "" when
 * there is nothing to say.
 */
struct map_fact {
	const char *name; /* function, macro or variable; of MAP_MEMBER its
			     path, "smp_ops.cpu_die" or "pv_ops.mmu.set_pte",
			     or the variable that is overridden as a whole */
	enum map_kind kind;
	const char *file; /* where it is defined */
	bool is_static;	  /* of that file only: matches nowhere else */
	unsigned depth;	  /* entry, skipped: calls from the native entry */
	/* replaced, hook: path of the overridden member, as above; yield: the
	   word that it tests, as "xen_pv_domain". */
	const char *member;
	/* member: tag of the structure that declares it, "smp_ops". */
	const char *type;
	/*
	 * The guest's side, "file:function". entry, skipped: what the guest
	 * enters at instead; replaced, member, hook: what the guest puts in;
	 * callee, macro: who of the guest uses it; guest-state: who writes it.
	 */
	const char *counterpart;
	/*
	 * How one gets there, first caller first, the name last. entry,
	 * skipped: from the native entry; callee: from the guest's entry;
	 * native-state: from the native entry to a function that writes it.
	 */
	const char *const *chain;
	size_t nchain;
};

/* One way into the kernel, of bare metal and of the guest: "boot CPU". */
struct map_path {
	const char *native;	  /* where bare metal enters: "startup_64" */
	const char *const *guest; /* the guest's functions, in their order */
	size_t nguest;
	const char *join; /* where both meet; "": nowhere */
};

struct divergence {
	struct arena *arena;  /* all of it lives here */
	const char *of;	      /* a tag, "v6.12", or else the commit */
	const char *commit;   /* hex; "": not known */
	int64_t date;	      /* of the commit, seconds since 1970 UTC */
	const char *platform; /* hash of the Platform: data it follows from */
	struct map_path *paths;
	size_t npaths, paths_cap;
	struct map_fact *facts; /* once sealed: by name, kind's name, file */
	size_t nfacts, facts_cap;

	/* Of a sealed map. */
	uint32_t *buckets; /* 1 + index of the first fact of a name; 0: free */
	size_t nbuckets;   /* a power of two */
	struct map_tail *tails; /* of the members, by their text */
	size_t ntails;
	uint32_t *by_type; /* facts of MAP_MEMBER, by type and name */
	size_t nby_type;
	uint64_t *words; /* a bit for the hash of each, divergence_may_know() */
	struct map_fact *tests; /* what functions that yield test, by name */
	size_t ntests;
};

/* An empty map of nothing. */
struct divergence *divergence_new(void);
void divergence_free(struct divergence *map);
DEFINE_AUTOFREE(divergence, divergence_free);

/* Strings are borrowed: they must live in map->arena, or longer. NULL members
   become "". */
void divergence_add(struct divergence *map, const struct map_fact *fact);
void divergence_add_path(struct divergence *map, const struct map_path *path);

/* No more facts are coming: sort them, drop repeated ones, index them. Needed
   before anything below, and before a map is written. */
void divergence_seal(struct divergence *map);

/* The facts of @name, which stand together; *n 0: none. */
const struct map_fact *divergence_find(size_t *n, const struct divergence *map,
				       struct span name);

/* False is certain: @word is no name of a fact, no root of an overridden member
   or of the end of one, no tag and no test. Nearly no word of a patch is. */
bool divergence_may_know(const struct divergence *map, struct span word);

/*
 * The overridden member that a path in code means: the whole one, or the end
 * of one from the second component on, as macros have it ("mmu.set_pte" of
 * "pv_ops.mmu.set_pte"). NULL: none.
 */
const struct map_fact *divergence_member(const struct divergence *map,
					 struct span path);

/* The overridden member @leaf, at whatever depth, of the variable @root, or any
   when @leaf has no bytes. */
const struct map_fact *divergence_member_under(const struct divergence *map,
					       struct span root,
					       struct span leaf);

/*
 * A word by which code tells that it runs as a guest, as functions that yield
 * do: a fact of MAP_YIELD whose name and member it is. NULL: it is none.
 */
const struct map_fact *divergence_test(const struct divergence *map,
				       struct span word);

/*
 * A member that structure @tag declares, of the name @member, or any when that
 * has no bytes. NULL: nothing there is overridden.
 */
const struct map_fact *divergence_member_of(const struct divergence *map,
					    struct span tag,
					    struct span member);

#endif
