#include "digest.h"

#include <glib.h>

#include "alloc.h"

struct sha1 {
	GChecksum *sum;
};

void
digest_bytes(char out[DIGEST_SIZE], struct span bytes)
{
	/* GLib takes a NULL only when there is no length. */
	char *hex = g_compute_checksum_for_data(
		G_CHECKSUM_SHA256, (const guchar *)(bytes.len ? bytes.ptr : ""),
		bytes.len);

	memcpy(out, hex, DIGEST_SIZE - 1);
	out[DIGEST_SIZE - 1] = '\0';
	g_free(hex);
}

struct sha1 *
sha1_new(void)
{
	struct sha1 *sha1 = xmalloc(sizeof(*sha1));

	sha1->sum = g_checksum_new(G_CHECKSUM_SHA1);
	return sha1;
}

void
sha1_free(struct sha1 *sha1)
{
	if (!sha1)
		return;
	g_checksum_free(sha1->sum);
	free(sha1);
}

void
sha1_add(struct sha1 *sha1, struct span bytes)
{
	if (bytes.len)
		g_checksum_update(sha1->sum, (const guchar *)bytes.ptr,
				  (gssize)bytes.len);
}

void
sha1_end(uint8_t out[SHA1_SIZE], struct sha1 *sha1)
{
	gsize len = SHA1_SIZE;

	g_checksum_get_digest(sha1->sum, out, &len);
	g_checksum_reset(sha1->sum);
}
