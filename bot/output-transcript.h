/*
 * output-transcript.h - transcripts printed: for people, and as JSON
 */
#ifndef BOT_OUTPUT_TRANSCRIPT_H
#define BOT_OUTPUT_TRANSCRIPT_H

#include <stdio.h>

struct arena;
struct transcript;
struct verdict;

/* Per rule a line, and a line for each of its conditions. */
void output_transcript_text(FILE *out, struct arena *arena,
			    const struct transcript *transcript);

/* One object, one line: whose transcript it is, and an array "rules". */
void output_transcript_json(FILE *out, struct arena *arena,
			    const struct verdict *verdict,
			    const struct transcript *transcript);

#endif
