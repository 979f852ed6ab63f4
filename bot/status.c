#include "status.h"

#include <time.h>

#include "alloc.h"
#include "arena.h"
#include "config.h"
#include "error.h"
#include "lock.h"
#include "schedule.h"

/*
 * While a source fails it is tried less and less often, so what counts is how
 * long it has not been well, not how many tries there were.
 */
static bool
is_failing(const struct status_source *source, int64_t now)
{
	return source->enabled && source->health.failures &&
	       now - source->health.since >
		       (int64_t)source->interval_s * STATUS_INTERVALS;
}

static const struct error *
read_settings(struct status_source *source, const struct config *config)
{
	CLEANUP(xfree)
	char *enabled = xasprintf("source.%s.enabled", source->name);
	CLEANUP(xfree)
	char *interval = xasprintf("source.%s.interval", source->name);
	const struct error *err;

	source->enabled = true;
	source->interval_s = SCHEDULE_INTERVAL_S;
	err = config_bool(&source->enabled, config, enabled);
	if (!err)
		err = config_interval(&source->interval_s, config, interval);
	return err;
}

static const struct error *
read_source(struct status_source *source, struct arena *arena,
	    const struct config *config, struct store *store)
{
	const char *at = arena_printf(arena, "@%s", source->name);
	const struct error *err = read_settings(source, config);

	if (!err)
		err = store_cursor(&source->cursor, arena, store, at);
	if (!err)
		err = store_health(&source->health, arena, store, at);
	return err;
}

static const struct error *
read_sources(struct status *out, struct arena *arena,
	     const struct config *config, struct store *store)
{
	CLEANUP(strlist_free) struct strlist names = STRLIST;
	const struct error *err = NULL;

	config_subsections(&names, config, "source");
	out->sources = ARENA_ARRAY(arena, names.n, struct status_source);
	for (size_t i = 0; !err && i < names.n; i++) {
		struct status_source *source = &out->sources[out->nsources++];

		source->name = arena_strdup(arena, names.v[i]);
		err = read_source(source, arena, config, store);
		source->failing = is_failing(source, out->now);
	}
	return err;
}

const struct error *
status_read(struct status *out, struct arena *arena,
	    const struct config *config, struct store *store)
{
	const struct error *err;

	*out = (struct status){ .database = store_path(store),
				.now = (int64_t)time(NULL) };
	err = lock_holder(&out->pid, out->database);
	if (!err)
		err = read_sources(out, arena, config, store);
	if (!err)
		err = store_counts(&out->counts, store);
	return err;
}

bool
status_is_healthy(const struct status *status)
{
	for (size_t i = 0; i < status->nsources; i++)
		if (status->sources[i].failing)
			return false;
	return true;
}
