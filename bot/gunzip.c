#include "gunzip.h"

#include <stdbool.h>
#include <stdlib.h>
#include <zlib.h>

#include "alloc.h"
#include "error.h"

enum {
	WINDOW_BYTES = 32 << 10,
	MAX_READ = 1 << 30,
	GZIP_ONLY = 15 + 16, /* inflateInit2(): largest window, gzip header */
};

struct gunzip {
	struct input from;
	int64_t left; /* bytes that may still come out */
	z_stream z;
	bool begun;		    /* inside of a member */
	bool any;		    /* a member has ended */
	bool drained;		    /* @from has ended */
	const struct error *failed; /* to be told once all before it is read */
	char window[WINDOW_BYTES];
};

struct gunzip *
gunzip_new(const struct input *from, int64_t max)
{
	struct gunzip *gunzip = xcalloc(1, sizeof(*gunzip));

	gunzip->from = *from;
	gunzip->left = max;
	if (inflateInit2(&gunzip->z, GZIP_ONLY) != Z_OK)
		abort(); /* no memory */
	return gunzip;
}

void
gunzip_free(struct gunzip *gunzip)
{
	if (!gunzip)
		return;
	inflateEnd(&gunzip->z);
	error_free(gunzip->failed);
	free(gunzip);
}

static const struct error *
fill(struct gunzip *gunzip)
{
	size_t got = 0;
	const struct error *err = gunzip->from.read(
		&got, gunzip->from.arg, gunzip->window, WINDOW_BYTES);

	if (err)
		return err;
	gunzip->drained = !got;
	gunzip->z.next_in = (Bytef *)gunzip->window;
	gunzip->z.avail_in = (uInt)got;
	return NULL;
}

/* Inflate what there is; z.avail_out tells how much came of it. */
static const struct error *
step(struct gunzip *gunzip)
{
	int rc;

	gunzip->begun = true;
	rc = inflate(&gunzip->z, Z_NO_FLUSH);
	if (rc == Z_MEM_ERROR)
		abort();
	if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
		return error_new(ERROR_INPUT, "no gzip, or damaged: %s",
				 gunzip->z.msg ? gunzip->z.msg : zError(rc));
	if (rc != Z_STREAM_END)
		return NULL;
	gunzip->begun = false;
	gunzip->any = true;
	inflateReset(&gunzip->z);
	return NULL;
}

/* Is it over, and well? */
static const struct error *
check_end(const struct gunzip *gunzip)
{
	if (gunzip->left < 0)
		return error_new(ERROR_INPUT, "inflates to too much");
	if (gunzip->drained && (gunzip->begun || !gunzip->any))
		return error_new(ERROR_INPUT, "cut short");
	return NULL;
}

const struct error *
gunzip_read(size_t *got, void *arg, char *buf, size_t n)
{
	struct gunzip *gunzip = arg;
	const struct error *err = TAKE(gunzip->failed);

	if (n > MAX_READ)
		n = MAX_READ;
	gunzip->z.next_out = (Bytef *)buf;
	gunzip->z.avail_out = (uInt)n;
	while (!err && gunzip->z.avail_out == n && !gunzip->drained) {
		if (!gunzip->z.avail_in)
			err = fill(gunzip);
		if (!err && !gunzip->drained)
			err = step(gunzip);
	}
	*got = n - gunzip->z.avail_out;
	gunzip->left -= (int64_t)*got;
	if (!err)
		err = check_end(gunzip);
	if (err && *got)
		gunzip->failed = TAKE(err);
	return err;
}
