/*
 * What a server may answer: a manifest, gzip, a mailbox in gzip. An epoch that
 * comes of it has a number that may be part of a path; nothing else is used.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "bot/arena.h"
#include "bot/error.h"
#include "bot/gunzip.h"
#include "bot/limits.h"
#include "bot/lines.h"
#include "bot/manifest.h"
#include "bot/span.h"

enum { INFLATED_MAX = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct error *
read_rest(size_t *got, void *arg, char *buf, size_t n)
{
	struct span *rest = arg;

	*got = n < rest->len ? n : rest->len;
	memcpy(buf, rest->ptr, *got);
	rest->ptr += *got;
	rest->len -= *got;
	return NULL;
}

static void
try_manifest(struct span text)
{
	AUTOFREE(arena) *arena = arena_new();
	struct manifest manifest;

	error_free(manifest_read(&manifest, arena, text, "/pub/x"));
	assert(manifest.n <= LIMIT_MANIFEST_EPOCHS);
	for (size_t i = 0; i < manifest.n; i++) {
		assert(manifest.v[i].number < 1000000);
		assert(!i || manifest.v[i - 1].number < manifest.v[i].number);
		assert(strspn(manifest.v[i].fingerprint, "0123456789abcdef") ==
		       strlen(manifest.v[i].fingerprint));
	}
}

static void
try_gzip(struct span bytes)
{
	AUTOFREE(gunzip) *gunzip =
		gunzip_new(&(struct input){ read_rest, &bytes }, INFLATED_MAX);
	AUTOFREE(lines) *lines =
		lines_from(&(struct input){ gunzip_read, gunzip }, "answer");
	const struct error *err;
	struct line line;
	uint64_t end = 0;

	while (!(err = lines_next(&line, lines)) && line.text.ptr) {
		assert(line.offset == end);
		end += line.text.len;
	}
	assert(end <= INFLATED_MAX + LIMIT_LINE_BYTES);
	error_free(err);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span bytes = { (const char *)data, size };

	try_manifest(bytes);
	try_gzip(bytes);
	return 0;
}
