/*
 * subject.h - what the bracketed prefixes of a subject say
 *
 * "[net-next,RFC,PATCH RESEND v3 02/17] x86: add it" as people, lists and
 * tip-bot write it. Version-like words outside of a prefix ("for-7.2") are
 * no version, "PATCH1/8" is part 1 of 8.
 */
#ifndef BOT_SUBJECT_H
#define BOT_SUBJECT_H

#include <stdbool.h>

struct arena;

struct subject {
	const char *title; /* what is left behind the prefixes, trimmed */
	const char *tags;  /* other words of the prefixes, by one space; "" */
	unsigned version;  /* 1 when not stated */
	unsigned part;	   /* 0 for a cover letter, or when not numbered */
	unsigned total;	   /* 0 when not numbered */
	bool reply;	   /* Re:, Aw:, Fwd: ... stood in front */
	bool patch;	   /* a prefix holds PATCH */
	bool versioned;	   /* a prefix states the version */
	bool rfc, resend;
	bool pull; /* GIT PULL, PULL REQUEST */
};

/* Parse a decoded, unfolded subject; total. The strings live in @arena. */
void subject_parse(struct subject *out, struct arena *arena,
		   const char *subject);

#endif
