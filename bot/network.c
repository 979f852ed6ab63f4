#include "network.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "alloc.h"
#include "arena.h"
#include "config.h"
#include "error.h"
#include "paths.h"
#include "strlist.h"
#include "version.h"
#include "db/store.h"

#define LORE "https://lore.kernel.org/all/"

enum {
	SILENCE_S = 60, /* design.md 10 */
	PAUSE_MS = 100, /* what lore's own tools keep */
};

int64_t
network_clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* A comment of RFC 9110 5.6.5 has no use for these. */
static void
clean_comment(char *s)
{
	for (; *s; s++)
		if (!isprint((unsigned char)*s) || strchr("();\\", *s))
			*s = '.';
}

/* "pvwatch/1.0 (+contact; installation)" */
static char *
user_agent(const struct config *config, const char *installation)
{
	const char *value = config_get(config, "http.contact");
	CLEANUP(xfree) char *contact = xstrdup(value ? value : "");

	clean_comment(contact);
	if (!*contact && !installation)
		return xasprintf("pvwatch/%s", version);
	return xasprintf("pvwatch/%s (%s%s%s%s)", version, *contact ? "+" : "",
			 contact, *contact && installation ? "; " : "",
			 installation ? installation : "");
}

static const struct error *
find_installation(const char **out, struct arena *arena,
		  const struct network *network)
{
	const struct error *err = NULL;

	if (network->known)
		err = store_installation(out, arena, network->known);
	if (err || *out || !network->store)
		return err;
	err = store_make_installation(network->store);
	if (!err)
		err = store_installation(out, arena, network->store);
	return err;
}

const struct error *
network_prepare(struct network *network)
{
	AUTOFREE(arena) *arena = arena_new();
	const struct config *config = network->config;
	const char *installation = NULL;
	const char *cache = config_get(config, "cache.path");
	const struct error *err;

	if (network->user_agent)
		return NULL;
	network->silence_s = SILENCE_S;
	err = config_interval(&network->silence_s, config, "http.timeout");
	if (!err)
		err = find_installation(&installation, arena, network);
	if (err)
		return err;
	network->cache = cache ? xstrdup(cache) : paths_cache();
	network->user_agent = user_agent(config, installation);
	return NULL;
}

void
network_clear(struct network *network)
{
	free(network->user_agent);
	free(network->cache);
	network->user_agent = network->cache = NULL;
}

void
network_origins(struct strlist *out, const struct network *network,
		const char *name)
{
	if (name[0] == '@') {
		CLEANUP(xfree)
		char *key = xasprintf("source.%s.url", name + 1);

		config_get_all(out, network->config, key);
	}
	if (!out->n)
		config_get_all(out, network->config, "lore.url");
	if (!out->n)
		strlist_add(out, LORE);
}

bool
network_is_stopping(const struct network *network)
{
	return network->stop && *network->stop;
}

const struct error *
network_failure(const struct network *network, const struct error *err)
{
	if (!err || !network_is_stopping(network))
		return err;
	error_free(err);
	return NULL;
}

void
network_pace(struct network *network)
{
	int64_t wait = network->last_ms + PAUSE_MS - network_clock_ms();

	if (network->last_ms && wait > 0) {
		struct timespec pause = { .tv_nsec = wait * 1000000 };

		nanosleep(&pause, NULL);
	}
	network->last_ms = network_clock_ms();
}

void
network_tick(const struct network *network)
{
	if (network->alive)
		network->alive(network->arg);
}

static const char *
url_fault(const char *url)
{
	const char *host = NULL;

	if (!strncmp(url, "https://", 8))
		host = url + 8;
	else if (!strncmp(url, "http://", 7))
		host = url + 7;
	if (!host)
		return "neither http:// nor https://";
	if (!isalnum((unsigned char)*host) && *host != '[')
		return "names no host";
	for (const char *s = host; *s; s++)
		if (!isgraph((unsigned char)*s) || strchr("?#\\\"<>", *s))
			return "holds what an archive's URL does not";
	if (memchr(host, '@', strcspn(host, "/")))
		return "holds a login";
	return NULL;
}

const struct error *
network_check_url(const char *url)
{
	const char *fault = url_fault(url);

	return fault ? error_new(ERROR_USAGE, "%s: %s", url, fault) : NULL;
}
