/*
 * status.h - how the service does, as "status" shows it
 */
#ifndef BOT_STATUS_H
#define BOT_STATUS_H

#include <stdbool.h>
#include <stddef.h> /* size_t */
#include <stdint.h>
#include <stdio.h>

#include "attr.h"
#include "db/store.h"

struct arena;
struct config;
struct error;

struct status_source {
	const char *name;
	bool enabled;
	long interval_s;
	const char *cursor; /* NULL: it keeps none, or was never taken */
	struct source_health health;
	bool failing; /* for longer than STATUS_INTERVALS of its intervals */
};

/* A failure or two are the network's daily life. */
enum { STATUS_INTERVALS = 4 };

struct status {
	const char *database;
	long pid; /* of the daemon; 0: none runs, -1: one of unknown id */
	struct status_source *sources;
	size_t nsources;
	struct store_counts counts;
	int64_t now;
};

/* Its strings live in @arena, or are those of @config and @store. */
MUST_CHECK
const struct error *status_read(struct status *out, struct arena *arena,
				const struct config *config,
				struct store *store);
/* No source that is enabled is failing. */
bool status_is_healthy(const struct status *status);

/* One object on one line; for people see cmd-status.c. */
void status_json(FILE *out, const struct status *status);

#endif
