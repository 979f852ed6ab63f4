#include "digest.h"

#include <glib.h>
#include <string.h>

void
digest_text(char out[DIGEST_SIZE], const char *text)
{
	char *hex = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);

	memcpy(out, hex, DIGEST_SIZE - 1);
	out[DIGEST_SIZE - 1] = '\0';
	g_free(hex);
}
