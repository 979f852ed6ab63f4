/* gunzip: members, pieces of any size, and answers that end too early */
#include "bot/gunzip.h"

#include <zlib.h>

#include "bot/attr.h"
#include "bot/buf.h"
#include "bot/span.h"
#include "tests/unit/tap.h"

/* A gzipped answer that comes @piece bytes at a time. */
struct answer {
	struct span rest;
	size_t piece;
};

static const struct error *
read_answer(size_t *got, void *arg, char *buf, size_t n)
{
	struct answer *answer = arg;

	if (n > answer->piece)
		n = answer->piece;
	if (n > answer->rest.len)
		n = answer->rest.len;
	memcpy(buf, answer->rest.ptr, n);
	answer->rest.ptr += n;
	answer->rest.len -= n;
	*got = n;
	return NULL;
}

static void
add_member(struct buf *out, struct span text)
{
	unsigned char bytes[4096];
	z_stream z = { 0 };

	if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, 0) != Z_OK)
		abort();
	z.next_in = (unsigned char *)strdup(text.ptr);
	unsigned char *copy = z.next_in;
	z.avail_in = (unsigned)text.len;
	z.next_out = bytes;
	z.avail_out = sizeof(bytes);
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		abort();
	buf_add(out, bytes, sizeof(bytes) - z.avail_out);
	deflateEnd(&z);
	free(copy);
}

/* All that comes of @bytes; the error that ends it. */
static const struct error *
inflate_all(struct buf *out, struct span bytes, size_t piece, int64_t max)
{
	struct answer answer = { bytes, piece };
	AUTOFREE(gunzip) *gunzip =
		gunzip_new(&(struct input){ read_answer, &answer }, max);
	const struct error *err;
	char text[100];
	size_t got = 1;

	buf_clear(out);
	while (!(err = gunzip_read(&got, gunzip, text, piece)) && got)
		buf_add(out, text, got);
	return err;
}

int
main(void)
{
	CLEANUP(buf_free) struct buf gz = BUF(1 << 20);
	CLEANUP(buf_free) struct buf out = BUF(1 << 20);
	struct span cut;

	add_member(&gz, SPAN("From here\n"));
	add_member(&gz, SPAN(""));
	add_member(&gz, SPAN("to there\n"));
	for (size_t piece = 1; piece <= 100; piece += 33) {
		succeeds(inflate_all(&out, buf_span(&gz), piece, 100),
			 "three members");
		is_str(buf_str(&out), "From here\nto there\n", "are one text");
	}
	cut = buf_span(&gz);
	cut.len -= 3;
	fails(inflate_all(&out, cut, 100, 100), ERROR_INPUT, "cut short",
	      "one that is cut");
	is_str(buf_str(&out), "From here\nto there\n", "yields what came");
	fails(inflate_all(&out, SPAN(""), 100, 100), ERROR_INPUT, "cut short",
	      "nothing is no gzip");
	fails(inflate_all(&out, SPAN("<html>"), 100, 100), ERROR_INPUT,
	      "no gzip", "nor is a page");
	fails(inflate_all(&out, buf_span(&gz), 100, 12), ERROR_INPUT,
	      "too much", "the ceiling");
	buf_addstr(&gz, "more");
	fails(inflate_all(&out, buf_span(&gz), 100, 100), ERROR_INPUT,
	      "no gzip", "something else behind it");
	is_str(buf_str(&out), "From here\nto there\n", "does not take it back");
	return done_testing();
}
