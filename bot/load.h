/*
 * load.h - a batch on its way from a source into the database
 *
 * With it travels what its source had to say while it was read, since by the
 * time that it is stored the source has been read on.
 */
#ifndef BOT_LOAD_H
#define BOT_LOAD_H

#include <stdbool.h>
#include <stddef.h> /* size_t */

#include "attr.h"
#include "review.h"

struct compressor;
struct error;
struct source;
struct source_item;
struct store_mail;

/* Something that could not be read. */
struct load_fault {
	const char *message;
	long review; /* that tells of it, by number; -1: none, since it may be
			there the next time */
};

struct load {
	struct batch batch;	  /* with threads of its own */
	struct store_mail *mails; /* one per review, once packed */
	const struct error *err;  /* why it goes no further */
	/* Why the source ended before its end: what was read before is whole,
	   and taken. NULL. */
	const struct error *broken;
	/* What the source yielded; those from nparsed on are only read. */
	struct source_item *items;
	size_t nitems, items_cap, nparsed;
	size_t nmails, bytes; /* of them: a batch has a ceiling of memory */
	struct load_fault *faults;
	size_t nfaults, faults_cap;
	/* Message-IDs of mails that are in and were not read again. */
	const char **passed;
	size_t npassed, passed_cap;
	size_t nknown; /* of all of it; those passed over are counted */
	bool anew;     /* as that of source_item */
	bool end;      /* the source's */
	/* Of the source, behind this batch. */
	const char *cursor; /* NULL: it has none */
	long left;
};

struct load *load_new(void);
void load_free(struct load *load);
DEFINE_AUTOFREE(load, load_free);

/* Fill it from @source until it is full, the source ends, or @stop says so;
   what goes wrong is in load->broken. */
struct load_stop {
	bool (*now)(const void *arg);
	const void *arg;
};
void load_read(struct load *load, struct source *source,
	       const struct load_stop *stop);

/* Parse what was read into load->batch. Nothing is read from @source. */
void load_parse(struct load *load, struct reviewer *reviewer,
		const struct source *source);

/* Make load->mails, for what is to be stored: that takes time, but no
   database. */
void load_pack(struct load *load, struct compressor *compressor);

#endif
