#include "inbox-state.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "buf.h"

enum { CURSOR_BYTES = 1 << 20 };

struct inbox_epoch *
inbox_state_epoch(struct inbox_state *state, unsigned long number)
{
	for (size_t i = 0; i < state->n; i++)
		if (state->v[i].number == number)
			return &state->v[i];
	GROW(state->v, state->cap, state->n);
	state->v[state->n] = (struct inbox_epoch){ .number = number };
	return &state->v[state->n++];
}

static bool
read_time(int64_t *out, const char *word, const char *key)
{
	size_t n = strlen(key);

	if (strncmp(word, key, n) != 0)
		return false;
	*out = strtoll(word + n, NULL, 10);
	return true;
}

/* "<number>=<fingerprint>" or "<number>~<fingerprint>" */
static bool
read_epoch(struct inbox_state *state, const char *word)
{
	struct inbox_epoch *epoch;
	unsigned long number;
	size_t len;
	char *end;

	if (!isdigit((unsigned char)*word))
		return false;
	number = strtoul(word, &end, 10);
	len = strlen(end);
	if ((*end != '=' && *end != '~') || len < 2 || len > FINGERPRINT_SIZE)
		return false;
	epoch = inbox_state_epoch(state, number);
	epoch->read = *end == '=';
	memcpy(epoch->fingerprint, end + 1, len);
	return true;
}

void
inbox_state_read(struct inbox_state *out, const char *cursor)
{
	struct buf epochs = BUF(CURSOR_BYTES);

	*out = (struct inbox_state){ .n = 0 };
	buf_addstr(&epochs, "");
	while (cursor && *cursor) {
		CLEANUP(xfree)
		char *word = xstrndup(cursor, strcspn(cursor, " "));

		if (!read_time(&out->modified, word, "modified=") &&
		    !read_time(&out->asked, word, "asked=") &&
		    !read_epoch(out, word))
			buf_addf(&epochs, "%s%s", epochs.len ? " " : "", word);
		cursor += strlen(word);
		cursor += strspn(cursor, " ");
	}
	out->epochs = xstrdup(buf_str(&epochs));
	buf_free(&epochs);
}

void
inbox_state_clear(struct inbox_state *state)
{
	free(state->epochs);
	free(state->v);
	*state = (struct inbox_state){ .n = 0 };
}

char *
inbox_state_done(const struct inbox_state *state, unsigned long number)
{
	CLEANUP(xfree) char *key = xasprintf("%lu:", number);
	size_t n = strlen(key);

	for (const char *s = state->epochs; *s; s += strspn(s, " ")) {
		size_t len = strcspn(s, " ");

		if (!strncmp(s, key, n))
			return xstrndup(s + n, len - n);
		s += len;
	}
	return NULL;
}

void
inbox_state_write(struct buf *out, const struct inbox_state *state,
		  const char *epochs)
{
	buf_addstr(out, epochs);
	for (size_t i = 0; i < state->n; i++) {
		const struct inbox_epoch *epoch = &state->v[i];

		if (epoch->fingerprint[0])
			buf_addf(out, "%s%lu%c%s", out->len ? " " : "",
				 epoch->number, epoch->read ? '=' : '~',
				 epoch->fingerprint);
	}
	if (state->modified && state->asked)
		buf_addf(out, " modified=%" PRId64 " asked=%" PRId64,
			 state->modified, state->asked);
}
